"""Policies, advisers and holds over HTTP: what is answered is read as it is meant, and what is refused is its own exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from client.api.numbers import Migration
from client.http.applications import Applications
from client.refusals import Invalid, NoSuchApplication, NoSuchCandidate, NoSuchCoach, NoSuchMigration, NoSuchPolicy
from tests.coach.advising import Case
from tests.running import body
from tests.server import eventually


async def test_policies_are_listed_viewed_and_pinned(ours: Applications, application: str) -> None:
    await ours.open(body(application))
    told = await ours.policies.list()
    assert (told.mistakes, {"industry", "university"} <= {one.name for one in told.policies}) == ([], True)
    assert await ours.policies.view("industry") == await ours.policies.pinned(application)
    assert (await ours.policies.view("university")).numbers["answer"].value == 10
    with pytest.raises(NoSuchPolicy):
        await ours.policies.view("nobodys")
    with pytest.raises(NoSuchApplication):
        await ours.policies.pinned("nobody")


async def test_a_migration_is_previewed_begun_and_told_of(ours: Applications, application: str) -> None:
    said = body(application)
    said["facts"].append({"type": "timeline_stated", "respond_by": (datetime.now(UTC) + timedelta(days=9)).date().isoformat()})
    view = (await ours.open(said)).view
    assert view.candidate
    candidate = view.candidate.id

    async def listed() -> bool:
        return [one.id async for one in ours.list(candidate=candidate, policy="industry")] == [application]

    await eventually(listed)
    page = await ours.policies.preview("university", candidate=candidate)
    assert (page.of, [one.id for one in page.applications]) == (1, [application])
    assert page.applications[0].moves
    migration = await ours.policies.migrate("university", {"candidate": candidate})

    async def finished() -> Migration | None:
        told = await ours.policies.migration(migration)
        return told if told.status == "finished" else None

    told = await eventually(finished)
    assert (told.policy, told.of, told.moved) == ("university 1", 1, 1)
    assert (await ours.policies.pinned(application)).name == "university"
    back = await ours.policies.migrate("industry", applications=[application])
    assert back != migration
    with pytest.raises(NoSuchMigration):
        await ours.policies.migration("0" * 32)
    with pytest.raises(Invalid):
        await ours.policies.migrate("industry")


async def test_an_adviser_is_asked_for_reads_who_agreed_and_is_let_go_of(ours: Applications, case: Case) -> None:
    asked = await ours.coaches.ask(case.candidate, case.coach, case.name)
    assert [(one.id, one.name, one.since) for one in asked.coaches] == [(case.coach, case.name, None)]
    with pytest.raises(NoSuchCandidate):
        await ours.coaches.view(case.coach, case.candidate)
    assert [one async for one in ours.coaches.list(case.coach)] == []
    await case.agreed()
    seen = await ours.coaches.view(case.coach, case.candidate)
    assert [(one.id, one.stage) for one in seen.applications] == [(case.application, "thanking")]

    async def listed() -> list[str]:
        return [one.id async for one in ours.coaches.list(case.coach)]

    assert await eventually(listed) == [case.candidate]
    await ours.coaches.end(case.candidate, case.coach)
    with pytest.raises(NoSuchCandidate):
        await ours.coaches.view(case.coach, case.candidate)
    with pytest.raises(NoSuchCoach):
        await ours.coaches.end(case.candidate, "no id")


async def test_a_hold_is_put_told_and_lifted(ours: Applications) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    scope = "connection/of-nobody"
    try:
        held = await ours.holds.change(scope, until)
        assert [(one.scope, one.until) for one in held.holds] == [(scope, until)]
        assert await ours.holds.current() == held
    finally:
        assert (await ours.holds.change(scope, None)).holds == []
    with pytest.raises(Invalid):
        await ours.holds.change("step/of-nothing", until)
