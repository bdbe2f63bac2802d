"""A letter leaves once ever, however its approval is said again, taken back or named; and nothing that was approved ends in silence."""

from __future__ import annotations

import pytest

from tests.core.histories import Application, after_talk, noted, objection_slug, offer, retracted, said, thanked
from workflows.facts import Fact, LetterUndeliverable
from workflows.guide import every_step
from workflows.guide.letters import Leaving

THANKS = "thank-you/i1/g"


def approved(letter: str, moment: str, name: str, **other: object) -> Fact:
    return said("letter_approved", moment, letter=letter, subject="Thanks", body="Dear Grace, thank you.", id=name, **other)


def left(approval: Fact, moment: str, **other: object) -> Fact:
    return noted("letter_delivered", moment, letter=getattr(approval, "letter", ""), approval=approval.id, **other)


def leaving(app: Application) -> list[str]:
    """The approvals whose letters leave sooner or later."""
    return [step.approval.fact.id or "" for step in every_step(app.story) if isinstance(step, Leaving) and step.message and step.approval]


def not_sent(app: Application) -> list[str]:
    """The approvals that are noted as not sent, as things stand."""
    facts = [fact for step in every_step(app.story) for fact in step.facts]
    return [fact.approval for fact in facts if isinstance(fact, LetterUndeliverable)]


FIRST = approved(THANKS, "2026-03-02T18:00Z", "a1")
LEFT = after_talk(FIRST, left(FIRST, "2026-03-02T18:00:05Z"))
MAYBE = after_talk(FIRST, left(FIRST, "2026-03-02T18:00:05Z", uncertain=True))


@pytest.mark.parametrize("app", [LEFT, MAYBE], ids=["sent", "maybe-sent"])
@pytest.mark.parametrize(
    "again",
    [
        approved(THANKS, "2026-03-02T19:00Z", "a2"),
        approved(THANKS, "2026-03-02T17:00Z", "a2"),
        approved("thank-you-nudge/i1/g", "2026-03-03T10:00Z", "a2"),
    ],
    ids=["later", "with-an-earlier-time", "as-a-nudge"],
)
def test_what_left_or_may_have_left_is_refused_and_does_not_leave_again_though_somebody_insists(app: Application, again: Fact) -> None:
    assert objection_slug(app, again) == "letter-already-sent"
    insisted = app.apply(again.model_copy(update={"anyway": True}))
    assert leaving(insisted) == []
    assert not_sent(insisted) == ["a2"]


@pytest.mark.parametrize("app", [LEFT, MAYBE], ids=["sent", "maybe-sent"])
def test_an_approval_whose_letter_left_cannot_be_taken_back(app: Application) -> None:
    """Also where it was taken back while the letter was on its way: it left, and counts."""
    back = retracted(FIRST, "2026-03-02T18:00:02Z")
    assert objection_slug(app, back) == "letter-already-sent"
    late = app.apply(back)
    assert late.story.interviews["i1"].thanked
    again = approved(THANKS, "2026-03-02T19:00Z", "a2")
    assert objection_slug(late, again) == "letter-already-sent"
    assert leaving(late.apply(again)) == []


def test_two_approvals_of_one_letter_never_are_on_their_way_together() -> None:
    """Taken back at the last moment and approved anew, the new one waits for the end of the old one: they are of one chain."""
    again = approved(THANKS, "2026-03-02T18:00:03Z", "a2")
    chains = [
        step.chain
        for app in (after_talk(FIRST), after_talk(FIRST, retracted(FIRST, "2026-03-02T18:00:02Z"), again))
        for step in every_step(app.story)
        if isinstance(step, Leaving)
    ]
    assert len(chains) == 2
    assert len(set(chains)) == 1


def test_a_follow_up_that_left_is_the_one_of_its_silence() -> None:
    """Not of the next one."""
    asked = approved("follow-up/1", "2026-03-12T12:00Z", "f1")
    app = thanked(asked, left(asked, "2026-03-12T14:00Z"))
    for moment in ("2026-03-12T11:30Z", "2026-03-12T13:00Z", "2026-03-16T12:00Z"):
        again = approved("follow-up-last-call/1", moment, "f2")
        assert objection_slug(app, again) in ("follow-up-already-sent", "letter-already-sent")
        assert leaving(app.apply(again)) == []
    anew = app.apply(said("employer_replied", "2026-03-13T12:00Z"))
    assert objection_slug(anew, approved("follow-up/2", "2026-03-30T12:00Z", "f2")) is None
    assert leaving(anew.apply(approved("follow-up/2", "2026-03-30T12:00Z", "f2"))) == ["f2"]


def test_an_offer_is_answered_once_by_whichever_prompt_and_time_may_be_asked_for_before() -> None:
    came = offer("2026-03-05T12:00Z", decide_by="2026-03-10")
    time = approved("offer-decide/1/ask-for-time", "2026-03-06T12:00Z", "x0")
    yes = approved("offer-decide/1/accept", "2026-03-06T15:00Z", "x1")
    asked = after_talk(came, time, left(time, "2026-03-06T14:00Z"))
    assert objection_slug(asked, yes) is None
    answered = asked.apply(yes, left(yes, "2026-03-06T15:01Z"))
    for other in ("offer-decide/1/decline", "offer-overdue/1/accept", "offer-overdue/1/decline"):
        assert objection_slug(answered, approved(other, "2026-03-09T12:00Z", "x2")) == "letter-already-sent"


@pytest.mark.parametrize(("end", "letter"), [("rejected", "rejection-reply/2"), ("withdrawn", "farewell/9"), ("rejected", THANKS)])
def test_a_letter_about_no_outcome_that_there_was_is_refused(end: str, letter: str) -> None:
    """Another number would be another name for the same letter; and there is nobody to thank after a rejection."""
    app = after_talk(said(end, "2026-03-02T17:00Z"))
    assert objection_slug(app, approved(letter, "2026-03-03T18:00Z", "r1")) in ("no-such-letter", "application-closed")


def test_an_approval_that_earlier_word_made_impossible_ends_in_a_note() -> None:
    """It was taken, and waits for the office; then a follow-up is reported that was sent before it."""
    asked = approved("follow-up/1", "2026-03-12T08:30Z", "f1")
    waits = thanked(asked)
    assert leaving(waits) == ["f1"]
    known = waits.apply(said("follow_up_sent", "2026-03-12T08:10Z"))
    assert (leaving(known), not_sent(known)) == ([], ["f1"])
    ended = known.apply(noted("letter_undeliverable", "2026-03-12T09:00Z", letter="follow-up/1", approval="f1", reason="no longer needed"))
    assert not_sent(ended) == []
    assert [(a.fate, a.reason) for a in ended.story.approvals] == [("undeliverable", "no longer needed")]
