"""Offers, the table of outcomes, what reopens and what is refused, and the stages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    after_talk,
    assumed,
    at,
    by_board,
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
    objection_slug,
    open_offers,
    outcome,
    prompted,
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


def offer(moment: str, **fields: Any) -> Fact:
    return said("offer_received", moment, **{"in_writing": True, **fields})


SPOKEN = offer("2026-03-05T12:00Z", in_writing=False)


class TestOffers:
    def test_an_offer_while_one_is_open_updates_it(self) -> None:
        app = after_talk(SPOKEN, offer("2026-03-06T12:00Z", decide_by="2026-03-20"))

        assert open_offers(app) == 1
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/1"]

    def test_it_becomes_written_and_stays_so(self) -> None:
        app = after_talk(SPOKEN, offer("2026-03-06T12:00Z"), offer("2026-03-06T13:00Z", in_writing=False, decide_by="2026-03-20"))

        assert silence_start(app) is None
        assert due(app, "offer-review") == at("2026-03-06T12:00Z")
        assert due(app, "offer-decide") == london("2026-03-19 20:00")

    def test_a_new_deadline_is_an_extension(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", decide_by="2026-03-11"), offer("2026-03-10T12:00Z", decide_by="2026-03-18"))

        assert open_offers(app) == 1
        assert due(app, "offer-decide") == london("2026-03-17 20:00")

    def test_after_one_was_withdrawn_a_new_one_begins(self) -> None:
        app = after_talk(SPOKEN, said("offer_withdrawn", "2026-03-06T12:00Z"), offer("2026-03-09T12:00Z"))

        assert outcome(app) is None
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/2"]

    def test_after_one_was_declined_a_new_one_begins(self) -> None:
        app = after_talk(SPOKEN, said("offer_declined", "2026-03-06T12:00Z"), offer("2026-03-09T12:00Z"))

        assert outcome(app) is None
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/2"]

    def test_offers_with_ids_stand_side_by_side(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"))

        assert open_offers(app) == 2
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/1", "offer-decide/2"]

    def test_offers_are_numbered_in_the_order_of_their_own_times(self) -> None:
        late, early = (
            offer("2026-03-06T12:00Z", offer="a", decide_by="2026-03-20"),
            offer("2026-03-05T12:00Z", offer="b", decide_by="2026-03-27"),
        )
        app = after_talk(late, early)

        assert [(s.intent, s.due) for s in steps(app, "offer-decide")] == [
            ("offer-decide/2", london("2026-03-19 20:00")),
            ("offer-decide/1", london("2026-03-26 20:00")),
        ]

    def test_declining_one_of_two_leaves_the_application_open(self) -> None:
        both = (offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"))
        one = after_talk(*both, said("offer_declined", "2026-03-07T12:00Z", offer="a"))
        none = after_talk(
            *both, said("offer_declined", "2026-03-07T12:00Z", offer="a"), said("offer_declined", "2026-03-08T12:00Z", offer="b")
        )

        assert (outcome(one), stage(one), open_offers(one)) == (None, "deciding", 1)
        assert (outcome(none), stage(none), open_offers(none)) == ("declined", "closed", 0)

    @pytest.mark.parametrize("end", ["rejected", "withdrawn"])
    def test_a_rejection_and_a_withdrawal_end_every_open_offer(self, end: str) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"), said(end, "2026-03-07T12:00Z"))

        assert (outcome(app), open_offers(app)) == (end, 0)

    def test_an_acceptance_with_no_offer_before_implies_one(self) -> None:
        app = after_talk(said("offer_accepted", "2026-03-05T12:00Z"))

        assert (outcome(app), stage(app)) == ("accepted", "closed")
        assert [s.intent for s in steps(app)] == ["close-others/1"]

    def test_a_withdrawn_offer_that_leaves_none_open_ends_as_rejected(self) -> None:
        app = after_talk(SPOKEN, said("offer_withdrawn", "2026-03-06T12:00Z"))

        assert (outcome(app), stage(app)) == ("rejected", "closed")
        assert due(app, "rejection-reply") == london("2026-03-07 12:00")

    def test_a_lapsed_offer_leaves_the_other_open(self) -> None:
        app = after_talk(
            offer("2026-03-05T12:00Z", offer="a", decide_by="2026-03-10"),
            offer("2026-03-06T12:00Z", offer="b"),
            noted("offer_lapsed", "2026-03-18T08:00Z", number=1),
        )

        assert (outcome(app), stage(app), open_offers(app)) == (None, "deciding", 1)

    def test_the_only_offer_lapsed_closes_the_application(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", decide_by="2026-03-10"), noted("offer_lapsed", "2026-03-18T08:00Z", number=1))

        assert (outcome(app), stage(app)) == ("lapsed", "closed")

    def test_a_lapse_noted_before_its_own_moment_does_not_count(self) -> None:
        """Five business days after 10 March have passed on the 17th at 17:00 in New York, 21:00 UTC."""
        first = offer("2026-03-05T12:00Z", decide_by="2026-03-10")
        extended = offer("2026-03-09T12:00Z", decide_by="2026-03-20")

        assert outcome(after_talk(first, noted("offer_lapsed", "2026-03-17T20:59Z", number=1))) is None
        assert outcome(after_talk(first, extended, noted("offer_lapsed", "2026-03-18T08:00Z", number=1))) is None
        assert outcome(after_talk(first, noted("offer_lapsed", "2026-03-17T21:00Z", number=1))) == "lapsed"


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


class TestStages:
    def test_an_application_nobody_opened_is_unclaimed(self) -> None:
        assert stage(Application(id="acme.1").apply(held("i1", TALK))) == "unclaimed"
        assert kinds(Application(id="acme.1").apply(held("i1", TALK))) == []

    def test_interviewing_until_one_was_held_or_a_word_came(self) -> None:
        assert stage(history()) == "interviewing"
        assert stage(history(said("employer_replied", "2026-03-05T12:00Z"))) == "waiting"

    def test_interviewing_while_one_is_ahead(self) -> None:
        ahead = scheduled("i2", "2026-03-30T14:00Z", "2026-03-30T15:00Z", "2026-03-04T12:00Z")

        assert stage(thanked(ahead)) == "interviewing"

    def test_thanking_comes_before_interviewing(self) -> None:
        ahead = scheduled("i2", "2026-03-30T14:00Z", "2026-03-30T15:00Z", "2026-03-02T16:00Z")

        assert stage(after_talk(ahead)) == "thanking"

    def test_thanking_while_anybody_is_unthanked(self) -> None:
        talk = held("i1", TALK, GRACE, HEDY)
        one = said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="g")
        other = said("thank_you_waived", "2026-03-02T18:00Z", interview="i1", interviewer="h")

        assert stage(history(talk)) == stage(history(talk, one)) == "thanking"
        assert stage(history(talk, one, other)) == "waiting"

    def test_thanking_ends_when_it_lapses(self) -> None:
        assert stage(after_talk(noted("thank_you_lapsed", "2026-03-04T15:00Z", interview="i1", interviewers=["g"]))) == "waiting"

    def test_following_up_once_prompted(self) -> None:
        assert stage(thanked(prompted("follow-up/1", "2026-03-12T08:00Z"))) == "following_up"

    def test_a_newly_promised_date_makes_it_waiting_again(self) -> None:
        by_27 = said("timeline_stated", "2026-03-13T12:00Z", respond_by="2026-03-27")

        assert stage(thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), by_27)) == "waiting"

    def test_awaiting_a_reply_once_the_follow_up_was_sent_in_this_silence(self) -> None:
        reply = said("employer_replied", "2026-03-13T12:00Z")

        assert stage(thanked(SENT)) == "awaiting_reply"
        assert stage(thanked(SENT, reply)) == "waiting"

    def test_deciding_while_any_offer_is_open(self) -> None:
        assert stage(after_talk(SPOKEN)) == stage(after_talk(offer("2026-03-05T12:00Z"))) == "deciding"

    def test_closed_comes_first(self) -> None:
        assert stage(after_talk(said("withdrawn", "2026-03-02T16:00Z"))) == "closed"

    def test_an_interview_that_the_process_noted_is_thanked_for(self) -> None:
        plan = scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE)

        assert stage(history(plan, assumed("i1", TALK))) == "thanking"


class TestExpired:
    def test_an_expired_application_is_reopened_by_any_fact(self) -> None:
        waiting = offer("2026-03-02T16:00Z")
        done = [prompted(f"{kind}/1", "2026-03-03T20:00Z") for kind in ("offer-thanks", "offer-review", "offer-decide")]
        app = history(waiting, *done, noted("expired", "2026-09-01T08:00Z"))

        assert outcome(app) is None
        assert dues(app.apply(said("offer_accepted", "2026-09-02T12:00Z")))[0][0] == "close-others"


class TestRefusals:
    @pytest.mark.parametrize(
        ("fact", "slug"),
        [
            (said("interview_cancelled", LATE, interview="i9"), "no-such-interview"),
            (said("thank_you_sent", LATE, interview="i9"), "no-such-interview"),
            (said("thank_you_waived", LATE, interview="i9"), "no-such-interview"),
            (said("reflection_noted", LATE, interview="i9"), "no-such-interview"),
            (said("letter_sent", LATE, letter="thank-you/i9"), "no-such-interview"),
            (said("thank_you_sent", LATE, interview="i1", interviewer="z"), "no-such-interviewer"),
            (said("thank_you_waived", LATE, interview="i1", interviewer="z"), "no-such-interviewer"),
            (said("letter_sent", LATE, letter="thank-you/i1/z"), "no-such-interviewer"),
            (said("offer_declined", LATE), "no-offer"),
            (said("offer_withdrawn", LATE), "no-offer"),
            (said("offer_declined", LATE, offer="x"), "no-offer"),
            (said("retracted", LATE, fact="x"), "no-such-fact"),
            (said("confirmed", LATE, fact="x"), "no-such-fact"),
        ],
        ids=str,
    )
    def test_what_speaks_of_something_unknown_is_refused_with_its_reason(self, fact: Fact, slug: str) -> None:
        app = after_talk()

        assert objection_slug(app, fact) == slug
        assert objection_slug(app, fact.model_copy(update={"anyway": True})) is None
        assert objection_slug(app, fact.model_copy(update={"by": "board:acme"})) is None
        assert outcome(app.apply(fact)) is None

    def test_another_offer_than_the_one_that_was_made_cannot_be_answered(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", offer="a"))

        assert objection_slug(app, said("offer_declined", LATE, offer="b")) == "no-offer"
        assert objection_slug(app, said("offer_withdrawn", LATE, offer="b")) == "no-offer"
        assert objection_slug(app, said("offer_declined", LATE, offer="a")) is None

    def test_a_second_follow_up_in_a_silence_is_refused(self) -> None:
        again, letter = said("follow_up_sent", LATE), said("letter_sent", LATE, letter="follow-up/1")

        assert objection_slug(after_talk(SENT), again) == "follow-up-already-sent"
        assert objection_slug(after_talk(SENT), letter) == "follow-up-already-sent"
        assert objection_slug(after_talk(said("letter_sent", "2026-03-12T09:00Z", letter="follow-up/1")), again) == "follow-up-already-sent"

    def test_said_anyway_it_is_kept_and_the_first_still_counts(self) -> None:
        again = said("follow_up_sent", "2026-03-18T09:00Z", anyway=True)

        assert objection_slug(after_talk(SENT), again) is None
        assert due(after_talk(SENT, again), "ghosted") == london("2026-03-20 08:00")

    def test_a_follow_up_in_another_silence_is_taken(self) -> None:
        reply = said("employer_replied", "2026-03-14T12:00Z")
        app = after_talk(SENT, reply)

        assert objection_slug(app, said("follow_up_sent", "2026-03-25T09:00Z")) is None

    def test_it_is_judged_at_its_own_time(self) -> None:
        """Reported after the reply, but sent before it: that silence had its follow-up already."""
        app = after_talk(SENT, said("employer_replied", "2026-03-14T12:00Z"))

        assert objection_slug(app, said("follow_up_sent", "2026-03-13T09:00Z")) == "follow-up-already-sent"

    def test_a_follow_up_reported_late_from_before_the_ghosting_is_taken(self) -> None:
        never_sent = after_talk(prompted("follow-up-last-call/1", "2026-03-17T08:00Z"), ghosted("2026-03-24T08:00Z"))

        assert objection_slug(never_sent, said("follow_up_sent", "2026-03-20T09:00Z")) is None
        assert objection_slug(never_sent, said("follow_up_sent", "2026-03-25T09:00Z")) == "application-closed"

    def test_only_a_tentative_fact_can_be_confirmed(self) -> None:
        assert objection_slug(after_talk(SENT), confirmed(SENT, LATE)) == "no-such-fact"

    def test_the_opening_cannot_be_retracted(self) -> None:
        assert objection_slug(after_talk(), said("retracted", LATE, fact="opened")) == "no-such-fact"

    def test_a_retracted_follow_up_can_be_sent_after_all(self) -> None:
        assert objection_slug(after_talk(SENT, retracted(SENT, "2026-03-13T12:00Z")), said("follow_up_sent", "2026-03-16T12:00Z")) is None

    def test_facts_said_together_are_judged_together_each_at_its_own_time(self) -> None:
        talk = scheduled("i2", "2026-03-05T14:00Z", "2026-03-05T15:00Z", "2026-03-04T12:00Z", GRACE)
        thanks = said("thank_you_sent", "2026-03-05T18:00Z", interview="i2", interviewer="g")

        assert objection_slug(after_talk(), thanks, talk) is None
        assert objection_slug(after_talk(), thanks) == "no-such-interview"

    def test_one_refused_refuses_all(self) -> None:
        assert objection_slug(after_talk(), said("employer_replied", LATE), said("offer_declined", LATE)) == "no-offer"

    def test_an_interview_may_be_named_by_the_id_it_had_before(self) -> None:
        moved = rescheduled("i2", "2026-03-04T14:00Z", "2026-03-04T15:00Z", "2026-03-03T12:00Z", replaces="i1")

        assert objection_slug(after_talk(moved), said("thank_you_sent", "2026-03-04T18:00Z", interview="i1")) is None
