"""Opening, viewing and speaking to applications over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.running import body, slug

HELD = {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00:00+00:00"}


async def test_an_opening_is_answered_with_its_view(api: httpx.AsyncClient, application: str) -> None:
    """201, where it is, and the view of exactly what was said."""
    answer = await api.post("/v1/applications", json=body(application, metadata={"row": "81723"}))
    view = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/applications/{application}"
    assert view["id"] == application
    assert view["stage"] == "thanking"
    assert view["revision"] == len(view["facts"])
    assert view["metadata"] == {"row": "81723"}
    assert view["policy"] == {"name": "industry", "version": 1}
    assert [fact["type"] for fact in view["facts"]] == ["opened", "calendar", "interview_held"]


async def test_the_same_opening_ten_times_at_once_is_one_opening(api: httpx.AsyncClient, application: str) -> None:
    """One 201, nine 200, one revision, one run."""
    answers = await asyncio.gather(*(api.post("/v1/applications", json=body(application)) for _ in range(10)))
    assert sorted(a.status_code for a in answers) == [200] * 9 + [201]
    assert {a.json()["revision"] for a in answers} == {3}
    assert {fact["id"] for a in answers for fact in a.json()["facts"]} == {fact["id"] for fact in answers[0].json()["facts"]}


async def test_the_same_content_written_differently_is_the_same_opening(api: httpx.AsyncClient, application: str) -> None:
    """Offsets, order of fields and spelled-out defaults are not content."""
    said = body(application, facts=[HELD])
    again = body(
        application, facts=[{"ended_at": "2026-03-02T10:00:00-05:00", "interview": "i1", "type": "interview_held", "anyway": False}]
    )
    again["policy"] = "industry"
    assert (await api.post("/v1/applications", json=said)).status_code == 201
    assert (await api.post("/v1/applications", json=dict(reversed(again.items())))).status_code == 200


async def test_another_content_under_the_same_id_is_another_application(api: httpx.AsyncClient, application: str) -> None:
    """409 different-application, for every one of several that come at once but the first; nothing of them is kept."""
    answers = await asyncio.gather(*(api.post("/v1/applications", json=body(application, position=f"P{n}")) for n in range(5)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409, 409]
    assert {slug(a) for a in answers if a.status_code == 409} == {"different-application"}
    won = next(a.json() for a in answers if a.status_code == 201)
    assert (await api.get(f"/v1/applications/{application}")).json()["position"] == won["position"]


async def test_an_opening_without_an_id_is_named_by_its_key(api: httpx.AsyncClient, application: str) -> None:
    """The same key finds it again; with other content it is key-reused."""
    key = {"Idempotency-Key": f"a key with blanks {application}"}
    first = await api.post("/v1/applications", json=body(), headers=key)
    again = await api.post("/v1/applications", json=body(), headers=key)
    other = await api.post("/v1/applications", json=body(position="Other"), headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["id"] == again.json()["id"]
    assert slug(other) == "key-reused"


async def test_a_key_stands_for_one_content_of_an_id(api: httpx.AsyncClient, application: str) -> None:
    """Without the key another content is another application; with it, the key is what was reused."""
    key = {"Idempotency-Key": "open-1"}
    assert (await api.post("/v1/applications", json=body(application), headers=key)).status_code == 201
    assert (await api.post("/v1/applications", json=body(application))).status_code == 200
    assert slug(await api.post("/v1/applications", json=body(application, position="Other"), headers=key)) == "key-reused"
    assert slug(await api.post("/v1/applications", json=body(application, position="Other"))) == "different-application"


async def test_a_refused_opening_leaves_nothing_behind(api: httpx.AsyncClient, application: str) -> None:
    """The facts of an opening are judged together; one refused refuses all, and the id stays unknown."""
    facts: list[dict[str, Any]] = [HELD, {"type": "thank_you_sent", "interview": "other"}]
    refused = await api.post("/v1/applications", json=body(application, facts=facts))
    assert (refused.status_code, slug(refused)) == (409, "no-such-interview")
    assert slug(await api.get(f"/v1/applications/{application}")) == "no-such-application"
    assert slug(await api.post(f"/v1/applications/{application}/facts", json={"type": "paused"})) == "no-such-application"


async def test_the_same_fact_many_times_at_once_has_one_effect(api: httpx.AsyncClient, application: str) -> None:
    """Its id says that it is the same."""
    await api.post("/v1/applications", json=body(application))
    fact = {"type": "employer_replied", "id": "reply-1"}
    answers = await asyncio.gather(*(api.post(f"/v1/applications/{application}/facts", json=fact) for _ in range(10)))
    assert {a.status_code for a in answers} == {200}
    assert [f["id"] for f in (await api.get(f"/v1/applications/{application}")).json()["facts"]].count("reply-1") == 1


async def test_an_id_said_with_other_content_is_key_reused(api: httpx.AsyncClient, application: str) -> None:
    """For facts as for keys; and nothing is kept."""
    path = f"/v1/applications/{application}/facts"
    await api.post("/v1/applications", json=body(application))
    assert (await api.post(path, json={"type": "paused", "id": "x"})).status_code == 200
    assert slug(await api.post(path, json={"type": "resumed", "id": "x"})) == "key-reused"
    key = {"Idempotency-Key": "ada byron@example.org"}
    revisions = [(await api.post(path, json={"type": "resumed"}, headers=key)).json()["revision"] for _ in range(3)]
    assert len(set(revisions)) == 1
    assert slug(await api.post(path, json={"type": "paused"}, headers=key)) == "key-reused"


async def test_several_facts_are_kept_all_or_none(api: httpx.AsyncClient, application: str) -> None:
    """One that is refused refuses the others."""
    await api.post("/v1/applications", json=body(application))
    good, bad = {"type": "employer_replied", "id": "r"}, {"type": "retracted", "fact": "nobody-said-this"}
    refused = await api.post(f"/v1/applications/{application}/facts", json={"facts": [good, bad]})
    assert (refused.status_code, slug(refused)) == (409, "no-such-fact")
    assert (await api.get(f"/v1/applications/{application}/facts")).json()["revision"] == 3


async def test_a_refusal_says_the_guides_reason_and_anyway_overrules_it(api: httpx.AsyncClient, application: str) -> None:
    """One follow-up per silence; said anyway it is kept, and changes nothing."""
    path = f"/v1/applications/{application}/facts"
    await api.post("/v1/applications", json=body(application))
    assert (await api.post(path, json={"type": "follow_up_sent", "id": "f1"})).status_code == 200
    refused = await api.post(path, json={"type": "follow_up_sent", "id": "f2"})
    assert (refused.status_code, slug(refused)) == (409, "follow-up-already-sent")
    assert refused.json()["detail"]
    kept = await api.post(path, json={"type": "follow_up_sent", "id": "f2", "anyway": True})
    assert kept.json()["facts"][-1]["no_effect"]


async def test_what_lies_in_the_future_is_invalid(api: httpx.AsyncClient, application: str) -> None:
    """More than five minutes ahead of the application's clock: 422."""
    await api.post("/v1/applications", json=body(application))
    answer = await api.post(f"/v1/applications/{application}/facts", json={"type": "employer_replied", "at": "2199-01-01T00:00:00Z"})
    assert (answer.status_code, slug(answer)) == (422, "invalid")


