"""Small words about letters that are sent for the candidate: approving them, what became of them, what is still on its way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from tests.core.histories import Application, at, noted, said
from workflows.facts import Fact
from workflows.guide import every_step
from workflows.guide.turn import turn
from workflows.names import ApprovedLetter
from workflows.notice import message

BODY: Final = "Dear Grace,\n\nthank you for the talk about compilers.\n\nAda Byron"
THANKS: Final = "thank-you/i1/g"
QUESTION: Final = "follow-up/1"


def approved(letter: str, moment: str, /, **fields: Any) -> Fact:
    """The candidate's approval, with words of their own."""
    return said("letter_approved", moment, **{"letter": letter, "subject": "Thank you", "body": BODY, "by": "candidate", **fields})


def left(approval: Any, moment: str, **fields: Any) -> Fact:
    """The letter is with the mail server."""
    return noted("letter_delivered", moment, letter=approval.letter, approval=approval.id, **fields)


def lost(approval: Any, moment: str, reason: str = "BadAddress") -> Fact:
    """The letter did not leave."""
    return noted("letter_undeliverable", moment, letter=approval.letter, approval=approval.id, reason=reason)


def on_its_way(app: Application) -> list[tuple[str, datetime]]:
    """Letters that are still to leave, and when."""
    found = [(message(app, step), step) for step in every_step(app.story) if step.kind == "letter" and step.message]
    return [(said.letter, step.due.astimezone(UTC)) for said, step in found if isinstance(said, ApprovedLetter)]


def leaves(app: Application) -> datetime:
    """When the one letter leaves that is on its way."""
    ((_, due),) = on_its_way(app)
    return due


def sheet(app: Application) -> ApprovedLetter:
    """The one letter on its way, as it is to leave."""
    (step,) = [s for s in every_step(app.story) if s.kind == "letter" and s.message]
    found = message(app, step)
    assert isinstance(found, ApprovedLetter)
    return found


def sent_at(app: Application, moment: str) -> list[str]:
    """What leaves at that moment: kinds of steps, letters among them."""
    return [step.kind for step in turn(app, at(moment)).sends]


def not_sent(app: Application, moment: str) -> list[str]:
    """Letters that are noted at that moment as never to leave."""
    return [fact.letter for _, fact in turn(app, at(moment)).notes if fact.type == "letter_undeliverable"]
