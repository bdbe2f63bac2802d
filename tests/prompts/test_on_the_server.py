"""Candidates whom the platform reaches itself, on a real server: their prompts go to its endpoint, and what becomes of them is noted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from client.applications import Applications
from client.embedded import Stack
from client.in_step import advance_candidate
from tests.activities.servers import Post, mail_server
from tests.prompts.backend import SECRET, Backend, serving
from tests.server import eventually
from tests.shell.test_candidate import PATIENCE, ahead, morning_after_next
from tests.shell.world import World, noted
from worker.registry import workers
from worker.settings import Settings


@dataclass
class Place(World):
    """A worker whose file of webhooks names the backend."""

    backend: Backend = field(default_factory=Backend)
    file: Path = Path()

    def configure(self, **fields: Any) -> None:
        said = {"url": self.backend.url, "secrets": [SECRET], "private": True, "prompts": True} | fields
        self.file.write_text("[backend]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items()))

    def prompts(self, application: str) -> list[str]:
        return [event["data"]["intent"] for _, event in self.backend.came if event["data"]["application"] == application]


@pytest.fixture
async def place(server: Stack, tmp_path: Path) -> AsyncGenerator[Place]:
    async with AsyncExitStack() as after:
        backend = await after.enter_async_context(serving(Backend()))
        post = await after.enter_async_context(mail_server(Post()))
        made = Place(server.client, Applications(server.client), post, backend=backend, file=tmp_path / "webhooks.toml")
        made.configure()
        settings = Settings(
            smtp_url=SecretStr(post.url),
            shutdown_grace=1,
            webhooks=made.file,
            link_keys=SecretStr("k" * 40),
            public_url="https://afterword.example.com",
        )
        for worker in workers(server.client, settings):
            await after.enter_async_context(worker)
        yield made
        backend.go_on.set()
        post.go_on.set()


def reached_by(*channels: str, **other: Any) -> dict[str, Any]:
    who = {"id": f"cand-{uuid4().hex[:8]}", "name": "Ada Byron", "timezone": "Europe/London", "waking_hours": ["00:00", "23:59"]}
    return {**who, "channels": channels, **({"email": "ada@example.org"} if "email" in channels else {}), **other}


async def prompted(place: Place, who: dict[str, Any]) -> str:
    """An application whose first prompt is due, and noted."""
    application = await place.opened(candidate=who)
    await place.to_next(application)
    await place.until(application, lambda view: bool(noted(view, "thank-you")))
    return application


async def test_the_prompt_goes_to_the_platform_and_no_mail_to_anybody(place: Place) -> None:
    application = await prompted(place, reached_by("webhook"))
    assert noted(await place.view(application), "thank-you") == [("prompted", "thank-you/i1")]
    ((_, event),) = place.backend.came
    data = event["data"]
    assert (event["type"], data["application"], data["intent"]) == ("prompt.thank-you", application, "thank-you/i1")
    assert [letter["interviewer"] for letter in data["letters"]] == ["g", "a"]
    assert data["links"]["page"].startswith("https://afterword.example.com/act/page.")
    assert place.mails(application) == []


async def test_who_has_both_channels_gets_both_under_one_id(place: Place) -> None:
    application = await prompted(place, reached_by("email", "webhook"))
    (mail,) = [mail for mail in place.post.taken if mail["X-Afterword-Application"] == application]
    assert mail["Message-ID"].strip("<>").partition("@")[0] == place.backend.ids[0]
    assert "uncertain" not in {key for fact in (await place.view(application))["facts"] for key, value in fact.items() if value}


async def test_what_the_endpoint_does_not_take_now_is_sent_again_under_the_same_id(place: Place) -> None:
    place.backend.answer = lambda before: (500, 503, 204)[min(before, 2)]
    application = await prompted(place, reached_by("webhook"))
    assert noted(await place.view(application), "thank-you") == [("prompted", "thank-you/i1")]
    assert len(place.backend.ids) == 3
    assert len(set(place.backend.ids)) == 1


@pytest.mark.parametrize(("status", "reason"), [(422, "EndpointRefuses"), (410, "EndpointRefuses"), (None, "NoEndpoint")])
async def test_what_never_arrives_is_noted_with_its_reason_and_seen_by_operators(place: Place, status: int | None, reason: str) -> None:
    place.configure(prompts=status is not None)
    place.backend.answer = lambda _: status or 204
    application = await prompted(place, reached_by("webhook"))
    (fact,) = [fact for fact in (await place.view(application))["facts"] if fact["type"] == "undeliverable"]
    assert (fact["intent"], fact["reason"]) == ("thank-you/i1", reason)

    async def seen() -> bool:
        return (await place.attributes(application)).get("Attention") == "undeliverable"

    await eventually(seen)


async def test_a_file_that_learns_of_an_endpoint_is_used_at_once(place: Place) -> None:
    place.configure(prompts=False)
    who = reached_by("webhook")
    application = await prompted(place, who)
    place.configure()
    await place.to_next(application)
    await place.until(application, lambda view: bool(noted(view, "thank-you-nudge")))
    assert place.prompts(application) == ["thank-you-nudge/i1"]


async def test_a_prompt_that_became_moot_while_the_endpoint_had_it_is_noted_as_it_answers(place: Place) -> None:
    place.backend.silent = True
    application = await place.opened(candidate=reached_by("webhook"))
    due = datetime.fromisoformat((await place.view(application))["agenda"][0]["due"])
    moving = asyncio.create_task(place.advance(application, due))
    await asyncio.wait_for(place.backend.reached.wait(), 20)
    await place.say(application, {"type": "thank_you_sent", "interview": "i1"})
    place.backend.go_on.set()
    await moving
    view = await place.until(application, lambda view: bool(noted(view, "thank-you")))
    assert noted(view, "thank-you") == [("prompted", "thank-you/i1")]


async def test_a_digest_goes_to_the_platform_though_there_is_no_address(place: Place) -> None:
    who = reached_by("webhook", waking_hours=["08:00", "21:00"], preferences={"digest": True})
    one = await place.opened(ahead(), candidate=who, position="Engine Driver")
    two = await place.opened(ahead(), candidate=who, position="Engine Builder")
    for application in (one, two):
        await place.say(application, {"type": "rejected", "by": "candidate"})
    await advance_candidate(place.client, place.applications, who["id"], morning_after_next() + timedelta(hours=1), PATIENCE)

    async def told() -> list[dict[str, Any]]:
        return [event for _, event in place.backend.came if event["type"] == "prompt.digest"]

    (event,) = await eventually(told)
    assert (event["data"]["application"], sorted(event["data"]["applications"])) == (None, sorted((one, two)))
    assert (await place.applications.candidates.view(who["id"]))["undeliverable"] is None


async def test_a_letter_that_was_approved_goes_by_mail_all_the_same(place: Place) -> None:
    """It is the candidate's, to the employer."""
    held = {
        "type": "interview_held",
        "interview": "i1",
        "ended_at": (datetime.now(UTC) - timedelta(hours=30)).isoformat(),
        "interviewers": [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}],
    }
    application = await place.opened(held, candidate=reached_by("webhook", email="ada@example.org"))
    await place.say(
        application,
        {
            "type": "letter_approved",
            "letter": "thank-you/i1/g",
            "subject": "Thank you",
            "body": "Dear Grace,\n\nthank you.",
            "by": "candidate",
        },
    )
    await place.until(application, lambda view: any(fact["type"] == "letter_delivered" for fact in view["facts"]))
    assert [mail["To"] for mail in place.post.taken] == ["Grace Hopper <grace@example.com>"]
