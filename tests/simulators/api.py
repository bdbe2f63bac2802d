"""A board's API: answers what it was given, to whoever has the key, and now and then misbehaves."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulators.serving import listening


@dataclass
class TokenPlace:
    """Gives tokens to whoever posts the client credentials of OAuth 2.0; they are good until somebody withdraws them."""

    key: str
    """`<client id>:<client secret>`."""
    user: str | None = None
    says: dict[str, Any] = field(default_factory=dict[str, Any])
    """How long a token is good, in the board's words."""
    next: deque[Response] = field(default_factory=deque[Response])
    """Answers that come before the real ones."""
    asked: int = 0
    good: set[str] = field(default_factory=set[str])

    def answer(self, authorization: str, form: str) -> Response:
        self.asked += 1
        if self.next:
            return self.next.popleft()
        wanted = {"grant_type": "client_credentials"} | ({"sub": self.user} if self.user else {})
        if authorization != "Basic " + b64encode(self.key.encode()).decode() or dict(parse_qsl(form)) != wanted:
            return Response('{"error": "invalid_client"}', status_code=401)
        token = f"token-{self.asked}"
        self.good.add(f"Bearer {token}")
        return Response(json.dumps({"access_token": token, "token_type": "Bearer", **self.says}), media_type="application/json")


@dataclass
class BoardApi:
    """What it answers by path (with its query where that matters), and what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    pages: dict[str, Callable[[dict[str, str]], Response]] = field(default_factory=dict[str, Callable[[dict[str, str]], Response]])
    """Answers that depend on the query."""
    credentials: tuple[str, str] | None = None
    """A header and the value without which the answer is 401."""
    token: TokenPlace | None = None
    """Where a key gets the token without which the answer is 401."""
    next: deque[Response] = field(default_factory=deque[Response])
    """Answers that come before the real ones, whatever is asked."""
    asked: list[str] = field(default_factory=list[str])
    headers: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    url: str = ""

    async def answer(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if request.method == "POST" and self.token:
            return self.token.answer(request.headers.get("authorization", ""), (await request.body()).decode())
        self.asked.append(path)
        self.headers.append(dict(request.headers))
        if self.next:
            return self.next.popleft()
        if self.credentials and request.headers.get(self.credentials[0]) != self.credentials[1]:
            return Response(status_code=401)
        if self.token and request.headers.get("authorization") not in self.token.good:
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
    async with listening(Starlette(routes=[Route("/{path:path}", api.answer, methods=["GET", "POST"])]), certificate) as url:
        api.url = url
        yield api
