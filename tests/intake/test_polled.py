"""What is read from a list that a board keeps: anything at all gives changes, and never raises."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.boards.deliveries import TERMS, fetched
from tests.boards.mutations import garbage, mutated
from workflows.boards.polled import PAGE, POLLED, Change, further
from workflows.facts import Interviewer, InterviewRescheduled

(RECORD,) = fetched("greenhouse_GET_interviews")
GREENHOUSE = POLLED["greenhouse"]
PANEL = "/v3/interviewers?interview_ids=31087450&per_page=500"
NAMES = "/v3/job_interviews?ids=113101&per_page=500"
USERS = "/v3/users?ids=2622&per_page=500"
ABOUT: dict[str, Any] = {
    PANEL: fetched("greenhouse_GET_interviewers"),
    NAMES: fetched("greenhouse_GET_job_interviews"),
    USERS: fetched("greenhouse_GET_users"),
}


def test_a_page_is_asked_for_between_two_moments_whatever_their_zone() -> None:
    since = datetime.fromisoformat("2026-11-09T13:00:00.1239+01:00")
    asked = urlsplit(GREENHOUSE.path(since, datetime(2026, 11, 9, 14, tzinfo=UTC)))
    query = {"per_page": [str(PAGE)], "updated_at": ["gte|2026-11-09T12:00:00.123Z|lte|2026-11-09T14:00:00.000Z"]}
    assert (asked.scheme, asked.netloc, asked.path, parse_qs(asked.query)) == ("", "", "/v3/interviews", query)


def test_a_further_page_is_asked_for_by_its_cursor_alone() -> None:
    path = further(GREENHOUSE.path(datetime(2026, 11, 9, tzinfo=UTC), None), "eyJpZCI6MX0=")
    assert path == "/v3/interviews?cursor=eyJpZCI6MX0%3D"


def test_a_record_is_a_change_at_its_own_time_and_names_what_is_to_be_asked_about_it() -> None:
    changes = GREENHOUSE.changes([RECORD])
    assert [change.at for change in changes] == [datetime(2026, 11, 9, 12, tzinfo=UTC)]
    assert GREENHOUSE.needs(changes, {}) == (PANEL, NAMES)
    assert GREENHOUSE.needs(changes, {PANEL: ABOUT[PANEL]}) == (PANEL, NAMES, USERS)
    assert GREENHOUSE.needs([], {}) == ()


def test_an_interview_is_told_with_its_name_and_with_those_who_have_an_account_there() -> None:
    (reading,) = GREENHOUSE.read(GREENHOUSE.changes([RECORD]), ABOUT, TERMS)
    (said,) = reading.said
    (fact,) = said.facts
    assert isinstance(fact, InterviewRescheduled)
    assert (said.application, fact.kind) == ("acme.265277", "Portfolio review")
    assert (fact.starts_at, fact.ends_at) == (datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 9, 45, tzinfo=UTC))
    assert fact.interviewers == (Interviewer(id="2622", name="Yusuf Demir", email="yusuf.demir@acme.example"),)  # and not the candidate


def test_more_ids_than_one_question_may_name_are_asked_about_in_several() -> None:
    rows = [{"user_id": number} for number in range(120)]
    paths = GREENHOUSE.needs([Change("key", None, {"id": 1})], {PANEL: rows})
    asked = [parse_qs(urlsplit(path).query)["ids"][0].split(",") for path in paths if path.startswith("/v3/users")]
    assert [len(ids) for ids in asked] == [50, 50, 20]


def test_records_that_were_changed_have_other_names() -> None:
    first, same, changed = GREENHOUSE.changes([RECORD, RECORD, {**RECORD, "updated_at": "2026-11-09T12:00:01.000Z"}])
    assert first == same
    assert first.key != changed.key


def test_whatever_the_lists_are_they_are_read_without_an_error_and_ask_for_nothing_but_numbers() -> None:
    chance = random.Random(20261123)  # noqa: S311 -- the same odd lists in every run
    for _ in range(2_000):
        for content in (mutated([RECORD, RECORD], chance), [mutated(RECORD, chance)], garbage(chance)):
            changes = GREENHOUSE.changes(content)
            about = {path: mutated(rows, chance) for path, rows in ABOUT.items()}
            for path in GREENHOUSE.needs(changes, about):
                (ids,) = (values for name, values in parse_qs(urlsplit(path).query).items() if name.endswith("ids"))
                assert all(one.isdigit() for one in ids[0].split(","))
            for reading in GREENHOUSE.read(changes, about, TERMS):
                assert all(said.application.startswith("acme.") for said in reading.said)
