"""Letters that the candidate approved: what they count for, when they leave, and to whom.

The interview of A ended on Monday 2 March 2026 at 15:00 in London, which is 10:00 in New York.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.core.approving import BODY, QUESTION, THANKS, approved, leaves, left, lost, on_its_way, sent_at, sheet
from tests.core.histories import (
    BERLIN,
    GRACE,
    HEDY,
    KATHERINE,
    TALK,
    Application,
    after_talk,
    agenda,
    at,
    calendar,
    due,
    dues,
    held,
    history,
    kinds,
    london,
    offer,
    opened,
    outcome,
    retracted,
    said,
    scheduled,
    stage,
    thanked,
)
from workflows.facts import Contact, Fact
from workflows.rehearsal import rehearse

PROMPTED = "2026-03-12T08:00Z"
"""When A's follow-up is due."""


def new_york(text: str) -> datetime:
    return at(text, "America/New_York")


class TestWhatItCountsFor:
    def test_a_thank_you_on_its_way_is_no_longer_reminded_of(self) -> None:
        """Approved at 17:30 in New York, it leaves next morning, after the nudge would have come."""
        app = after_talk(approved(THANKS, "2026-03-02T22:30Z"))

        assert leaves(app) > london("2026-03-03T09:00")
        assert "thank-you-nudge" not in kinds(app)
        assert "thank-you-lapsed" not in kinds(app)
        assert stage(app) == "waiting"

    def test_only_the_interviewer_it_is_for_counts_as_thanked(self) -> None:
        app = history(held("i1", TALK, GRACE, KATHERINE), approved(THANKS, "2026-03-02T17:05Z"))

        assert (due(app, "thank-you-nudge"), stage(app)) == (london("2026-03-03T09:00"), "thanking")

    def test_a_letter_to_the_contact_thanks_everybody(self) -> None:
        app = history(held("i1", TALK), approved("thank-you/i1", "2026-03-02T17:05Z"))

        assert "thank-you-nudge" not in kinds(app)

    def test_the_thank_yous_are_done_with_when_it_leaves(self) -> None:
        """Approved on Monday evening it leaves on Tuesday at 14:00 London, so that the waiting begins on Wednesday."""
        assert due(after_talk(approved(THANKS, "2026-03-02T22:30Z")), "waiting") == london("2026-03-04T08:00")
        assert due(thanked(), "waiting") == london("2026-03-03T08:00")

    def test_a_follow_up_on_its_way_is_the_one_follow_up(self) -> None:
        """Approved on Monday 16 March after hours it leaves on Tuesday afternoon; the last call was due on Tuesday morning."""
        app = thanked(approved(QUESTION, "2026-03-16T22:00Z"))

        assert leaves(app) > london("2026-03-17T08:00")
        assert ("follow-up" in kinds(app), "follow-up-last-call" in kinds(app)) == (False, False)
        assert stage(app) == "awaiting_reply"
        assert sent_at(app, "2026-03-17T08:00Z") == []

    def test_ghosted_counts_from_the_day_on_which_it_leaves(self) -> None:
        """Approved within the hour it is as in row A; approved on Friday evening it leaves on Monday, and five days follow that."""
        assert due(thanked(approved(QUESTION, "2026-03-12T09:00Z")), "ghosted") == london("2026-03-20T08:00")
        assert due(thanked(approved(QUESTION, "2026-03-13T22:00Z")), "ghosted") == london("2026-03-24T08:00")

    def test_ghosted_counts_from_the_day_on_which_it_left(self) -> None:
        """The mail server was away until Tuesday 17 March."""
        approval = approved(QUESTION, "2026-03-12T09:00Z")

        assert due(thanked(approval, left(approval, "2026-03-17T13:00Z")), "ghosted") == london("2026-03-25T08:00")

    def test_of_a_letter_that_perhaps_left_it_counts_all_the_same(self) -> None:
        approval = approved(QUESTION, "2026-03-12T09:00Z")

        app = thanked(approval, left(approval, "2026-03-12T13:00Z", uncertain=True))

        assert dues(app, "follow-up", "follow-up-last-call", "ghosted") == [("ghosted", london("2026-03-20T08:00"))]

    @pytest.mark.parametrize(("letter", "moment"), [(THANKS, "2026-03-02T17:05Z"), (QUESTION, "2026-03-12T09:00Z")])
    def test_one_that_did_not_leave_counts_as_never_approved(self, letter: str, moment: str) -> None:
        approval = approved(letter, moment)
        app = after_talk(approval, lost(approval, "2026-03-12T13:00Z"))

        assert agenda(app) == agenda(after_talk())
        assert on_its_way(app) == []

    @pytest.mark.parametrize(("letter", "moment"), [(THANKS, "2026-03-02T22:30Z"), (QUESTION, "2026-03-13T22:00Z")])
    def test_one_that_was_taken_back_counts_as_never_approved(self, letter: str, moment: str) -> None:
        approval = approved(letter, moment)
        app = after_talk(approval, retracted(approval, moment, by="candidate"))

        assert agenda(app) == agenda(after_talk())
        assert on_its_way(app) == []

    def test_an_approval_that_is_not_confirmed_is_none(self) -> None:
        app = after_talk(approved(THANKS, "2026-03-02T17:05Z", tentative=True))

        assert agenda(app) == agenda(after_talk())
        assert on_its_way(app) == []

    def test_accepting_an_offer_in_a_letter_does_not_accept_it_here(self) -> None:
        app = thanked(offer(decide_by="2026-03-12"), approved("offer-decide/1/accept", "2026-03-11T14:00Z"))

        assert (outcome(app), stage(app), len(on_its_way(app))) == (None, "deciding", 1)


