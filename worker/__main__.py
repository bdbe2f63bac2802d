"""`python -m worker`: a worker alone. At SIGTERM or Ctrl-C it ends what it is doing: exit code 0; 1 if it could not start or go on."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import Final

import structlog

from client.connection import connect, retain
from client.connections import Connections
from client.polling import follow
from client.search_attributes import register
from client.settings import CannotStart, links_of, needed, read, ring_of
from client.traces import Traces, traced
from worker import registry, telemetry, versions
from worker.settings import Settings
from workflows import names

log: Final = structlog.stdlib.get_logger("worker")


async def run(settings: Settings, traces: Traces) -> None:
    """Works until it is asked to end. CannotStart, or whatever made a worker fail."""
    needed(links_of(settings.link_keys, settings.public_url))
    keys = ring_of(settings.encryption_keys, embedded=settings.embedded)
    client = await connect(runtime=telemetry.start(settings, traces), keys=keys, interceptors=traces.interceptors)
    if not (keys.encrypts or settings.embedded):
        log.warning("what Temporal keeps is not encrypted", namespace=client.namespace)
    await register(client)
    if not await retain(client, names.RETENTION):
        log.warning("ended runs may be kept for less than a year here, and late word is heard only as long", namespace=client.namespace)
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, asked.set)
    connections = Connections(settings.connections)
    ours = registry.workers(client, settings, registry.asking(client, connections, announced=settings.webhooks is not None))
    working = [asyncio.create_task(worker.run()) for worker in ours]
    following = asyncio.create_task(follow(client, connections)) if settings.connections else None
    claiming = asyncio.create_task(versions.claim(client, settings.build)) if settings.build else None
    log.info("worker works", task_queues=[worker.task_queue for worker in ours], identity=client.identity, build=settings.build)
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait((waiting, *working), return_when=asyncio.FIRST_COMPLETED)
    for aside in (waiting, following, claiming):
        if aside:
            aside.cancel()
    log.info("worker ends")
    await asyncio.gather(*(worker.shutdown() for worker, task in zip(ours, working, strict=True) if not task.done()))
    await asyncio.gather(*working)


def main() -> int:
    try:
        settings = read(Settings)
        with traced("afterword-worker") as traces:
            asyncio.run(run(settings, traces))
    except CannotStart as e:
        print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
        return 1
    except Exception:
        log.exception("worker failed")
        return 1
    return 0


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
