"""Which drafts are waiting: what was prompted and would be prompted again, each letter once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from client.letters import letters, resembled
from client.opening import opened
from tests.running import opening
from workflows.application import Application
from workflows.facts import (
    Fact,
    FollowUpSent,
    LetterApproved,
    LetterDelivered,
    LetterSent,
    LetterUndeliverable,
    OfferDeclined,
    OfferReceived,
    Prompted,
    Rejected,
    ThankYouSent,
)
from workflows.ledger import fresh

ENDED = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}, {"id": "k", "name": "Katherine Johnson"}]


def held(interview: str, ended: datetime = ENDED, people: list[dict[str, Any]] = PEOPLE) -> dict[str, Any]:
    return {"type": "interview_held", "interview": interview, "ended_at": ended.isoformat(), "interviewers": people}


def told(*facts: Fact, said: list[dict[str, Any]] | None = None) -> Application:
    """The application once these facts are told, each at its own time."""
    start = Application(id="app-1")
    word = opened(opening("app-1", facts=said or [held("i1")]), ENDED)
    numbered = (fact.model_copy(update={"id": fact.id or f"f{n}", "by": fact.by or "candidate"}) for n, fact in enumerate(facts))
    return start.apply(*fresh(start, word, ENDED), *numbered)


def after(*facts: Fact, said: list[dict[str, Any]] | None = None) -> list[str]:
    """The ids of the letters that are then listed."""
    return [letter["id"] for letter in letters(told(*facts, said=said))]


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


def test_a_letter_that_was_sent_waits_no_more_and_the_others_of_its_step_do() -> None:
    offer = OfferReceived(in_writing=True, at=ENDED + timedelta(days=2), offer="o1")
    thanked = LetterSent(letter="offer-thanks/1", at=ENDED + timedelta(days=2, hours=1))
    asked = LetterSent(letter="offer-decide/1/ask-for-time", at=ENDED + timedelta(days=3, hours=1))
    prompts = (prompted("offer-thanks/1", days=2), prompted("offer-decide/1", days=3))
    assert after(offer, *prompts, thanked, asked) == ["offer-decide/1/accept", "offer-decide/1/decline"]


APPROVED = LetterApproved(letter="thank-you/i1/g", subject="Thanks", body="Dear Grace,\n\nthanks.", id="a1", at=ENDED + timedelta(hours=3))
PROMPT = prompted("thank-you/i1", hours=2)


def of_grace(*facts: Fact) -> dict[str, Any]:
    """The letter to Grace, which is listed once."""
    (found,) = [letter for letter in letters(told(PROMPT, *facts)) if letter["id"] == "thank-you/i1/g"]
    return found


def test_an_approved_letter_is_listed_with_its_own_words_and_when_it_leaves() -> None:
    """Ada approved at 18:00 in London, which is 13:00 in New York: it leaves then."""
    approved = of_grace(APPROVED)
    assert of_grace()["status"] == "draft"
    assert (approved["status"], approved["subject"], approved["body"]) == ("approved", "Thanks", APPROVED.body)
    assert (approved["interview"], approved["interviewer"], approved["to"]["email"]) == ("i1", "g", "grace@example.com")
    assert (approved["best_sent_at"], approved["sent_at"]) == ("2026-03-02T18:00:00Z", None)


def test_a_letter_that_left_says_so_and_one_that_may_have_left_says_that() -> None:
    left = ENDED + timedelta(hours=4)
    done = LetterDelivered(letter="thank-you/i1/g", approval="a1", by="process", at=left)
    assert (of_grace(APPROVED, done)["status"], of_grace(APPROVED, done)["sent_at"]) == ("delivered", left.isoformat())
    assert of_grace(APPROVED, done.model_copy(update={"uncertain": True}))["status"] == "uncertain"


def test_a_letter_that_did_not_leave_keeps_its_words_and_says_why() -> None:
    failed = LetterUndeliverable(letter="thank-you/i1/g", approval="a1", by="process", at=ENDED + timedelta(hours=4), reason="bad address")
    found = of_grace(APPROVED, failed)
    assert (found["status"], found["reason"], found["body"]) == ("undeliverable", "bad address", APPROVED.body)


def test_an_edited_letter_that_says_what_a_colleagues_says_is_found() -> None:
    """Compared with every other thank-you, whatever names are in it; not with itself."""
    app = told(PROMPT)
    grace, katherine = letters(app)
    assert resembled(app, grace["id"], grace["body"]) is None
    assert resembled(app, grace["id"], katherine["body"].replace("Katherine Johnson", "Grace Hopper")) == katherine["id"]
    assert resembled(app, "follow-up/1", katherine["body"]) is None