class TestWhenItLeaves:
    def test_at_once_in_the_employers_office_hours(self) -> None:
        assert leaves(after_talk(approved(THANKS, "2026-03-02T17:05Z"))) == at("2026-03-02T17:05Z")

    def test_the_candidates_night_and_weekend_are_not_the_employers(self) -> None:
        """Saturday 06:00 in Tokyo is Friday 16:00 in New York, before the clocks change there."""
        opening = (opened(candidate="Asia/Tokyo"), calendar())
        app = history(said("rejected", "2026-03-04T12:00Z"), approved("rejection-reply/1", "2026-03-06T21:00Z"), opening=opening)

        assert leaves(app) == at("2026-03-06T21:00Z")

    def test_before_hours_at_nine_that_day(self) -> None:
        assert leaves(thanked(approved(QUESTION, PROMPTED))) == new_york("2026-03-12T09:00")

    def test_on_friday_evening_on_monday_at_nine(self) -> None:
        assert leaves(thanked(approved(QUESTION, "2026-03-13T21:00Z"))) == new_york("2026-03-16T09:00")

    def test_the_hour_is_the_employers_when_their_clocks_change_over_the_weekend(self) -> None:
        """New York moves its clocks on 8 March and on 1 November 2026: Monday 09:00 is an hour earlier in UTC, or later."""
        spring = history(said("rejected", "2026-03-05T12:00Z"), approved("rejection-reply/1", "2026-03-06T22:30Z"))
        autumn = history(said("rejected", "2026-10-29T12:00Z"), approved("rejection-reply/1", "2026-10-30T22:30Z"))

        assert leaves(spring) == at("2026-03-09T13:00Z")
        assert leaves(autumn) == at("2026-11-02T14:00Z")

    def test_never_on_a_public_holiday(self) -> None:
        """Monday 25 May 2026 is Memorial Day; approved on the Friday before, at 17:30 in New York."""
        app = history(said("rejected", "2026-05-21T12:00Z"), approved("rejection-reply/1", "2026-05-22T21:30Z"))

        assert leaves(app) == new_york("2026-05-26T09:00")

    def test_never_while_the_employer_is_away(self) -> None:
        away = said("employer_away", "2026-03-11T12:00Z", **{"from": "2026-03-12", "until": "2026-03-16"})

        assert leaves(thanked(away, approved(QUESTION, "2026-03-12T14:00Z"))) == new_york("2026-03-17T09:00")

    def test_a_thank_you_waits_for_the_morning_if_that_is_within_24_hours(self) -> None:
        assert leaves(after_talk(approved(THANKS, "2026-03-02T22:30Z"))) == new_york("2026-03-03T09:00")

    def test_a_thank_you_that_would_be_later_than_24_hours_leaves_at_once(self) -> None:
        """The talk ended on Friday at 16:30 in New York, or on a day at 08:30."""
        friday = history(held("i1", "2026-03-06T21:30Z", GRACE), approved(THANKS, "2026-03-06T23:00Z"))
        early = history(held("i1", "2026-03-02T13:30Z", GRACE), approved(THANKS, "2026-03-02T23:00Z"))

        assert leaves(friday) == at("2026-03-06T23:00Z")
        assert leaves(early) == at("2026-03-02T23:00Z")

    def test_a_thank_you_of_the_second_day_leaves_at_once(self) -> None:
        assert leaves(after_talk(approved(THANKS, "2026-03-03T22:00Z"))) == at("2026-03-03T22:00Z")

    def test_a_yes_to_the_next_round_leaves_before_it_starts(self) -> None:
        """Monday 9 March at 08:30 in New York is before office hours; said on Friday evening."""
        told = (
            said("next_round_invited", "2026-03-05T12:00Z"),
            scheduled("i2", "2026-03-09T12:30Z", "2026-03-09T13:30Z", "2026-03-05T13:00Z"),
        )

        assert leaves(thanked(*told, approved("next-round/2", "2026-03-06T23:00Z"))) == at("2026-03-06T23:00Z")

    def test_an_answer_to_an_offer_leaves_before_its_deadline(self) -> None:
        app = thanked(offer(decide_by="2026-03-09T08:00-04:00"), approved("offer-decide/1/accept", "2026-03-06T23:00Z"))

        assert leaves(app) == at("2026-03-06T23:00Z")

    def test_it_leaves_though_the_candidate_paused(self) -> None:
        """A pause silences what is said to the candidate; this they asked for."""
        app = thanked(said("paused", "2026-03-12T07:00Z"), approved(QUESTION, "2026-03-12T08:30Z"))

        assert sent_at(app, "2026-03-12T12:59Z") == []
        assert sent_at(app, "2026-03-12T13:00Z") == ["letter"]

    def test_what_could_not_leave_in_time_leaves_in_the_next_office_hours(self) -> None:
        """The process was away from Thursday afternoon until Friday night."""
        app = thanked(approved(QUESTION, "2026-03-12T14:00Z"))

        assert sent_at(app, "2026-03-13T22:00Z") == []
        assert sent_at(app, "2026-03-16T12:59Z") == []
        assert sent_at(app, "2026-03-16T13:00Z") == ["letter"]

    def test_a_letter_of_each_outcome_leaves_though_the_application_is_closed(self) -> None:
        """Rejected, withdrawn, declined, accepted: Monday noon in New York."""
        noon = "2026-03-09T16:00Z"
        rejected = thanked(said("rejected", "2026-03-06T12:00Z"), approved("rejection-reply/1", noon))
        withdrawn = thanked(said("withdrawn", "2026-03-06T12:00Z"), approved("farewell/1", noon))
        declined = thanked(offer(), said("offer_declined", "2026-03-06T12:00Z"), approved("farewell/1", noon))

        for app in (rejected, withdrawn, declined):
            assert (stage(app), leaves(app)) == ("closed", at(noon))

    def test_in_berlin_it_is_berlins_nine_o_clock_that_counts(self) -> None:
        """Good Friday is 3 April 2026 and Easter Monday 6 April; the candidate is in New York."""
        opening = (opened(candidate="America/New_York", employer=BERLIN, country="DE", subdivision="BE"), calendar("DE", "BE"))
        app = history(said("rejected", "2026-04-01T12:00Z"), approved("rejection-reply/1", "2026-04-02T16:00Z"), opening=opening)

        assert leaves(app) == at("2026-04-07T09:00", BERLIN)