async def test_a_view_has_an_etag_that_changes_with_it(api: httpx.AsyncClient, application: str) -> None:
    """If-None-Match spares the body until something was said."""
    await api.post("/v1/applications", json=body(application))
    path = f"/v1/applications/{application}"
    tag = (await api.get(path)).headers["etag"]
    same = await api.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (same.status_code, same.content) == (304, b"")
    await api.post(f"{path}/facts", json={"type": "paused"})
    assert (await api.get(path, headers={"If-None-Match": tag})).status_code == 200


async def test_facts_are_listed_from_a_revision_on(api: httpx.AsyncClient, application: str) -> None:
    """`after` is the revision that the caller knows."""
    await api.post("/v1/applications", json=body(application))
    await api.post(f"/v1/applications/{application}/facts", json={"type": "paused", "id": "p"})
    page = (await api.get(f"/v1/applications/{application}/facts", params={"after": 3})).json()
    assert ([fact["id"] for fact in page["facts"]], page["revision"]) == (["p"], 4)


async def test_changed_details_pin_policy_and_calendar_anew(api: httpx.AsyncClient, application: str) -> None:
    """A new country's holidays come in the same word, once."""
    path = f"/v1/applications/{application}/facts"
    await api.post("/v1/applications", json=body(application))
    moved = {
        "type": "details_changed",
        "employer": {"name": "X", "timezone": "Europe/Berlin", "subdivision": "DE-BE"},
        "policy": "university",
    }
    view = (await api.post(path, json=moved)).json()
    assert view["policy"] == {"name": "university", "version": 1}
    assert [f["country"] for f in view["facts"] if f["type"] == "calendar"] == ["US", "DE"]
    assert view["employer"]["subdivision"] == "BE"
    assert (await api.post(path, json=moved)).json()["revision"] == view["revision"]
    unknown = await api.post(path, json={"type": "details_changed", "policy": "none-such"})
    assert (slug(unknown), unknown.json()["errors"][0]["field"]) == ("invalid", "policy")


async def test_a_subdivision_that_no_calendar_knows_asks_for_no_more_calendars(api: httpx.AsyncClient, application: str) -> None:
    """Nation-wide holidays are all there is, and one calendar says so."""
    employer = {"name": "X", "country": "US", "subdivision": "ZZ"}
    await api.post("/v1/applications", json=body(application, employer=employer))
    for name in ("a", "b"):
        view = (await api.post(f"/v1/applications/{application}/facts", json={"type": "paused", "id": name})).json()
    assert [fact["type"] for fact in view["facts"]].count("calendar") == 1


async def test_times_of_the_agenda_are_in_the_candidates_zone(api: httpx.AsyncClient, application: str) -> None:
    """Half-hour offsets included."""
    candidate = {"id": "c", "email": "c@example.org", "timezone": "Asia/Kolkata"}
    view = (await api.post("/v1/applications", json=body(application, candidate=candidate))).json()
    assert view["agenda"]
    assert {step["due"][-6:] for step in view["agenda"]} == {"+05:30"}
