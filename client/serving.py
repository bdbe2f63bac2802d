"""How a process that answers HTTP is run: one way for the API and the codec server, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final

import uvicorn

from client.api.request_ids import logged
from client.logs import log_to
from client.settings import CannotStart

_GRACE: Final = 10
"""Seconds in which calls under way may end; a call takes 8 at most."""
_KEPT: Final = 75
"""Seconds for which an idle connection is kept: longer than callers do, so that it is never closed under a call just sent."""


def server(app: Any, host: str, port: int) -> uvicorn.Server:
    """Logs go where everything else goes, and nothing is told of what serves."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEPT,
            timeout_graceful_shutdown=_GRACE,
            lifespan="on",
        )
    )


def run(serve: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """The exit code: 0, or 1 and one sentence if it could not start."""
    log_to(sys.stderr, also=(logged,))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server raises it again once it has ended: there may be more to end
    try:
        asyncio.run(serve())
    except CannotStart as e:
        print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
        return 1
    except KeyboardInterrupt:
        return 0
    return 0
