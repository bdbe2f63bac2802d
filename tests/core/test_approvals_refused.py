"""Letters that are refused when they are approved: sent already, with blanks, too early, to nobody. None leaves twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.approving import QUESTION, THANKS, approved, leaves, left, lost, not_sent, on_its_way
from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    Application,
    after_talk,
    agenda,
    at,
    calendar,
    due,
    ghosted,
    held,
    history,
    kinds,
    london,
    objection_slug,
    opened,
    retracted,
    said,
    scheduled,
    thanked,
)
from workflows.application import objection
from workflows.facts import FACT, Fact, Word

EVENING = "2026-03-02T22:30Z"
"""Monday, 17:30 in New York: a thank-you approved now leaves on Tuesday at 14:00 UTC."""
FRIDAY = "2026-03-13T22:00Z"
"""18:00 in New York: a follow-up approved now leaves on Monday the 16th at 13:00 UTC."""
PENDING_THANKS = approved(THANKS, EVENING)
PENDING_QUESTION = approved(QUESTION, FRIDAY)


def detail(app: Application, fact: Fact) -> str:
    found = objection(app, Word(facts=(fact,)), fact.at or at(TALK))
    return found.detail if found else ""


class TestOnce:
    AGAIN = approved(THANKS, "2026-03-03T08:00Z", subject="Again")

    def test_on_its_way_already_it_is_refused(self) -> None:
        app = after_talk(PENDING_THANKS)

        assert objection_slug(app, self.AGAIN) is not None
        assert [when for _, when in on_its_way(app.apply(self.AGAIN))] == [at("2026-03-03T14:00Z")]

    def test_an_answer_that_is_approved_twice_leaves_once(self) -> None:
        """In other words the second time, and though somebody insists."""
        one = approved("rejection-reply/1", "2026-03-06T22:30Z")
        other = approved("rejection-reply/1", "2026-03-06T22:40Z", subject="Again", anyway=True)
        app = thanked(said("rejected", "2026-03-04T12:00Z"), one)

        assert objection_slug(app, other.model_copy(update={"anyway": False})) is not None
        assert [when for _, when in on_its_way(app.apply(other))] == [at("2026-03-09T13:00Z")]
        assert not_sent(app.apply(other), "2026-03-06T22:40Z") == ["rejection-reply/1"]

    @pytest.mark.parametrize("fate", [{}, {"uncertain": True}], ids=["left", "perhaps left"])
    def test_one_that_left_or_perhaps_left_is_never_sent_again(self, fate: dict[str, bool]) -> None:
        app = after_talk(PENDING_THANKS, left(PENDING_THANKS, "2026-03-03T00:00Z", **fate))

        assert objection_slug(app, self.AGAIN) == "letter-already-sent"
        assert on_its_way(app.apply(self.AGAIN)) == []
        assert on_its_way(app.apply(self.AGAIN.model_copy(update={"anyway": True}))) == []

    def test_nor_under_the_name_that_it_has_in_the_reminder(self) -> None:
        again = approved("thank-you-nudge/i1/g", "2026-03-03T10:00Z", anyway=True)

        assert on_its_way(after_talk(PENDING_THANKS, left(PENDING_THANKS, "2026-03-03T00:00Z"), again)) == []
        assert len(on_its_way(after_talk(PENDING_THANKS, again))) == 1

    def test_nor_the_follow_up_under_the_name_that_it_has_in_the_last_call(self) -> None:
        again = approved("follow-up-last-call/1", "2026-03-17T09:00Z", anyway=True)
        sent = left(PENDING_QUESTION, "2026-03-16T13:00Z")

        assert objection_slug(thanked(PENDING_QUESTION, sent), again.model_copy(update={"anyway": False})) is not None
        assert len(on_its_way(thanked(PENDING_QUESTION, again))) == 1

    def test_a_letter_that_was_sent_by_hand_is_not_sent_for_them(self) -> None:
        app = thanked(approved(THANKS, EVENING, anyway=True))

        assert on_its_way(app) == []
        assert objection_slug(thanked(), approved(THANKS, EVENING)) == "letter-already-sent"

    def test_one_that_did_not_leave_may_be_approved_again(self) -> None:
        app = after_talk(PENDING_THANKS, lost(PENDING_THANKS, "2026-03-03T00:00Z"))

        assert objection_slug(app, self.AGAIN) is None
        assert leaves(app.apply(self.AGAIN)) == at("2026-03-03T14:00Z")

    def test_one_that_was_taken_back_may_be_approved_again(self) -> None:
        app = after_talk(PENDING_THANKS, retracted(PENDING_THANKS, "2026-03-03T07:00Z"))

        assert objection_slug(app, self.AGAIN) is None
        assert len(on_its_way(app.apply(self.AGAIN))) == 1

    def test_taken_back_too_late_it_is_not_forgotten_that_it_left(self) -> None:
        app = after_talk(PENDING_THANKS, left(PENDING_THANKS, "2026-03-03T00:00Z"), retracted(PENDING_THANKS, "2026-03-03T07:00Z"))

        assert on_its_way(app.apply(self.AGAIN)) == []
        assert "thank-you-nudge" not in kinds(app)

    def test_a_question_in_a_new_silence_is_another_letter(self) -> None:
        sent = (PENDING_QUESTION, left(PENDING_QUESTION, "2026-03-16T13:00Z"), said("employer_replied", "2026-03-17T12:00Z"))

        assert leaves(thanked(*sent, approved("follow-up/2", "2026-03-30T14:00Z"))) == at("2026-03-30T14:00Z")


class TestBlanks:
    @pytest.mark.parametrize(
        "words",
        [
            {"body": "Dear Grace, I think of [one specific point] often."},
            {"subject": "Thank you, [name]"},
            {"body": "[what you would bring]"},
            {"body": " \n "},
        ],
        ids=["body", "subject", "nothing else", "no words"],
    )
    def test_a_letter_with_a_blank_is_refused_and_never_leaves(self, words: dict[str, str]) -> None:
        """Whoever insists is refused all the same, and nothing leaves either."""
        for insisting in ({}, {"anyway": True}):
            letter = approved(THANKS, "2026-03-02T17:05Z", **words, **insisting)
            app = after_talk(letter)

            assert objection_slug(after_talk(), letter) == "letter-has-blanks"
            assert on_its_way(app) == []
            assert not_sent(app, "2026-03-02T17:05Z") == [THANKS]
            assert "thank-you-nudge" in kinds(app)

    def test_the_blank_is_named(self) -> None:
        assert "[one specific point]" in detail(after_talk(), approved(THANKS, "2026-03-02T17:05Z", body="I like [one specific point]."))

    @pytest.mark.parametrize("body", ["a[] = b", "I liked ] and [ alike.", "x[ ]y"])
    def test_brackets_around_nothing_are_no_blank(self, body: str) -> None:
        assert objection_slug(after_talk(), approved(THANKS, "2026-03-02T17:05Z", body=body)) is None


class TestTooEarly:
    """Refused with the moment from which on it can be sent; `anyway` overrides."""

    CASES = (
        pytest.param((scheduled("i1", "2026-03-02T14:00Z", "2026-03-02T15:00Z", "2026-03-01T12:00Z", GRACE),), THANKS,
                     "2026-03-02T14:30Z", "2026-03-02T15:00", id="a thank-you before the talk is over"),
        pytest.param((held("i1", TALK, GRACE),), QUESTION, "2026-03-12T07:59Z", "2026-03-12T08:00", id="a follow-up before it is due"),
        pytest.param((held("i1", TALK, GRACE), said("rejected", "2026-03-05T12:00Z")), "rejection-reply/1", "2026-03-05T13:00Z",
                     "2026-03-06T12:00", id="an answer to a rejection within the day"),
    )  # fmt: skip

    @pytest.mark.parametrize(("told", "letter", "moment", "opens"), CASES)
    def test_it_is_refused_with_the_moment_when_it_opens(self, told: tuple[Fact, ...], letter: str, moment: str, opens: str) -> None:
        assert objection_slug(history(*told), approved(letter, moment)) == "too-early"
        assert opens in detail(history(*told), approved(letter, moment))
        assert on_its_way(history(*told, approved(letter, moment))) == []
        assert objection_slug(history(*told), approved(letter, f"{opens}:00Z")) is None

    @pytest.mark.parametrize(("told", "letter", "moment", "opens"), CASES[1:])
    def test_anyway_it_leaves(self, told: tuple[Fact, ...], letter: str, moment: str, opens: str) -> None:
        app = history(*told, approved(letter, moment, anyway=True))

        assert len(on_its_way(app)) == 1

    def test_asked_anyway_on_3_march_ghosted_counts_as_if_asked_by_hand(self) -> None:
        assert due(thanked(approved(QUESTION, "2026-03-03T15:00Z", anyway=True)), "ghosted") == london("2026-03-19T08:00")


class TestNobodyToWriteTo:
    def test_without_any_address_it_is_refused_and_never_leaves(self) -> None:
        nobody = {"name": "Acme", "timezone": "America/New_York", "country": "US", "subdivision": "NY"}
        bare = FACT.validate_python({**opened().model_dump(mode="json"), "employer": nobody})
        app = history(held("i1", TALK, HEDY), opening=(bare, calendar()))
        letter = approved("thank-you/i1/h", "2026-03-02T17:05Z")

        assert objection_slug(app, letter) == "no-address"
        assert on_its_way(app.apply(letter.model_copy(update={"anyway": True}))) == []

    @pytest.mark.parametrize(
        ("told", "letter"),
        [
            (said("hiring_step", "2026-03-05T12:00Z", step="reference_check"), "references/1"),
            (said("offer_accepted", "2026-03-05T12:00Z"), "close-others/1"),
        ],
    )
    def test_letters_to_others_are_not_sent_for_anybody(self, told: Fact, letter: str) -> None:
        assert objection_slug(thanked(told), approved(letter, "2026-03-06T15:00Z")) == "no-address"
        assert on_its_way(thanked(told, approved(letter, "2026-03-06T15:00Z", anyway=True))) == []


class TestNoSuchLetter:
    @pytest.mark.parametrize(
        ("told", "letter", "slug"),
        [
            ((), "thank-you/i9/g", "no-such-interview"),
            ((), "thank-you/i1/z", "no-such-interviewer"),
            ((), "offer-decide/1/accept", "no-offer"),
            ((said("follow_up_sent", "2026-03-12T09:00Z"),), QUESTION, "follow-up-already-sent"),
        ],
    )
    def test_what_there_is_not_cannot_be_answered(self, told: tuple[Any, ...], letter: str, slug: str) -> None:
        assert objection_slug(after_talk(*told), approved(letter, "2026-03-12T15:00Z")) == slug

    def test_once_ghosted_nothing_more_goes_to_them(self) -> None:
        told = (held("i1", TALK, GRACE), ghosted("2026-03-24T08:00Z"))
        letter = approved(QUESTION, "2026-03-25T15:00Z")

        assert objection_slug(history(*told), letter) is not None
        assert on_its_way(history(*told, letter)) == []
        assert agenda(history(*told, letter)) == agenda(history(*told))

    @pytest.mark.parametrize("letter", ["rejection-reply/1", "farewell/1", "next-round/2", "offer-thanks/1"])
    def test_an_answer_to_what_was_not_said_is_refused(self, letter: str) -> None:
        assert objection_slug(thanked(), approved(letter, "2026-03-12T15:00Z")) is not None
        assert on_its_way(thanked(approved(letter, "2026-03-12T15:00Z", anyway=True))) == []
