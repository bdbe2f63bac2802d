"""What the facts amount to: order, interviews, words, silences, the promised date, rounds. One test per sentence of the process."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    KATHERINE,
    TALK,
    after_talk,
    agenda,
    assumed,
    at,
    by_board,
    calendar,
    confirmed,
    current_round,
    due,
    dues,
    ghosted,
    held,
    history,
    kinds,
    london,
    noted,
    opened,
    outcome,
    promised,
    rescheduled,
    retracted,
    said,
    scheduled,
    silence_start,
    stage,
    steps,
    thanked,
)
from workflows.application import Application
from workflows.facts import Fact

REPLY = said("employer_replied", "2026-03-05T12:00Z")


class TestOrder:
    def test_facts_count_in_the_order_of_their_own_time_not_of_their_arrival(self) -> None:
        facts = (
            held("i1", TALK, GRACE),
            said("timeline_stated", "2026-03-03T12:00Z", respond_by="2026-03-31"),
            REPLY,
            said("employer_away", "2026-03-06T12:00Z", until="2026-03-13"),
            said("thank_you_sent", "2026-03-02T18:00Z", interview="i1"),
        )
        expected = agenda(history(*facts))

        for order in permutations(facts):
            assert agenda(history(*order)) == expected

    def test_of_the_same_moment_facts_from_outside_come_before_the_process_s_own(self) -> None:
        """A reply of the very moment of the ghosting is earlier, so there was nothing to give up."""
        sent = said("follow_up_sent", "2026-03-12T09:00Z")
        app = after_talk(sent, ghosted("2026-03-20T08:00Z"), said("employer_replied", "2026-03-20T08:00Z"))

        assert outcome(app) is None
        assert silence_start(app) == at("2026-03-20T08:00Z")

    def test_of_the_same_moment_the_order_of_the_contracts_table_decides(self) -> None:
        offer = said("offer_received", "2026-03-10T12:00Z", id="z-offer", in_writing=True)
        accepted = said("offer_accepted", "2026-03-10T12:00Z", id="a-accepted")
        paused, resumed = said("paused", "2026-03-10T12:00Z", id="z"), said("resumed", "2026-03-10T12:00Z", id="a")

        for app in (after_talk(offer, accepted), after_talk(accepted, offer)):
            assert outcome(app) == "accepted"
            assert "offer-decide" not in kinds(app)
        assert agenda(after_talk(resumed, paused)) == agenda(after_talk())

    def test_of_the_same_moment_and_kind_the_id_decides(self) -> None:
        first = said("timeline_stated", TALK, id="t.02", respond_by="2026-03-20")
        second = said("timeline_stated", TALK, id="t.10", respond_by="2026-03-18")

        assert promised(after_talk(second, first)) == promised(after_talk(first, second)) == date(2026, 3, 18)


class TestTakenBack:
    def test_a_retracted_fact_counts_as_never_said(self) -> None:
        app = after_talk(REPLY, retracted(REPLY, "2026-03-06T12:00Z"))

        assert silence_start(app) == at(TALK)
        assert agenda(app) == agenda(after_talk())

    def test_a_retraction_may_arrive_before_what_it_retracts(self) -> None:
        assert agenda(after_talk(retracted(REPLY, "2026-03-01T12:00Z"), REPLY)) == agenda(after_talk())

    def test_a_retracted_retraction_lets_the_fact_count_again(self) -> None:
        mistake = retracted(REPLY, "2026-03-06T12:00Z")
        app = after_talk(REPLY, mistake, retracted(mistake, "2026-03-07T12:00Z"))

        assert silence_start(app) == at("2026-03-05T12:00Z")

    def test_retractions_of_each_other_do_no_harm(self) -> None:
        one = said("retracted", "2026-03-06T12:00Z", id="one", fact="two")
        two = said("retracted", "2026-03-07T12:00Z", id="two", fact="one")
        self_denial = said("retracted", "2026-03-08T12:00Z", id="three", fact="three")

        assert agenda(after_talk(one, two, self_denial)) == agenda(after_talk())

    def test_the_opening_is_never_retracted(self) -> None:
        assert agenda(after_talk(said("retracted", "2026-03-06T12:00Z", fact="opened"))) == agenda(after_talk())

    def test_what_the_process_noted_is_not_retracted_from_outside(self) -> None:
        note = noted("prompted", "2026-03-12T08:00Z", intent="follow-up/1")

        assert "follow-up" not in kinds(after_talk(note, retracted(note, "2026-03-12T09:00Z")))

    def test_a_rejection_retracted_opens_the_application_again(self) -> None:
        mistake = said("rejected", "2026-03-05T12:00Z")
        app = after_talk(mistake, retracted(mistake, "2026-03-06T12:00Z"))

        assert outcome(app) is None
        assert agenda(app) == agenda(after_talk())


class TestTentative:
    MAYBE = said("employer_replied", "2026-03-05T12:00Z", tentative=True)

    def test_a_tentative_fact_has_no_effect(self) -> None:
        assert agenda(after_talk(self.MAYBE)) == agenda(after_talk())

    def test_confirmed_it_counts_from_its_own_time(self) -> None:
        app = after_talk(self.MAYBE, confirmed(self.MAYBE, "2026-03-09T12:00Z"))

        assert silence_start(app) == at("2026-03-05T12:00Z")

    def test_confirmed_and_then_retracted_it_was_never_said(self) -> None:
        app = after_talk(self.MAYBE, confirmed(self.MAYBE, "2026-03-09T12:00Z"), retracted(self.MAYBE, "2026-03-10T12:00Z"))

        assert agenda(app) == agenda(after_talk())

    def test_a_retracted_confirmation_leaves_it_tentative(self) -> None:
        yes = confirmed(self.MAYBE, "2026-03-09T12:00Z")

        assert agenda(after_talk(self.MAYBE, yes, retracted(yes, "2026-03-10T12:00Z"))) == agenda(after_talk())

    def test_a_tentative_retraction_retracts_nothing(self) -> None:
        app = after_talk(REPLY, retracted(REPLY, "2026-03-06T12:00Z", tentative=True))

        assert silence_start(app) == at("2026-03-05T12:00Z")


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
        both = history(*app_facts(app), said("thank_you_sent", "2026-03-02T18:10Z", interview="i1", interviewer="h"))

        assert "thank-you-nudge" in kinds(app)
        assert "thank-you-nudge" not in kinds(both)

    def test_thanking_without_a_name_is_thanking_everybody_of_that_interview(self) -> None:
        app = history(held("i1", TALK, GRACE, HEDY), said("thank_you_sent", "2026-03-02T18:00Z", interview="i1"))

        assert not {"thank-you-nudge", "thank-you-lapsed"} & set(kinds(app))


def app_facts(app: Application) -> tuple[Fact, ...]:
    return app.facts[2:]


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


WORDS = [
    said("employer_replied", "2026-03-05T12:00Z"),
    said("next_round_invited", "2026-03-05T12:00Z"),
    said("offer_received", "2026-03-05T12:00Z", in_writing=False),
    said("hiring_step", "2026-03-05T12:00Z", step="reference_check"),
    said("hiring_step", "2026-03-05T12:00Z", step="approval"),
    by_board("employer_replied", "2026-03-05T12:00Z"),
]
NOT_WORDS = [
    said("timeline_stated", "2026-03-05T12:00Z", respond_by="2026-03-20"),
    said("employer_away", "2026-03-05T12:00Z", until="2026-03-06"),
    said("hiring_step", "2026-03-05T12:00Z", step="debrief"),
    said("hiring_step", "2026-03-05T12:00Z", step="shortlist"),
    said("thank_you_sent", "2026-03-05T12:00Z", interview="i1"),
    said("reflection_noted", "2026-03-05T12:00Z", interview="i1", questions="why?"),
    said("follow_up_sent", "2026-03-05T12:00Z"),
    said("paused", "2026-03-05T12:00Z"),
    said("details_changed", "2026-03-05T12:00Z", position="Principal Engineer"),
]


class TestWordsAndSilences:
    @pytest.mark.parametrize("word", WORDS, ids=str)
    def test_a_word_of_the_employer_begins_a_new_silence(self, word: Fact) -> None:
        assert silence_start(after_talk(word)) == at("2026-03-05T12:00Z")

    @pytest.mark.parametrize("other", NOT_WORDS, ids=str)
    def test_anything_else_leaves_the_silence_as_it_is(self, other: Fact) -> None:
        assert silence_start(after_talk(other)) == at(TALK)

    def test_an_interview_cancelled_by_the_employer_is_a_word(self) -> None:
        plan = scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-04T12:00Z")
        by_them = after_talk(plan, said("interview_cancelled", "2026-03-05T12:00Z", interview="i2"))
        by_me = after_talk(plan, said("interview_cancelled", "2026-03-05T12:00Z", interview="i2", by_whom="candidate"))

        assert silence_start(by_them) == at("2026-03-05T12:00Z")
        assert silence_start(by_me) == at(TALK)

    def test_an_interview_scheduled_or_moved_is_no_word(self) -> None:
        plan = scheduled("i2", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-04T12:00Z")
        moved = rescheduled("i2", "2026-03-10T14:00Z", "2026-03-10T15:00Z", "2026-03-05T12:00Z")
        off = said("interview_cancelled", "2026-03-06T12:00Z", interview="i2", by_whom="candidate")

        assert silence_start(after_talk(plan, moved, off)) == at(TALK)

    def test_a_withdrawn_offer_is_a_word_where_another_offer_stays(self) -> None:
        app = after_talk(
            said("offer_received", "2026-03-05T12:00Z", in_writing=False, offer="a"),
            said("offer_received", "2026-03-05T13:00Z", in_writing=False, offer="b"),
            said("offer_withdrawn", "2026-03-06T12:00Z", offer="a"),
        )

        assert (outcome(app), silence_start(app)) == (None, at("2026-03-06T12:00Z"))

    def test_a_timeline_is_a_word_only_after_a_follow_up_was_sent_in_this_silence(self) -> None:
        sent = said("follow_up_sent", "2026-03-12T09:00Z")
        stated = said("timeline_stated", "2026-03-13T12:00Z", respond_by="2026-03-27")
        before = said("timeline_stated", "2026-03-12T08:30Z", respond_by="2026-03-27")
        reply = said("employer_replied", "2026-03-12T20:00Z")

        assert silence_start(after_talk(stated)) == at(TALK)
        assert silence_start(after_talk(sent, stated)) == at("2026-03-13T12:00Z")
        assert silence_start(after_talk(sent, before)) == at(TALK)
        assert silence_start(after_talk(sent, reply, stated)) == at("2026-03-12T20:00Z")

    def test_a_silence_starts_at_the_end_of_the_last_interview_if_that_is_later_than_the_last_word(self) -> None:
        assert silence_start(after_talk(said("employer_replied", "2026-02-27T12:00Z"))) == at(TALK)

    def test_no_silence_runs_before_anything_happened(self) -> None:
        assert silence_start(history()) is None
        assert agenda(history()) == ()

    def test_a_word_alone_begins_a_silence_without_any_interview(self) -> None:
        assert silence_start(history(REPLY)) == at("2026-03-05T12:00Z")

    def test_no_silence_runs_while_an_interview_is_ahead(self) -> None:
        app = after_talk(scheduled("i2", "2026-03-30T14:00Z", "2026-03-30T15:00Z", "2026-03-04T12:00Z"))

        assert silence_start(app) is None
        assert dues(app, "follow-up") == [("follow-up", london("2026-04-09 08:00"))]  # counted from the interview ahead

    def test_no_silence_runs_while_a_written_offer_is_open(self) -> None:
        spoken = said("offer_received", "2026-03-05T12:00Z", in_writing=False)
        written = said("offer_received", "2026-03-06T12:00Z", in_writing=True)

        assert silence_start(after_talk(spoken)) == at("2026-03-05T12:00Z")
        assert silence_start(after_talk(spoken, written)) is None
        assert not {"follow-up", "follow-up-last-call", "ghosted"} & set(kinds(after_talk(spoken, written)))

    def test_no_silence_runs_once_closed(self) -> None:
        assert silence_start(after_talk(said("rejected", "2026-03-05T12:00Z"))) is None

    def test_silences_are_numbered_in_their_order(self) -> None:
        first, second = after_talk(), after_talk(REPLY)

        assert [s.intent for s in steps(first, "follow-up")] == ["follow-up/1"]
        assert [s.intent for s in steps(second, "follow-up")] == ["follow-up/2"]


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
