"""Records the histories that are missing: `python -m tests.replay.record`. Histories are append-only; one that exists is never touched."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

from rich.progress import track

from client.embedded import DYNAMIC, Stack
from tests.activities.servers import Post, mail_server
from tests.replay.stories import STORIES, history
from tests.shell.world import running

KEPT: Final = Path(__file__).parent / "histories"
LANDING: Final = "2"
"""Of the code that is recorded: histories of an earlier landing stay beside those of a later one."""


LONG_IS: Final = {"limit.historyCount.suggestContinueAsNew": "60"}
"""Of the server's settings, for the stories that tell of a long history: so few events are one."""


async def record() -> None:
    missing = {file: story for name, story in STORIES.items() if not (file := KEPT / f"{name}.{LANDING}.json").exists()}
    for settings, stories in (({}, [f for f in missing if not _is_long(f)]), (LONG_IS, [f for f in missing if _is_long(f)])):
        if stories:
            DYNAMIC.update(settings)
            async with Stack.start(parts=()) as stack:
                for file in track(stories, "Recording"):
                    async with mail_server(Post()) as post, running(stack.client, post) as world:
                        text = json.dumps(await history(world, missing[file]), indent=None, separators=(",", ":"))
                    file.write_text(text + "\n", encoding="utf-8")


def _is_long(file: Path) -> bool:
    return "goes_on_as_new" in file.name


if __name__ == "__main__":
    asyncio.run(record())
    sys.stdout.flush()
    os._exit(0)  # Temporal's threads now and then abort an interpreter that ends
