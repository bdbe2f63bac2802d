"""The façade over HTTP has a call for every operation that the API documents, but for those that are left out here with their reason."""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from client.http.applications import Applications
from client.refusals import NotDone
from tests.simulators.serving import listening

LEFT_OUT: Final = {
    "GET /healthz": "asked by what runs the API, without a key",
    "GET /readyz": "as above",
    "GET /v1/candidates/{candidate}/calendar.ics": "asked by calendars, by its address alone",
    "POST /hooks/{board}/{connection}": "said by job boards, signed",
}
GIVEN: Final[dict[str, Any]] = {
    "opening": {},
    "openings": [{}],
    "facts": {},
    "said": {},
    "since": datetime(2030, 3, 4, tzinfo=UTC),
    "until": datetime(2030, 3, 5, tzinfo=UTC),
    "to": datetime(2030, 3, 4, tzinfo=UTC),
    "where": {},
}
"""Everything else that a call needs is an id or a name."""


async def every_call(ours: Applications) -> AsyncGenerator[str]:
    """Makes each one, by its name, with just what it needs."""
    held: Mapping[str, object] = vars(ours)
    parts = [("", ours), *((f"{name}.", part) for name, part in held.items() if not name.startswith("_"))]
    for where, part in parts:
        for name, function in inspect.getmembers(part.__class__, inspect.isfunction):
            if name.startswith("_") or name == "aclose":
                continue
            call: Callable[..., Any] = getattr(part, name)
            needed = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty][1:]
            made = call(*(GIVEN.get(one, f"some-{one}") for one in needed if one != "wanted"))
            with contextlib.suppress(NotDone):
                if inspect.isasyncgen(made):
                    async for _ in made:
                        pass
                else:
                    await made
            yield f"{where}{name}"


async def test_every_operation_has_a_call_and_every_call_an_operation(api: httpx.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    operations = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    patterns = {one: re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one))) for one in operations}
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(f"{request.method} {request.url.path}")
        return Response(status_code=404)

    made: dict[str, set[str]] = {}
    routes = [Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
    async with listening(Starlette(routes=routes)) as url, Applications(url, "a-key", patience=timedelta(0)) as ours:
        async for call in every_call(ours):
            made[call] = {one for said in asked for one, pattern in patterns.items() if pattern.fullmatch(said)}
            asked.clear()
    assert [call for call, found in made.items() if not found] == []
    assert operations - {one for found in made.values() for one in found} == set(LEFT_OUT)
