"""A candidate over HTTP: what is known of them, what changes everywhere, who may see what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.applications import Applications
from client.embedded import Stack
from client.refusals import NoSuchCandidate
from tests.running import body, slug
from tests.server import eventually
from workflows import names
from workflows.person.facts import ProfileChange

WHO: dict[str, Any] = {"name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London", "skills": ["numerical tables"]}


@pytest.fixture
def candidate() -> str:
    """An id that nobody had before."""
    return f"cand-{uuid4().hex[:12]}"


async def opened(api: httpx.AsyncClient, candidate: str, application: str, **other: Any) -> str:
    answer = await api.post("/v1/applications", json=body(application, candidate={"id": candidate, **WHO}, **other))
    assert answer.is_success, answer.text
    return application


async def test_a_candidate_has_profile_preferences_and_every_application_at_once(
    api: httpx.AsyncClient, candidate: str, application: str
) -> None:
    """None is behind: what was just said is in the summaries."""
    first, second = await opened(api, candidate, application), await opened(api, candidate, f"{application}-2")
    await api.post(f"/v1/applications/{second}/facts", json={"type": "withdrawn"})
    answer = await api.get(f"/v1/candidates/{candidate}")
    view = answer.json()
    assert answer.status_code == 200
    assert {**WHO, "id": candidate}.items() <= view["profile"].items()
    assert view["preferences"]["digest"] is False
    assert [(a["id"], a["stage"], a["outcome"]) for a in view["applications"]] == [
        (first, "thanking", None),
        (second, "closed", "withdrawn"),
    ]
    assert view["applications"][0]["next"]["step"] == "thank-you"
    assert view["undeliverable"] is None
    assert f"/v1/candidates/{candidate}/calendar.ics?token=" in view["calendar_url"]


async def test_a_change_reaches_every_open_application(api: httpx.AsyncClient, candidate: str, application: str) -> None:
    """Only what is named changes; the answer has it at once, the applications soon."""
    await opened(api, candidate, application)
    said = {"profile": {"email": "ada@new.example.org"}, "preferences": {"daily_limit": 3, "weekends": False}}
    answer = await api.patch(f"/v1/candidates/{candidate}", json=said)
    view = answer.json()
    assert (answer.status_code, view["profile"]["email"], view["profile"]["name"]) == (200, "ada@new.example.org", "Ada Byron")
    assert view["preferences"] == {"digest": False, "weekends": False, "daily_limit": 3, "unsubscribed": []}

    async def arrived() -> bool:
        known = (await api.get(f"/v1/applications/{application}")).json()["candidate"]
        return known["email"] == "ada@new.example.org" and known["preferences"]["daily_limit"] == 3

    await eventually(arrived)
    again = (await api.patch(f"/v1/candidates/{candidate}", json={"preferences": {"daily_limit": None}})).json()
    assert (again["preferences"]["daily_limit"], again["preferences"]["weekends"]) == (None, False)


async def test_a_change_said_twice_under_one_key_is_one(api: httpx.AsyncClient, candidate: str, application: str) -> None:
    """And another one under the same key is told so."""
    await opened(api, candidate, application)
    path, key = f"/v1/candidates/{candidate}", {"Idempotency-Key": f"k-{uuid4().hex}"}
    answers = [await api.patch(path, json={"profile": {"name": name}}, headers=key) for name in ("Ada King", "Ada King", "Ada L")]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert slug(answers[2]) == "key-reused"
    assert (await api.get(path)).json()["profile"]["name"] == "Ada King"


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"profile": {"timezone": "Nowhere/At_All", "emial": "x"}}, {"profile.timezone", "profile.emial"}),
        ({"profile": {"email": "not an address"}}, {"profile.email"}),
        ({"preferences": {"daily_limit": 0, "digest": "yes"}}, {"preferences.daily_limit", "preferences.digest"}),
        ({"profile": {"preferences": {"digest": True}}}, {"profile.preferences"}),
        ({"id": "another"}, {"id"}),
        ({"preferences": {"unsubscribed": ["everything"]}}, {"preferences.unsubscribed.0"}),
    ],
)
async def test_what_makes_no_sense_is_named_field_by_field(
    api: httpx.AsyncClient, candidate: str, application: str, said: dict[str, Any], fields: set[str]
) -> None:
    """One clear error for each, and nothing changes."""
    await opened(api, candidate, application)
    before = (await api.get(f"/v1/candidates/{candidate}")).json()
    answer = await api.patch(f"/v1/candidates/{candidate}", json=said)
    assert (answer.status_code, slug(answer), {e["field"] for e in answer.json()["errors"]}) == (422, "invalid", fields)
    assert (await api.get(f"/v1/candidates/{candidate}")).json()["profile"] == before["profile"]


async def test_an_address_that_a_channel_needs_is_not_taken_away(api: httpx.AsyncClient, candidate: str, application: str) -> None:
    """A profile stays one that can be written to."""
    await opened(api, candidate, application)
    answer = await api.patch(f"/v1/candidates/{candidate}", json={"profile": {"email": None}})
    assert 400 <= answer.status_code < 500, answer.text
    assert (await api.get(f"/v1/candidates/{candidate}")).json()["profile"]["email"] == "ada@example.org"


async def test_a_candidate_of_whom_nobody_spoke_is_not_there(api: httpx.AsyncClient, candidate: str) -> None:
    """Whatever is asked; and a change begins nobody."""
    path = f"/v1/candidates/{candidate}"
    answers = [
        await api.get(path),
        await api.patch(path, json={"profile": {"name": "X"}}),
        await api.post(f"{path}/calendar-token"),
        await api.get("/v1/candidates/%7Bx%7D"),
        await api.get(path),
    ]
    assert [(answer.status_code, slug(answer)) for answer in answers] == [(404, "no-such-candidate")] * 5


async def test_an_address_that_nobody_is_reached_at_is_shown_until_it_is_another_one(
    api: httpx.AsyncClient, candidate: str, application: str
) -> None:
    """Which message came back, of which application, and when that was known; to the operator too."""
    await opened(api, candidate, application)
    path = f"/v1/applications/{application}"
    await api.post(f"{path}/advance", json={"to": "next"})
    view = (await api.post(f"{path}/facts", json={"type": "bounced", "id": "b", "intent": "thank-you/i1", "permanent": True})).json()
    known_at = view["facts"][-1]["at"]
    lost = (await api.get(f"/v1/candidates/{candidate}")).json()["undeliverable"]
    assert (datetime.fromisoformat(lost.pop("since")), lost) == (
        datetime.fromisoformat(known_at),
        {"intent": "thank-you/i1", "application": application},
    )

    async def attention() -> str | None:
        (found,) = (await api.get("/v1/applications", params={"candidate": candidate})).json()["applications"]
        return str(found["attention"])

    async def shown() -> bool:
        return await attention() == "undeliverable"

    await eventually(shown)
    await api.patch(f"/v1/candidates/{candidate}", json={"profile": {"email": "ada@new.example.org"}})

    async def mended() -> bool:
        mails = (await api.get("/v1/messages", params={"application": application})).json()["messages"]
        return [m["intent"] for m in mails if m["to"].endswith("new.example.org")] == [
            "thank-you/i1"
        ] and await attention() != "undeliverable"

    await eventually(mended)
    assert (await api.get(f"/v1/candidates/{candidate}")).json()["undeliverable"] is None


async def test_what_is_said_to_somebody_who_is_just_being_erased_is_said_to_nobody(
    api: httpx.AsyncClient, stack: Stack, applications: Applications, application: str
) -> None:
    """Their run has ended and is not deleted yet: it can be read, and hears nothing any more."""
    assert (await api.post("/v1/applications", json=body(application))).is_success
    candidate = f"cand-{application}"
    await applications.candidates.bury(candidate)
    await stack.client.get_workflow_handle(names.candidate_id(candidate)).terminate()
    with pytest.raises(NoSuchCandidate):
        await applications.candidates.change(candidate, ProfileChange(language="de"))
