"""The promised date: which counts, what it outlives, what spends it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    after_talk,
    calendar,
    current_round,
    due,
    held,
    history,
    kinds,
    london,
    opened,
    promised,
    retracted,
    said,
    scheduled,
    thanked,
)
from workflows.application import Application
from workflows.application.effects.offers import IMPLIED_IS_SAID

REPLY = said("employer_replied", "2026-03-05T12:00Z")
BY_31 = said("timeline_stated", "2026-03-03T12:00Z", respond_by="2026-03-31")


class TestPromisedDate:
    def test_the_date_stated_last_is_promised(self) -> None:
        app = after_talk(BY_31, said("timeline_stated", "2026-03-04T12:00Z", respond_by="2026-03-20"))

        assert promised(app) == date(2026, 3, 20)

    def test_a_reply_may_promise_a_date(self) -> None:
        app = after_talk(BY_31, said("employer_replied", "2026-03-05T12:00Z", respond_by="2026-03-18"))

        assert promised(app) == date(2026, 3, 18)

    def test_it_outlives_replies(self) -> None:
        assert promised(after_talk(BY_31, REPLY)) == date(2026, 3, 31)

    def test_it_outlives_interviews_of_its_round(self) -> None:
        same_day = held("i2", "2026-03-02T17:00Z", HEDY)
        planned_before = scheduled("i2", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-27T12:00Z")

        assert promised(after_talk(said("timeline_stated", TALK, respond_by="2026-03-31"), same_day)) == date(2026, 3, 31)
        app = after_talk(planned_before, BY_31, held("i2", "2026-03-04T15:00Z"))
        assert (promised(app), current_round(app)) == (date(2026, 3, 31), 1)

    def test_an_invitation_spends_it(self) -> None:
        assert promised(after_talk(BY_31, said("next_round_invited", "2026-03-05T12:00Z"))) is None

    def test_an_offer_spends_it(self) -> None:
        assert promised(after_talk(BY_31, said("offer_received", "2026-03-05T12:00Z", in_writing=False))) is None

    def test_an_interview_of_a_later_round_first_said_after_it_spends_it(self) -> None:
        second = held("i2", "2026-03-09T15:00Z", HEDY)
        app = after_talk(BY_31, second)

        assert (promised(app), current_round(app)) == (None, 2)

    def test_a_cancelled_interview_of_a_later_round_does_not(self) -> None:
        plan = scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-04T12:00Z")
        app = after_talk(BY_31, plan, said("interview_cancelled", "2026-03-05T12:00Z", interview="i2", by_whom="candidate"))

        assert promised(app) == date(2026, 3, 31)

    def test_an_interview_of_a_later_round_that_was_known_before_the_date_does_not(self) -> None:
        plan = scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-03T09:00Z")
        app = after_talk(plan, BY_31, held("i2", "2026-03-09T15:00Z"))

        assert (promised(app), current_round(app)) == (date(2026, 3, 31), 2)

    def test_a_date_earlier_than_the_silence_is_ignored(self) -> None:
        by_6 = said("timeline_stated", "2026-03-03T12:00Z", respond_by="2026-03-06")

        assert promised(after_talk(by_6)) == date(2026, 3, 6)
        assert promised(after_talk(by_6, said("employer_replied", "2026-03-06T12:00Z"))) == date(2026, 3, 6)
        assert promised(after_talk(by_6, said("employer_replied", "2026-03-09T12:00Z"))) is None

    def test_earlier_is_judged_by_dates_of_the_employer(self) -> None:
        """15:00 in London on Monday is already Tuesday in Kiritimati, and still Monday in Honolulu."""

        def with_employer_in(zone_name: str) -> Application:
            stated = said("timeline_stated", "2026-02-27T12:00Z", respond_by="2026-03-02")
            return history(held("i1", TALK, GRACE), stated, opening=(opened(employer=zone_name, country=None, subdivision=None),))

        assert promised(with_employer_in("Pacific/Kiritimati")) is None
        assert promised(with_employer_in("Pacific/Honolulu")) == date(2026, 3, 2)

    @pytest.mark.parametrize(("rules", "asks"), [(IMPLIED_IS_SAID - 1, "2026-04-02 08:00"), (IMPLIED_IS_SAID, "2026-03-20 08:00")])
    def test_an_offer_known_by_its_acceptance_spends_it(self, rules: int, asks: str) -> None:
        """Except where the application was opened under the older rules."""
        accepted = said("offer_accepted", "2026-03-05T12:00Z")
        again = scheduled("i2", "2026-03-10T10:00Z", "2026-03-10T11:00Z", "2026-03-07T09:00Z")
        taken_back = said("offer_withdrawn", "2026-03-06T12:00Z")

        app = history(BY_31, accepted, taken_back, again, opening=(opened(rules=rules), calendar()))

        assert due(app, "follow-up") == london(asks)

    @pytest.mark.parametrize(("rules", "asks"), [(IMPLIED_IS_SAID - 1, 0), (IMPLIED_IS_SAID, 1)])
    def test_an_offer_known_by_its_acceptance_begins_a_silence(self, rules: int, asks: int) -> None:
        """No talk was held and none is ahead: what the employer said last is that offer."""
        said_no = said("withdrawn", "2026-03-03T12:00Z")
        talk = scheduled("i1", "2026-03-10T10:00Z", "2026-03-10T11:00Z", "2026-03-04T09:00Z")
        cancelled = said("interview_cancelled", "2026-03-05T12:00Z", interview="i1", by_whom="candidate")
        facts = (said("offer_accepted", "2026-03-02T12:00Z"), said_no, talk, cancelled)

        assert kinds(history(*facts, opening=(opened(rules=rules), calendar()))).count("follow-up") == asks

    def test_what_is_ignored_brings_no_older_date_back(self) -> None:
        newer = said("timeline_stated", "2026-03-04T12:00Z", respond_by="2026-03-06")
        app = thanked(BY_31, newer, said("employer_replied", "2026-03-09T12:00Z"))

        assert promised(app) is None
        assert due(app, "follow-up") == london("2026-03-19 08:00")

    def test_what_is_spent_brings_no_older_date_back(self) -> None:
        newer = said("timeline_stated", "2026-03-04T12:00Z", respond_by="2026-04-15")

        assert promised(after_talk(BY_31, newer, said("next_round_invited", "2026-03-05T12:00Z"))) is None

    def test_a_retracted_date_was_never_said_so_the_older_one_stands(self) -> None:
        newer = said("timeline_stated", "2026-03-04T12:00Z", respond_by="2026-03-20")

        assert promised(after_talk(BY_31, newer, retracted(newer, "2026-03-05T12:00Z"))) == date(2026, 3, 31)

    def test_a_date_stated_after_the_invitation_stands(self) -> None:
        invited = said("next_round_invited", "2026-03-05T12:00Z")

        assert promised(after_talk(invited, said("timeline_stated", "2026-03-05T13:00Z", respond_by="2026-03-20"))) == date(2026, 3, 20)
