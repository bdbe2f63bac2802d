"""The candidate's run on a real server: the digest, the profile that reaches everywhere, what one application means for the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from client.in_step import advance_candidate
from client.refusals import NoSuchCandidate
from tests.server import eventually
from tests.shell.world import World, noted
from workflows.facts import CATEGORIES
from workflows.person.facts import PreferencesChange, ProfileChange

LONDON = ZoneInfo("Europe/London")
PATIENCE = timedelta(seconds=60)


def candidate(**preferences: Any) -> dict[str, Any]:
    return {
        "id": f"cand-{uuid4().hex[:8]}",
        "name": "Ada Byron",
        "email": "ada@example.org",
        "timezone": "Europe/London",
        "preferences": preferences,
    }


def ahead() -> dict[str, Any]:
    """An interview in four weeks, before which nobody is prompted."""
    starts = datetime.now(UTC) + timedelta(days=28)
    return {
        "type": "interview_scheduled",
        "interview": "i1",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
    }


async def opened(world: World, who: dict[str, Any], position: str, *facts: dict[str, Any]) -> str:
    return await world.opened(*(facts or (ahead(),)), candidate=who, position=position)


def digests(world: World, who: dict[str, Any]) -> list[str]:
    """The text of each message about several applications."""
    found = [mail for mail in world.post.taken if mail["X-Afterword-Candidate"] == who["id"]]
    return [part.get_content() for mail in found if (part := mail.get_body(("plain",)))]


def morning_after_next() -> datetime:
    """The first one after a day has passed; before eight that is tomorrow's."""
    passed = datetime.now(LONDON) + timedelta(days=1)
    day = passed.date() + timedelta(days=0 if passed.hour < 8 else 1)
    return datetime(day.year, day.month, day.day, 8, tzinfo=LONDON)


async def test_three_prompts_of_one_morning_are_one_message_and_an_offer_comes_at_once(world: World) -> None:
    """What can wait comes together at the start of the day, each noted by its own application; what is urgent comes alone."""
    who = candidate(digest=True)
    names = [await opened(world, who, position) for position in ("Mathematician", "Engineer", "Translator", "Analyst")]
    for name in names[:3]:
        await world.say(name, {"type": "rejected", "by": "candidate"})
    morning = morning_after_next()
    assert await advance_candidate(world.client, world.applications, who["id"], morning + timedelta(minutes=5), PATIENCE) == "there"
    [text] = await eventually(lambda: _some(digests(world, who)))
    assert all(position in text for position in ("Mathematician", "Engineer", "Translator")), text
    assert "Analyst" not in text
    for name in names[:3]:
        assert [kind for kind, _ in noted(await world.view(name), "rejection-reply")] == ["prompted"]
        assert world.mails(name) == []
    await world.say(names[3], {"type": "offer_received", "in_writing": True})
    await world.until(names[3], lambda view: bool(noted(view, "offer-thanks")))
    assert world.mails(names[3]) == ["offer-thanks/1"]
    assert len(digests(world, who)) == 1


async def test_what_became_moot_in_between_is_left_out(world: World) -> None:
    """An application that opened again after it had handed its message over is not in the digest."""
    who = candidate(digest=True)
    first, second = [await opened(world, who, position) for position in ("Mathematician", "Engineer")]
    for name in (first, second):
        await world.say(name, {"type": "rejected", "by": "candidate"})
    morning = morning_after_next()
    assert await advance_candidate(world.client, world.applications, who["id"], morning, PATIENCE) == "there"
    await world.say(first, {"type": "next_round_invited"})
    assert await advance_candidate(world.client, world.applications, who["id"], morning + timedelta(minutes=5), PATIENCE) == "there"
    [mail] = await eventually(lambda: _some(_about(world, who)))
    assert (mail["X-Afterword-Application"] or mail["X-Afterword-Candidate"]) in (second, who["id"])
    assert "Mathematician" not in mail.as_string()


async def _some(found: list[Any]) -> list[Any]:
    return found


def _about(world: World, who: dict[str, Any]) -> list[Any]:
    return [mail for mail in world.post.taken if mail["X-Afterword-Candidate"] == who["id"]]


async def test_a_change_of_the_profile_reaches_every_open_application(world: World) -> None:
    who = candidate()
    names = [await opened(world, who, position) for position in ("Mathematician", "Engineer")]
    view = await world.applications.candidates.change(who["id"], ProfileChange(language="de", email="ada@example.net"))
    assert (view["profile"]["language"], view["profile"]["email"]) == ("de", "ada@example.net")
    assert sorted(view["applications"]) == sorted(names)
    for name in names:
        seen = await world.until(name, lambda found: found["candidate"]["email"] == "ada@example.net")
        assert seen["candidate"]["language"] == "de"


async def test_an_application_that_is_opened_later_keeps_the_wishes_of_the_candidate(world: World) -> None:
    """What the candidate set themselves is not unsaid by what a platform has stored."""
    who = candidate()
    await opened(world, who, "Mathematician")
    change = ProfileChange(preferences=PreferencesChange(digest=True), waking_hours=("10:00", "18:00"))
    await world.applications.candidates.change(who["id"], change, by="candidate")
    later = await opened(world, {**who, "waking_hours": ["07:00", "22:00"], "preferences": {}}, "Engineer")
    seen = await world.until(later, lambda found: found["candidate"]["waking_hours"] == ["10:00", "18:00"])
    assert seen["candidate"]["preferences"]["digest"] is True


async def test_nobody_is_known_by_a_change(world: World) -> None:
    with pytest.raises(NoSuchCandidate):
        await world.applications.candidates.change("nobody-at-all", ProfileChange(language="de"))


async def test_two_offers_with_different_deadlines_ask_for_time(world: World) -> None:
    """Only the later deadline differs: the first employer is the one to ask."""
    who = candidate() | {"waking_hours": ["00:00", "23:59"]}
    names = [await opened(world, who, position) for position in ("Mathematician", "Engineer")]
    for name, days in zip(names, (5, 12), strict=True):
        day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
        await world.say(name, {"type": "offer_received", "in_writing": True, "decide_by": day})
    [text] = await eventually(lambda: _some(digests(world, who)))
    assert "Mathematician" in text
    assert "Engineer" in text


async def test_whoever_accepts_is_told_which_applications_are_still_open(world: World) -> None:
    who = candidate() | {"waking_hours": ["00:00", "23:59"]}
    names = [await opened(world, who, position) for position in ("Mathematician", "Engineer", "Translator")]
    await world.say(names[2], {"type": "rejected", "by": "candidate"})
    await world.say(names[0], {"type": "offer_accepted"})
    await world.until(names[0], lambda view: bool(noted(view, "close-others")))
    [mail] = [m for m in world.post.taken if m["X-Afterword-Application"] == names[0] and m["X-Afterword-Intent"] == "close-others/1"]
    body = mail.get_body(("plain",))
    assert body
    text = body.get_content()
    assert "Engineer" in text
    assert "Translator" not in text


async def test_what_was_unsubscribed_from_is_noted_and_not_sent(world: World) -> None:
    who = candidate(unsubscribed=list(CATEGORIES)) | {"waking_hours": ["00:00", "23:59"]}
    name = await opened(world, who, "Mathematician")
    await world.say(name, {"type": "offer_received", "in_writing": True})
    view = await world.until(name, lambda found: bool(noted(found, "offer-thanks")))
    assert noted(view, "offer-thanks") == [("skipped", "offer-thanks/1 unsubscribed")]
    assert world.mails(name) == []
