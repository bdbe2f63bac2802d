"""A board as its receivers know it: signs what happens, posts it to a hook, comes again in its own time, and gives up in its own way.

Its times are the vendor's, compressed: a minute is five milliseconds, and no wait is longer than half a second. It stands here and not with
the tests, which use it for every board, because the demonstration is a command of the product and nothing of that may know a test.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx

from client.hook_sender import complete, hook_url
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery
from workflows.boards.signing import sign

_ANY_SUCCESS: Final = frozenset(range(200, 300))


def _compressed(*minutes: float) -> tuple[float, ...]:
    return tuple(min(max(one * 0.005, 0.02), 0.5) for one in minutes)


@dataclass(frozen=True)
class Manner:
    """How one board delivers."""

    waits: tuple[float, ...] = ()
    """Seconds before each repetition."""
    success: frozenset[int] = _ANY_SUCCESS
    never_again: frozenset[int] = frozenset()
    """Answers after which that delivery is not repeated."""
    disables: bool = False
    """Whether the hook is switched off once a delivery was repeated in vain."""
    stamps_anew: bool = False
    """Whether each attempt is signed with its own time."""
    patience: float = 10.0
    """Seconds for one answer."""


MANNERS: Final[dict[str, Manner]] = {
    "ashby": Manner(_compressed(1 / 6, 0.5, 1, 2.5, 5, 10, 21, 42, 85), never_again=frozenset({401, 403, 404, 405, 410})),
    "greenhouse": Manner(_compressed(1, 15, 60, 120, 240, 480), success=frozenset({200})),
    "lever": Manner(_compressed(1, 10, 60, 240)),
    "calendly": Manner(_compressed(1, 5, 15, 60, 180, 360, 720), disables=True),
    "calcom": Manner(),
    "smartrecruiters": Manner(
        _compressed(1, 5, 15, 30, 60, 120, 240, 480, 960, 1440), success=frozenset({202}), disables=True, patience=5.0
    ),
    "workable": Manner(_compressed(5, 15, 60), success=frozenset({200})),
    "recruitee": Manner(_compressed(1, 5, 15, 60, 180, 360, 600, 720, 900), success=frozenset({200})),
    "standard": Manner(_compressed(0.1, 5, 30, 120, 300, 600), never_again=frozenset({410}), disables=True, stamps_anew=True),
}
"""By the board's name."""


@dataclass(frozen=True)
class Event:
    """Something that happened at the board, and the delivery that tells of it."""

    at: datetime
    delivery: Delivery

    @classmethod
    def of(cls, at: datetime, content: object) -> Event:
        """A delivery of this JSON, with the headers that any delivery has."""
        body = json.dumps(content).encode()
        return cls(at, Delivery.of(complete({}, body), body))


@dataclass
class SimulatedBoard:
    """One board with one hook."""

    name: str
    connection: str
    secret: str
    api: str
    """Where the receiver's API is."""
    http: httpx.AsyncClient
    disabled: bool = False
    answers: list[int] = field(default_factory=list[int])
    """The statuses of all attempts; 0: no answer."""
    undelivered: list[Event] = field(default_factory=list[Event])

    @property
    def manner(self) -> Manner:
        return MANNERS[self.name]

    async def activates(self) -> bool:
        """What the vendor does when somebody switches the hook on; whether the hook is on then."""
        match self.name:
            case "ashby":
                ping = await self._attempt(Event.of(datetime.now(UTC), {"action": "ping", "data": {}}))
                self.disabled = not 200 <= ping.status_code < 300
            case "greenhouse":
                ping = await self._attempt(Event.of(datetime.now(UTC), {"action": "ping", "payload": {}}))
                self.disabled = ping.status_code != 200
            case "smartrecruiters":
                answer = await self.http.post(self._url, headers={"X-Hook-Secret": "echo-this"}, timeout=20)
                self.disabled = (answer.status_code, answer.headers.get("X-Hook-Secret")) != (200, "echo-this")
            case "recruitee":
                answer = await self.http.post(self._url, json={"test": True})
                self.disabled = answer.status_code != 200
            case _:
                self.disabled = False
        return not self.disabled

    async def delivers(self, event: Event) -> bool:
        """Until it succeeds or the board gives up; whether it succeeded."""
        for wait in (0.0, *self.manner.waits):
            if self.disabled:
                break
            await asyncio.sleep(wait)
            try:
                status = (await self._attempt(event)).status_code
            except httpx.HTTPError:
                status = 0
            self.answers.append(status)
            if status in self.manner.success:
                return True
            if status in self.manner.never_again:
                self.disabled = self.manner.disables
                break
        else:
            self.disabled = self.manner.disables
        self.undelivered.append(event)
        return False

    @property
    def _url(self) -> str:
        return hook_url(self.api, BOARDS[self.name], self.connection)

    async def _attempt(self, event: Event) -> httpx.Response:
        stamp = datetime.now(UTC) if self.manner.stamps_anew else event.at
        headers, body = sign(BOARDS[self.name].scheme, self.secret, event.delivery.headers, event.delivery.body, stamp)
        return await self.http.post(self._url, content=body, headers=headers, timeout=self.manner.patience)


@asynccontextmanager
async def simulated(name: str, connection: str, secret: str, api: str) -> AsyncGenerator[SimulatedBoard]:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as http:
        yield SimulatedBoard(name, connection, secret, api, http)
