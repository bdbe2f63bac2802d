"""The same said many times at once, over HTTP, to the whole stack: one effect. And several things due at once: each is done, once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from client.connections import Connections
from client.hook_sender import send
from tests.boards.deliveries import HERE
from tests.boards.recording import connections_file
from tests.durability.accidents import Fragile, doubled, letters, noted, persist, view_of, with_offer
from tests.running import body

ASHBY = HERE / "samples" / "ashby_interviewScheduleCreate.json"
pytestmark = pytest.mark.timeout(180)

APPLICATION = "ashby.e9ed20fd-0000-4aad-8a00-a19bfba0083e"


async def test_an_opening_a_fact_and_a_delivery_each_ten_times_at_once_are_one_of_each(fragile: Fragile, api: httpx.AsyncClient) -> None:
    """All of it about one application, whichever comes first: the board's signed delivery, the platform's opening, then its fact."""
    connection = Connections(connections_file(fragile.home)).current()["ashby"]
    content, now = ASHBY.read_bytes(), datetime.now(UTC)
    deliveries = [send(connection, content, fragile.api, now) for _ in range(10)]
    opening = with_offer(APPLICATION)
    openings = [api.post("/v1/applications", json=opening) for _ in range(10)]
    told = await asyncio.gather(*(call for pair in zip(deliveries, openings, strict=True) for call in pair))
    assert {answer.status_code for answer in told[::2]} == {200}
    assert sorted(answer.status_code for answer in told[1::2]) == [200] * 9 + [201]
    reply = {"type": "employer_replied", "id": "reply-1"}
    said = await asyncio.gather(*(api.post(f"/v1/applications/{APPLICATION}/facts", json=reply) for _ in range(10)))
    assert {answer.status_code for answer in said} == {200}
    await noted(api, APPLICATION, "offer-thanks/1")
    types = [fact["type"] for fact in (await view_of(api, APPLICATION))["facts"]]
    assert sorted(types) == ["calendar", "employer_replied", "interview_scheduled", "offer_received", "opened", "prompted"]
    assert [intent for of, intent, _ in letters(fragile.home) if of == APPLICATION] == ["offer-thanks/1"]


async def test_forty_words_at_once_to_one_application_are_all_kept_while_their_callers_wait(
    api: httpx.AsyncClient, application: str
) -> None:
    """More than a server takes at a time of one run: nobody is turned away, and nothing is kept twice."""
    await persist(api, "/v1/applications", body(application))
    said = [{"type": "hiring_step", "step": "debrief", "id": f"step-{n:02}"} for n in range(40)]
    told = await asyncio.gather(*(api.post(f"/v1/applications/{application}/facts", json=fact) for fact in said))
    assert [answer.status_code for answer in told] == [200] * 40
    kept = [fact["id"] for fact in (await view_of(api, application))["facts"] if fact["type"] == "hiring_step"]
    assert sorted(kept) == [fact["id"] for fact in said]


async def test_two_prompts_due_at_the_same_moment_are_two_letters(fragile: Fragile, api: httpx.AsyncClient, application: str) -> None:
    """Of one application, about different things; neither waits for the other, none comes twice."""
    opening = with_offer(application, {"type": "hiring_step", "step": "reference_check"})
    assert (await api.post("/v1/applications", json=opening)).is_success
    found = await noted(api, application, "offer-thanks/1", "references/2")
    assert found == {"offer-thanks/1": False, "references/2": False}
    assert sorted(intent for of, intent, _ in letters(fragile.home) if of == application) == ["offer-thanks/1", "references/2"]
    assert doubled(fragile.home) == []
