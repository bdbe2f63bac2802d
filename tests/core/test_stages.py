"""The stages, the first that holds; and the applications that nobody speaks of any more."""

from __future__ import annotations

from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    Application,
    after_talk,
    assumed,
    at,
    calendar,
    dues,
    held,
    history,
    kinds,
    noted,
    offer,
    opened,
    outcome,
    prompted,
    rescheduled,
    said,
    scheduled,
    stage,
    thanked,
)
from workflows.facts import Fact
from workflows.rehearsal import rehearse

LATE = "2026-04-01T12:00Z"
SENT = said("follow_up_sent", "2026-03-12T09:00Z")
SPOKEN = offer("2026-03-05T12:00Z", in_writing=False)


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

    def test_following_up_too_once_only_the_last_call_was_prompted(self) -> None:
        """As after a pause or a late import, when the follow-up itself is superseded."""
        superseded = noted("skipped", "2026-03-17T08:00Z", intent="follow-up/1", reason="superseded")
        called = prompted("follow-up-last-call/1", "2026-03-17T08:00Z")

        assert stage(thanked(superseded)) == "waiting"
        assert stage(thanked(superseded, called)) == "following_up"

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


def ends(*facts: Fact, as_of: str, opening: bool = True) -> tuple[str, object]:
    """How a rehearsal ends when nobody says another word: the last thing that the process notes, and when."""
    around = (opened(), calendar()) if opening else ()
    last = rehearse((*around, *facts), as_of=at(as_of)).ended.facts[-1]
    return last.type, last.at


class TestLeftAlone:
    def test_a_closed_application_listens_for_90_days_from_its_outcome(self) -> None:
        assert ends(held("i1", TALK, GRACE), as_of=TALK) == ("closed", at("2026-06-22T08:00Z"))

    def test_or_from_the_last_fact_from_outside(self) -> None:
        rejected = (held("i1", TALK, GRACE), said("rejected", "2026-03-10T12:00Z"), said("employer_replied", "2026-03-12T12:00Z"))

        assert ends(*rejected, as_of=TALK) == ("closed", at("2026-06-10T12:00Z"))

    def test_open_with_nothing_ahead_it_expires_180_days_after_the_last_word(self) -> None:
        assert ends(offer("2026-03-02T16:00Z"), as_of="2026-03-02T16:00Z") == ("expired", at("2026-08-29T16:00Z"))

    def test_unclaimed_it_expires_after_30_days(self) -> None:
        assert ends(held("i1", TALK, GRACE), as_of=TALK, opening=False) == ("expired", at("2026-04-01T15:00Z"))

    def test_half_an_hour_after_its_end_a_scheduled_interview_is_assumed_held(self) -> None:
        plan = scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE)
        facts = (opened(), calendar(), plan)
        before, after = (
            rehearse(facts, as_of=at("2026-02-20T12:00Z"), until=at(t)).ended for t in ("2026-03-02T15:29Z", "2026-03-02T15:30Z")
        )

        assert [getattr(f, "assumed", None) for f in before.facts if f.type == "interview_held"] == []
        assert [(getattr(f, "assumed", None), getattr(f, "ended_at", None)) for f in after.facts if f.type == "interview_held"] == [
            (True, at(TALK))
        ]

    def test_a_moved_one_is_not(self) -> None:
        plan = scheduled("i1", "2026-03-02T14:00Z", TALK, "2026-02-20T12:00Z", GRACE)
        moved = rescheduled("i1", "2026-03-09T14:00Z", "2026-03-09T15:00Z", "2026-03-02T15:10Z")
        app = rehearse((opened(), calendar(), plan, moved), as_of=at("2026-02-20T12:00Z"), until=at("2026-03-09T15:00Z")).ended

        assert [f for f in app.facts if f.type == "interview_held"] == []
        assert "prompted" not in [f.type for f in app.facts]


class TestExpired:
    def test_an_expired_application_is_reopened_by_any_fact(self) -> None:
        waiting = offer("2026-03-02T16:00Z")
        done = [prompted(f"{kind}/1", "2026-03-03T20:00Z") for kind in ("offer-thanks", "offer-review", "offer-decide")]
        app = history(waiting, *done, noted("expired", "2026-09-01T08:00Z"))

        assert outcome(app) is None
        assert dues(app.apply(said("offer_accepted", "2026-09-02T12:00Z")))[0][0] == "close-others"
