"""Interviews: the latest statement, other names, who was there, what the process assumes, and rounds."""

from __future__ import annotations

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    KATHERINE,
    TALK,
    after_talk,
    assumed,
    at,
    by_board,
    calendar,
    current_round,
    due,
    dues,
    held,
    history,
    kinds,
    london,
    opened,
    rescheduled,
    said,
    scheduled,
    silence_start,
    stage,
    what_was_told,
)
from workflows.facts import Fact


class TestInterviews:
    def test_an_interview_held_that_nobody_scheduled_is_created(self) -> None:
        assert due(history(held("i1", TALK)), "thank-you") == london("2026-03-02 17:00")

    def test_an_interview_moved_that_nobody_scheduled_is_created(self) -> None:
        app = history(rescheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z"))

        assert due(app, "thank-you") == london("2026-03-02 17:00")
        assert stage(app) == "interviewing"

    def test_the_latest_statement_about_an_interview_wins(self) -> None:
        corrected = held("i1", "2026-03-02T16:30Z", GRACE, moment="2026-03-02T17:00Z")

        assert due(after_talk(corrected), "thank-you") == london("2026-03-02 18:30")

    def test_the_latest_is_the_latest_by_own_time_not_the_latest_heard(self) -> None:
        talk = held("i1", TALK, GRACE, moment="2026-03-02T18:00Z")
        older = scheduled("i1", "2026-03-02T16:00Z", "2026-03-02T17:00Z", "2026-02-20T12:00Z")

        assert due(history(talk, older), "thank-you") == london("2026-03-02 17:00")

    def test_scheduled_again_is_moved(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z"),
            scheduled("i1", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-21T12:00Z"),
        )

        assert dues(app, "thank-you") == [("thank-you", london("2026-03-04 17:00"))]

    def test_cancelled_and_then_scheduled_again_it_is_ahead_again(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z"),
            said("interview_cancelled", "2026-02-21T12:00Z", interview="i1"),
            scheduled("i1", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-22T12:00Z"),
        )

        assert stage(app) == "interviewing"
        assert due(app, "thank-you") == london("2026-03-04 17:00")

    def test_a_cancelled_interview_has_no_thank_you(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z"),
            said("interview_cancelled", "2026-02-21T12:00Z", interview="i1"),
        )

        assert "thank-you" not in kinds(app)

    def test_a_replaced_id_is_another_name_of_the_new_one(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE),
            rescheduled("i2", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-21T12:00Z", replaces="i1"),
            held("i1", "2026-03-04T15:10Z"),
            said("thank_you_sent", "2026-03-04T15:30Z", interview="i1"),
        )

        assert dues(app, "thank-you", "thank-you-nudge") == [("thank-you", at("2026-03-04T17:10Z"))]
        assert silence_start(app) == at("2026-03-04T15:10Z")

    def test_interviewers_where_given_replace_the_list(self) -> None:
        app = after_talk(
            held("i1", TALK, KATHERINE, moment="2026-03-02T16:00Z"),
            said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="k"),
        )

        assert "thank-you-nudge" not in kinds(app)

    def test_interviewers_not_given_stay_as_they_were(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE, HEDY),
            held("i1", TALK),
            said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="g"),
        )
        both = history(*what_was_told(app), said("thank_you_sent", "2026-03-02T18:10Z", interview="i1", interviewer="h"))

        assert "thank-you-nudge" in kinds(app)
        assert "thank-you-nudge" not in kinds(both)

    def test_thanking_without_a_name_is_thanking_everybody_of_that_interview(self) -> None:
        app = history(held("i1", TALK, GRACE, HEDY), said("thank_you_sent", "2026-03-02T18:00Z", interview="i1"))

        assert not {"thank-you-nudge", "thank-you-lapsed"} & set(kinds(app))

    def test_scheduled_again_after_it_was_held_it_is_ahead_again(self) -> None:
        app = after_talk(scheduled("i1", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-03T12:00Z"))

        assert (stage(app), silence_start(app)) == ("interviewing", None)

    def test_cancelled_after_it_was_held_it_was_not_held(self) -> None:
        app = after_talk(said("interview_cancelled", "2026-03-03T12:00Z", interview="i1", by_whom="candidate"))

        assert (silence_start(app), kinds(app)) == (None, [])

    def test_a_name_may_be_replaced_more_than_once(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE),
            rescheduled("i2", "2026-03-03T14:00Z", "2026-03-03T15:00Z", "2026-02-21T12:00Z", replaces="i1"),
            rescheduled("i3", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-22T12:00Z", replaces="i2"),
            said("thank_you_sent", "2026-03-04T15:30Z", interview="i1", interviewer="g"),
        )

        assert dues(app, "thank-you", "thank-you-nudge") == [("thank-you", at("2026-03-04T17:00Z"))]

    def test_the_new_name_keeps_who_was_to_be_there(self) -> None:
        app = history(
            scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE, HEDY),
            rescheduled("i2", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-21T12:00Z", replaces="i1"),
            said("thank_you_sent", "2026-03-04T15:30Z", interview="i2", interviewer="g"),
        )

        assert "thank-you-nudge" in kinds(app)

    def test_what_a_board_says_about_an_interview_counts(self) -> None:
        assert due(history(by_board("interview_held", TALK, interview="i1", ended_at=TALK)), "thank-you") == london("2026-03-02 17:00")


class TestAssumed:
    PLAN = scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE)

    def test_a_scheduled_interview_counts_as_held_once_the_process_notes_it(self) -> None:
        ahead, over = history(self.PLAN), history(self.PLAN, assumed("i1", TALK))

        assert (stage(ahead), silence_start(ahead)) == ("interviewing", None)
        assert (stage(over), silence_start(over)) == ("thanking", at(TALK))

    @pytest.mark.parametrize(
        "later",
        [
            rescheduled("i1", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-03-02T13:00Z"),
            rescheduled("i1", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-03-03T09:00Z"),
            said("interview_cancelled", "2026-03-02T13:00Z", interview="i1"),
            said("interview_cancelled", "2026-03-03T09:00Z", interview="i1"),
        ],
        ids=["moved before", "moved after", "cancelled before", "cancelled after"],
    )
    def test_the_note_counts_only_while_the_schedule_with_exactly_that_end_is_the_latest_statement(self, later: Fact) -> None:
        noted_too_soon = history(self.PLAN, assumed("i1", TALK), later)
        never_noted = history(self.PLAN, later)

        assert stage(noted_too_soon) == stage(never_noted)
        assert dues(noted_too_soon) == dues(never_noted)

    def test_moved_back_to_exactly_that_end_the_note_counts_again(self) -> None:
        moved = rescheduled("i1", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-02-21T12:00Z")
        back = rescheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-22T12:00Z")

        assert silence_start(history(self.PLAN, moved, back, assumed("i1", TALK))) == at(TALK)

    def test_what_was_said_from_outside_about_the_end_wins_over_the_note(self) -> None:
        app = history(self.PLAN, assumed("i1", TALK), held("i1", "2026-03-02T16:30Z"))

        assert due(app, "thank-you") == london("2026-03-02 18:30")

    def test_an_interview_still_ahead_counts_as_held_at_its_end_so_that_the_agenda_goes_on_to_the_last_step(self) -> None:
        assert dues(history(self.PLAN)) == [
            ("thank-you", london("2026-03-02 17:00")),
            ("thank-you-nudge", london("2026-03-03 09:00")),
            ("thank-you-lapsed", london("2026-03-04 15:00")),
            ("waiting", london("2026-03-05 08:00")),
            ("follow-up", london("2026-03-12 08:00")),
            ("follow-up-last-call", london("2026-03-17 08:00")),
            ("ghosted", london("2026-03-24 08:00")),
        ]


class TestRounds:
    INVITED = said("next_round_invited", "2026-03-05T12:00Z")

    def test_round_one_runs_from_the_start(self) -> None:
        assert current_round(history()) == current_round(after_talk()) == 1

    def test_an_interview_after_an_invitation_belongs_to_the_next_round(self) -> None:
        app = after_talk(self.INVITED, held("i2", "2026-03-10T15:00Z"))

        assert current_round(app) == 2

    def test_an_invitation_before_any_interview_begins_round_two(self) -> None:
        app = history(said("next_round_invited", "2026-02-20T12:00Z"), held("i1", TALK))

        assert current_round(app) == 2

    def test_several_invitations_before_an_interview_are_one_round(self) -> None:
        app = after_talk(self.INVITED, said("next_round_invited", "2026-03-06T12:00Z"), held("i2", "2026-03-10T15:00Z"))

        assert current_round(app) == 2

    def test_each_invitation_after_an_interview_is_another_round(self) -> None:
        app = after_talk(
            self.INVITED, held("i2", "2026-03-10T15:00Z"), said("next_round_invited", "2026-03-11T12:00Z"), held("i3", "2026-03-16T15:00Z")
        )

        assert current_round(app) == 3

    def test_an_interview_first_said_after_the_last_one_ended_and_on_a_later_date_is_the_next_round(self) -> None:
        assert (
            current_round(
                after_talk(scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-03T09:00Z"), held("i2", "2026-03-09T15:00Z"))
            )
            == 2
        )

    def test_an_interview_said_before_the_last_one_ended_is_of_the_same_round(self) -> None:
        plan = scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-02T14:30Z")

        assert current_round(after_talk(plan, held("i2", "2026-03-09T15:00Z"))) == 1

    def test_an_interview_later_on_the_same_date_is_of_the_same_round(self) -> None:
        assert current_round(after_talk(held("i2", "2026-03-02T18:00Z"))) == 1

    def test_the_date_is_the_candidates(self) -> None:
        """16:00 UTC on the second is already the third in Auckland, where the first interview's 10:00 UTC was still the second."""
        here = (opened(candidate="Pacific/Auckland"), calendar())
        first, second = held("i1", "2026-03-02T10:00Z"), held("i2", "2026-03-02T16:00Z")

        assert current_round(history(first, second)) == 1
        assert current_round(history(first, second, opening=here)) == 2

    def test_an_interview_imported_later_was_first_said_at_its_end_at_the_latest(self) -> None:
        """Both told on one day weeks after: the second was held days after the first, so it is another round."""
        app = history(held("i1", TALK, moment="2026-03-25T10:00Z"), held("i2", "2026-03-09T15:00Z", moment="2026-03-25T10:00Z"))

        assert current_round(app) == 2
