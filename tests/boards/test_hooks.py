"""The boards' entrance over HTTP: what is kept, what is answered, what is written down."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from client.connections import Connections
from client.hooks import LARGEST, Hooks
from tests.boards.deliveries import NOW, examples, sample, samples, secret_of, signed
from tests.boards.recording import Recording, connections_file, unreachable
from workflows.boards import BOARDS
from workflows.boards.delivery import Board, Delivery
from workflows.facts import Linked

OPEN = """
[globex]
board = "ashby"
secrets = ["globex-secret", "globex-secret-of-before"]
unknown = "open"
employer = {name = "Globex", timezone = "Europe/Berlin", country = "DE"}
candidate = {timezone = "Europe/London", country = "GB"}
[globex.stages]
"5f7b3b3b-0000-4b1b-8b3b-000000000005" = "reference_check"
"""

each_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)


@dataclasses.dataclass
class Entrance:
    """The hooks behind real HTTP semantics, with a recording in place of the façade."""

    hooks: Hooks
    recording: Recording
    now: datetime = NOW

    async def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        app = FastAPI(redirect_slashes=False)
        app.include_router(self.hooks.router())
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://boards.test") as http:
            return await http.post(path, content=body, headers=headers)

    async def deliver(self, board: Board, delivery: Delivery, connection: str | None = None, secret: str | None = None) -> httpx.Response:
        sent = signed(board, secret or secret_of(board), delivery, self.now)
        return await self.post(f"/hooks/{board.name}/{connection or board.name}", sent.body, sent.headers)


def entrance(folder: Path, recording: Recording | None = None) -> Entrance:
    known = recording or Recording()
    hooks = Hooks(known, Connections(connections_file(folder, OPEN)), intake=known, now=lambda: NOW)
    return Entrance(hooks, known)


@pytest.fixture
def log() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


@each_board
async def test_every_sample_is_kept_before_it_is_acknowledged_as_the_board_wants_it(board: Board, tmp_path: Path) -> None:
    here = entrance(tmp_path)
    for delivery in samples(board.name).values():
        answer = await here.deliver(board, delivery)
        assert (answer.status_code, answer.content) == (board.acknowledge, b"")
    told = here.recording
    assert told.heard_words or told.taken or told.erased


@each_board
async def test_a_wrong_signature_is_401_and_tells_nobody(board: Board, tmp_path: Path, log: list[Any]) -> None:
    here = entrance(tmp_path)
    for delivery in samples(board.name).values():
        sent = signed(board, secret_of(board), delivery)
        foreign = signed(board, "d2hzZWMtbm90LW91cnMtMDEyMzQ1", delivery)
        nothing: Mapping[str, str] = {}
        wrong = [(foreign.body, foreign.headers)]
        if board.scheme.binds_body:
            wrong += [(sent.body[:-2], sent.headers), (sent.body, nothing), (b"\xff\xfe", sent.headers)]
        for body, headers in wrong:
            assert (await here.post(f"/hooks/{board.name}/{board.name}", body, headers)).status_code == 401
    assert (here.recording.heard_words, here.recording.taken, here.recording.erased) == ([], [], [])
    assert {line["outcome"] for line in log} == {"refused"}


@each_board
async def test_what_cannot_be_kept_is_503_with_a_time_to_come_back(board: Board, tmp_path: Path) -> None:
    here = entrance(tmp_path, unreachable())
    for delivery in samples(board.name).values():
        answer = await here.deliver(board, delivery)
        assert (answer.status_code, int(answer.headers.get("Retry-After", 30))) in ((503, 30), (board.acknowledge, 30))
    tally = here.hooks.tallies[board.name]
    assert tally.unavailable > 0
    assert tally.accepted == 0


@each_board
async def test_a_duplicate_tells_the_same_again_under_the_same_ids(board: Board, tmp_path: Path) -> None:
    delivery = next(delivery for delivery in samples(board.name).values())
    first, second = entrance(tmp_path), entrance(tmp_path)
    await first.deliver(board, delivery)
    await second.deliver(board, delivery)
    await second.deliver(board, delivery)
    assert second.recording.heard_words == first.recording.heard_words * 2
    assert second.recording.taken == first.recording.taken * 2


@each_board
async def test_an_unknown_event_is_acknowledged_and_counted_by_its_name(board: Board, tmp_path: Path, log: list[Any]) -> None:
    here = entrance(tmp_path)
    delivery = next(delivery for delivery in samples(board.name).values())
    event = board.read(delivery, here.hooks.connections.current()[board.name].terms).event
    headers = {name: value.replace(event, "no_such_event") for name, value in delivery.headers.items()}
    answer = await here.deliver(board, Delivery.of(headers, delivery.body.replace(event.encode(), b"no_such_event")))
    assert answer.status_code == board.acknowledge
    assert here.hooks.tallies[board.name].events_without_effect == {"no_such_event": 1}
    assert (log[-1]["outcome"], log[-1]["event_name"]) == ("no-effect", "no_such_event")


@each_board
async def test_an_authentic_body_that_nobody_can_read_is_acknowledged(board: Board, tmp_path: Path) -> None:
    if not board.scheme.binds_body:  # there the signature is inside the JSON, so the body can be read or is not authentic
        return
    here = entrance(tmp_path)
    headers = dict(next(iter(samples(board.name).values())).headers)
    for body in (b"", b"\xff\xfe", b"[" * 100_000, b'{"cut'):
        answer = await here.deliver(board, Delivery.of(headers, body))
        assert answer.status_code == board.acknowledge


async def test_the_application_is_named_by_the_connection_and_its_id_there(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    await here.deliver(BOARDS["ashby"], sample("ashby_interviewScheduleUpdate"))
    ((application, word),) = here.recording.heard_words
    assert application == "ashby.e9ed20fd-0000-4aad-8a00-a19bfba0083e"
    assert (word.by, len(word.facts)) == ("board:ashby", 1)


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/ashby/nobody",
        "/hooks/nothing/ashby",
        "/hooks/standard/ashby",
        "/hooks/ashby",
        "/hooks/",
        "/hooks/ashby/ashby/x",
        "/hooks/ashby/a b",
    ],
)
async def test_an_unknown_board_or_connection_is_503_never_404(tmp_path: Path, path: str) -> None:
    answer = await entrance(tmp_path).post(path, b"{}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


async def test_a_body_beyond_the_cap_is_413_declared_or_not(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    assert (await here.post("/hooks/ashby/ashby", b"x" * (LARGEST + 1))).status_code == 413
    assert (await here.post("/hooks/ashby/ashby", b"", {"content-length": "9" * 30})).status_code == 413
    assert (await here.post("/hooks/ashby/ashby", b"x" * LARGEST)).status_code == 401
    assert here.hooks.tallies["ashby"].refused == 3


async def test_a_facade_that_does_not_answer_in_the_boards_time_is_503(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = entrance(tmp_path, Recording(hangs=True))
    connections = here.hooks.connections
    quick = {
        name: dataclasses.replace(one, board=dataclasses.replace(one.board, patience=0.01)) for name, one in connections.current().items()
    }
    monkeypatch.setattr(connections, "current", lambda: quick)
    assert (await here.deliver(BOARDS["ashby"], sample("ashby_candidateHire"))).status_code == 503


async def test_a_bug_of_ours_is_503_so_that_nothing_is_lost(tmp_path: Path, log: list[Any]) -> None:
    here = entrance(tmp_path, Recording(error=KeyError("imani.okafor@example.com")))
    assert (await here.deliver(BOARDS["ashby"], sample("ashby_candidateHire"))).status_code == 503
    assert (log[-1]["outcome"], log[-1]["reason"]) == ("unavailable", "KeyError")
    assert "imani" not in str(log)


async def test_an_unknown_application_is_opened_where_the_connection_says_so_and_the_payload_knows_enough(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    await here.deliver(BOARDS["ashby"], sample("ashby_candidateStageChange"), "globex", "globex-secret")
    ((opening, word),) = here.recording.openings
    assert opening.id == "globex.e9ed20fd-0000-4aad-8a00-a19bfba0083e"
    assert opening.candidate.model_dump(exclude_defaults=True) == {
        "id": "globex.c0ffee00-0000-4000-8000-000000000001",
        "name": "Imani Okafor",
        "email": "imani.okafor@example.com",
        "timezone": "Europe/London",
        "country": "GB",
    }
    assert opening.employer.model_dump(exclude_defaults=True) == {"name": "Globex", "timezone": "Europe/Berlin", "country": "DE"}
    assert opening.position == "Senior Product Designer"
    assert [fact.type for fact in word.facts] == ["hiring_step"]
    assert here.recording.heard_words == []


async def test_a_payload_that_does_not_know_enough_leaves_the_application_unclaimed(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    await here.deliver(BOARDS["ashby"], sample("ashby_interviewScheduleUpdate"), "globex", "globex-secret")
    assert here.recording.openings == []
    assert [application for application, _ in here.recording.heard_words] == ["globex.e9ed20fd-0000-4aad-8a00-a19bfba0083e"]


async def test_a_secret_that_is_being_replaced_still_verifies(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    answer = await here.deliver(BOARDS["ashby"], sample("ashby_candidateHire"), "globex", "globex-secret-of-before")
    assert answer.status_code == 200


async def test_a_deletion_is_passed_on(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    await here.deliver(BOARDS["ashby"], sample("ashby_candidateDelete"))
    (erased,) = here.recording.erased
    assert erased.candidate == "ashby.c0ffee00-0000-4000-8000-000000000001"


@each_board
async def test_no_line_of_the_log_holds_what_was_said(board: Board, tmp_path: Path, log: list[Any]) -> None:
    here = entrance(tmp_path)
    for delivery in samples(board.name).values():
        await here.deliver(board, delivery)
    written = str(log)
    assert len(log) == len(samples(board.name))
    for private in ("Imani", "Okafor", "example.com", "acme.example", "Demir", "Designer", examples()[board.name].secret):
        assert private not in written


async def test_the_numbers_of_a_connection_are_kept(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    await here.deliver(BOARDS["ashby"], sample("ashby_candidateHire"))
    await here.deliver(BOARDS["ashby"], sample("ashby_ping"))
    await here.deliver(BOARDS["ashby"], sample("ashby_candidateHire"), secret="foreign")
    tally = here.hooks.tallies["ashby"]
    assert (tally.accepted, tally.without_effect, tally.refused, tally.last_delivery) == (1, 1, 1, NOW)
    assert tally.events_without_effect == {"ping": 1}


@each_board
async def test_a_replay_after_its_time_or_from_the_future_is_401(board: Board, tmp_path: Path) -> None:
    if board.scheme.timestamp is None:
        return
    here = entrance(tmp_path)
    delivery = next(iter(samples(board.name).values()))
    here.now = NOW + timedelta(minutes=6)
    assert (await here.deliver(board, delivery)).status_code == 401
    if board.scheme.oldest:
        here.now = NOW - board.scheme.oldest - timedelta(minutes=1)
        assert (await here.deliver(board, delivery)).status_code == 401


async def test_ids_that_a_board_may_use_alone_later_are_linked_to_the_application(tmp_path: Path) -> None:
    here = entrance(tmp_path)
    for name in BOARDS:
        for delivery in samples(name).values():
            await here.deliver(BOARDS[name], delivery)
    links = [(ref, fact) for ref, word in here.recording.heard_words for fact in word.facts if isinstance(fact, Linked)]
    assert all(link.to != ref and link.id == f"linked:{link.to}" for ref, link in links)
