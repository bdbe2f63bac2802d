"""What an opening amounts to: policy and calendar pinned, its content digested, its facts named for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from client.opening import Opening, content_of, named, opened, outgrown
from tests.running import opening
from workflows.application import Application
from workflows.facts import Calendar, DetailsChanged, Employer, Fact, InterviewHeld, Opened, TimelineStated
from workflows.ledger import fresh
from workflows.policy import UNIVERSITY
from workflows.view import view

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
HELD = {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00:00+00:00"}


def said(**other: Any) -> Opening:
    return opening("app-1", **({"facts": [HELD]} | other))


def fact_of(word: tuple[Fact, ...], kind: type[Any]) -> Any:
    return next(fact for fact in word if isinstance(fact, kind))


def shown(started: Opening) -> dict[str, Any]:
    word = opened(started, NOW)
    return view(Application(id="app-1").apply(*fresh(Application(id="app-1"), word, NOW)))


def test_the_policy_is_pinned_whole() -> None:
    """By its numbers, not by its name."""
    assert fact_of(opened(said(policy="university"), NOW).facts, Opened).policy == UNIVERSITY


def test_the_calendar_reaches_from_a_year_before_to_three_years_after() -> None:
    """Of the earliest fact; observed holidays of the subdivision are in it."""
    calendar = fact_of(opened(said(), NOW).facts, Calendar)
    assert (calendar.country, calendar.subdivision, calendar.by) == ("US", "NY", "process")
    assert calendar.first <= date(2025, 3, 2)
    assert date(2029, 3, 2) <= calendar.last
    assert date(2026, 7, 3) in calendar.holidays


@pytest.mark.parametrize(
    ("employer", "candidate", "country"),
    [
        ({"country": "DE", "timezone": "America/New_York"}, {}, "DE"),
        ({"timezone": "America/New_York"}, {"country": "GB"}, "US"),
        ({"timezone": "Asia/Calcutta"}, {"country": "GB"}, "IN"),
        ({}, {"country": "GB"}, "GB"),
        ({}, {}, None),
        ({"timezone": "UTC"}, {"country": "GB"}, None),
    ],
)
def test_the_country_is_the_employers_then_its_zones_then_the_candidates(
    employer: dict[str, Any], candidate: dict[str, Any], country: str | None
) -> None:
    """The candidate's counts only where the employer's zone is unknown too."""
    who = {"id": "c", "email": "c@example.org", "timezone": "Europe/London"} | candidate
    assert fact_of(opened(said(employer={"name": "E"} | employer, candidate=who), NOW).facts, Calendar).country == country


@pytest.mark.parametrize(("written", "pinned"), [("NY", "NY"), ("US-NY", "NY"), ("ny", "NY"), ("ZZ", None)])
def test_a_subdivision_is_pinned_as_the_calendar_names_it(written: str, pinned: str | None) -> None:
    """One that no calendar knows is none."""
    word = opened(said(employer={"name": "E", "country": "US", "subdivision": written}), NOW).facts
    assert (fact_of(word, Opened).employer.subdivision, fact_of(word, Calendar).subdivision) == (pinned, pinned)


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00+14:00", "2200-12-31T23:59:59Z"])
def test_the_furthest_dates_have_a_calendar_too(moment: str) -> None:
    """Of the years that an application may lie in."""
    calendar = fact_of(opened(said(facts=[HELD | {"ended_at": moment}]), NOW).facts, Calendar)
    assert date(1970, 1, 1) <= calendar.first < calendar.last <= date(2200, 12, 31)


def test_facts_of_an_opening_are_named_by_their_content() -> None:
    """So that it is no news in another year, with a newer library; a name that was given is kept."""
    facts = [HELD, {"type": "paused", "id": "p"}, {"type": "employer_replied"}, {"type": "employer_replied"}]
    earlier, later = (opened(said(facts=facts), now).facts for now in (NOW, NOW + timedelta(days=400)))
    assert [fact.id for fact in earlier] == [fact.id for fact in later]
    assert earlier[3].id == "p"
    assert earlier[4].id == earlier[5].id


def test_content_is_what_was_said_and_not_how() -> None:
    """Defaults and offsets are not said; every other difference is."""
    assert content_of(said()) == content_of(said(policy="industry", facts=[HELD | {"ended_at": "2026-03-02T16:00:00+01:00"}]))
    others = [said(position="X"), said(metadata={"a": 1}), said(facts=[]), said(facts=[HELD | {"tentative": True}]), said(refs=["b.1"])]
    assert len({content_of(other) for other in (said(), *others)}) == 6


def test_content_carries_the_key_and_not_its_text() -> None:
    """A key may be anything, an address too."""
    content = content_of(said(), "ada@example.org")
    assert (content.partition(".")[0], "ada" in content) == (content_of(said()), False)


def test_without_an_id_the_key_or_the_content_names_it() -> None:
    """Never the moment."""
    nameless = said().model_copy(update={"id": None})
    assert named(nameless) == named(nameless)
    assert named(nameless, "k").id == named(nameless.model_copy(update={"position": "X"}), "k").id != named(nameless).id
    assert named(said(), "k").id == "app-1"


def test_a_calendar_is_outgrown_by_another_country_and_by_far_dates_only() -> None:
    """Each new one is named by what it holds, and covers what the old one did."""
    now = shown(said())
    assert outgrown(now, (InterviewHeld(interview="i2", ended_at=NOW),), NOW) is None
    assert outgrown(now, (DetailsChanged(employer=Employer(name="E2", country="US", subdivision="NY")),), NOW) is None
    moved = outgrown(now, (DetailsChanged(employer=Employer(name="E2", country="DE")),), NOW)
    far = outgrown(now, (TimelineStated(respond_by=date(2041, 1, 1)),), NOW)
    assert moved
    assert moved.country == "DE"
    assert far
    assert far.first <= date(2025, 3, 2) < date(2042, 1, 1) <= far.last
    assert far == outgrown(now, (TimelineStated(respond_by=date(2041, 1, 1)),), NOW)


def test_an_unclaimed_application_outgrows_nothing() -> None:
    """It has no calendar to outgrow."""
    assert outgrown(view(Application(id="a")), (TimelineStated(respond_by=date(2041, 1, 1)),), NOW) is None
