"""A board's API: answers what it was given, to whoever has the key, and now and then misbehaves."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulators.serving import listening
from workflows.boards.payload import moment


@dataclass
class BoardApi:
    """What it answers by path (with its query where that matters), and what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    pages: dict[str, Callable[[dict[str, str]], Response]] = field(default_factory=dict[str, Callable[[dict[str, str]], Response]])
    """Answers that depend on the query."""
    credentials: tuple[str, str] | None = None
    """A header and the value without which the answer is 401."""
    next: deque[Response] = field(default_factory=deque[Response])
    """Answers that come before the real ones, whatever is asked."""
    asked: list[str] = field(default_factory=list[str])
    headers: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    url: str = ""

    async def answer(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.asked.append(path)
        self.headers.append(dict(request.headers))
        if self.next:
            return self.next.popleft()
        if self.credentials and request.headers.get(self.credentials[0]) != self.credentials[1]:
            return Response(status_code=401)
        if pages := self.pages.get(request.url.path):
            return pages(dict(request.query_params))
        found = self.answers.get(path, self.answers.get(request.url.path))
        if found is None:
            return Response(status_code=404)
        return Response(json.dumps(found), media_type="application/json")


@asynccontextmanager
async def serving(api: BoardApi, certificate: tuple[Path, Path] | None = None) -> AsyncGenerator[BoardApi]:
    """`certificate`: its file and its key's, where the API speaks TLS."""
    async with listening(Starlette(routes=[Route("/{path:path}", api.answer, methods=["GET"])]), certificate) as url:
        api.url = url
        yield api


def listed(records: dict[str, dict[str, Any]], per_page: int) -> Callable[[dict[str, str]], Response]:
    """Greenhouse's list of scheduled interviews: what changed at a moment or after it, by id, in pages no longer than these."""

    def page(query: dict[str, str]) -> Response:
        since, number, size = moment(query["updated_after"]), int(query["page"]), min(int(query["per_page"]), per_page)
        changed = [one for one in records.values() if since and (at := moment(one["updated_at"])) and at >= since]
        changed.sort(key=lambda one: int(one["id"]))
        rest = changed[(number - 1) * size :]
        more = {"Link": '<http://10.0.0.1/v1/scheduled_interviews?page=9>; rel="next"'} if len(rest) > size else {}
        return Response(json.dumps(rest[:size]), media_type="application/json", headers=more)

    return page
