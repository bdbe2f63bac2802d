"""A span for each call of the API, named by its route. Used only where traces are on: see `client.traces`."""

from __future__ import annotations

from typing import Final

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from client.api.request_ids import under_way

QUIET: Final = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds, and nobody looks at the answers."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PARENT: Final = "traceparent"


class Calls:
    """ASGI middleware, outermost. Of an address its route is told and nothing else: a link's path is a secret, a query may hold names.

    A caller's `traceparent` is taken up; of what else callers say of traces, nothing is passed on.
    """

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app, self._tracer = app, tracer
        self._parents = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        above = self._parents.extract({_PARENT: Headers(scope=scope).get(_PARENT, "")})
        with self._tracer.start_as_current_span(method, above, SpanKind.SERVER, {"http.request.method": method}) as span:

            async def seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route: str | None = getattr(scope.get("route"), "path_format", None)
                    span.set_attributes({"http.response.status_code": message["status"], "request_id": under_way.get() or ""})
                    if route:
                        span.update_name(f"{method} {route}")
                        span.set_attribute("http.route", route)
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            await self._app(scope, receive, seen)
