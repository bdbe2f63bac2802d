"""Words and silences: what begins one, what does not, and when none runs."""

from __future__ import annotations

import pytest

from tests.core.histories import (
    TALK,
    after_talk,
    agenda,
    at,
    by_board,
    dues,
    history,
    kinds,
    london,
    outcome,
    rescheduled,
    said,
    scheduled,
    silence_start,
    steps,
)
from workflows.facts import Fact

REPLY = said("employer_replied", "2026-03-05T12:00Z")


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
