"""The table of outcomes, cell by cell; what reopens an application and what takes a ghosting back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.histories import (
    HEDY,
    after_talk,
    at,
    by_board,
    confirmed,
    current_round,
    due,
    dues,
    ghosted,
    held,
    kinds,
    london,
    noted,
    objection_slug,
    offer,
    outcome,
    prompted,
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
from workflows.view import view

LATE = "2026-04-01T12:00Z"
SENT = said("follow_up_sent", "2026-03-12T09:00Z")
ENDS: dict[str, tuple[Fact, ...]] = {
    "ghosted": (SENT, ghosted("2026-03-20T08:00Z")),
    "lapsed": (offer("2026-03-05T12:00Z", decide_by="2026-03-10"), noted("offer_lapsed", "2026-03-18T08:00Z", number=1)),
    "rejected": (said("rejected", "2026-03-20T12:00Z"),),
    "withdrawn": (said("withdrawn", "2026-03-20T12:00Z"),),
    "declined": (offer("2026-03-17T12:00Z"), said("offer_declined", "2026-03-20T12:00Z")),
    "accepted": (offer("2026-03-17T12:00Z"), said("offer_accepted", "2026-03-20T12:00Z")),
}
OUTCOMES = tuple(ENDS)

SECOND: dict[str, Any] = {"interview": "i2", "starts_at": "2026-04-07T14:00Z", "ends_at": "2026-04-07T15:00Z"}
WORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "reply": ("employer_replied", {}),
    "invitation": ("next_round_invited", {}),
    "interview scheduled": ("interview_scheduled", SECOND),
    "interview moved": ("interview_rescheduled", SECOND),
    "interview held": ("interview_held", {"interview": "i2", "ended_at": "2026-04-01T11:00Z"}),
    "offer": ("offer_received", {"in_writing": False}),
    "timeline": ("timeline_stated", {"respond_by": "2026-04-10"}),
    "reference check": ("hiring_step", {"step": "reference_check"}),
    "approval": ("hiring_step", {"step": "approval"}),
    "debrief": ("hiring_step", {"step": "debrief"}),
    "shortlist": ("hiring_step", {"step": "shortlist"}),
    "rejection": ("rejected", {}),
    "withdrawal": ("withdrawn", {}),
    "acceptance": ("offer_accepted", {}),
    "decline": ("offer_declined", {}),
    "offer withdrawn": ("offer_withdrawn", {}),
    "absence": ("employer_away", {"until": "2026-04-03"}),
    "thanks": ("thank_you_sent", {"interview": "i1"}),
    "thanks waived": ("thank_you_waived", {"interview": "i1"}),
    "reflection": ("reflection_noted", {"interview": "i1", "questions": "why?"}),
    "follow-up": ("follow_up_sent", {}),
    "pause": ("paused", {}),
    "resumption": ("resumed", {}),
    "snooze": ("snoozed", {"intent": "rejection-reply/1", "until": "2026-04-03"}),
    "details": ("details_changed", {"position": "Principal Engineer"}),
    "bounce": ("bounced", {"intent": "thank-you/i1", "permanent": False}),
    "letter": ("letter_sent", {"letter": "rejection-reply/1"}),
}

OPEN, SAME, REFUSED = "open", "same", "refused"
TABLE: dict[str, tuple[str, str, str, str, str, str]] = {
    # in the order of ENDS:   ghosted     lapsed      rejected  withdrawn  declined  accepted
    "reply": (OPEN, OPEN, SAME, REFUSED, REFUSED, SAME),
    "invitation": (OPEN, OPEN, OPEN, OPEN, OPEN, SAME),
    "interview scheduled": (OPEN, OPEN, OPEN, OPEN, OPEN, SAME),
    "interview moved": (OPEN, OPEN, OPEN, OPEN, OPEN, SAME),
    "interview held": (OPEN, OPEN, SAME, SAME, SAME, SAME),
    "offer": (OPEN, OPEN, OPEN, OPEN, OPEN, SAME),
    "timeline": (OPEN, OPEN, REFUSED, REFUSED, REFUSED, SAME),
    "reference check": (OPEN, OPEN, REFUSED, REFUSED, REFUSED, SAME),
    "approval": (OPEN, OPEN, REFUSED, REFUSED, REFUSED, SAME),
    "debrief": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "shortlist": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "rejection": ("rejected", "rejected", REFUSED, REFUSED, REFUSED, SAME),
    "withdrawal": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "withdrawn"),
    "acceptance": (REFUSED, "accepted", REFUSED, REFUSED, REFUSED, SAME),
    "decline": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "declined"),
    "absence": (SAME, SAME, SAME, SAME, SAME, SAME),
    "thanks": (SAME, SAME, SAME, SAME, SAME, SAME),
    "thanks waived": (SAME, SAME, SAME, SAME, SAME, SAME),
    "reflection": (SAME, SAME, SAME, SAME, SAME, SAME),
    "follow-up": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "pause": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "resumption": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "snooze": (REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, SAME),
    "details": (SAME, SAME, SAME, SAME, SAME, SAME),
    "bounce": (SAME, SAME, SAME, SAME, SAME, SAME),
    "letter": (SAME, SAME, SAME, SAME, SAME, SAME),
}
CELLS = [(end, word, row[n]) for word, row in TABLE.items() for n, end in enumerate(OUTCOMES)] + [
    ("accepted", "offer withdrawn", "rejected")
]
cells = pytest.mark.parametrize(("end", "word", "effect"), CELLS, ids=[f"{end}: {word}" for end, word, _ in CELLS])


def closed(end: str) -> Application:
    return after_talk(*ENDS[end])


def late(word: str, **fields: Any) -> Fact:
    kind, more = WORDS[word]
    return said(kind, LATE, **more, **fields)


def expected(end: str, effect: str) -> str | None:
    return None if effect == OPEN else end if effect in (SAME, REFUSED) else effect


class TestEveryCellOfTheTable:
    @pytest.mark.parametrize("end", OUTCOMES)
    def test_each_outcome_is_reached_and_closes(self, end: str) -> None:
        assert (outcome(closed(end)), stage(closed(end))) == (end, "closed")

    @cells
    def test_the_platforms_late_word_is_taken_or_refused_as_the_table_says(self, end: str, word: str, effect: str) -> None:
        slug = objection_slug(closed(end), late(word))

        assert (slug is not None) == (effect == REFUSED), slug

    @cells
    def test_the_platforms_late_word_reopens_or_changes_as_the_table_says(self, end: str, word: str, effect: str) -> None:
        """What would be refused and is said anyway is kept and changes nothing either."""
        app = closed(end).apply(late(word, anyway=effect == REFUSED))

        assert outcome(app) == expected(end, effect)
        assert (stage(app) == "closed") == (effect != OPEN)

    @cells
    def test_the_candidates_word_counts_as_the_platforms(self, end: str, word: str, effect: str) -> None:
        fact = late(word, by="candidate", anyway=effect == REFUSED)

        assert outcome(closed(end).apply(fact)) == expected(end, effect)
        assert (objection_slug(closed(end), late(word, by="candidate")) is not None) == (effect == REFUSED)

    @cells
    def test_a_boards_word_is_never_refused_and_reopens_only_what_the_employer_may(self, end: str, word: str, effect: str) -> None:
        fact = late(word, by="board:acme")
        only_the_candidate_decides = end in ("withdrawn", "declined") or (end == "accepted" and word in ("decline", "withdrawal"))

        assert objection_slug(closed(end), fact) is None
        assert outcome(closed(end).apply(fact)) == (end if only_the_candidate_decides else expected(end, effect))

    @cells
    def test_what_changes_nothing_leaves_the_steps_of_the_outcome_alone(self, end: str, word: str, effect: str) -> None:
        if effect not in (SAME, REFUSED) or word in ("details", "bounce", "letter", "snooze", "absence", "pause"):
            return
        assert dues(closed(end).apply(late(word, anyway=True))) == dues(closed(end))

    @pytest.mark.parametrize("end", OUTCOMES)
    def test_retractions_and_confirmations_are_always_taken(self, end: str) -> None:
        maybe = said("thank_you_sent", "2026-03-03T12:00Z", interview="i1", tentative=True)
        app = closed(end).apply(maybe)

        assert objection_slug(app, confirmed(maybe, LATE)) is None
        assert objection_slug(app, retracted(maybe, LATE)) is None

    @pytest.mark.parametrize("end", OUTCOMES)
    def test_a_fact_from_before_the_end_is_judged_at_its_own_time(self, end: str) -> None:
        assert objection_slug(closed(end), said("timeline_stated", "2026-03-03T12:00Z", respond_by="2026-03-04")) is None


class TestReopened:
    def test_what_was_said_about_absences_while_closed_counts_once_it_is_open_again(self) -> None:
        app = thanked(
            said("rejected", "2026-03-10T12:00Z"),
            said("employer_away", "2026-03-11T12:00Z", until="2026-03-20", **{"from": "2026-03-16"}),
            said("next_round_invited", "2026-03-12T12:00Z"),
        )

        assert outcome(app) is None
        assert due(app, "follow-up") == london("2026-03-31 08:00")

    def test_what_was_said_about_interviews_while_closed_counts_once_it_is_open_again(self) -> None:
        second = held("i2", "2026-03-11T15:00Z", HEDY)
        app = after_talk(said("rejected", "2026-03-10T12:00Z"), second)

        assert outcome(app) == "rejected"
        assert current_round(app.apply(said("next_round_invited", "2026-03-12T12:00Z"))) == 3

    def test_a_reply_after_ghosting_restarts_the_wait(self) -> None:
        app = closed("ghosted").apply(said("employer_replied", LATE))

        assert silence_start(app) == at(LATE)
        assert dues(app, "follow-up", "follow-up-last-call", "ghosted") == [
            ("follow-up", london("2026-04-11 08:00")),
            ("follow-up-last-call", london("2026-04-16 08:00")),
            ("ghosted", london("2026-04-23 08:00")),
        ]

    def test_a_reopened_application_can_end_again(self) -> None:
        app = closed("ghosted").apply(said("employer_replied", LATE), said("rejected", "2026-04-02T12:00Z"))

        assert outcome(app) == "rejected"
        assert due(app, "rejection-reply") == london("2026-04-03 13:00")

    def test_the_first_outcome_stands_until_it_is_reopened(self) -> None:
        assert outcome(after_talk(said("rejected", "2026-03-09T12:00Z"), said("withdrawn", "2026-03-10T12:00Z", anyway=True))) == "rejected"
        assert outcome(after_talk(said("withdrawn", "2026-03-09T12:00Z"), by_board("rejected", "2026-03-10T12:00Z"))) == "withdrawn"

    def test_an_interview_after_a_rejection_makes_the_application_go_on(self) -> None:
        app = thanked(*ENDS["rejected"], late("interview scheduled"))

        assert (outcome(app), stage(app)) == (None, "interviewing")
        assert "rejection-reply" not in kinds(app)

    def test_an_offer_after_a_decline_is_a_new_one(self) -> None:
        app = closed("declined").apply(late("offer"))

        assert [s.intent for s in steps(app, "offer-thanks")] == ["offer-thanks/2"]

    def test_an_accepted_offer_withdrawn_reads_as_a_rejection(self) -> None:
        app = closed("accepted").apply(late("offer withdrawn"))

        assert outcome(app) == "rejected"
        assert due(app, "rejection-reply") == london("2026-04-02 13:00")

    def test_a_board_may_withdraw_an_accepted_offer(self) -> None:
        assert outcome(closed("accepted").apply(late("offer withdrawn", by="board:acme"))) == "rejected"


class TestGhostingTakenBack:
    def test_a_reply_that_turns_out_earlier_takes_it_back(self) -> None:
        assert outcome(closed("ghosted").apply(said("employer_replied", "2026-03-19T12:00Z"))) is None

    def test_an_absence_that_turns_out_earlier_takes_it_back(self) -> None:
        app = closed("ghosted").apply(said("employer_away", "2026-03-13T12:00Z", until="2026-03-17"))

        assert outcome(app) is None
        assert due(app, "ghosted") == london("2026-03-25 08:00")

    def test_a_follow_up_that_turns_out_earlier_takes_it_back(self) -> None:
        never_sent = after_talk(
            prompted("follow-up/1", "2026-03-12T08:00Z"),
            prompted("follow-up-last-call/1", "2026-03-17T08:00Z"),
            ghosted("2026-03-24T08:00Z"),
        )
        assert outcome(never_sent) == "ghosted"

        app = never_sent.apply(said("follow_up_sent", "2026-03-20T12:00Z"))

        assert outcome(app) is None
        assert due(app, "ghosted") == london("2026-03-28 08:00")

    def test_a_later_absence_or_follow_up_changes_nothing(self) -> None:
        app = closed("ghosted").apply(
            said("employer_away", "2026-03-23T12:00Z", until="2026-03-27", **{"from": "2026-03-13"}),
            said("follow_up_sent", "2026-03-23T12:00Z", anyway=True),
        )

        assert outcome(app) == "ghosted"

    def test_a_note_before_its_own_moment_does_not_count(self) -> None:
        """Five business days after the follow-up have passed on the 19th at 17:00 in New York, 21:00 UTC."""
        assert outcome(after_talk(SENT, ghosted("2026-03-19T20:59Z"))) is None
        assert outcome(after_talk(SENT, ghosted("2026-03-19T21:00Z"))) == "ghosted"


class TestMarked:
    """What changes nothing says so, with the reason, wherever the application is shown."""

    def marked(self, app: Application) -> str | None:
        return view(app)["facts"][-1].get("no_effect")

    @pytest.mark.parametrize(
        ("end", "word"),
        [
            ("withdrawn", "reply"),
            ("withdrawn", "invitation"),
            ("withdrawn", "interview scheduled"),
            ("declined", "offer"),
            ("declined", "rejection"),
            ("rejected", "reply"),
            ("rejected", "timeline"),
            ("accepted", "rejection"),
            ("accepted", "withdrawal"),
            ("ghosted", "debrief"),
        ],
    )
    def test_a_boards_word_that_changes_nothing_is_kept_and_marked(self, end: str, word: str) -> None:
        app = closed(end).apply(late(word, by="board:acme"))

        assert app.facts[-1].type == WORDS[word][0]
        assert self.marked(app)

    @pytest.mark.parametrize(("end", "word"), [("ghosted", "reply"), ("rejected", "invitation"), ("accepted", "offer withdrawn")])
    def test_a_boards_word_that_counts_is_not(self, end: str, word: str) -> None:
        assert self.marked(closed(end).apply(late(word, by="board:acme"))) is None

    def test_a_board_may_speak_of_what_nobody_knows(self) -> None:
        app = after_talk(by_board("interview_cancelled", LATE, interview="i9"))

        assert (outcome(app), self.marked(app) is not None) == (None, True)

    def test_an_ordinary_word_is_not(self) -> None:
        assert self.marked(after_talk(by_board("employer_replied", LATE))) is None


class TestStatementsWhileClosed:
    def test_a_cancellation_while_closed_is_kept(self) -> None:
        app = after_talk(
            scheduled("i2", "2026-04-07T14:00Z", "2026-04-07T15:00Z", "2026-03-04T12:00Z"), said("rejected", "2026-03-10T12:00Z")
        )
        off = said("interview_cancelled", "2026-03-11T12:00Z", interview="i2")

        assert objection_slug(app, off) is None
        assert outcome(app.apply(off)) == "rejected"
        assert stage(app.apply(off, said("next_round_invited", "2026-03-12T12:00Z"))) != "interviewing"

    def test_thanks_while_closed_count_once_it_is_open_again(self) -> None:
        app = after_talk(
            said("rejected", "2026-03-02T16:00Z"),
            said("thank_you_sent", "2026-03-02T17:00Z", interview="i1"),
            said("next_round_invited", "2026-03-02T18:00Z"),
        )

        assert (outcome(app), stage(app)) == (None, "waiting")
