"""The printed letters are those that candidates get."""

from __future__ import annotations

from docs.letters import DOCUMENT, analyst, cook, document, engineer, letters, nurse, teacher
from workflows.facts import KINDS

WRITE = "a letter has changed: run `make letters` and read what it writes"
INTERVIEWS = (engineer(), nurse(), teacher(), analyst(), cook())


def test_the_document_shows_the_letters_as_they_are() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), WRITE


def test_every_kind_of_step_that_has_letters_is_shown() -> None:
    """But those whose letters are another kind's, said later."""
    without = {"thank-you-lapsed", "waiting", "ghosted", "offer-review", "offer-lapsed"}
    again = {"thank-you-nudge", "follow-up-last-call", "offer-overdue"}
    shown = {draft.intent.partition("/")[0] for interview in INTERVIEWS for draft in letters(interview)}
    assert shown == set(KINDS) - without - again
