"""Approved letters in any history: the order of arrival never matters, and no letter leaves twice, with a blank or at night."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.approving import BODY
from tests.core.looking import examples, known
from tests.core.strategies import INTERVIEWS, LIVELY, START, facts, histories, iso, minutes, openings
from workflows.application import Application
from workflows.facts import FACT, Fact, LetterApproved, LetterDelivered, LetterUndeliverable
from workflows.guide import every_step
from workflows.names import ApprovedLetter
from workflows.notice import message
from workflows.rehearsal import rehearse

LETTERS = (
    *(f"{kind}/{interview}{who}" for kind in ("thank-you", "thank-you-nudge") for interview in INTERVIEWS for who in ("", "/g", "/k")),
    *("follow-up/1", "follow-up/2", "follow-up-last-call/1", "rejection-reply/1", "farewell/1", "next-round/2", "next-round/3"),
    *("offer-thanks/1", "offer-decide/1/accept", "offer-decide/1/decline", "offer-overdue/1/accept", "references/1", "close-others/1"),
)


@st.composite
def approvals(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Some approvals, some of them with blanks, and what became of some."""
    found: list[Fact] = []
    for n in range(draw(st.integers(1, 5))):
        at = START + timedelta(minutes=draw(minutes))
        words = {
            "letter": draw(st.sampled_from(LETTERS)),
            "subject": "Thanks",
            "body": draw(st.sampled_from((BODY, BODY, BODY, "I like [one point]."))),
        }
        found.append(_fact("letter_approved", f"a{n}", at, by="candidate", anyway=draw(st.booleans()), **words))
        fate = draw(st.sampled_from(("none", "none", "delivered", "uncertain", "undeliverable")))
        ended: dict[str, Any] = {"letter": words["letter"], "approval": f"a{n}", "by": "process"}
        later = at + timedelta(hours=draw(st.integers(0, 100)))
        if fate in ("delivered", "uncertain"):
            found.append(_fact("letter_delivered", f"e{n}", later, **ended, uncertain=fate == "uncertain"))
        elif fate == "undeliverable":
            found.append(_fact("letter_undeliverable", f"e{n}", later, **ended, reason="no longer needed"))
        if draw(st.integers(0, 4)) == 0:
            found.append(_fact("retracted", f"r{n}", at + timedelta(hours=draw(st.integers(0, 50))), by="candidate", fact=f"a{n}"))
    return tuple(found)


def _fact(kind: str, name: str, at: Any, **fields: Any) -> Fact:
    return FACT.validate_python({"type": kind, "id": name, "at": iso(at), **fields})


def still_leaving(app: Application) -> list[ApprovedLetter]:
    found = (message(app, step) for step in every_step(app.story) if step.kind == "letter" and step.message)
    return [letter for letter in found if isinstance(letter, ApprovedLetter)]


def same_sheet(letter: str) -> str:
    """A letter by its one name: the reminder's thank-you is the thank-you."""
    return letter.replace("-nudge", "").replace("-last-call", "").replace("offer-overdue", "offer-decide")


class TestAnyHistory:
    @examples(150)
    @given(openings(), histories(notes=True, most=10), approvals(), st.randoms(use_true_random=False))
    def test_the_order_of_arrival_never_matters(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], letters: Any, dice: Any) -> None:
        mixed = [*opening, *told, *letters]
        dice.shuffle(mixed)
        one, other = known(opening, (*told, *letters)), Application(id="app-1").apply(*mixed)

        assert every_step(other.story) == every_step(one.story)
        assert other.story.objections == one.story.objections

    @examples(150)
    @given(openings(), histories(notes=True, most=10), approvals())
    def test_an_approval_that_came_to_an_end_never_leaves_again_nor_one_with_blanks(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], letters: tuple[Fact, ...]
    ) -> None:
        app = known(opening, (*told, *letters))
        ended = {f.approval for f in letters if isinstance(f, LetterDelivered | LetterUndeliverable)}
        by_key = {f"app-1 {f.letter} {f.id}": f for f in letters if isinstance(f, LetterApproved)}

        for letter in still_leaving(app):
            assert by_key[letter.key].id not in ended
            assert "[" not in letter.body
            assert letter.to.email

    @examples(150)
    @given(openings(), histories(LIVELY, most=6), approvals())
    def test_no_letter_is_on_its_way_twice_or_after_it_left(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], letters: tuple[Fact, ...]
    ) -> None:
        """Follow-ups apart: of those there is one in each silence."""
        app = known(opening, (*told, *letters))
        leaving = Counter(same_sheet(letter.letter) for letter in still_leaving(app))
        gone = {same_sheet(f.letter) for f in letters if isinstance(f, LetterDelivered)}

        assert not [name for name, count in leaving.items() if count > 1]
        assert not [name for name in leaving if name in gone and not name.startswith("follow-up")]

    @examples(80)
    @given(openings(), histories(LIVELY, least=2, most=6), approvals())
    def test_in_a_life_every_approval_comes_to_one_end_and_no_letter_leaves_twice(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], letters: tuple[Fact, ...]
    ) -> None:
        """Those that nobody took back, played until a year has gone by."""
        asked = tuple(f for f in letters if isinstance(f, LetterApproved))
        app = rehearse((*opening, *told, *asked), as_of=START, until=START + timedelta(days=365)).ended
        ends = Counter(f.approval for f in app.facts if isinstance(f, LetterDelivered | LetterUndeliverable))
        left = Counter(same_sheet(f.letter) for f in app.facts if isinstance(f, LetterDelivered))
        counted = {f.id for f in app.story.told}

        assert {f.id: ends[f.id or ""] for f in asked if f.id in counted} == {f.id: 1 for f in asked if f.id in counted}
        assert not [name for name, count in left.items() if count > 1 and not name.startswith("follow-up")]

    @examples(100)
    @given(openings(), histories(LIVELY, most=6), approvals(), facts(("employer_replied", "rejected", "interview_cancelled", "withdrawn")))
    def test_whatever_comes_in_a_letter_that_left_stays_sent(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], letters: tuple[Fact, ...], word: Fact
    ) -> None:
        app = known(opening, (*told, *letters, word.model_copy(update={"id": "word"})))
        left = {f.approval for f in letters if isinstance(f, LetterDelivered)}

        assert {a.fact.id for a in app.story.approvals if a.fate in ("delivered", "uncertain")} == left & {f.id for f in app.story.told}
