"""Deliveries to test with: the samples and the signed examples of every board, and how to sign and to alter them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from client.hook_sender import captured
from workflows.boards import BOARDS
from workflows.boards.delivery import Board, Delivery, Terms
from workflows.boards.signing import Body, Field, Header, Member, sign

HERE: Final = Path(__file__).parent
NOW: Final = datetime.fromtimestamp(1_794_736_800, UTC)
"""When the signed examples were signed: Sunday 15 November 2026."""
VENDORS_OWN: Final = datetime.fromtimestamp(1_574_080_897, UTC)
"""When the one example that a vendor publishes was signed."""
_NAMES: Final[dict[str, str]] = {"standardwebhooks": "standard"}

TERMS: Final = Terms(
    "acme",
    stages={
        "5f7b3b3b-0000-4b1b-8b3b-000000000005": "reference_check",
        "71416": "next_round",
        "Onsite Interview": "next_round",
        "3002": "next_round",
        "INTERVIEW/Onsite": "next_round",
        "7c2690d8-0000-4ed9-ae2a-cbfe7db26593": "next_round",
    },
    reasons={"881": "withdrawn"},
)


_OPPORTUNITY: Final = "/opportunities/3410c8b9-0000-4bab-b7e9-9f710206d647"
_FETCHED: Final[dict[str, dict[str, str]]] = {
    "lever": {
        f"{_OPPORTUNITY}?expand=applications": "lever_GET_opportunity",
        f"{_OPPORTUNITY}/interviews/6ff55c8e-0000-4eb4-835a-630b1c0da421": "lever_GET_interview_enrichment",
        "/archive_reasons": "lever_GET_archive_reasons",
        "/postings/9026d1f1-0000-49dc-8a17-5f448d1de52b": "lever_GET_posting",
    },
    "smartrecruiters": {
        "/candidates/c7f1a2b3-0000-4d0e-8f5a-6b7c8d9e0f11/jobs/5e4d3c2b-0000-4a19-8f0e-1d2c3b4a5f66": "smartrecruiters_GET_application",
        "/interviews-api/v201904/interviews/a1b2c3d4-0000-4e5f-8a9b-0c1d2e3f4a5b": "smartrecruiters_GET_interview",
    },
}


@dataclass(frozen=True)
class Example:
    """A delivery signed by the book."""

    board: Board
    secret: str
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    refused: str | None
    """What stands in the signature's place where the board was given no secret."""


def examples() -> dict[str, Example]:
    """The signed example of every board, by its name."""
    found: dict[str, Example] = {}
    for one in cast("list[dict[str, Any]]", json.loads((HERE / "signing_vectors.json").read_text())):
        name = str(_NAMES.get(one["provider"], one["provider"]))
        if board := BOARDS.get(name):
            headers = {header.lower(): value for header, value in one["headers"].items()}
            now = VENDORS_OWN if name == "smartrecruiters" else NOW
            found[name] = Example(board, one["secret"], headers, one["body"].encode(), now, one.get("must_reject_header_value"))
    return found


def samples(board: str) -> dict[str, Delivery]:
    """The samples of a board by file name, unsigned; of thin ones, together with what would be fetched."""
    return {path.stem: sample(path.stem) for path in sorted((HERE / "samples").glob(f"{board}_*.json")) if "_GET_" not in path.stem}


def sample(name: str) -> Delivery:
    headers, body = captured((HERE / "samples" / f"{name}.json").read_bytes())
    return Delivery.of({"content-type": "application/json", "webhook-id": f"msg_{name}", **headers}, body)


def answers(board: str) -> dict[str, Any]:
    """What a board's API answers to everything that its samples need, by path."""
    return {path: fetched(name) for path, name in _FETCHED.get(board, {}).items()}


def fetched(name: str) -> Any:
    """What a board's API answers, as a sample."""
    return json.loads((HERE / "samples" / f"{name}.json").read_text())


def altered(sample: Delivery, content: Any) -> Delivery:
    """The same delivery with another body."""
    return Delivery.of(sample.headers, json.dumps(content).encode(), sample.fetched)


def signed(board: Board, secret: str, sample: Delivery, now: datetime = NOW) -> Delivery:
    headers, body = sign(board.scheme, secret, sample.headers, sample.body, now)
    return Delivery.of(headers, body, sample.fetched)


def secret_of(board: Board) -> str:
    return examples()[board.name].secret


def bound_headers(board: Board) -> set[str]:
    """The headers that a board's signature stands in or covers."""
    places = (board.scheme.signature, board.scheme.timestamp, *board.scheme.signed)
    names = {place.name for place in places if isinstance(place, Header)}
    return names | {place.header for place in places if isinstance(place, Field)}


def binds_whole_body(board: Board) -> bool:
    return any(isinstance(place, Body) for place in board.scheme.signed)


def bound_members(board: Board) -> set[str]:
    """The members of the body that the signature stands in or covers, for boards that sign no more of it."""
    places = (board.scheme.signature, board.scheme.timestamp, *board.scheme.signed)
    return {place.name for place in places if isinstance(place, Member)}


def every_alteration(text: bytes) -> Iterator[bytes]:
    """The text with each of its bytes changed, in two ways that are easily overlooked, and with one more or less."""
    for place, byte in enumerate(text):
        for other in {byte ^ 0x01, byte ^ 0x20}:
            yield text[:place] + bytes([other]) + text[place + 1 :]
        yield text[:place] + text[place + 1 :]
    yield text + b" "
    yield b""