class TestWhatLeaves:
    def test_the_candidates_own_words_as_they_stand(self) -> None:
        found = sheet(after_talk(approved(THANKS, "2026-03-02T17:05Z", subject="About compilers")))

        assert (found.subject, found.body) == ("About compilers", BODY)
        assert found.candidate == Contact(name="Ada Byron", email="ada@example.org")

    def test_a_thank_you_goes_to_the_interviewer(self) -> None:
        assert sheet(after_talk(approved(THANKS, "2026-03-02T17:05Z"))).to.email == "grace@example.com"

    def test_or_to_the_contact_where_the_interviewer_has_no_address(self) -> None:
        app = history(held("i1", TALK, HEDY), approved("thank-you/i1/h", "2026-03-02T17:05Z"))

        assert sheet(app).to == Contact(name="Recruiting", email="jobs@example.com")

    def test_other_letters_go_to_whoever_wrote_last(self) -> None:
        wrote = said("employer_replied", "2026-03-03T12:00Z", **{"from": {"name": "Joan", "email": "joan@example.com"}})
        silent = said("employer_replied", "2026-03-04T12:00Z", **{"from": {"name": "Nobody"}})
        app = thanked(wrote, silent, said("rejected", "2026-03-05T12:00Z"), approved("rejection-reply/1", "2026-03-06T15:00Z"))

        assert sheet(app).to == Contact(name="Joan", email="joan@example.com")

    def test_or_to_the_contact_where_nobody_wrote(self) -> None:
        assert sheet(thanked(approved(QUESTION, PROMPTED))).to.email == "jobs@example.com"

    def test_its_key_is_the_same_for_one_approval_whatever_else_is_said(self) -> None:
        """It becomes the Message-ID."""
        one, other = approved(QUESTION, PROMPTED), approved(QUESTION, PROMPTED, subject="Any news?")
        keys = {sheet(a).key for a in (thanked(one), thanked(said("paused", "2026-03-12T08:01Z"), one), thanked(other))}

        assert len(keys) == 2


def played(*told: Fact) -> Application:
    """A's life until the end of March, with everything that the process does on the way."""
    return rehearse(after_talk(*told).facts, as_of=at(TALK), until=at("2026-03-31T00:00Z")).ended


class TestALife:
    def test_on_a_friday_evening_one_follow_up_leaves_on_monday_and_nobody_is_reminded(self) -> None:
        ended = played(approved(THANKS, "2026-03-02T17:05Z"), approved(QUESTION, "2026-03-13T21:00Z"))
        letters = [(f.letter, f.at) for f in ended.facts if f.type == "letter_delivered"]
        prompts = [f.intent.split("/")[0] for f in ended.facts if f.type == "prompted"]

        assert letters == [(THANKS, at("2026-03-02T17:05Z")), (QUESTION, new_york("2026-03-16T09:00"))]
        assert prompts == ["thank-you", "waiting", "follow-up", "ghosted"]
        assert outcome(ended) == "ghosted"
        assert next(f.at for f in ended.facts if f.type == "ghosted") == london("2026-03-24T08:00")
