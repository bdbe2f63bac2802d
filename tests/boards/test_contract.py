"""What every board's adapter keeps, registered or to come: the tests run for each line of the registry by themselves."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boards.deliveries import NOW, TERMS, altered, answers, samples, secret_of, signed
from tests.boards.mutations import garbage, mutated, paths, without
from workflows.boards import BOARDS
from workflows.boards.delivery import Board, Delivery, Reading
from workflows.boards.signing import verify

each_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)


def ids(*readings: Reading) -> set[str | None]:
    return {fact.id for reading in readings for said in reading.said for fact in said.facts}


@each_board
def test_a_board_has_samples_and_some_of_them_say_something(board: Board) -> None:
    readings = [board.read(delivery, TERMS) for delivery in samples(board.name).values()]
    assert any(reading.said or reading.needs for reading in readings)


@each_board
def test_a_good_sample_verifies_and_a_tampered_and_a_foreign_one_do_not(board: Board) -> None:
    secret = secret_of(board)
    for delivery in samples(board.name).values():
        sent = signed(board, secret, delivery)
        assert verify(board.scheme, [secret], sent.headers, sent.body, NOW).accepted
        if board.scheme.binds_body:
            tampered = sent.body.replace(b"a", b"b", 1)
            assert not verify(board.scheme, [secret], sent.headers, tampered, NOW).accepted
        foreign = signed(board, secret[::-1] if board.scheme.key == "text" else "d2hzZWMtbm90LW91cnMtMDEyMzQ1", delivery)
        assert not verify(board.scheme, [secret], foreign.headers, foreign.body, NOW).accepted


@each_board
def test_the_same_delivery_says_the_same_facts_under_the_same_key(board: Board) -> None:
    for delivery in samples(board.name).values():
        assert board.read(delivery, TERMS) == board.read(Delivery.of(delivery.headers, delivery.body, delivery.fetched), TERMS)


@each_board
def test_different_deliveries_have_different_keys(board: Board) -> None:
    keys = [board.read(delivery, TERMS).key for delivery in samples(board.name).values()]
    assert len(set(keys)) == len(keys)


@each_board
def test_what_is_said_does_not_depend_on_what_came_before(board: Board) -> None:
    deliveries = list(samples(board.name).values())
    tidy = [board.read(delivery, TERMS) for delivery in deliveries]
    order = list(range(len(deliveries)))
    random.Random(7).shuffle(order)  # noqa: S311 -- any order will do
    shuffled = {n: board.read(deliveries[n], TERMS) for n in order}
    assert [shuffled[n] for n in range(len(deliveries))] == tidy


@each_board
def test_every_fact_has_an_id_and_names_the_connection_as_its_speaker(board: Board) -> None:
    for delivery in samples(board.name).values():
        for said in board.read(delivery, TERMS).said:
            assert all(fact.id and fact.by == "board:acme" for fact in said.facts)


@each_board
def test_facts_of_one_id_say_the_same(board: Board) -> None:
    known: dict[str | None, Any] = {}
    for delivery in samples(board.name).values():
        for said in board.read(delivery, TERMS).said:
            for fact in said.facts:
                assert known.setdefault(fact.id, fact) == fact


@each_board
def test_the_facts_of_two_connections_never_have_the_same_id(board: Board) -> None:
    if board.name == "standard":  # there the sender names the facts
        return
    other = type(TERMS)("globex", TERMS.stages, TERMS.reasons)
    for delivery in samples(board.name).values():
        assert ids(board.read(delivery, TERMS)).isdisjoint(ids(board.read(delivery, other)))


@each_board
def test_a_truncated_body_says_nothing(board: Board) -> None:
    for delivery in samples(board.name).values():
        for length in (0, 1, len(delivery.body) // 2, len(delivery.body.rstrip()) - 1):
            cut = Delivery.of(delivery.headers, delivery.body[:length], delivery.fetched)
            assert ids(board.read(cut, TERMS)) == set()


@each_board
@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b'{"a":"\xe9"}', b"[" * 200_000, b'{"a":' * 100_000, b"9" * 5_000, b"NaN", b"null", b'"\\ud800"']
)
def test_a_body_that_is_no_readable_json_says_nothing(board: Board, body: bytes) -> None:
    for delivery in samples(board.name).values():
        reading = board.read(Delivery.of(delivery.headers, body, delivery.fetched), TERMS)
        assert (reading.said, reading.erased) == ((), None)


@each_board
def test_an_unknown_event_says_nothing_and_keeps_its_name_for_the_count(board: Board) -> None:
    for delivery in samples(board.name).values():
        event = board.read(delivery, TERMS).event
        body = delivery.body.replace(event.encode(), b"no_such_event")
        headers = {name: value.replace(event, "no_such_event") for name, value in delivery.headers.items()}
        reading = board.read(Delivery.of(headers, body, delivery.fetched), TERMS)
        assert (reading.event, reading.said, reading.erased, reading.needs) == ("no_such_event", (), None, ())


@each_board
@pytest.mark.parametrize("body", [b'{"action":"ping"}', b'{"triggerEvent":"PING"}', b'{"event":"ping"}', b'{"test":true}', b"{}", b"[]"])
def test_a_ping_says_nothing(board: Board, body: bytes) -> None:
    reading = board.read(Delivery.of({"content-type": "application/json", "event-name": "ping"}, body), TERMS)
    assert (reading.said, reading.erased, reading.needs) == ((), None, ())


@each_board
def test_without_any_one_field_no_more_is_said_than_with_it(board: Board) -> None:
    for delivery in samples(board.name).values():
        whole = board.read(delivery, TERMS)
        for path in paths(delivery.payload):
            reading = board.read(altered(delivery, without(delivery.payload, path)), TERMS)
            assert len(ids(reading)) <= len(ids(whole)), path


@each_board
def test_mutated_samples_are_read_without_an_exception_and_in_bounded_time(board: Board) -> None:
    chance = random.Random(20_261_115)  # noqa: S311 -- reproducible, not secret
    deliveries = list(samples(board.name).values())
    began = time.process_time()
    for n in range(300):
        delivery = deliveries[n % len(deliveries)]
        known = {path: mutated(answer, chance) for path, answer in answers(board.name).items()}
        changed = altered(delivery, mutated(delivery.payload, chance) if n % 3 else delivery.payload)
        assert isinstance(board.read(replace(changed, fetched=known), TERMS), Reading)
    assert time.process_time() - began < 15


@each_board
def test_what_is_needed_is_asked_of_the_boards_own_api_only(board: Board) -> None:
    for delivery in samples(board.name).values():
        reading, known = board.read(delivery, TERMS), answers(board.name)
        if not board.scheme.binds_body:
            assert reading.needs or reading.said == ()
        assert all(path.startswith("/") and path in known for path in reading.needs)
        assert board.read(replace(delivery, fetched=known), TERMS).needs == ()


@each_board
def test_garbage_says_nothing(board: Board) -> None:
    chance = random.Random(20_261_116)  # noqa: S311 -- as above
    headers = next(iter(samples(board.name).values())).headers
    for _ in range(300):
        reading = board.read(Delivery.of(headers, json.dumps(garbage(chance)).encode()), TERMS)
        assert (ids(reading), reading.erased, reading.merged) == (set(), None, None)


@each_board
@settings(max_examples=50)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read(board: Board, body: bytes) -> None:
    headers = next(iter(samples(board.name).values())).headers
    assert ids(board.read(Delivery.of(headers, body), TERMS)) == set()
    assert board.handshake(Delivery.of({}, body)) is None or body.strip().startswith(b"{")
