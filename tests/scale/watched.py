"""The worker or the API as they are, and beside them, once a second, how much their interpreter holds: `… watched worker FILE`.

What the system tells of a process (memory, files, threads) it tells from outside; tasks and objects only the interpreter knows.
"""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
from pathlib import Path
from typing import Final

EVERY: Final = 1.0
"""Seconds."""


class Watching(asyncio.DefaultEventLoopPolicy):
    """Every loop that a process begins is watched from within."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._watching: asyncio.Task[None] | None = None

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = super().new_event_loop()
        loop.call_soon(self._begin, loop)
        return loop

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            half = self._file.with_suffix(".part")
            half.write_text(json.dumps({"tasks": len(asyncio.all_tasks()), "blocks": sys.getallocatedblocks()}))
            half.replace(self._file)
            await asyncio.sleep(EVERY)


if __name__ == "__main__":
    module, file = sys.argv[1], Path(sys.argv[2])
    asyncio.set_event_loop_policy(Watching(file))
    sys.argv[1:] = []
    runpy.run_module(module, run_name="__main__", alter_sys=True)
