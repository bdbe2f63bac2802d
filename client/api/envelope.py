"""What every exchange has around it: a Request-Id, headers that any part may add, a bounded body in bounded time, never a bare 500."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from client.api.problems import problem
from client.api.request_ids import under_way
from client.metrics import Counts

LARGEST: Final = 1_048_576
"""Bytes of a body."""
_DRAINED: Final = 32 * LARGEST
"""So much of a body that is too large is read and thrown away, so that its sender sees the answer and not a reset connection."""
_PATIENCE: Final = 30.0
"""Seconds for a body to arrive."""
_SAFE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

_TOLD: Final = "afterword.headers"
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9._~/-]{1,400}")

log: structlog.stdlib.BoundLogger = structlog.get_logger("client.api")


class Envelope:
    """ASGI middleware, outermost. `largest`: bytes of a body."""

    def __init__(self, app: ASGIApp, counts: Counts, largest: int = LARGEST) -> None:
        self._app, self._counts, self._largest = app, counts, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("request-id", "")
        name = asked if _SAFE_ID.fullmatch(asked) else uuid4().hex
        begun, started = False, time.perf_counter()
        told: dict[str, str] = {}
        scope[_TOLD] = told
        under_way.set(name)

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update({**told, "Request-Id": name})
                self._counts.answer(message["status"])
                took = round((time.perf_counter() - started) * 1000, 1)
                log.info("request", request_id=name, method=scope["method"], path=_path(scope), status=message["status"], took_ms=took)
            await send(message)

        body = await _read(scope, receive, self._largest)
        if isinstance(body, Response):
            await body(scope, receive, named)
            return
        if body is None:  # the caller left
            return
        try:
            await self._app(scope, _again(body, receive), named)
        except Exception:
            log.exception("unexpected", request_id=name, method=scope["method"], path=_path(scope))
            if begun:
                raise
            await problem("internal", f"Something went wrong on our side. Its record is {name}.")(scope, receive, named)


def tell(scope: Scope, headers: Mapping[str, str]) -> None:
    """The answer to this call will have these headers, whatever it is."""
    scope[_TOLD].update(headers)


def _path(scope: Scope) -> str:
    """For the log: ids and names are in it; what is neither may be anything, and is left out. A link's token acts for who has it."""
    path = str(scope["path"])
    if path.startswith("/act/"):
        return "/act/…"  # what follows is a secret
    return path if _PLAIN_PATH.fullmatch(path) else "?"


async def _read(scope: Scope, receive: Receive, largest: int) -> bytes | Response | None:
    """The whole body; an answer for one that is too large or too slow; None where the caller went away."""
    said = Headers(scope=scope).get("content-length", "")
    body, size, too_large = bytearray(), 0, said.isdigit() and int(said[:20]) > largest
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                size += len(message.get("body", b""))
                too_large = too_large or size > largest
                if not too_large:
                    body += message.get("body", b"")
                if not message.get("more_body", False) or size > _DRAINED:
                    break
    except TimeoutError:
        return problem("too-slow", f"The body did not arrive within {_PATIENCE:.0f} s.", headers={"Connection": "close"})
    if too_large:
        return problem("too-large", f"A body may have {largest} bytes.", headers={"Connection": "close"})
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """What `receive` would have given, once more."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
