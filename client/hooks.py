"""`POST /hooks/{board}/{connection}`: a board's delivery is verified, translated, kept, and only then acknowledged.

The answer is what the board understands: its own status for success, 401 for a signature that proves nothing, 413 for a body beyond the
cap, and 503 with `Retry-After` wherever it could not be kept, so that the board sends it again; never 404 and never 500. Every delivery is
one line in the log, of ids, names and counts only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import structlog
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from client.connections import Connection, Connections
from client.deliveries import Outcome, Tally
from client.metrics import Counts
from client.refusals import Unavailable
from client.telling import Applications, tell
from workflows.boards.delivery import Delivery, Reading
from workflows.boards.payload import opaque
from workflows.boards.signing import verify

LARGEST: Final = 1_048_576
"""Bytes of one delivery."""
RETRY_AFTER: Final = 30
"""Seconds after which a board is asked to send again what could not be kept."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Intake(Protocol):
    """Who fetches, durably, what a delivery does not say itself, and then tells the applications."""

    async def take(self, connection: str, delivery: Delivery, reading: Reading) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Hooks:
    """The entrance of the boards."""

    applications: Applications
    connections: Connections
    intake: Intake | None = None
    """None: boards whose deliveries need fetching cannot be kept yet."""
    now: Callable[[], datetime] = _now
    counts: Counts = field(default_factory=Counts)
    tallies: dict[str, Tally] = field(default_factory=dict[str, Tally])
    """By connection."""
    since: datetime = field(init=False)
    """When counting began."""

    def __post_init__(self) -> None:
        self.since = self.now()

    def router(self) -> APIRouter:
        router = APIRouter(tags=["hooks"])
        router.add_api_route("/hooks/{board}/{connection}", self._receive, methods=["POST"], status_code=200, response_class=Response)
        router.add_api_route("/hooks/{path:path}", self._unknown, methods=["POST"], include_in_schema=False)
        return router

    async def _unknown(self, path: str) -> Response:
        return self._again("?", "?", "no-such-hook")

    async def _receive(self, board: str, connection: str, request: Request) -> Response:
        """Takes a delivery as that board sends it."""
        known = self.connections.current().get(connection)
        if known is None or known.board.name != board:
            return self._again(opaque(board), opaque(connection), "no-such-connection")
        try:
            body = await _read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            self._note(known, "refused", "?", reason="too-large")
            return Response(status_code=413)
        delivery = Delivery.of(dict(request.headers), body)
        try:
            return await self._take(known, delivery)
        except Exception as e:  # noqa: BLE001 -- a fault of ours: the board keeps the delivery and sends it again
            self._note(known, "unavailable", "?", reason=type(e).__name__)
            return _ask_again()

    async def _take(self, known: Connection, delivery: Delivery) -> Response:
        board = known.board
        if answer := board.handshake(delivery):
            self._note(known, "handshake", "?")
            return Response(status_code=answer.status, headers=dict(answer.headers))
        secrets = [secret.get_secret_value() for secret in known.secrets]
        verdict = verify(board.scheme, secrets, delivery.headers, delivery.body, self.now())
        if not verdict.accepted:
            self._note(known, "refused", "?", reason=verdict.reason)
            return Response(status_code=401)
        reading = board.read(delivery, known.terms)
        try:
            async with asyncio.timeout(board.patience):
                kept = await self._keep(known, delivery, reading)
        except Exception as e:  # noqa: BLE001 -- whatever kept it from being kept, sent again it may be
            self._note(known, "unavailable", reading.event, key=reading.key, reason=type(e).__name__)
            return _ask_again()
        self._note(
            known, "accepted" if kept else "no-effect", reading.event, key=reading.key, unsaid=reading.unsaid,
            applications=[said.application for said in reading.said], facts=sum(len(said.facts) for said in reading.said),
        )  # fmt: skip
        return Response(status_code=board.acknowledge)

    async def _keep(self, known: Connection, delivery: Delivery, reading: Reading) -> bool:
        """Whether there was anything to keep. Raises where it could not be kept."""
        if not reading.needs:
            return await tell(self.applications, known, reading)
        if self.intake is None:
            raise Unavailable("Nobody is there to fetch what this delivery only hints at.")
        await self.intake.take(known.id, delivery, reading)
        return True

    def _again(self, board: str, connection: str, reason: str) -> Response:
        self.counts.webhook("?", "unavailable")
        _log.warning("delivery", board=board, connection=connection, outcome="unavailable", reason=reason)
        return _ask_again()

    def _note(self, known: Connection, outcome: Outcome, event: str, **said: Any) -> None:
        self.tallies.setdefault(known.id, Tally()).count(outcome, event, self.now())
        self.counts.webhook(known.board.name, outcome)
        write = _log.info if outcome in ("accepted", "no-effect", "handshake") else _log.warning
        write("delivery", board=known.board.name, connection=known.id, outcome=outcome, event_name=event, **said)


async def _read(request: Request) -> bytes | None:
    """The body; None where it is beyond the cap, of which no more is read than that."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and (len(length) > 15 or int(length) > LARGEST):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _ask_again() -> Response:
    return Response(status_code=503, headers={"Retry-After": str(RETRY_AFTER)})
