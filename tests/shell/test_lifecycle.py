"""An application walks the guide on a real server: what is sent, when, and how the run ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from tests.shell.world import World, noted
from workflows.rehearsal import rehearse


async def test_an_application_is_sent_exactly_what_its_rehearsal_says_at_those_moments(world: World) -> None:
    """Every mail of a silence that nobody breaks, through real mail, on a moved clock; then the run ends after listening."""
    name = await world.opened()
    facts = (await world.app(name)).facts
    rehearsed = [(e.intent, e.due) for e in rehearse(facts, max(f.at for f in facts if f.at)).steps if not e.skipped]
    assert await world.advance(name, timedelta(days=200)) == "ended"
    assert [intent for intent, _ in rehearsed] == world.mails(name)
    dates = [datetime.strptime(m["Date"], "%a, %d %b %Y %H:%M:%S %z") for m in world.post.taken]
    late = [abs((sent - due).total_seconds()) for sent, (_, due) in zip(dates, rehearsed, strict=True)]
    assert max(late) < 5, list(zip(rehearsed, dates, strict=True))
    view = await world.view(name)
    assert (view["stage"], view["outcome"], view["facts"][-1]["type"], view["agenda"]) == ("closed", "ghosted", "closed", [])


async def test_four_interviews_of_a_day_are_two_mails(world: World) -> None:
    end = datetime.now(UTC)
    held: list[dict[str, Any]] = [
        {"type": "interview_held", "interview": f"i{n}", "ended_at": (end - timedelta(minutes=n)).isoformat(), "interviewers": []}
        for n in range(4)
    ]
    name = await world.opened(*held)
    await world.advance(name, timedelta(hours=47))
    assert world.mails(name) == ["thank-you/i3", "thank-you-nudge/i3"]


async def test_an_assumed_interview_is_noted_half_an_hour_after_its_end(world: World) -> None:
    start = datetime.now(UTC) + timedelta(hours=3)
    end = start + timedelta(hours=1)
    name = await world.opened(
        {"type": "interview_scheduled", "interview": "i1", "starts_at": start.isoformat(), "ends_at": end.isoformat()}
    )
    assert (await world.view(name))["stage"] == "interviewing"
    await world.advance(name, end + timedelta(minutes=31))
    view = await world.view(name)
    held = [f for f in view["facts"] if f["type"] == "interview_held"]
    assert [(f["assumed"], f["by"], datetime.fromisoformat(f["ended_at"])) for f in held] == [(True, "process", end)]
    assert view["stage"] == "thanking"


async def test_an_import_of_long_ago_sends_one_mail_and_notes_the_rest(world: World) -> None:
    """What is overdue in a chain is superseded or too late: no burst of mails."""
    ended = datetime.now(UTC) - timedelta(days=23)
    held: dict[str, Any] = {"type": "interview_held", "interview": "i1", "ended_at": ended.isoformat(), "interviewers": []}
    name = await world.opened(held, awake=True)
    view = await world.until(name, lambda v: bool(noted(v, "follow-up-last-call")))
    await world.advance(name, timedelta(hours=14))
    assert world.mails(name) == ["follow-up-last-call/1"]
    assert noted(view, "thank-you") == [("skipped", "thank-you/i1 too late")]
    assert noted(view, "follow-up") == [("skipped", "follow-up/1 superseded")]


async def test_a_closed_run_reopens_with_late_word_and_its_clock_never_runs_back(world: World) -> None:
    name = await world.opened()
    assert await world.advance(name, timedelta(days=200)) == "ended"
    ended = await world.now(name)
    view = await world.say(name, {"type": "employer_replied"})
    reply = next(f for f in view["facts"] if f["type"] == "employer_replied")
    assert datetime.fromisoformat(reply["at"]) >= ended - timedelta(seconds=1)
    assert (view["outcome"], view["stage"]) == (None, "waiting")
    assert {s["intent"].split("/")[0] for s in view["agenda"]} == {"follow-up", "follow-up-last-call", "ghosted"}
    due = await world.to_next(name)
    sent = parsedate_to_datetime(world.post.taken[-1]["Date"])
    assert (world.mails(name)[-1], abs(sent - due) < timedelta(seconds=5)) == ("follow-up/2", True)


async def test_two_late_facts_at_once_are_both_kept(world: World) -> None:
    name = await world.opened()
    await world.advance(name, timedelta(days=200))
    await world.say(name, {"type": "rejected", "id": "r"})  # it runs again, closed anew
    await world.advance(name, timedelta(days=100))
    await asyncio.gather(
        *(world.hear(name, {"type": "employer_replied", "id": f"late-{n}"}) for n in range(6)),
        *(world.say(name, {"type": "reflection_noted", "interview": "i1", "id": f"own-{n}"}) for n in range(6)),
    )
    ids = [f["id"] for f in (await world.view(name))["facts"]]
    assert {f"late-{n}" for n in range(6)} | {f"own-{n}" for n in range(6)} <= set(ids)
    assert len(ids) == len(set(ids))
