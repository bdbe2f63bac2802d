"""The one memory of what was said is the facts themselves: whatever is said again adds nothing, in whichever way it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workflows.application import Application
from workflows.facts import FACT, EmployerReplied, Fact, Word
from workflows.ledger import fresh, revision_of

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def known(*words: Word) -> Application:
    """An application that heard these words at NOW."""
    app = Application(id="app-1")
    for word in words:
        app = app.apply(*fresh(app, word, NOW))
    return app


def word(name: str | None = None, key: str | None = None, by: str = "platform") -> Word:
    return Word(facts=(EmployerReplied(id=name) if name else EmployerReplied(),), by=by, key=key)


def test_a_word_that_is_known_adds_nothing() -> None:
    """By its id, by its caller's key, or by its content within a day; also to a run that was carried over."""
    for said in (word("reply-1"), word(key="key-1"), word(), word(by="board:acme")):
        app = known(said)
        carried = Application.model_validate_json(app.model_dump_json(exclude_unset=True, by_alias=True))
        for one in (app, carried):
            assert one.apply(*fresh(one, said, LATER)).revision == 1
            assert revision_of(one, said, LATER) == 1
        assert known(said, said, said).revision == 1


def test_a_fact_that_is_handed_over_again_adds_nothing() -> None:
    """As runs do that stand for a board's id: the facts come with their names."""
    handed: tuple[Fact, ...] = known(word("reply-1"), word("reply-2")).facts
    assert Application(id="app-2").apply(*handed).apply(*handed).facts == handed


def test_what_is_said_anew_a_day_later_is_another_word() -> None:
    """Only where nothing names it: without id, key or time, the same words may be meant anew."""
    app = known(word())
    assert len(fresh(app, word(), NOW + timedelta(hours=25))) == 1
    assert fresh(app, FACT_AT, NOW + timedelta(hours=25)) != ()


FACT_AT = Word(facts=(FACT.validate_python({"type": "employer_replied", "at": NOW.isoformat()}),), by="platform")
