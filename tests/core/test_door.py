"""Which facts are new: identity by id, key or content, own times at the door, and the calendar that an application asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.histories import (
    GRACE,
    TALK,
    Application,
    after_talk,
    agenda,
    at,
    calendar,
    held,
    history,
    opened,
    said,
)
from workflows.application import objection
from workflows.facts import Word
from workflows.ledger import fresh

NOW = at("2026-03-16T12:00Z")
REPLY: dict[str, Any] = {"type": "employer_replied", "at": "2026-03-05T12:00Z"}
LATER: dict[str, Any] = {"type": "timeline_stated", "at": "2026-03-05T12:00Z", "respond_by": "2026-03-20"}


def word(*facts: dict[str, Any], key: str | None = None, by: str = "platform") -> Word:
    return Word.model_validate({"facts": facts, "key": key, "by": by})


def told(app: Application, new: Word) -> Application:
    return app.apply(*fresh(app, new, NOW))


def slug(app: Application, new: Word) -> str | None:
    found = objection(app, new, NOW)
    return found.slug if found else None


class TestIdentity:
    @pytest.mark.parametrize(
        "again",
        [word({**REPLY, "id": "r-1"}), word(REPLY, key="k-1"), word(REPLY), word(REPLY, LATER, key="k-1")],
        ids=["id", "key", "content", "several"],
    )
    def test_said_again_a_word_is_the_same_word(self, again: Word) -> None:
        once = told(after_talk(), again)

        assert fresh(once, again, NOW) == ()
        assert slug(once, again) is None
        assert fresh(once, again, NOW + timedelta(days=60)) == ()

    def test_an_id_says_one_thing_for_the_applications_life(self) -> None:
        once = told(after_talk(), word({**REPLY, "id": "r-1"}))

        assert slug(once, word({**LATER, "id": "r-1"})) == "key-reused"
        assert slug(once, word({**REPLY, "id": "r-1", "respond_by": "2026-03-20"})) == "key-reused"
        assert slug(once, word({**REPLY, "id": "r-2"})) is None

    def test_a_key_says_one_thing_for_the_applications_life(self) -> None:
        once = told(after_talk(), word(REPLY, key="k-1"))

        assert slug(once, word(LATER, key="k-1")) == "key-reused"
        assert slug(once, word(LATER, key="k-2")) is None

    def test_an_id_never_comes_from_the_place_in_a_list(self) -> None:
        one, other = (fresh(after_talk(), word(*facts, key="k-1"), NOW) for facts in ((REPLY, LATER), (LATER, REPLY)))

        assert {f.type: f.id for f in one} == {f.type: f.id for f in other}

    def test_the_same_twice_in_one_word_is_one_fact(self) -> None:
        assert len(fresh(after_talk(), word({**REPLY, "id": "r-1"}, {**REPLY, "id": "r-1"}), NOW)) == 1
        assert len(fresh(after_talk(), word(REPLY, REPLY), NOW)) == 1

    def test_a_repetition_within_a_word_of_news_keeps_only_the_news(self) -> None:
        once = told(after_talk(), word({**REPLY, "id": "r-1"}))

        assert [f.type for f in fresh(once, word({**REPLY, "id": "r-1"}, LATER), NOW)] == ["timeline_stated"]


class TestOwnTime:
    def test_without_one_it_is_the_moment_of_receipt(self) -> None:
        (reply,) = fresh(after_talk(), word({"type": "employer_replied"}), NOW)

        assert (reply.at, reply.by) == (NOW, "platform")

    def test_of_a_held_interview_it_is_its_end(self) -> None:
        (talk,) = fresh(history(), word({"type": "interview_held", "interview": "i1", "ended_at": TALK}), NOW)

        assert talk.at == at(TALK)

    @pytest.mark.parametrize(("ahead", "refused"), [(300, False), (301, True), (86_400, True)])
    def test_more_than_five_minutes_ahead_it_is_refused(self, ahead: int, *, refused: bool) -> None:
        moment = (NOW + timedelta(seconds=ahead)).isoformat()

        assert (slug(after_talk(), word({"type": "employer_replied", "at": moment})) is not None) == refused
        assert (slug(after_talk(), word({"type": "interview_held", "interview": "i2", "ended_at": moment})) is not None) == refused

    def test_from_a_board_it_is_set_to_receipt(self) -> None:
        new = word({"type": "employer_replied", "at": (NOW + timedelta(days=1)).isoformat()}, by="board:acme")

        assert slug(after_talk(), new) is None
        assert [(f.at, f.by) for f in fresh(after_talk(), new, NOW)] == [(NOW, "board:acme")]

    def test_a_timeline_promised_for_before_its_receipt_is_refused(self) -> None:
        """Said without own time on 16 March, it cannot promise an answer by the sixth."""
        assert slug(after_talk(), word({"type": "timeline_stated", "respond_by": "2026-03-06"})) is not None
        assert slug(after_talk(), word({"type": "timeline_stated", "respond_by": "2026-03-16"})) is None


class TestCountry:
    @pytest.mark.parametrize(
        ("employer", "candidate", "country"),
        [
            ({"country": "US", "timezone": "Europe/Berlin"}, {}, "US"),
            ({"timezone": "Europe/Oslo"}, {"country": "GB"}, "NO"),
            ({"timezone": "Asia/Calcutta"}, {}, "IN"),
            ({"timezone": "UTC"}, {"country": "GB"}, None),
            ({}, {"country": "GB"}, "GB"),
            ({}, {}, None),
        ],
        ids=str,
    )
    def test_it_is_the_employers_own_or_its_zones_or_only_then_the_candidates(
        self, employer: dict[str, str], candidate: dict[str, str], country: str | None
    ) -> None:
        who = {"id": "c", "email": "ada@example.org", "timezone": "Europe/London", **candidate}
        app = Application(id="app-1").apply(
            said(
                "opened",
                "2026-01-05T09:00Z",
                candidate=who,
                employer={"name": "Acme", **employer},
                position="Engineer",
                policy={"name": "industry"},
            )
        )

        assert app.story.country == country

    def test_the_calendar_of_another_country_does_not_count(self) -> None:
        """The employer turns out to sit in Berlin: American holidays no longer matter, and the days wanted are Germany's."""
        berlin = said(
            "details_changed",
            "2026-03-03T12:00Z",
            employer={"name": "Acme", "timezone": "Europe/Berlin", "country": "DE", "subdivision": "BE"},
        )
        wanted = after_talk(berlin).story.calendar_wanted()

        assert wanted is not None
        assert wanted[:2] == ("DE", "BE")

    def test_a_pinned_calendar_that_reaches_far_enough_will_do(self) -> None:
        assert after_talk().story.calendar_wanted() is None

    def test_without_one_it_is_wanted_from_a_year_before_the_earliest_fact_to_three_years_after(self) -> None:
        app = history(held("i1", TALK, GRACE), opening=(opened(),))
        wanted = app.story.calendar_wanted()

        assert wanted is not None
        country, subdivision, first, last = wanted
        assert (country, subdivision) == ("US", "NY")
        assert first <= date(2025, 1, 5)
        assert last >= date(2029, 1, 1)

    def test_a_date_beyond_it_wants_a_longer_one(self) -> None:
        short = calendar(first=date(2025, 1, 1), last=date(2026, 12, 31))
        app = history(held("i1", TALK, GRACE), said("timeline_stated", TALK, respond_by="2027-06-30"), opening=(opened(), short))
        wanted = app.story.calendar_wanted()

        assert wanted is not None
        assert wanted[3] > date(2027, 6, 30)
        assert agenda(app) == agenda(app.apply())
