"""Which drafts are waiting: what was prompted and would be prompted again, each letter once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from client.letters import letters
from client.opening import opened
from tests.running import opening
from workflows.application import Application
from workflows.facts import Fact, FollowUpSent, OfferDeclined, OfferReceived, Prompted, Rejected, ThankYouSent
from workflows.ledger import fresh

ENDED = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}, {"id": "k", "name": "Katherine Johnson"}]


def held(interview: str, ended: datetime = ENDED, people: list[dict[str, Any]] = PEOPLE) -> dict[str, Any]:
    return {"type": "interview_held", "interview": interview, "ended_at": ended.isoformat(), "interviewers": people}


def after(*facts: Fact, said: list[dict[str, Any]] | None = None) -> list[str]:
    """The ids of the letters that are waiting once these facts are told, each at its own time."""
    start = Application(id="app-1")
    word = opened(opening("app-1", facts=said or [held("i1")]), ENDED)
    numbered = (fact.model_copy(update={"id": fact.id or f"f{n}", "by": fact.by or "candidate"}) for n, fact in enumerate(facts))
    return [letter["id"] for letter in letters(start.apply(*fresh(start, word, ENDED), *numbered))]


def prompted(intent: str, **later: float) -> Prompted:
    return Prompted(intent=intent, by="process", at=ENDED + timedelta(**later))


def test_nothing_waits_before_it_is_prompted() -> None:
    assert after() == []


def test_a_thank_you_waits_for_each_interviewer_who_is_not_thanked() -> None:
    prompt = prompted("thank-you/i1", hours=2)
    thanked = ThankYouSent(interview="i1", interviewer="g", at=ENDED + timedelta(hours=3))
    assert after(prompt) == ["thank-you/i1/g", "thank-you/i1/k"]
    assert after(prompt, thanked) == ["thank-you/i1/k"]
    assert after(prompt, ThankYouSent(interview="i1", at=ENDED + timedelta(hours=3))) == []


def test_a_nudge_takes_the_place_of_its_prompt() -> None:
    assert after(prompted("thank-you/i1", hours=2), prompted("thank-you-nudge/i1", hours=18)) == [
        "thank-you-nudge/i1/g",
        "thank-you-nudge/i1/k",
    ]


def test_an_interview_that_was_added_after_the_prompt_waits_for_its_own() -> None:
    said = [held("i1"), held("i2", ENDED + timedelta(hours=4), [{"id": "a", "name": "Annie Easley"}])]
    assert after(prompted("thank-you/i1", hours=2), said=said) == ["thank-you/i1/g", "thank-you/i1/k"]


def test_a_follow_up_waits_until_it_is_sent() -> None:
    prompt = prompted("follow-up/1", days=10)
    assert after(prompt) == ["follow-up/1"]
    assert after(prompt, prompted("follow-up-last-call/1", days=15)) == ["follow-up-last-call/1"]
    assert after(prompt, FollowUpSent(at=ENDED + timedelta(days=11))) == []


def test_an_offers_letters_wait_until_it_is_decided() -> None:
    offer = OfferReceived(in_writing=True, at=ENDED + timedelta(days=2), offer="o1")
    prompts = (prompted("offer-thanks/1", days=2), prompted("offer-review/1", days=2))
    assert after(offer, *prompts) == ["offer-thanks/1"]
    assert after(offer, *prompts, OfferDeclined(at=ENDED + timedelta(days=3))) == []


def test_a_reply_to_a_rejection_waits() -> None:
    rejected = Rejected(at=ENDED + timedelta(days=3))
    assert after(rejected) == []
    assert after(rejected, prompted("rejection-reply/1", days=4)) == ["rejection-reply/1"]
