"""One real server, one worker, one mail server that does as it is told, and applications whose clocks can be moved."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle

from client.applications import Applications
from client.clock import advance, application_time
from client.embedded import Stack
from client.opening import Opening
from client.runs import from_view
from tests.activities.servers import Post, mail_server
from tests.server import eventually
from worker.registry import workers
from worker.settings import Settings
from workflows import names
from workflows.application import Application
from workflows.facts import OUTSIDE_FACT, Fact, Word

_number = count()


@dataclass
class World:
    client: Client
    applications: Applications
    post: Post
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    def opening(self, *facts: dict[str, Any], name: str = "", awake: bool = False, **more: Any) -> Opening:
        """An application of a candidate in London at an employer in New York; by default its interview ended just now."""
        held = {"type": "interview_held", "interview": "i1", "ended_at": datetime.now(UTC).isoformat(), "interviewers": [GRACE, ALAN]}
        name = name or new_id()
        said = {
            "id": name,
            "candidate": {"id": f"cand-{name}", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
            | ({"waking_hours": ["00:00", "23:59"]} if awake else {}),
            "employer": {"name": "Analytical Engines", "timezone": "America/New_York", "country": "US", "subdivision": "NY"},
            "position": "Staff Engineer",
            "facts": list(facts or (held,)),
        }
        return Opening.model_validate(said | more)

    async def opened(self, *facts: dict[str, Any], **more: Any) -> str:
        opening = self.opening(*facts, **more)
        await self.applications.open(opening)
        return opening.id or ""

    async def say(self, application: str, *facts: dict[str, Any], by: str = "platform") -> dict[str, Any]:
        return (await self.applications.record(application, word(*facts, by=by))).view

    async def hear(self, application: str, *facts: dict[str, Any], by: str = "board:acme") -> None:
        await self.applications.heard(application, word(*facts, by=by))

    async def app(self, application: str) -> Application:
        return from_view(await self.applications.view(application))

    async def view(self, application: str) -> dict[str, Any]:
        return await self.applications.view(application)

    async def now(self, application: str) -> datetime:
        return await application_time(self.client, application)

    async def advance(self, application: str, to: datetime | timedelta) -> str:
        """Moves its clock to a moment, or by a time; all that was due by then is done."""
        target = to if isinstance(to, datetime) else await self.now(application) + to
        return await advance(self.client, application, target, timedelta(seconds=40))

    async def to_next(self, application: str) -> datetime:
        due = datetime.fromisoformat((await self.view(application))["agenda"][0]["due"])
        await self.advance(application, due)
        return due

    async def until(self, application: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The view as soon as something is true of it."""

        async def look() -> dict[str, Any] | None:
            view = await self.view(application)
            return view if holds(view) else None

        return await eventually(look)

    async def nothing_in_flight(self, application: str) -> None:
        async def look() -> bool:
            return not (await self.handle(application).describe()).raw_description.pending_activities

        await eventually(look)

    def handle(self, application: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(names.workflow_id(application))

    async def attributes(self, application: str) -> dict[str, Any]:
        """The search attributes as Temporal has them."""
        found = (await self.handle(application).describe()).typed_search_attributes
        return {str(pair.key.name): pair.value for pair in cast("Iterable[Any]", found)}

    def mails(self, application: str) -> list[str]:
        """The intents of what this application was sent, in order."""
        return [m["X-Afterword-Intent"] for m in self.post.taken if m["X-Afterword-Application"] == application]


GRACE = {"id": "g", "name": "Grace Hopper", "email": "grace@example.com", "role": "hiring manager"}
ALAN = {"id": "a", "name": "Alan Turing"}


def new_id() -> str:
    return f"app-{next(_number)}-{uuid4().hex[:6]}"


def word(*facts: dict[str, Any], by: str = "platform") -> Word:
    said: tuple[Fact, ...] = tuple(OUTSIDE_FACT.validate_python(fact) for fact in facts)
    return Word(facts=said, by=by)


def noted(view: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    """What the process noted for steps of that kind: fact type and intent (for a skip with its reason)."""
    return [
        (f["type"], f["intent"] + (f" {f['reason']}" if f["type"] == "skipped" else ""))
        for f in view["facts"]
        if "intent" in f and f.get("by") == "process" and f["intent"].split("/")[0] == kind
    ]


@asynccontextmanager
async def running(client: Client, post: Post) -> AsyncGenerator[World]:
    """The product's own worker against that mail server."""
    settings = Settings(smtp_url=post.url, shutdown_grace=1)  # pyright: ignore[reportArgumentType] -- pydantic makes the secret
    async with AsyncExitStack() as stack:
        for worker in workers(client, settings):
            await stack.enter_async_context(worker)
        yield World(client, Applications(client), post)
        post.go_on.set()


@pytest.fixture
async def world(server: Stack) -> AsyncGenerator[World]:
    async with mail_server(Post()) as post, running(server.client, post) as world:
        yield world
