"""What the façade does over HTTP it does as the one with Temporal behind it: the same answers, the same exceptions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from client.applications import Applications as Direct
from client.door import read_message
from client.embedded import Stack
from client.http.applications import Applications
from client.http.refused import NotLetIn, Problem
from client.opening import Opening, read_opening
from client.refusals import Invalid, NoSuchApplication, NoSuchCandidate, NoSuchErasure, NoSuchImport, NoSuchWebhook, NotDone
from tests.running import body
from tests.server import eventually
from workflows.facts import EmployerReplied, TimelineStated, Word

THANKED = {"type": "thank_you_sent", "interview": "i1", "id": "thanks-1"}


async def test_what_is_opened_over_http_is_what_the_other_facade_sees(ours: Applications, applications: Direct, application: str) -> None:
    answer = await ours.open(body(application))
    assert (answer.fresh, answer.view.id, answer.view.stage) == (True, application, "thanking")
    seen = await applications.view(application)
    assert answer.view.revision <= seen["revision"]
    assert answer.view.model_dump(mode="json")["facts"] == seen["facts"][: answer.view.revision]


async def test_the_same_opening_said_again_is_no_news(ours: Applications, application: str) -> None:
    await ours.open(body(application))
    again = await ours.open(body(application))
    assert (again.fresh, again.view.id) == (False, application)


async def test_a_model_is_the_same_opening_as_its_json(ours: Applications, application: str) -> None:
    said = body(application, metadata={"row": None, "of": {"page": 1}})
    said["facts"].append({"type": "employer_replied", "id": "reply-1", "at": said["facts"][0]["ended_at"], "from": {"name": "Grace"}})
    model = read_opening(json.dumps(said).encode())
    assert (await ours.open(model)).fresh
    assert not (await ours.open(said)).fresh
    assert (await ours.view(application)).metadata == {"row": None, "of": {"page": 1}}


async def test_an_opening_without_an_id_is_found_again_by_its_key(ours: Applications) -> None:
    key = uuid4().hex
    first = await ours.open(body(), key)
    assert (await ours.open(body(), key)).view.id == first.view.id


async def test_facts_are_models_or_json_kept_together_and_known_again(ours: Applications, application: str) -> None:
    await ours.open(body(application))
    reply = EmployerReplied.model_validate({"id": "reply-1", "from": {"name": "Grace Hopper"}})
    view = await ours.record(application, THANKED, reply)
    assert {"thanks-1", "reply-1"} <= {fact.id for fact in view.facts}
    assert (await ours.record(application, THANKED, reply)).revision == view.revision
    later = await ours.record(application, TimelineStated(id="timeline-1", respond_by=datetime.now(UTC).date() + timedelta(days=9)))
    told = await ours.facts(application, view.revision)
    assert "timeline-1" in [fact.id for fact in told.facts]
    assert told.revision >= later.revision


async def test_a_list_goes_on_over_every_page(ours: Applications, application: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.http.applications._MANY", 2)
    candidate = body(application)["candidate"]
    ids = {f"{application}-{n}" for n in range(5)}
    await asyncio.gather(*(ours.open(body(one, candidate=candidate)) for one in ids))

    async def all_of_them() -> bool:
        return {one.id async for one in ours.list(candidate=candidate["id"])} == ids

    await eventually(all_of_them)
    page = await ours.page(limit=2, candidate=candidate["id"])
    assert page.next is not None


async def test_a_preview_says_what_would_happen_and_starts_nothing(ours: Applications, application: str) -> None:
    made = await ours.preview(body(application))
    assert "follow-up/1" in [step.intent for step in made.steps]
    with pytest.raises(NoSuchApplication):
        await ours.view(application)


async def test_letters_come_with_what_was_prompted_and_a_clock_can_be_moved(ours: Applications, application: str) -> None:
    said = body(application)
    said["candidate"]["waking_hours"] = ["00:00", "23:59"]
    view = (await ours.open(said)).view
    assert (await ours.advance(application, view.agenda[0].due)).revision > view.revision
    (letter,) = await ours.letters(application)
    assert (letter.interviewer, letter.status) == ("g", "draft")
    (message,) = await ours.messages(application)
    assert message.intent == letter.intent


async def test_a_candidate_is_viewed_changed_exported_and_erased(ours: Applications, application: str) -> None:
    candidate = (await ours.open(body(application))).view.candidate
    assert candidate is not None
    changed = await ours.candidates.change(candidate.id, profile={"country": "GB"}, preferences={"digest": True})
    assert (changed.profile["country"], changed.preferences.digest) == ("GB", True)
    assert (await ours.candidates.change(candidate.id, profile={"country": None})).profile["country"] is None
    assert [one.id for one in (await ours.candidates.view(candidate.id)).applications] == [application]
    assert await ours.candidates.rotate_calendar(candidate.id) != await ours.candidates.rotate_calendar(candidate.id)
    assert (await ours.candidates.export(candidate.id))["applications"][0]["id"] == application
    erasure = await ours.candidates.erase(candidate.id)
    assert (await ours.candidates.erasure(erasure)).status in ("running", "finished")
    with pytest.raises(NotDone) as refused:
        await ours.open(body(application))
    assert refused.value.slug == "erased"


async def test_counts_connections_and_webhooks_are_told(ours: Applications) -> None:
    assert (await ours.statistics())["applications"]["total"] >= 0
    assert (await ours.connections()).mistakes == []
    assert await ours.webhooks() == []
    with pytest.raises(NoSuchWebhook):
        await ours.replay("nobody", datetime.now(UTC))


async def test_an_import_opens_its_lines_and_reports_what_it_could_not(ours: Applications, application: str) -> None:
    openings = [body(f"{application}-{n}") for n in range(3)]
    importing = await ours.imports.begin([*openings, {"id": "nothing else"}])
    assert await ours.imports.begin([*openings, {"id": "nothing else"}]) == importing

    async def finished() -> dict[str, Any] | None:
        report = await ours.imports.report(importing)
        return report if report["status"] == "finished" else None

    report = await eventually(finished)
    assert (report["opened"], [row["line"] for row in report["refused"]]) == (3, [4])
    with pytest.raises(NoSuchImport):
        await ours.imports.report("0" * 32)


REFUSED: list[tuple[str, list[dict[str, Any]]]] = [
    ("no-such-interview", [{"type": "thank_you_sent", "interview": "i9"}]),
    ("no-offer", [{"type": "paused", "id": "p"}, {"type": "offer_declined", "id": "d"}]),
    ("no-such-fact", [{"type": "retracted", "fact": "nothing"}]),
    ("invalid", [{"type": "thank_you_sent"}]),
    ("invalid", [{"type": "nothing of that kind"}, {"type": "paused", "until": 5}]),
]


async def failure(call: Callable[[], Awaitable[object]]) -> NotDone:
    with pytest.raises(NotDone) as raised:
        await call()
    return raised.value


@pytest.mark.parametrize(("slug", "facts"), REFUSED, ids=[f"{n}-{slug}" for n, (slug, _) in enumerate(REFUSED)])
async def test_a_refusal_is_the_same_exception_from_both(
    ours: Applications, applications: Direct, application: str, slug: str, facts: list[dict[str, Any]]
) -> None:
    await ours.open(body(application))

    async def direct() -> None:
        message = read_message(json.dumps({"facts": facts}).encode())
        await applications.record(application, Word(facts=message.facts))

    over_http, other = await failure(lambda: ours.record(application, *facts)), await failure(direct)
    assert (type(over_http), over_http.slug, over_http.detail) == (type(other), slug, other.detail)
    if isinstance(other, Invalid):
        assert isinstance(over_http, Invalid)
        assert over_http.faults == other.faults


async def test_another_opening_under_the_same_id_is_refused_by_both(ours: Applications, applications: Direct, application: str) -> None:
    await ours.open(body(application))
    said = body(application, position="Another one")
    over_http = await failure(lambda: ours.open(said))
    other = await failure(lambda: applications.open(Opening.model_validate(said)))
    assert (type(over_http), over_http.slug, over_http.detail) == (type(other), "different-application", other.detail)


@pytest.mark.parametrize("application", ["nobody", "..", ".", "a/b", "a?b=c", "ä ö", "\ud800", "%2e%2e", "x" * 500])
async def test_whatever_is_no_application_is_said_to_be_none(ours: Applications, application: str) -> None:
    error = await failure(lambda: ours.view(application))
    assert error.slug in ("no-such-application", "not-found"), error


async def test_what_is_missing_is_the_exception_of_its_kind(ours: Applications) -> None:
    for kind, call in (
        (NoSuchCandidate, lambda: ours.candidates.view("nobody")),
        (NoSuchErasure, lambda: ours.candidates.erasure("0" * 32)),
        (NoSuchApplication, lambda: ours.letters("nobody")),
        (Invalid, lambda: ours.view("")),
    ):
        assert type(await failure(call)) is kind


async def test_a_wrong_key_is_not_let_in_and_the_request_is_named(stack: Stack) -> None:
    async with Applications(stack.api, "a-key-that-nobody-has") as stranger:
        error = await failure(stranger.statistics)
    assert (type(error), error.slug) == (NotLetIn, "unauthorized")
    assert isinstance(error.__cause__, Problem)
    assert error.__cause__.request_id
