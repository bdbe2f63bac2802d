"""`python -m client.api`: the HTTP API on 127.0.0.1, or where it is told to listen, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import timedelta
from typing import Final

import structlog

from client.api.app import create_app
from client.api.keys import keys_of
from client.api.request_ids import logged
from client.connection import connect
from client.logs import log_to
from client.metrics import Counts, offered
from client.opening import warm
from client.serving import run, server
from client.settings import Settings, links_of, needed, read, ring_of
from client.traces import Traces, traced
from client.watching import watch

log: Final = structlog.stdlib.get_logger("client.api")


async def serve(settings: Settings, traces: Traces) -> None:
    """CannotStart if Temporal is not there or a setting makes no sense."""
    log_to(sys.stderr, also=(logged, *traces.logged))
    keys_of(settings)  # what is wrong here is told first, whether or not Temporal is there
    needed(links_of(settings.link_keys, settings.public_url))
    keys = ring_of(settings.encryption_keys, embedded=settings.embedded)
    runtime = offered(settings.metrics_host, settings.api_metrics_port, "api_metrics_port")
    client = await connect(runtime=runtime, keys=keys, interceptors=traces.interceptors)
    if not (keys.encrypts or settings.embedded):
        log.warning("what Temporal keeps is not encrypted", namespace=client.namespace)
    app = create_app(settings, client, Counts(runtime.metric_meter), traces)
    app.openapi()  # made once, and not while calls wait
    warm()
    every, overdue = timedelta(seconds=settings.watch_every), timedelta(hours=settings.overdue_after)
    watching = asyncio.create_task(watch(client, runtime.metric_meter, every, overdue))
    try:
        await server(app, settings.api_host, settings.api_port).serve()
    finally:
        watching.cancel()


async def _traced() -> None:
    settings = read(Settings)
    with traced("afterword-api") as traces:
        await serve(settings, traces)


if __name__ == "__main__":
    status = run(_traced)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
