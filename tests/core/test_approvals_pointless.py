"""Letters that became pointless before they left: what came in meanwhile wins."""

from __future__ import annotations

import pytest

from tests.core.approving import QUESTION, THANKS, approved, leaves, not_sent, on_its_way, sent_at
from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    Application,
    after_talk,
    at,
    due,
    held,
    history,
    london,
    offer,
    rescheduled,
    said,
    thanked,
)
from workflows.facts import Fact

EVENING = "2026-03-02T22:30Z"
"""Monday, 17:30 in New York: a thank-you approved now leaves on Tuesday at 14:00 UTC."""
FRIDAY = "2026-03-13T22:00Z"
"""18:00 in New York: a follow-up approved now leaves on Monday the 16th at 13:00 UTC."""
PENDING_THANKS = approved(THANKS, EVENING)
PENDING_QUESTION = approved(QUESTION, FRIDAY)


def pointless(app: Application, letter: str, moment: str) -> bool:
    """Nothing leaves, and it is noted as not sent at that moment."""
    return not_sent(app, moment) == [letter] and on_its_way(app) == [] and "letter" not in sent_at(app, moment)


class TestPointless:
    @pytest.mark.parametrize(
        "word",
        [
            said("employer_replied", "2026-03-14T12:00Z"),
            said("next_round_invited", "2026-03-14T12:00Z"),
            offer("2026-03-14T12:00Z"),
            said("hiring_step", "2026-03-14T12:00Z", step="reference_check"),
            said("rejected", "2026-03-14T12:00Z"),
            said("withdrawn", "2026-03-14T12:00Z"),
            said("follow_up_sent", "2026-03-14T12:00Z"),
            said("letter_sent", "2026-03-14T12:00Z", letter=QUESTION),
        ],
        ids=lambda fact: fact.type,
    )
    def test_a_follow_up_once_they_were_heard_or_asked_otherwise(self, word: Fact) -> None:
        assert pointless(thanked(PENDING_QUESTION, word), QUESTION, "2026-03-14T12:00Z")

    def test_a_follow_up_that_was_overtaken_asks_nothing_in_the_new_silence(self) -> None:
        """Thanked by a reply on 14 March, a Saturday; its own follow-up is due seven business days later."""
        app = thanked(PENDING_QUESTION, said("employer_replied", "2026-03-14T12:00Z"))

        assert due(app, "follow-up") == london("2026-03-25T08:00")

    def test_what_they_sent_themselves_is_the_follow_up(self) -> None:
        """By hand on Friday night; ghosted counts from Friday."""
        app = thanked(PENDING_QUESTION, said("follow_up_sent", "2026-03-13T23:00Z"))

        assert due(app, "ghosted") == london("2026-03-21T08:00")

    @pytest.mark.parametrize(
        "word",
        [
            said("rejected", "2026-03-03T08:00Z"),
            said("withdrawn", "2026-03-03T08:00Z"),
            said("offer_accepted", "2026-03-03T08:00Z"),
            said("interview_cancelled", "2026-03-03T08:00Z", interview="i1"),
            rescheduled("i1", "2026-03-05T14:00Z", "2026-03-05T15:00Z", "2026-03-03T08:00Z"),
            said("thank_you_sent", "2026-03-03T08:00Z", interview="i1"),
            said("thank_you_sent", "2026-03-03T08:00Z", interview="i1", interviewer="g"),
            said("letter_sent", "2026-03-03T08:00Z", letter=THANKS),
        ],
        ids=lambda fact: f"{fact.type}-{getattr(fact, 'interviewer', None)}",
    )
    def test_a_thank_you_once_nobody_is_to_be_thanked_any_more(self, word: Fact) -> None:
        assert pointless(after_talk(PENDING_THANKS, word), THANKS, "2026-03-03T08:00Z")

    def test_a_thank_you_for_somebody_else_goes_on(self) -> None:
        people = held("i1", TALK, GRACE, HEDY)
        app = history(people, PENDING_THANKS, said("thank_you_sent", "2026-03-03T08:00Z", interview="i1", interviewer="h"))

        assert leaves(app) == at("2026-03-03T14:00Z")

    @pytest.mark.parametrize(
        "word", [said("next_round_invited", "2026-03-07T12:00Z"), offer("2026-03-07T12:00Z")], ids=lambda fact: fact.type
    )
    def test_an_answer_to_a_rejection_once_it_is_none(self, word: Fact) -> None:
        """Rejected on Wednesday, approved on Friday after hours, heard on Saturday."""
        app = thanked(said("rejected", "2026-03-04T12:00Z"), approved("rejection-reply/1", "2026-03-06T22:30Z"), word)

        assert pointless(app, "rejection-reply/1", "2026-03-07T12:00Z")

    @pytest.mark.parametrize("letter", ["rejection-reply/1", "next-round/2", "offer-thanks/1", "farewell/1"])
    def test_any_letter_that_they_sent_themselves(self, letter: str) -> None:
        before = {
            "rejection-reply/1": said("rejected", "2026-03-04T12:00Z"),
            "next-round/2": said("next_round_invited", "2026-03-04T12:00Z"),
            "offer-thanks/1": offer("2026-03-04T12:00Z", in_writing=False),
            "farewell/1": said("withdrawn", "2026-03-04T12:00Z"),
        }
        approval = approved(letter, "2026-03-06T22:30Z")
        assert len(on_its_way(thanked(before[letter], approval))) == 1

        assert pointless(
            thanked(before[letter], approval, said("letter_sent", "2026-03-07T12:00Z", letter=letter)), letter, "2026-03-07T12:00Z"
        )

    def test_a_yes_to_the_next_round_once_they_rejected(self) -> None:
        told = (said("next_round_invited", "2026-03-04T12:00Z"), approved("next-round/2", "2026-03-06T22:30Z"))

        assert pointless(thanked(*told, said("rejected", "2026-03-07T12:00Z")), "next-round/2", "2026-03-07T12:00Z")

    def test_thanks_for_an_offer_that_was_withdrawn(self) -> None:
        told = (offer("2026-03-04T12:00Z"), approved("offer-thanks/1", "2026-03-06T22:30Z"))

        assert pointless(thanked(*told, said("offer_withdrawn", "2026-03-07T12:00Z")), "offer-thanks/1", "2026-03-07T12:00Z")

    def test_a_yes_to_an_offer_goes_on_once_it_is_accepted_here_and_a_no_does_not(self) -> None:
        """Saying so beside the letter is how an answer is recorded; the letter that says the same must still leave."""
        accepted = said("offer_accepted", "2026-03-07T12:00Z")
        yes, no = (approved(f"offer-decide/1/{choice}", "2026-03-06T22:30Z") for choice in ("accept", "decline"))
        given = offer("2026-03-06T12:00Z", decide_by="2026-03-20")

        assert leaves(thanked(given, yes, accepted)) == at("2026-03-09T13:00Z")
        assert pointless(thanked(given, no, accepted), "offer-decide/1/decline", "2026-03-07T12:00Z")

    def test_what_helps_nobody_any_more_is_noted_as_not_sent(self) -> None:
        """Nothing ran for a week: the thank-you of Monday was worth sending until Wednesday."""
        assert pointless_late(after_talk(PENDING_THANKS), THANKS, "2026-03-09T15:00Z")


def pointless_late(app: Application, letter: str, moment: str) -> bool:
    return not_sent(app, moment) == [letter] and "letter" not in sent_at(app, moment)
