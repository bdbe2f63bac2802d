"""What an adviser's key reaches: stages and dates of who agreed, field by field, and by no call of the document anything else."""

from __future__ import annotations

from typing import Any

import pytest

from client.applications import Applications
from client.coaches import Coaches
from client.embedded import Stack
from tests.api.test_isolation import example, operations
from tests.coach.advising import Case
from tests.running import body, slug
from tests.server import eventually
from workflows.facts import Candidate
from workflows.person.facts import CoachAllowed, CoachAsked, PersonWord, Registered

THEIRS = {("get", "/v1/coaches/{coach}/candidates"), ("get", "/v1/coaches/{coach}/candidates/{candidate}")}
ENDS = ("delete", "/v1/candidates/{candidate}/coaches/{coach}")
NO_KEY = {"/healthz", "/readyz", "/hooks/{board}/{connection}", "/v1/candidates/{candidate}/calendar.ics"}


async def test_stages_and_dates_and_nothing_else(case: Case) -> None:
    """No note, no letter, no address, nobody who interviews, no metadata, no reason that tells how somebody lives."""
    await case.agreed()
    answer = await case.adviser.get(case.path)
    told = answer.json()
    (application,) = told.pop("applications")
    assert told.pop("since")
    assert told == {"id": case.candidate, "name": "Ada Byron"}
    steps = application.pop("agenda")
    assert steps
    assert all(step.keys() == {"step", "due", "action"} for step in steps)
    assert application == {
        "id": case.application,
        "employer": "Analytical Engines",
        "position": "Staff Engineer",
        "stage": "thanking",
        "outcome": None,
        "round": 1,
    }
    assert not [word for word in ("secret", "Grace", "@", "policy", "Mary") if word in answer.text]


async def test_no_other_call_is_open_to_an_advisers_key(case: Case) -> None:
    """Whoever agreed, and of whomever: the whole document, with ids that are there."""
    await case.agreed()
    document = (await case.adviser.get("/openapi.json")).json()
    asked = 0
    for method, path, operation in operations(document):
        if path in NO_KEY or (method, path) in {*THEIRS, ENDS}:
            continue
        call = path.replace("{candidate}", case.candidate).replace("{application}", case.application).replace("{coach}", case.coach)
        answer = await case.adviser.request(method, call, json=example(operation))
        assert answer.status_code == 403, (method, path, answer.text)
        assert slug(answer) == "forbidden"
        asked += 1
    assert asked >= 20


async def test_another_adviser_is_not_there(case: Case) -> None:
    """Nor are their candidates: every call of an adviser, with an id that is not the key's."""
    await case.agreed()
    for method, path in (*THEIRS, ENDS):
        for coach in ("coach-of-nobody", f"{case.coach}x", "%20", case.candidate):
            call = path.replace("{candidate}", case.candidate).replace("{coach}", coach)
            answer = await case.adviser.request(method, call)
            assert (answer.status_code, slug(answer)) == (404, "no-such-coach"), call
    assert await case.seen() == 200


async def test_an_application_that_went_to_somebody_else_is_not_shown(case: Case) -> None:
    """A second one is, as soon as it is opened."""
    await case.agreed()
    whose = {"id": case.candidate, "email": case.email, "timezone": "UTC", "waking_hours": ["00:00", "23:59"]}
    assert (await case.api.post("/v1/applications", json=body(f"{case.application}-2", candidate=whose))).is_success
    other = whose | {"id": f"{case.candidate}-other"}
    assert (await case.api.post("/v1/applications", json=body(f"{case.application}-3", candidate=other))).is_success
    told = (await case.adviser.get(case.path)).json()
    assert [one["id"] for one in told["applications"]] == [case.application, f"{case.application}-2"]


async def test_what_rests_has_no_date(case: Case) -> None:
    """No step of which the candidate would be reminded is ahead; the pause itself is their own affair."""
    await case.agreed()
    answer = await case.api.post(f"/v1/applications/{case.application}/facts", json={"type": "paused"})
    assert answer.status_code == 200
    (application,) = (await case.adviser.get(case.path)).json()["applications"]
    assert [step["step"] for step in application["agenda"]] == ["thank-you-lapsed"]  # which is noted, whoever rests
    assert "paused" not in application


@pytest.mark.timeout(120)
async def test_many_candidates_come_in_pages(stack: Stack, case: Case, applications: Applications) -> None:
    """Each once; a cursor is of one adviser's list and of no other."""
    many = {f"{case.candidate}-{n:02}" for n in range(25)}
    for candidate in many:
        await applications.candidates.heard(candidate, agreed_long_ago(candidate, case.coach))

    async def pages() -> list[str]:
        found: list[str] = []
        query: dict[str, Any] = {"limit": 10}
        while True:
            page = (await case.adviser.get(f"/v1/coaches/{case.coach}/candidates", params=query)).json()
            assert len(page["candidates"]) <= 10
            found += [one["id"] for one in page["candidates"]]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    async def all_of_them() -> list[str]:
        found = await pages()
        return found if len(found) == len(many) else []

    assert set(await eventually(all_of_them)) == many
    first = await case.adviser.get(f"/v1/coaches/{case.coach}/candidates", params={"limit": 10})
    other = await case.api.get("/v1/coaches/coach-of-nobody/candidates", params={"cursor": first.json()["next"]})
    assert (other.status_code, slug(other)) == (422, "invalid")
    gone = min(many)
    await Coaches(stack.client, applications.candidates).end(gone, case.coach, "platform")
    assert gone not in await pages()


def agreed_long_ago(candidate: str, coach: str) -> PersonWord:
    """A candidate of that adviser, as three facts."""
    who = Candidate(id=candidate, name="Ada", email="ada@example.org", timezone="UTC")
    return PersonWord(
        facts=(
            Registered(id="r", candidate=who),
            CoachAsked(id="a", coach=coach, name="Mary"),
            CoachAllowed(id="c", coach=coach, ask="a", by="candidate"),
        )
    )
