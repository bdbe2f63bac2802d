"""The worker or the API as they are, and beside them, once a second, how much their interpreter holds: `… watched worker FILE`.

What the system tells of a process (memory, files, threads) it tells from outside; tasks and objects only the interpreter knows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from client.api.__main__ import serve
from client.serving import run as serving
from client.settings import Settings, read
from worker.__main__ import run as working
from worker.settings import Settings as WorkerSettings

EVERY: Final = 1.0
"""Seconds."""


async def _beside(part: Coroutine[Any, Any, None], file: Path) -> None:
    watching = asyncio.create_task(_watch(file))
    try:
        await part
    finally:
        watching.cancel()


async def _watch(file: Path) -> None:
    while True:
        half = file.with_suffix(".part")
        half.write_text(json.dumps({"tasks": len(asyncio.all_tasks()), "blocks": sys.getallocatedblocks()}))
        half.replace(file)
        await asyncio.sleep(EVERY)


def main(part: str, file: Path) -> int:
    if part == "api":
        return serving(lambda: _beside(serve(read(Settings)), file))
    asyncio.run(_beside(working(read(WorkerSettings)), file))
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1], Path(sys.argv[2]))
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
