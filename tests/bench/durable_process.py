"""DBOS as it is used: caller and worker in one process, which obeys over a socket: `python -m tests.bench.durable_process SOCKET DATABASE`.

One order a line, as JSON, and one answer a line. The seconds in an answer are those of the work alone, without the telling.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

from dbos import DBOS, DBOSConfig, SetWorkflowID

from tests.bench import durable_functions
from tests.bench.durable_functions import application, say
from tests.bench.standard import Opening

WIDTH: Final = 64 * 2**20
"""Bytes that one order may have."""


async def begin(opening: Opening, *, skips: bool) -> Any:
    with SetWorkflowID(opening.application):
        return await DBOS.start_workflow_async(application, opening, skips=skips)


async def live(order: dict[str, Any]) -> None:
    """The whole lifecycle: opened, told what is told, until it has ended."""
    opening = Opening.model_validate(order["opening"])
    running = await begin(opening, skips=True)
    for what, at in order["told"]:
        await say(opening.application, what, datetime.fromisoformat(at))
    await running.get_result()


async def start(order: dict[str, Any]) -> None:
    await begin(Opening.model_validate(order["opening"]), skips=False)


async def timed(order: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds of every call of one application: opened, told, looked at."""
    opening = Opening.model_validate(order["opening"])
    found: dict[str, list[float]] = {"open": [], "update": [], "query": []}
    running = await _took(found["open"], begin(opening, skips=True))
    for what, at in order["told"]:
        await _took(found["update"], say(opening.application, what, datetime.fromisoformat(at)))
        await _took(found["query"], DBOS.get_workflow_status_async(opening.application))
    await running.get_result()
    return found


async def _took(found: list[float], call: Awaitable[Any]) -> Any:
    at = time.perf_counter()
    answer = await call
    found.append(time.perf_counter() - at)
    return answer


async def together(orders: Sequence[dict[str, Any]], in_flight: int, what: Callable[[dict[str, Any]], Awaitable[None]]) -> float:
    """Seconds for all of them, that many at a time."""
    places, at = asyncio.Semaphore(in_flight), time.perf_counter()

    async def one(order: dict[str, Any]) -> None:
        async with places:
            await what(order)

    async with asyncio.TaskGroup() as group:
        for order in orders:
            group.create_task(one(order))
    return time.perf_counter() - at


async def obey(said: dict[str, Any]) -> dict[str, Any]:
    match said["do"]:
        case "live":
            return {"seconds": await together(said["orders"], said["in_flight"], live)}
        case "start":
            return {"seconds": await together(said["orders"], said["in_flight"], start)}
        case "calls":
            return await timed(said["orders"][0])
        case "trace":
            durable_functions.traced = traced = []
            await live(said["orders"][0])
            durable_functions.traced = None
            return {"traced": traced}
        case other:
            return {"unknown": other}


async def serve(socket: str) -> None:
    asked = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, asked.set)

    async def hears(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(await obey(json.loads(line))).encode() + b"\n")
            await writer.drain()

    async with await asyncio.start_unix_server(hears, socket, limit=WIDTH):
        await asked.wait()


def main(socket: str, database: str) -> None:
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": database,
        "application_version": "1",
        "executor_id": "bench",
        "log_level": "WARNING",
    }
    DBOS(config=config)
    asyncio.run(_served(socket))


async def _served(socket: str) -> None:
    DBOS.launch()
    await serve(socket)


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stderr.flush()
    os._exit(0)  # its threads wait for what is still open
