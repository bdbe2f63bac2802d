"""What a report says of a row that was not opened: nothing that stands in the row."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from client.imports import refused
from client.opening import named, opened, read_opening
from client.refusals import NotDone, Refused
from tests.running import body
from workflows.application import Application, objection

SECRETS = ("Mary O'Neill", 'Mary O\'Neill "Molly"', "Mary")
WHO = {"id": "cand-mary", "email": "ada@example.org", "timezone": "Europe/London"}
HELD = {
    "type": "interview_held",
    "interview": "i1",
    "ended_at": "2026-03-02T15:00:00+00:00",
    "interviewers": [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}],
}


def told(**said: Any) -> str:
    """Everything that the report has of this row."""
    try:
        opening, now = named(read_opening(json.dumps(body("app-1", **said)).encode())), datetime.now(UTC)
        against = objection(Application(id=opening.id or ""), opened(opening, now), now)
    except NotDone as e:
        return refused(1, e).model_dump_json()
    assert against
    return refused(1, Refused(against.slug, against.detail)).model_dump_json()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("field", ["timezone", "email", "language", "country"])
def test_what_stands_in_the_wrong_column_is_not_quoted(field: str, secret: str) -> None:
    """Columns that are shifted by one put a name anywhere, and one with an apostrophe too."""
    said = told(candidate={**WHO, field: secret})
    assert f'"candidate","{field}"' in said
    assert not any(part in said for part in ("Mary", "Neill", "Molly"))


@pytest.mark.parametrize("secret", SECRETS)
def test_the_words_of_a_letter_are_not_quoted(secret: str) -> None:
    at = "2026-03-02T18:00:00+00:00"
    said = told(facts=[HELD, {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": "s", "body": f"[{secret}]", "at": at}])
    assert "blank" in said
    assert "Mary" not in said


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "thank_you_sent", "interview": "mary"},
        {"type": "retracted", "fact": "mary"},
        {"type": "letter_approved", "letter": "offer-thanks/mary", "subject": "s", "body": "b", "at": "2026-03-02T18:00:00+00:00"},
    ],
)
def test_no_id_is_quoted(fact: dict[str, Any]) -> None:
    assert "mary" not in told(facts=[HELD, fact])
