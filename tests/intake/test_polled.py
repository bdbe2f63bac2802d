"""What is read from a list that a board keeps: anything at all gives changes, and never raises."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from tests.boards.deliveries import TERMS, fetched
from tests.boards.mutations import garbage, mutated
from workflows.boards.polled import PAGE, POLLED

RECORD = fetched("greenhouse_GET_scheduled_interview")


def test_a_page_is_asked_for_since_a_moment_whatever_its_zone() -> None:
    since = datetime.fromisoformat("2026-11-09T13:00:00.1239+01:00")
    asked = urlsplit(POLLED["greenhouse"].path(since, 3))
    query = {"per_page": [str(PAGE)], "page": ["3"], "updated_after": ["2026-11-09T12:00:00.123Z"]}
    assert (asked.scheme, asked.netloc, asked.path, parse_qs(asked.query)) == ("", "", "/v1/scheduled_interviews", query)


def test_a_record_is_a_change_at_its_own_time() -> None:
    (change,) = POLLED["greenhouse"].read([RECORD], TERMS)
    assert change.at == datetime(2026, 11, 9, 12, tzinfo=UTC)
    assert [said.application for said in change.reading.said] == ["acme.265277"]


def test_records_that_were_changed_have_other_names() -> None:
    first, same, changed = POLLED["greenhouse"].read([RECORD, RECORD, {**RECORD, "updated_at": "2026-11-09T12:00:01.000Z"}], TERMS)
    assert first == same
    assert first.reading.key != changed.reading.key


def test_whatever_the_list_is_it_is_read_without_an_error() -> None:
    chance = random.Random(20261123)  # noqa: S311 -- the same odd lists in every run
    for _ in range(2_000):
        for content in (mutated([RECORD, RECORD], chance), [mutated(RECORD, chance)], garbage(chance)):
            for change in POLLED["greenhouse"].read(content, TERMS):
                assert all(said.application.startswith("acme.") for said in change.reading.said)
