"""The one verifier: what it accepts, and that nothing else does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.boards.deliveries import (
    NOW,
    Example,
    altered,
    binds_whole_body,
    bound_headers,
    bound_members,
    every_alteration,
    examples,
    samples,
    signed,
)
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery
from workflows.boards.signing import Body, Header, Scheme, sign, verify

EXAMPLES = examples()
each_board = pytest.mark.parametrize("name", sorted(BOARDS))


def accepted(
    example: Example, *, secrets: list[str] | None = None, headers: dict[str, str] | None = None, body: bytes | None = None
) -> bool:
    return verify(
        example.board.scheme,
        [example.secret] if secrets is None else secrets,
        example.headers if headers is None else headers,
        example.body if body is None else body,
        example.now,
    ).accepted


@each_board
def test_every_board_has_a_signed_example_and_it_verifies(name: str) -> None:
    assert accepted(EXAMPLES[name])


@each_board
def test_a_foreign_secret_and_none_at_all_verify_nothing(name: str) -> None:
    example = EXAMPLES[name]
    foreign = example.secret[:-3] + ("AAA" if example.board.scheme.key == "base64" else "xyz")
    assert not accepted(example, secrets=[foreign])
    assert not accepted(example, secrets=[])
    assert not accepted(example, secrets=[""])


@each_board
def test_either_of_two_secrets_verifies_while_one_replaces_the_other(name: str) -> None:
    example = EXAMPLES[name]
    other = "bm90LXRoaXMtb25lLWJ1dC1pdHMtdHdpbg=="
    assert accepted(example, secrets=[other, example.secret])
    assert accepted(example, secrets=[example.secret, other])


@each_board
def test_no_altered_byte_of_what_is_signed_verifies(name: str) -> None:
    example = EXAMPLES[name]
    if binds_whole_body(example.board):
        assert [body for body in every_alteration(example.body) if accepted(example, body=body)] == []
    for header in bound_headers(example.board) & example.headers.keys():
        for value in every_alteration(example.headers[header].encode()):
            if value.strip() != example.headers[header].encode():  # the space around a header's value is not part of it
                assert not accepted(example, headers={**example.headers, header: value.decode("latin-1")}), (header, value)


@each_board
def test_no_altered_byte_of_a_signed_member_verifies(name: str) -> None:
    example = EXAMPLES[name]
    content = json.loads(example.body)
    for member in bound_members(example.board):
        for value in every_alteration(str(content[member]).encode()):
            text = value.decode("latin-1")
            assert not accepted(example, body=json.dumps({**content, member: text}).encode()), (member, value)


@each_board
def test_without_its_signature_a_delivery_is_refused(name: str) -> None:
    example = EXAMPLES[name]
    assert not accepted(example, headers={}) if bound_headers(example.board) else True
    assert not accepted(example, headers={}, body=b"{}")
    if example.refused is not None and isinstance(example.board.scheme.signature, Header):
        assert not accepted(example, headers={**example.headers, example.board.scheme.signature.name: example.refused})


@each_board
@pytest.mark.parametrize(
    "value", ["", " ", ",", "v1,", "=", "sha256=", "sha256 ", "v1=;v1=", "t=,v1=", "é", "\ud800", "x" * 10_000, "v1, v1, " * 999]
)
def test_a_malformed_signature_is_refused_and_raises_nothing(name: str, value: str) -> None:
    example = EXAMPLES[name]
    assert not accepted(example, headers=dict.fromkeys(bound_headers(example.board), value), body=json.dumps({"signature": value}).encode())


@each_board
@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b'{"a":', b"[" * 100_000, b"9" * 5_000, b"null"])
def test_whatever_the_bytes_are_a_body_that_was_not_signed_is_refused(name: str, body: bytes) -> None:
    assert not accepted(EXAMPLES[name], body=body)


@each_board
def test_what_we_sign_as_the_board_does_verifies(name: str) -> None:
    board, secret = BOARDS[name], EXAMPLES[name].secret
    for delivery in samples(name).values():
        sent = signed(board, secret, delivery)
        assert verify(board.scheme, [secret], sent.headers, sent.body, NOW).accepted


@each_board
def test_a_delivery_from_the_future_is_refused_and_a_late_one_after_its_time(name: str) -> None:
    board, secret = BOARDS[name], EXAMPLES[name].secret
    if board.scheme.timestamp is None:
        return
    delivery = next(iter(samples(name).values()))
    sent = signed(board, secret, delivery)
    reason = verify(board.scheme, [secret], sent.headers, sent.body, NOW - timedelta(minutes=6)).reason
    assert reason == "future"
    if board.scheme.oldest is not None:
        late = verify(board.scheme, [secret], sent.headers, sent.body, NOW + board.scheme.oldest + timedelta(seconds=1))
        assert late.reason == "stale"
        in_time = verify(board.scheme, [secret], sent.headers, sent.body, NOW + board.scheme.oldest - timedelta(seconds=1))
        assert in_time.accepted


def test_a_body_that_is_not_utf8_verifies_by_its_bytes() -> None:
    scheme = Scheme(signature=Header("signature"))
    headers, body = sign(scheme, "secret", {}, b"\xff\xfe\x00caf\xe9", NOW)
    assert verify(scheme, ["secret"], headers, body, NOW).accepted
    assert not verify(scheme, ["secret"], headers, body + b"\xff", NOW).accepted


def test_a_signed_header_that_is_missing_is_malformed_unless_it_may_be() -> None:
    strict = Scheme(signature=Header("signature"), signed=(Header("id"), Body()))
    lenient = Scheme(signature=Header("signature"), signed=(Header("id", optional=True), Body()))
    headers, body = sign(lenient, "secret", {}, b"{}", NOW)
    assert verify(lenient, ["secret"], headers, body, NOW).accepted
    assert verify(strict, ["secret"], headers, body, NOW).reason == "malformed"
    with pytest.raises(ValueError, match="missing"):
        sign(strict, "secret", {}, b"{}", NOW)


def test_only_so_many_signatures_are_looked_at() -> None:
    scheme = Scheme(signature=Header("signature"), prefix="v1=", separator=";")
    headers, body = sign(scheme, "secret", {}, b"{}", NOW)
    many = ";".join(["v1=00"] * 15 + [headers["signature"]])
    assert verify(scheme, ["secret"], {"signature": many}, body, NOW).accepted
    assert not verify(scheme, ["secret"], {"signature": "v1=00;" * 10_000 + headers["signature"]}, body, NOW).accepted


def test_an_altered_sample_does_not_carry_its_old_signature() -> None:
    board, secret = BOARDS["ashby"], EXAMPLES["ashby"].secret
    sent = signed(board, secret, samples("ashby")["ashby_interviewScheduleUpdate"])
    changed: Delivery = altered(sent, {**sent.payload, "action": "candidateHire"})
    assert verify(board.scheme, [secret], changed.headers, changed.body, NOW).reason == "wrong-signature"
