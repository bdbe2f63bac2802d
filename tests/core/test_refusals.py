"""What the door refuses with the guide's reason, judged at each fact's own time; what is said anyway and what a board says is kept."""

from __future__ import annotations

import pytest

from tests.core.histories import (
    GRACE,
    after_talk,
    confirmed,
    due,
    ghosted,
    london,
    objection_slug,
    offer,
    outcome,
    prompted,
    rescheduled,
    retracted,
    said,
    scheduled,
)
from workflows.facts import Fact

LATE = "2026-04-01T12:00Z"
SENT = said("follow_up_sent", "2026-03-12T09:00Z")
SPOKEN = offer("2026-03-05T12:00Z", in_writing=False)


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
