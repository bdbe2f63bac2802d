"""The door: whatever bytes come, they are read or refused with a sentence per place; nothing else ever happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.door import parse, read_message
from client.opening import content_of, named, opened, read_opening, read_preview
from client.preview import preview
from client.refusals import Invalid, NotDone
from tests.client.hostile import FACTS, messages, openings, written
from workflows.facts import OUTSIDE_FACT, Word

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


def refusal(call: Callable[[], object]) -> str | None:
    """What a call is refused with, in words that can be sent; None if it is done. Any other exception is a fault."""
    try:
        call()
    except NotDone as refused:
        places = [fault.path for fault in refused.faults] if isinstance(refused, Invalid) else []
        json.dumps([refused.detail, *places], ensure_ascii=False).encode()
        return refused.detail
    return None


def test_every_fact_that_can_be_said_is_read() -> None:
    """The samples have one of each, and all are read as themselves."""
    read = read_message(written({"facts": FACTS})).facts
    assert [fact.type for fact in read] == [fact["type"] for fact in FACTS]
    kinds = set(OUTSIDE_FACT.json_schema()["discriminator"]["mapping"])
    assert {fact["type"] for fact in FACTS} | {"interview_held"} == kinds


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Refused as Invalid."""
    for read in (parse, read_message, read_opening, read_preview):
        assert refusal(lambda read=read: read(raw)) != ""


@given(openings())
def test_a_changed_opening_is_read_or_refused_by_place(said: dict[str, Any]) -> None:
    """What is read becomes a word that can be written and read again, and is the same opening every time."""
    if refusal(lambda: read_opening(written(said))) is not None:
        return
    opening = read_opening(written(said))
    word = opened(named(opening), NOW)
    assert Word.model_validate_json(word.model_dump_json(exclude_unset=True, by_alias=True)) == word
    assert content_of(read_opening(written(said))) == content_of(opening)


@given(messages())
def test_a_changed_message_is_read_or_refused(said: Any) -> None:
    """What is read can be written and read again."""
    if refusal(lambda: read_message(written(said))) is not None:
        return
    facts = read_message(written(said)).facts
    word = Word(facts=facts)
    assert Word.model_validate_json(word.model_dump_json(exclude_unset=True, by_alias=True)) == word


@given(openings(changes=2))
def test_what_was_read_can_be_previewed_or_is_refused_with_a_reason(said: dict[str, Any]) -> None:
    """The guide reads everything that the door lets in."""
    if refusal(lambda: preview(read_preview(written(said)), NOW)) is not None:
        return
    made = preview(read_preview(written(said)), NOW)
    assert json.loads(json.dumps(made))["view"]["facts"]


@pytest.mark.parametrize(
    "address", ["ada@example.org", "ada+1@mail.example.co.uk", "ada@bücher.example", "o'hara@example.org", "a@company.test"]
)
def test_addresses_that_can_be_are_taken(address: str) -> None:
    """Syntax only: nobody asks the network."""
    fact = {"type": "employer_replied", "from": {"email": address}}
    assert read_message(written(fact)).facts


@pytest.mark.parametrize(
    "address", ["ada", "ada@", "@example.org", "ada@localhost", "a..b@example.org", "ada@-x.org", "a@b@c.org", "ada @x.org"]
)
def test_addresses_that_cannot_be_are_refused(address: str) -> None:
    """With the field's name."""
    with pytest.raises(Invalid) as refused:
        read_message(written({"type": "employer_replied", "from": {"email": address}}))
    assert [fault.path for fault in refused.value.faults] == [("from", "email")]
