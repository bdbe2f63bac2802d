"""A platform's endpoint on a real port, which does as it is told, and the product's own worker with a file that names it."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client

from client.applications import Applications
from client.streams import Streams
from tests.activities.servers import Post, mail_server
from tests.shell.world import World
from tests.simulators.serving import listening
from worker.registry import workers
from worker.settings import Settings

SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Endpoint:
    """What it answers, and what it took."""

    answer: Callable[[dict[str, Any]], int] = lambda _: 204
    headers: dict[str, str] = field(default_factory=dict[str, str])
    taken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    raw: list[bytes] = field(default_factory=list[bytes])
    asked: Counter[str] = field(default_factory=Counter[str])
    """How often each event came, by its id."""
    paths: list[str] = field(default_factory=list[str])
    url: str = ""

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        event: dict[str, Any] = Webhook(SECRET).verify(body, dict(request.headers))
        self.asked[request.headers["webhook-id"]] += 1
        self.paths.append(request.url.path)
        status = self.answer(event)
        if 200 <= status < 300:
            self.taken.append(event)
            self.raw.append(body)
            assert request.headers["webhook-id"] == f"{event['data']['application']}.{event['data']['revision']}"
        return Response(status_code=status, headers=self.headers)

    def revisions(self) -> dict[str, list[int]]:
        """What was taken of each application, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for event in self.taken:
            found[event["data"]["application"]].append(event["data"]["revision"])
        return found

    def of(self, application: str) -> list[dict[str, Any]]:
        return [event for event in self.taken if event["data"]["application"] == application]


@dataclass
class Platform(World):
    """Applications whose facts go to one endpoint."""

    endpoint: Endpoint = field(default_factory=Endpoint)
    name: str = "backend"
    file: Path = Path()

    @property
    def streams(self) -> Streams:
        return Streams(self.client)

    def configure(self, url: str, **fields: Any) -> None:
        said = {"url": url, "secrets": [SECRET], "private": True} | fields
        self.file.write_text(f"[{self.name}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items()))


@asynccontextmanager
async def platform(client: Client, folder: Path) -> AsyncGenerator[Platform]:
    """The worker, the endpoint, and a file of endpoints that names it; each test has an endpoint of its own name."""
    endpoint, name = Endpoint(), "backend-" + re.sub(r"\W", "", uuid4().hex[:8])
    routes = [Route("/{path:path}", endpoint.__call__, methods=["POST"])]
    async with AsyncExitStack() as stack:
        endpoint.url = await stack.enter_async_context(listening(Starlette(routes=routes)))
        post = await stack.enter_async_context(mail_server(Post()))
        made = Platform(client, Applications(client, announced=True), post, endpoint=endpoint, name=name, file=folder / "webhooks.toml")
        made.configure(endpoint.url)
        settings = Settings(smtp_url=post.url, shutdown_grace=1, webhooks=made.file)  # pyright: ignore[reportArgumentType] -- pydantic makes the secret
        for worker in workers(client, settings):
            await stack.enter_async_context(worker)
        yield made
        post.go_on.set()
