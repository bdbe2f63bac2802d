"""Records the histories that are missing: `python -m tests.replay.record`. Histories are append-only; one that exists is never touched."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from rich.progress import track
from temporalio.client import Client

from client.embedded import DYNAMIC, Stack
from tests.activities.servers import Post, mail_server
from tests.events.platform import platform
from tests.replay.stories import CARRIERS, STORIES, history
from tests.shell.world import running

KEPT: Final = Path(__file__).parent / "histories"
LANDING: Final = "3"
"""Of the code that is recorded: histories of an earlier landing stay beside those of a later one."""


LONG_IS: Final = {"limit.historyCount.suggestContinueAsNew": "60"}
"""Of the server's settings, for the stories that tell of a long history: so few events are one."""


async def record() -> None:
    missing = {name: file for name in (*STORIES, *CARRIERS) if not (file := KEPT / f"{name}.{LANDING}.json").exists()}
    for settings, names in (({}, [n for n in missing if not _is_long(n)]), (LONG_IS, [n for n in missing if _is_long(n)])):
        if names:
            DYNAMIC.update(settings)
            async with Stack.start(parts=()) as stack:
                for name in track(names, "Recording"):
                    text = json.dumps(await _recorded(stack.client, name), indent=None, separators=(",", ":"))
                    missing[name].write_text(text + "\n", encoding="utf-8")


async def _recorded(client: Client, name: str) -> dict[str, Any]:
    if carrier := CARRIERS.get(name):
        with tempfile.TemporaryDirectory() as folder:
            async with platform(client, Path(folder)) as world:
                return await history(world, await carrier(world))
    async with mail_server(Post()) as post, running(client, post) as world:
        return await history(world, await STORIES[name](world))


def _is_long(name: str) -> bool:
    return "goes_on_as_new" in name


if __name__ == "__main__":
    asyncio.run(record())
    sys.stdout.flush()
    os._exit(0)  # Temporal's threads now and then abort an interpreter that ends
