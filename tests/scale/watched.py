"""The worker or the API as they are, and beside them, once a second, how much their interpreter holds: `… watched worker FILE`.

What the system tells of a process (memory, files, threads) it tells from outside; tasks and objects only the interpreter knows.
"""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
from asyncio import events
from collections.abc import Callable
from pathlib import Path
from typing import Final

EVERY: Final = 1.0
"""Seconds."""


async def watch(file: Path) -> None:
    """Of the loop in which it runs, for as long as that does."""
    while True:
        half = file.with_suffix(".part")
        half.write_text(json.dumps({"tasks": len(asyncio.all_tasks()), "blocks": sys.getallocatedblocks()}))
        half.replace(file)
        await asyncio.sleep(EVERY)


def watched(file: Path) -> Callable[[], asyncio.AbstractEventLoop]:
    """What begins a loop, as `asyncio.run` asks for it: one that is watched from within."""
    tasks: list[asyncio.Task[None]] = []

    def begun() -> asyncio.AbstractEventLoop:
        loop = _BEGIN()
        loop.call_soon(lambda: tasks.append(loop.create_task(watch(file))))
        return loop

    return begun


_BEGIN: Final = events.new_event_loop

if __name__ == "__main__":
    module, events.new_event_loop = sys.argv[1], watched(Path(sys.argv[2]))
    sys.argv[1:] = []
    runpy.run_module(module, run_name="__main__", alter_sys=True)
