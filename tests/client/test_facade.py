"""The façade against a real server: what is said is kept once, whatever state the run is in, and however many say it at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from client import clock
from client.applications import Applications
from client.embedded import Stack
from client.index import Filter
from client.refusals import Invalid, NoSuchApplication, Refused
from tests.running import opening
from tests.server import eventually
from workflows import names
from workflows.boards.delivery import Erased
from workflows.facts import EmployerReplied, FollowUpSent, HiringStep, InterviewScheduled, Paused, Word

FAR = timedelta(days=400)


def said(*facts: Any, by: str = "platform") -> Word:
    return Word(facts=facts, by=by)


def kinds(view: dict[str, Any]) -> list[str]:
    return [fact["type"] for fact in view["facts"]]


async def ended(stack: Stack, applications: Applications, application: str) -> dict[str, Any]:
    """Ghosted, listened to the end, and its run over."""
    view = (await applications.open(opening(application))).view
    assert await clock.advance(stack.client, application, datetime.now(UTC) + FAR, timedelta(seconds=30)) == "ended"
    assert view["stage"] == "thanking"
    return await applications.view(application)


async def runs(stack: Stack, application: str) -> int:
    """How many runs the server has begun for it; the index is a second or so behind."""
    return (await stack.client.count_workflows(f"WorkflowId = '{names.workflow_id(application)}'")).count


async def test_signals_and_an_opening_at_once_make_one_run(stack: Stack, applications: Applications, application: str) -> None:
    """Whichever comes first begins it; every word is kept, the board's before the opening included."""
    later = datetime.now(UTC) + timedelta(days=2)
    talks = (
        InterviewScheduled(id=f"s{n}", interview=f"j{n}", starts_at=later, ends_at=later + timedelta(hours=1)) for n in range(6)
    )  # fmt: skip
    await asyncio.gather(
        *(applications.heard(application, said(talk, by="board:acme")) for talk in talks), applications.open(opening(application))
    )
    view = await applications.view(application)
    assert sorted(kinds(view)) == ["calendar", "interview_held", *["interview_scheduled"] * 6, "opened"]
    assert await eventually(lambda: runs(stack, application)) == 1


async def test_an_unclaimed_application_is_opened_under_the_boards_id(applications: Applications, application: str) -> None:
    """It waits without prompting; opened, it is what both said."""
    await applications.heard(application, said(HiringStep(id="h1", step="debrief"), by="board:acme"))
    assert (await applications.view(application))["stage"] == "unclaimed"
    answer = await applications.open(opening(application))
    assert (answer.fresh, answer.view["stage"]) == (True, "thanking")
    assert kinds(answer.view) == ["hiring_step", "opened", "calendar", "interview_held"]


async def test_refs_hand_over_what_boards_said_and_will_say(applications: Applications, application: str) -> None:
    """Opened twice, linked once."""
    board = f"acme.{application}"
    await applications.heard(board, said(HiringStep(id="h1", step="debrief"), by="board:acme"))
    for _ in range(2):
        await applications.open(opening(application, refs=[board]))
    await applications.heard(board, said(HiringStep(id="h2", step="shortlist"), by="board:acme"))

    async def both() -> bool:
        return {"h1", "h2"} <= {fact["id"] for fact in (await applications.view(application))["facts"]}

    await eventually(both)
    assert kinds(await applications.view(board)).count("linked") == 1
    handed = [fact for fact in (await applications.view(application))["facts"] if fact["type"] == "hiring_step"]
    assert [(fact["id"], fact["by"]) for fact in handed] == [("h1", "board:acme"), ("h2", "board:acme")]


async def test_late_words_after_the_end_are_all_kept_in_one_new_run(stack: Stack, applications: Applications, application: str) -> None:
    """Eight at once, by both entrances; the clock goes on from where the ended run left it."""
    before = await ended(stack, applications, application)
    assert (before["outcome"], kinds(before)[-1]) == ("ghosted", "closed")
    words = [applications.record(application, said(EmployerReplied(id=f"r{n}"))) for n in range(4)]
    signals = [applications.heard(application, said(HiringStep(id=f"h{n}", step="debrief"))) for n in range(4)]
    await asyncio.gather(*words, *signals)
    after = await applications.view(application)
    assert (after["stage"], after["revision"]) == ("waiting", before["revision"] + 8)
    assert after["facts"][: before["revision"]] == before["facts"]
    assert min(fact["at"] for fact in after["facts"][before["revision"] :]) >= before["facts"][-1]["at"]

    async def two() -> bool:
        return await runs(stack, application) == 2

    assert await eventually(two)


async def test_an_opening_repeated_after_the_end_answers_from_the_end(stack: Stack, applications: Applications, application: str) -> None:
    """Nothing is resumed for it; another content is still another application."""
    said_first = opening(application)
    await applications.open(said_first)
    await clock.advance(stack.client, application, datetime.now(UTC) + FAR, timedelta(seconds=30))
    again = await applications.open(said_first)
    assert (again.fresh, again.view["outcome"]) == (False, "ghosted")
    with pytest.raises(Refused) as refused:
        await applications.open(opening(application, position="Another"))
    assert refused.value.slug == "different-application"


