"""The steps of the possible outcomes: offers, rejection, next round, acceptance, farewell. One test per row and sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.histories import (
    GRACE,
    TALK,
    after_talk,
    at,
    calendar,
    due,
    dues,
    held,
    history,
    kinds,
    london,
    noted,
    offer,
    opened,
    outcome,
    prompted,
    rescheduled,
    said,
    scheduled,
    steps,
    thanked,
    the,
)
from workflows.policy import UNIVERSITY
from workflows.rehearsal import rehearse

OFFER = ("offer-thanks", "offer-review", "offer-decide", "offer-overdue", "offer-lapsed")


SPOKEN = offer(in_writing=False)
BY_13 = offer(decide_by="2026-03-13")


class TestThanksAndReview:
    def test_thanks_are_due_at_once_spoken_or_written(self) -> None:
        assert due(after_talk(SPOKEN), "offer-thanks") == due(after_talk(offer()), "offer-thanks") == at("2026-03-05T12:00Z")

    def test_there_is_nothing_to_review_before_it_is_in_writing(self) -> None:
        assert "offer-review" not in kinds(after_talk(SPOKEN))
        assert due(after_talk(SPOKEN, offer("2026-03-06T12:00Z")), "offer-review") == at("2026-03-06T12:00Z")

    def test_thanks_took_shape_with_the_first_word_and_the_review_when_it_came_in_writing(self) -> None:
        app = after_talk(SPOKEN, offer("2026-03-06T12:00Z"), offer("2026-03-07T12:00Z", decide_by="2026-03-20"))

        assert the(app, "offer-thanks").since == at("2026-03-05T12:00Z")
        assert the(app, "offer-review").since == at("2026-03-06T12:00Z")

    def test_thanked_when_spoken_the_written_offer_brings_the_review_only(self) -> None:
        app = after_talk(SPOKEN, prompted("offer-thanks/1", "2026-03-05T12:00Z"), offer("2026-03-06T12:00Z"))

        assert {"offer-thanks", "offer-review"} & set(kinds(app)) == {"offer-review"}

    def test_due_together_they_are_one_message_named_by_the_thanks(self) -> None:
        rehearsal = rehearse((opened(), calendar(), held("i1", TALK, GRACE), offer("2026-03-05T23:00Z")), as_of=at(TALK))
        entries = [(e.intent, e.due) for e in rehearsal.steps if e.intent.startswith(("offer-thanks", "offer-review"))]

        assert entries == [("offer-thanks/1", london("2026-03-06 08:00"))]

    def test_they_never_supersede_each_other(self) -> None:
        """Imported after the last full day: the reminder is too late or last, but thanks and review go out together."""
        rehearsal = rehearse((opened(), calendar(), BY_13), as_of=at("2026-03-09T10:00Z"))

        assert [e.intent for e in rehearsal.steps if e.due == at("2026-03-09T10:00Z")] == ["offer-thanks/1"]
        assert not [e for e in rehearsal.steps if e.skipped]

    @pytest.mark.parametrize("answer", ["offer_accepted", "offer_declined", "offer_withdrawn"])
    def test_they_end_with_the_decision(self, answer: str) -> None:
        assert not set(OFFER) & set(kinds(after_talk(BY_13, said(answer, "2026-03-05T13:00Z"))))


class TestDecide:
    @pytest.mark.parametrize(
        ("decide_by", "expected"),
        [
            ("2026-03-13", "2026-03-12 20:00"),  # 17:00 in New York is 21:00 in London: a day earlier, no longer awake
            ("2026-03-13T15:00:00Z", "2026-03-12 15:00"),
            ("2026-03-13T06:00:00Z", "2026-03-11 20:00"),
            ("2026-03-30T12:00:00Z", "2026-03-29 13:00"),
        ],
    )
    def test_the_reminder_comes_on_the_last_full_day(self, decide_by: str, expected: str) -> None:
        assert due(after_talk(offer(decide_by=decide_by)), "offer-decide") == london(expected)

    def test_it_helps_until_the_deadline(self) -> None:
        assert the(after_talk(BY_13), "offer-decide").until == at("2026-03-13T21:00Z")

    def test_it_is_left_out_if_it_would_have_come_before_the_deadline_was_stated(self) -> None:
        in_time, too_late = (offer(moment, decide_by="2026-03-13T15:00:00Z") for moment in ("2026-03-12T15:00Z", "2026-03-12T15:01Z"))

        assert "offer-decide" in kinds(after_talk(in_time))
        assert "offer-decide" not in kinds(after_talk(too_late))

    def test_without_a_deadline_the_policy_sets_one_reminder_only(self) -> None:
        app = after_talk(offer("2026-03-02T16:00Z"))

        assert dues(app, "offer-decide", "offer-overdue", "offer-lapsed") == [("offer-decide", london("2026-03-03 20:00"))]

    def test_university_leaves_two_weeks(self) -> None:
        app = history(offer("2026-03-02T16:00Z"), opening=(opened(policy=UNIVERSITY), calendar()))

        assert due(app, "offer-decide") == london("2026-03-15 20:00")

    def test_the_policys_days_count_from_the_date_it_came_in_writing(self) -> None:
        app = after_talk(offer("2026-03-02T16:00Z", in_writing=False), offer("2026-03-05T12:00Z"))

        assert due(app, "offer-decide") == london("2026-03-08 20:00")  # Thursday, Friday, Monday 17:00 in New York

    def test_a_spoken_offer_has_a_deadline_only_if_the_employer_states_one(self) -> None:
        assert not {"offer-decide", "offer-overdue", "offer-lapsed"} & set(kinds(after_talk(SPOKEN)))
        assert due(after_talk(offer(in_writing=False, decide_by="2026-03-13")), "offer-decide") == london("2026-03-12 20:00")

    def test_it_took_shape_when_the_present_deadline_was_first_stated(self) -> None:
        again = offer("2026-03-09T12:00Z", decide_by="2026-03-13")

        for kind in ("offer-decide", "offer-overdue", "offer-lapsed"):
            assert the(after_talk(BY_13, again), kind).since == at("2026-03-05T12:00Z")

    def test_an_extension_brings_the_reminder_again(self) -> None:
        extended = offer("2026-03-13T12:00Z", decide_by="2026-03-20")
        app = after_talk(BY_13, prompted("offer-decide/1", "2026-03-12T20:00Z"), extended)

        assert due(app, "offer-decide") == london("2026-03-19 20:00")
        assert due(app, "offer-overdue") == london("2026-03-21 08:00")
        assert the(app, "offer-decide").since == at("2026-03-13T12:00Z")


class TestOverdueAndLapsed:
    def test_overdue_at_the_deadline_itself_when_awake(self) -> None:
        assert due(after_talk(BY_13), "offer-overdue") == london("2026-03-14 08:00")
        assert due(after_talk(offer(decide_by="2026-03-13T15:00:00Z")), "offer-overdue") == at("2026-03-13T15:00Z")

    def test_it_lapses_five_business_days_after_the_date_of_the_deadline(self) -> None:
        assert due(after_talk(BY_13), "offer-lapsed") == london("2026-03-21 08:00")

    def test_the_date_of_the_deadline_is_the_employers(self) -> None:
        """02:00 UTC on Saturday is still Friday in New York."""
        assert due(after_talk(offer(decide_by="2026-03-14T02:00:00Z")), "offer-lapsed") == london("2026-03-21 08:00")
        assert due(after_talk(offer(decide_by="2026-03-16T14:00:00Z")), "offer-lapsed") == london("2026-03-24 08:00")

    def test_lapsed_it_is_told_to_the_candidate_once(self) -> None:
        app = after_talk(BY_13, noted("offer_lapsed", "2026-03-21T08:00Z", number=1))

        assert outcome(app) == "lapsed"
        assert [(s.kind, s.due, s.until) for s in steps(app)] == [("offer-lapsed", at("2026-03-21T08:00Z"), at("2026-03-27T21:00Z"))]
        assert dues(app.apply(prompted(the(app, "offer-lapsed").intent, "2026-03-21T08:00Z"))) == []

    def test_a_rehearsal_goes_through_all_of_it(self) -> None:
        rehearsal = rehearse((opened(), calendar(), BY_13), as_of=at("2026-03-05T12:00Z"))

        assert [(e.intent.split("/")[0], e.due) for e in rehearsal.steps] == [
            ("offer-thanks", at("2026-03-05T12:00Z")),
            ("offer-decide", london("2026-03-12 20:00")),
            ("offer-overdue", london("2026-03-14 08:00")),
            ("offer-lapsed", london("2026-03-21 08:00")),
        ]


class TestRejection:
    REJECTED = said("rejected", "2026-03-10T12:00Z")

    def test_the_reply_comes_a_day_later(self) -> None:
        assert dues(after_talk(self.REJECTED)) == [("rejection-reply", at("2026-03-11T12:00Z"))]

    def test_at_a_waking_hour(self) -> None:
        assert due(after_talk(said("rejected", "2026-03-10T23:00Z")), "rejection-reply") == london("2026-03-12 08:00")

    def test_it_helps_for_five_business_days(self) -> None:
        step = the(after_talk(self.REJECTED), "rejection-reply")

        assert (step.until, step.since) == (at("2026-03-17T21:00Z"), at("2026-03-10T12:00Z"))

    def test_it_is_given_once(self) -> None:
        intent = the(after_talk(self.REJECTED), "rejection-reply").intent

        assert dues(after_talk(self.REJECTED, prompted(intent, "2026-03-11T12:00Z"))) == []

    def test_an_unknown_end_reads_as_one_too(self) -> None:
        assert outcome(after_talk(said("rejected", "2026-03-10T12:00Z", by_whom="unknown"))) == "rejected"

    def test_a_second_rejection_after_a_second_chance_has_its_own_reply(self) -> None:
        first = the(after_talk(self.REJECTED), "rejection-reply").intent
        app = after_talk(
            self.REJECTED,
            prompted(first, "2026-03-11T12:00Z"),
            said("next_round_invited", "2026-03-12T12:00Z"),
            said("rejected", "2026-03-20T12:00Z"),
        )

        assert due(app, "rejection-reply") == at("2026-03-21T12:00Z")

    def test_there_is_none_after_a_farewell(self) -> None:
        withdrawn = said("withdrawn", "2026-03-10T12:00Z")
        farewell = the(after_talk(withdrawn), "farewell").intent
        app = after_talk(
            withdrawn,
            prompted(farewell, "2026-03-10T12:00Z"),
            said("next_round_invited", "2026-03-11T12:00Z"),
            said("rejected", "2026-03-12T12:00Z"),
        )

        assert outcome(app) == "rejected"
        assert "rejection-reply" not in kinds(app)


class TestNextRound:
    INVITED = said("next_round_invited", "2026-03-09T12:00Z")

    def test_the_reply_is_due_at_once(self) -> None:
        step = the(thanked(self.INVITED), "next-round")

        assert (step.intent, step.due, step.since) == ("next-round/2", at("2026-03-09T12:00Z"), at("2026-03-09T12:00Z"))

    def test_repeated_invitations_are_one(self) -> None:
        again = said("next_round_invited", "2026-03-10T12:00Z")

        assert [s.due for s in steps(thanked(self.INVITED, again), "next-round")] == [at("2026-03-09T12:00Z")]
        assert "next-round" not in kinds(thanked(self.INVITED, prompted("next-round/2", "2026-03-09T12:00Z"), again))

    def test_an_invitation_between_schedule_and_end_is_no_new_one(self) -> None:
        plan = scheduled("i2", "2026-03-16T14:00Z", "2026-03-16T15:00Z", "2026-03-10T12:00Z")
        again = said("next_round_invited", "2026-03-16T14:30Z")

        assert "next-round" not in kinds(thanked(self.INVITED, prompted("next-round/2", "2026-03-09T12:00Z"), plan, again))

    def test_an_invitation_after_that_interview_is_the_next(self) -> None:
        app = thanked(self.INVITED, prompted("next-round/2", "2026-03-09T12:00Z"), held("i2", "2026-03-16T15:00Z"))
        invited = app.apply(said("next_round_invited", "2026-03-17T12:00Z"))

        assert "next-round" not in kinds(app)
        assert [(s.intent, s.due) for s in steps(invited, "next-round")] == [("next-round/3", at("2026-03-17T12:00Z"))]

    def test_it_helps_until_the_round_starts(self) -> None:
        plan = scheduled("i2", "2026-03-16T14:00Z", "2026-03-16T15:00Z", "2026-03-10T12:00Z")
        moved = rescheduled("i2", "2026-03-18T14:00Z", "2026-03-18T15:00Z", "2026-03-11T12:00Z")

        assert the(thanked(self.INVITED, plan), "next-round").until == at("2026-03-16T14:00Z")
        assert the(thanked(self.INVITED, plan, moved), "next-round").until == at("2026-03-18T14:00Z")

    def test_an_offer_ends_it(self) -> None:
        assert "next-round" not in kinds(thanked(self.INVITED, offer("2026-03-10T12:00Z", in_writing=False)))

    def test_an_interview_without_an_invitation_needs_no_reply(self) -> None:
        assert "next-round" not in kinds(thanked(scheduled("i2", "2026-03-16T14:00Z", "2026-03-16T15:00Z", "2026-03-10T12:00Z")))


class TestTheEnd:
    def test_acceptance_closes_the_others_for_five_business_days(self) -> None:
        app = after_talk(offer(), said("offer_accepted", "2026-03-09T12:00Z"))

        assert [(s.kind, s.due, s.until, s.since) for s in steps(app)] == [
            ("close-others", at("2026-03-09T12:00Z"), at("2026-03-16T21:00Z"), at("2026-03-09T12:00Z"))
        ]

    @pytest.mark.parametrize("end", ["withdrawn", "offer_declined"])
    def test_a_withdrawal_and_a_decline_end_with_a_farewell(self, end: str) -> None:
        app = after_talk(offer(), said(end, "2026-03-09T12:00Z"))

        assert [(s.kind, s.due, s.until) for s in steps(app)] == [("farewell", at("2026-03-09T12:00Z"), at("2026-03-16T21:00Z"))]

    def test_it_is_given_once(self) -> None:
        end = said("withdrawn", "2026-03-09T12:00Z")

        assert kinds(after_talk(end, prompted(the(after_talk(end), "farewell").intent, "2026-03-09T12:00Z"))) == []

    def test_holidays_do_not_shorten_the_days(self) -> None:
        app = history(said("withdrawn", "2026-11-25T15:00Z"), opening=(opened(), calendar()))

        assert the(app, "farewell").until == at("2026-12-03T22:00Z")

    def test_what_was_over_before_it_was_heard_is_skipped_as_too_late(self) -> None:
        rehearsal = rehearse(
            (opened(), calendar(), held("i1", TALK, GRACE), said("rejected", "2026-03-10T12:00Z")),
            as_of=at("2026-03-10T12:00Z") + timedelta(days=14),
        )

        assert [(e.intent.split("/")[0], e.skipped) for e in rehearsal.steps] == [("rejection-reply", "too late")]

    def test_a_closed_application_has_no_steps_but_those_of_its_outcome(self) -> None:
        app = after_talk(BY_13, said("hiring_step", "2026-03-06T12:00Z", step="reference_check"), said("rejected", "2026-03-09T12:00Z"))

        assert kinds(app) == ["rejection-reply"]
