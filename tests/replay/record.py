"""Records the histories that are missing: `python -m tests.replay.record`. Histories are append-only; one that exists is never touched."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

from rich.progress import track

from client.embedded import Stack
from tests.activities.servers import Post, mail_server
from tests.replay.stories import STORIES, history
from tests.shell.world import running

KEPT: Final = Path(__file__).parent / "histories"
LANDING: Final = "1"
"""Of the code that is recorded: histories of an earlier landing stay beside those of a later one."""


async def record() -> None:
    async with Stack.start(parts=()) as stack:
        for name, story in track(STORIES.items(), "Recording"):
            file = KEPT / f"{name}.{LANDING}.json"
            if file.exists():
                continue
            async with mail_server(Post()) as post, running(stack.client, post) as world:
                text = json.dumps(await history(world, story), indent=None, separators=(",", ":"))
            file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record())
    sys.stdout.flush()
    os._exit(0)  # Temporal's threads now and then abort an interpreter that ends