async def test_a_repetition_after_the_end_is_still_a_repetition(stack: Stack, applications: Applications, application: str) -> None:
    """The memory of ids outlives the run."""
    await applications.open(opening(application))
    await applications.record(application, said(FollowUpSent(id="f1")))
    await clock.advance(stack.client, application, datetime.now(UTC) + FAR, timedelta(seconds=30))
    assert not (await applications.record(application, said(FollowUpSent(id="f1")))).fresh
    with pytest.raises(Invalid) as invalid:
        await applications.record(application, said(Paused(id="f1")))
    assert invalid.value.slug == "key-reused"


async def test_an_expired_unclaimed_application_is_opened_with_what_it_had_heard(
    stack: Stack, applications: Applications, application: str
) -> None:
    """After thirty days it has expired; its facts come back with the opening."""
    await applications.heard(application, said(HiringStep(id="h1", step="debrief"), by="board:acme"))
    assert await clock.advance(stack.client, application, datetime.now(UTC) + FAR, timedelta(seconds=30)) == "ended"
    assert kinds(await applications.view(application)) == ["hiring_step", "expired"]
    answer = await applications.open(opening(application))
    assert (answer.fresh, kinds(answer.view)[:3]) == (True, ["hiring_step", "expired", "opened"])
    assert answer.view["stage"] != "unclaimed"


async def test_a_terminated_run_is_resumed_from_its_facts(stack: Stack, applications: Applications, application: str) -> None:
    """There is no result to resume from, so the run itself is asked; its clock was ahead and does not fall back."""
    await applications.open(opening(application))
    await clock.advance(stack.client, application, datetime.now(UTC) + timedelta(days=3))
    before = await applications.view(application)
    await stack.client.get_workflow_handle(names.workflow_id(application)).terminate("an operator's mistake")
    after = (await applications.record(application, said(EmployerReplied(id="r")))).view
    assert (after["revision"], kinds(after)) == (before["revision"] + 1, [*kinds(before), "employer_replied"])
    assert after["facts"][-1]["at"] >= max(fact["at"] for fact in before["facts"])


async def test_forty_words_at_once_are_each_kept_once(applications: Applications, application: str) -> None:
    """A server takes ten updates of one run at a time; the others wait their turn."""
    await applications.open(opening(application))
    await asyncio.gather(*(applications.record(application, said(EmployerReplied(id=f"r{n}"))) for n in range(40)))
    view = await applications.view(application)
    assert sorted(fact["id"] for fact in view["facts"] if fact["type"] == "employer_replied") == sorted(f"r{n}" for n in range(40))


async def test_an_answer_is_the_view_at_its_own_revision(applications: Applications, application: str) -> None:
    """Whatever others say at the same time."""
    await applications.open(opening(application))
    answers = await asyncio.gather(*(applications.record(application, said(EmployerReplied(id=f"r{n}"))) for n in range(8)))
    assert sorted(answer.view["revision"] for answer in answers) == list(range(4, 12))
    for n, answer in enumerate(answers):
        assert answer.view["facts"][-1]["id"] == f"r{n}"


async def test_a_board_opens_only_what_nobody_opened(applications: Applications, application: str) -> None:
    """Twice, and after the platform: one opening, and every word."""
    other = f"{application}-2"
    for n in range(2):
        await applications.open_from_board(opening(application), said(HiringStep(id=f"h{n}", step="debrief"), by="board:acme"))
    view = await applications.view(application)
    assert [kinds(view).count(kind) for kind in ("opened", "calendar", "hiring_step")] == [1, 1, 2]
    assert view["facts"][0]["by"] == "board:acme"
    await applications.open(opening(other))
    await applications.open_from_board(opening(other, position="Else"), said(HiringStep(id="h", step="debrief"), by="board:acme"))
    assert ((await applications.view(other))["position"], kinds(await applications.view(other)).count("opened")) == ("Staff Engineer", 1)


async def test_what_is_erased_is_gone(stack: Stack, applications: Applications, application: str) -> None:
    """Every run of the application, the ended ones too."""
    await ended(stack, applications, application)
    await applications.record(application, said(EmployerReplied(id="r")))
    for _ in range(2):
        await applications.erase(Erased(applications=(application,)))

    async def gone() -> bool:
        try:
            await applications.view(application)
        except NoSuchApplication:
            return True
        return False

    assert await eventually(gone)


async def test_summaries_say_who_spoke_first(applications: Applications, application: str) -> None:
    """The connection is in the index."""
    connection = f"c{application.replace('-', '')}"
    await applications.heard(application, said(HiringStep(id="h", step="debrief"), by=f"board:{connection}"))

    async def listed() -> list[dict[str, Any]]:
        return (await applications.list(Filter(connection=connection))).applications

    [summary] = await eventually(listed)
    assert (summary["id"], summary["stage"], summary["connection"]) == (application, "unclaimed", connection)
