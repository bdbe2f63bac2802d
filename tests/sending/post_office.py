"""A real mail server in a bad mood, which keeps its own books of what it took, whatever it answered.

What it does to an attempt is decided by a seed, the recipient and how often that recipient was tried: the same seed, the same moods. It is
good-natured from a recipient's fourth attempt on, so that nothing lasts for ever.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope

MOODS: Final[dict[str, int]] = {
    "takes it": 46,
    "is slow, and takes it": 4,
    "is lost before the sender": 6,
    "asks to come again": 6,
    "knows no such person": 3,
    "is lost at the recipient": 6,
    "is lost at the data": 5,
    "is lost amid the data": 6,
    "is lost after the data": 6,
    "takes it, and is lost before it says so": 6,
    "refuses the message for now": 4,
    "refuses the message": 2,
}
"""What may happen to one attempt, and how often in a hundred."""
PATIENT_FROM: Final = 4
SLOW: Final = 1.5
"""Seconds."""


@dataclass
class PostOffice:
    """`mood`: None is as the seed has it, else the same for everybody."""

    seed: int = 0
    mood: str | None = "takes it"
    port: int = 0
    books: Counter[str] = field(default_factory=Counter[str])
    """Message-ID -> how often it was taken completely, whether or not its sender heard so."""
    headers: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Message-ID -> headers of the message that was taken."""
    tried: Counter[str] = field(default_factory=Counter[str])
    """Recipient -> attempts that got as far as naming it."""
    seen: Counter[str] = field(default_factory=Counter[str])
    """Mood -> how often it showed."""
    callers: int = 0
    _busy: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def towards(self, recipient: str) -> str:
        """The mood of the next attempt to reach this recipient."""
        self.tried[recipient] += 1
        tried = self.tried[recipient]
        if self.mood is not None or tried >= PATIENT_FROM:
            return self.mood or "takes it"
        return self._drawn(f"{recipient} {tried}", [mood for mood in MOODS if mood != "is lost before the sender"])

    def letters_to(self, recipient: str) -> list[dict[str, str]]:
        """Headers of what was taken for this recipient."""
        return [kept for kept in self.headers.values() if recipient in kept["To"]]

    async def has_tried(self, recipients: int) -> None:
        """Returns when so many recipients were named."""
        async with self._busy:
            await self._busy.wait_for(lambda: len(self.tried) >= recipients)

    async def noise(self) -> None:
        async with self._busy:
            self._busy.notify_all()

    def at_the_door(self) -> str:
        """The mood towards the next caller, of whom nothing is known yet."""
        self.callers += 1
        return self._drawn(f"caller {self.callers}", list(MOODS)) if self.mood is None else self.mood

    def book(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.SMTPUTF8)
        name = str(mail["Message-ID"])
        self.books[name] += 1
        self.headers[name] = {header: str(value) for header, value in mail.items()}

    def _drawn(self, what: str, moods: list[str]) -> str:
        dice = random.Random(f"{self.seed} {what}")  # noqa: S311 -- to be the same again
        return dice.choices(moods, [MOODS[mood] for mood in moods])[0]


class _Clerk(SMTP):
    """One conversation."""

    def __init__(self, office: PostOffice) -> None:
        super().__init__(self, hostname="mx.test", enable_SMTPUTF8=True)
        self.office = office
        self.mood = "takes it"

    def is_lost(self) -> None:
        transport: Any = self.transport
        transport.abort()

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802 -- aiosmtpd's name
        if self.office.at_the_door() == "is lost before the sender":
            self.office.seen["is lost before the sender"] += 1
            self.is_lost()
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 -- as above
        self.mood = self.office.towards(address)
        self.office.seen[self.mood] += 1
        await self.office.noise()
        match self.mood:
            case "asks to come again":
                return "450 4.2.1 come again"
            case "knows no such person":
                return "550 5.1.1 no such person"
            case "is lost at the recipient":
                self.is_lost()
            case _:
                pass
        envelope.rcpt_tos.append(address)
        return "250 welcome"

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- as above
        match self.mood:
            case "is lost at the data":
                self.is_lost()
            case "is lost amid the data":
                await self.push("354 go on")
                reader: Any = self._reader
                await reader.readline()
                self.is_lost()
            case _:
                await super().smtp_DATA(arg)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- as above
        content = envelope.content
        assert isinstance(content, bytes)
        match self.mood:
            case "is lost after the data":
                self.is_lost()
                return "250 never heard"
            case "takes it, and is lost before it says so":
                self.office.book(content)
                self.is_lost()
                return "250 never heard"
            case "refuses the message for now":
                return "451 4.3.0 not now"
            case "refuses the message":
                return "554 5.6.0 not this"
            case "is slow, and takes it":
                await asyncio.sleep(SLOW)
            case _:
                pass
        self.office.book(content)
        return "250 taken"


@asynccontextmanager
async def post_office(office: PostOffice) -> AsyncGenerator[PostOffice]:
    """The server runs in this loop until the block ends; `office.port` is where."""
    listening = await asyncio.get_running_loop().create_server(lambda: _Clerk(office), "127.0.0.1", 0)
    office.port = listening.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        listening.close()
        await listening.wait_closed()
