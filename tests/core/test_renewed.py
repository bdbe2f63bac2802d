"""A message that waited for the morning is looked at again: in today's words, or not at all."""

from __future__ import annotations

import pytest

from tests.core.histories import Application, at, ghosted, london, prompted, retracted, said, skipped, thanked, the
from workflows.facts import Fact
from workflows.names import Notice
from workflows.notice import notice, renewed


def handed_over(kind: str, *told: Fact) -> tuple[Notice, tuple[Fact, ...]]:
    """The message as its application hands it over, and what is told then: that it was."""
    app = thanked(*told)
    step = the(app, kind)
    return notice(app, step), (*told, *(prompted(intent, step.due.isoformat()) for intent in step.intents))


def again(message: Notice, app: Application, moment: str) -> Notice | None:
    return renewed(app, message, at(moment))


CAN_WAIT = (
    pytest.param("waiting", (skipped("thank-you/i1", "2026-03-02T17:00Z"),), "2026-03-03T08:02Z", id="waiting"),
    pytest.param("follow-up", (), "2026-03-12T08:02Z", id="follow-up"),
    pytest.param("follow-up-last-call", (prompted("follow-up/1", "2026-03-12T08:00Z"),), "2026-03-17T08:02Z", id="last call"),
    pytest.param("ghosted", (said("follow_up_sent", "2026-03-12T09:00Z"), ghosted("2026-03-20T08:00Z")), "2026-03-20T08:02Z", id="ghosted"),
    pytest.param("rejection-reply", (said("rejected", "2026-03-10T12:00Z"),), "2026-03-12T08:02Z", id="rejection-reply"),
)


@pytest.mark.parametrize(("kind", "told", "moment"), CAN_WAIT)
def test_what_still_holds_is_said_as_it_was(kind: str, told: tuple[Fact, ...], moment: str) -> None:
    message, then = handed_over(kind, *told)
    found = again(message, thanked(*then), moment)

    assert found is not None
    assert (found.intents, found.due, found.why, found.key) == (message.intents, message.due, message.why, message.key)


@pytest.mark.parametrize(("kind", "told", "moment"), CAN_WAIT)
@pytest.mark.parametrize("word", ["offer_received", "next_round_invited"])
def test_what_the_employers_word_made_moot_is_left_out(kind: str, told: tuple[Fact, ...], moment: str, word: str) -> None:
    message, then = handed_over(kind, *told)
    minute = at(moment).replace(minute=1).isoformat()
    heard = said(word, minute, **({"in_writing": True} if word == "offer_received" else {}))

    assert again(message, thanked(*then, heard), moment) is None


@pytest.mark.parametrize(
    "word", [said("follow_up_sent", "2026-03-12T08:01Z"), said("letter_sent", "2026-03-12T08:01Z", letter="follow-up/1")]
)
def test_a_question_that_was_asked_meanwhile_is_left_out(word: Fact) -> None:
    message, then = handed_over("follow-up")

    assert again(message, thanked(*then, word), "2026-03-12T08:02Z") is None


def test_one_that_helps_nobody_any_more_is_left_out() -> None:
    """The answer to a rejection of 10 March helps until the 17th, 17:00 in New York."""
    message, then = handed_over("rejection-reply", said("rejected", "2026-03-10T12:00Z"))

    assert again(message, thanked(*then), "2026-03-17T20:59Z") is not None
    assert again(message, thanked(*then), "2026-03-17T21:00Z") is None


def test_what_was_taken_back_is_left_out() -> None:
    rejected = said("rejected", "2026-03-10T12:00Z")
    message, then = handed_over("rejection-reply", rejected)

    assert again(message, thanked(*then, retracted(rejected, "2026-03-12T08:01Z")), "2026-03-12T08:02Z") is None


def test_what_changed_is_said_in_its_new_words() -> None:
    message, then = handed_over("follow-up")
    found = again(message, thanked(*then, said("details_changed", "2026-03-12T08:01Z", position="Principal Engineer")), "2026-03-12T08:02Z")

    assert message.position == "Staff Engineer"
    assert found is not None
    assert (found.position, found.due) == ("Principal Engineer", london("2026-03-12T08:00"))
