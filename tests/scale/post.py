"""A mail server that takes everything, keeps nothing but the moment, and knows by it how late and how fast mail leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope

HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class Arrival:
    at: float
    """On the real clock, in seconds since 1970."""
    application: str
    """Empty for a message about several."""
    intent: str


@dataclass
class Post:
    port: int = 0
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    """In the order in which they came."""

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}?starttls=0"

    def first(self, kind: str) -> dict[str, float]:
        """When each application's first message of that kind came."""
        found: dict[str, float] = {}
        for one in self.arrivals:
            if one.intent.partition("/")[0] == kind:
                found.setdefault(one.application, one.at)
        return found

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd calls it by this name
        content = envelope.content
        assert isinstance(content, bytes)
        mail = BytesHeaderParser().parsebytes(content)
        self.arrivals.append(Arrival(time.time(), mail.get("X-Afterword-Application", ""), mail.get("X-Afterword-Intent", "")))
        return "250 taken"


@asynccontextmanager
async def post() -> AsyncGenerator[Post]:
    """The server runs in this loop until the block ends."""
    office = Post()
    listening = await asyncio.get_running_loop().create_server(lambda: SMTP(office, hostname="mx.test", enable_SMTPUTF8=True), HOST, 0)
    office.port = listening.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        listening.close()
        await listening.wait_closed()
