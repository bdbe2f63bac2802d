"""A platform's endpoint for prompts on a real port, which does as it is told, and one attempt to send to it, as the worker makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from pydantic import SecretStr
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.common import RetryPolicy
from temporalio.testing import ActivityEnvironment

from activities.notices import Notices
from activities.prompts import Prompts
from client.webhooks import Endpoint
from tests.activities.sending import FROM, STARTED, environment
from tests.simulators.serving import listening
from workflows import names
from workflows.names import Notice

SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOBODY: Final = "smtp://127.0.0.1:1"
"""Where no mail server is."""


@dataclass
class Backend:
    """What it answers, and what came."""

    answer: Callable[[int], int] = lambda _: 204
    """By how often it was asked before."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    silent: bool = False
    """It says nothing until `go_on`."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    came: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    """Id and content of every prompt, in the order of arrival, taken or not."""
    url: str = ""

    async def __call__(self, request: Request) -> Response:
        event: dict[str, Any] = Webhook(SECRET).verify(await request.body(), dict(request.headers))
        if not event["type"].startswith("prompt."):
            return Response(status_code=204)
        self.came.append((request.headers["webhook-id"], event))
        if self.silent:
            self.reached.set()
            await self.go_on.wait()
        return Response(status_code=self.answer(len(self.came) - 1), headers=self.headers)

    @property
    def ids(self) -> list[str]:
        return [identity for identity, _ in self.came]

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint("backend", self.url, (SecretStr(SECRET),), private=True, prompts=True)


@asynccontextmanager
async def serving(backend: Backend) -> AsyncGenerator[Backend]:
    async with listening(Starlette(routes=[Route("/{path:path}", backend.__call__, methods=["POST"])])) as backend.url:
        try:
            yield backend
        finally:
            backend.go_on.set()


def at_the_last() -> ActivityEnvironment:
    """An attempt after which there is no time for another."""
    env = environment()
    began = STARTED - timedelta(minutes=10)
    policy = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(hours=1))
    env.info = replace(env.info, scheduled_time=began, schedule_to_close_timeout=timedelta(minutes=15), attempt=11, retry_policy=policy)
    return env


async def send(of: Notice, endpoint: Endpoint | None, mail: str = NOBODY, env: ActivityEnvironment | None = None) -> names.Delivery:
    notices = Notices(mail, FROM, prompts=Prompts(lambda: endpoint))
    return await (env or environment()).run(notices.send_notice, names.NoticeRequest(notice=of))
