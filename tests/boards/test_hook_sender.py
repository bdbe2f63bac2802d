"""Playing a board: what is sent by hand arrives as the board's own delivery would."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.connections import Connections
from client.hook_sender import captured, redated, send
from client.hooks import Hooks
from tests.boards.deliveries import HERE, sample, samples
from tests.boards.recording import Recording, connections_file
from tests.boards.served import served
from workflows.boards import BOARDS
from workflows.facts import InterviewScheduled


def contents() -> dict[str, bytes]:
    return {name: (HERE / "samples" / f"{name}.json").read_bytes() for board in BOARDS for name in samples(board)}


async def test_every_sample_of_every_board_is_taken_signed_and_dated_now(tmp_path: Path) -> None:
    connections = Connections(connections_file(tmp_path))
    recording = Recording()
    async with served(Hooks(recording, connections, intake=recording)) as address:
        for name, content in contents().items():
            connection = connections.current()[name.split("_")[0]]
            told = connection.board.read(sample(name), connection.terms).said
            if any(said.taken_back for said in told):  # dated anew by itself, it has nothing before it to take back
                continue
            answer = await send(connection, content, address, datetime.now(UTC))
            assert (name, answer.status_code) == (name, connection.board.acknowledge)
    assert recording.heard_words


def test_dates_move_by_whole_days_so_that_what_happened_is_just_past(tmp_path: Path) -> None:
    connection = Connections(connections_file(tmp_path)).current()["ashby"]
    now = datetime(2030, 3, 1, 15, tzinfo=UTC)
    headers, body = captured(contents()["ashby_interviewScheduleUpdate"])
    moved = json.loads(redated(connection, headers, body, now))["data"]["interviewSchedule"]
    assert moved["updatedAt"] == "2030-03-01T12:00:00.000Z"
    assert moved["interviewEvents"][0]["startTime"] == "2030-03-12T09:00:00.000Z"


def test_a_delivery_that_was_dated_anew_says_the_same_later(tmp_path: Path) -> None:
    connection = Connections(connections_file(tmp_path)).current()["ashby"]
    now = datetime(2030, 3, 1, 15, tzinfo=UTC)
    headers, body = captured(contents()["ashby_interviewScheduleUpdate"])
    again = redated(connection, headers, redated(connection, headers, body, now), now)
    assert again == redated(connection, headers, body, now)
    later = redated(connection, headers, body, now + timedelta(days=2))
    times = [
        fact.starts_at
        for said in connection.board.read(type(next(iter(samples("ashby").values()))).of(headers, later), connection.terms).said
        for fact in said.facts
        if isinstance(fact, InterviewScheduled)
    ]
    assert times == [datetime(2030, 3, 14, 9, tzinfo=UTC)]


def test_a_captured_delivery_brings_its_headers() -> None:
    headers, body = captured(b'{"headers": {"Event-Name": "offer.created"}, "body": {"job_id": "1"}}')
    assert (headers, json.loads(body)) == ({"event-name": "offer.created"}, {"job_id": "1"})


def test_a_file_that_holds_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        captured(b"PK\x03\x04")


async def test_a_foreign_secret_is_refused(tmp_path: Path) -> None:
    connections = Connections(connections_file(tmp_path))
    (tmp_path / "other").mkdir()
    other = connections_file(tmp_path / "other")
    other.write_text(other.read_text().replace('"test-secret"', '"another"'))
    recording = Recording()
    async with served(Hooks(recording, connections)) as address:
        answer = await send(Connections(other).current()["ashby"], contents()["ashby_candidateHire"], address, datetime.now(UTC))
    assert (answer.status_code, recording.heard_words) == (401, [])
