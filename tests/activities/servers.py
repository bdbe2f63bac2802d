"""Real mail servers for the tests, well-behaved and otherwise, each on a free port of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


@dataclass
class Post:
    """What a server does, and what it took.

    `rcpt`, `data` and `answer` are its whole answers to the recipient, to DATA and to the message; at the phases `dies` and `silent`
    (`ehlo`, `rcpt`, `data`, `message`) it loses the connection, or says nothing.
    """

    rcpt: str = ""
    data: str = ""
    answer: str = "250 taken"
    dies: str = ""
    silent: str = ""
    taken: list[EmailMessage] = field(default_factory=list[EmailMessage])
    raw: list[bytes] = field(default_factory=list[bytes])
    recipients: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])
    """Every line that the server answered."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """The server is at the phase of `silent`."""
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends the silence."""
    port: int = 0

    def __str__(self) -> str:
        """What it does, the same in every process: it names tests."""
        said = {name: getattr(self, name) for name in ("rcpt", "data", "answer", "dies", "silent")}
        return " ".join(f"{name} {value}" for name, value in said.items() if value)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def phase(self, name: str, server: SMTP) -> None:
        if self.dies == name:
            transport: Any = server.transport
            transport.abort()
            await asyncio.sleep(0)
        if self.silent == name:
            self.reached.set()
            await self.go_on.wait()

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802 -- aiosmtpd's name
        await self.phase("ehlo", server)
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 -- as above
        await self.phase("rcpt", server)
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 welcome"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- as above
        await self.phase("message", server)
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            parsed = message_from_bytes(content, policy=policy.SMTPUTF8)
            assert isinstance(parsed, EmailMessage)
            self.raw.append(content)
            self.taken.append(parsed)
            self.recipients.extend(envelope.rcpt_tos)
        return self.answer


class _Server(SMTP):
    """aiosmtpd, which can also refuse, lose or ignore the command DATA itself, for which it has no hook."""

    post: Post

    async def push(self, status: Any) -> None:
        self.post.said.append(status if isinstance(status, str) else status.decode())
        await super().push(status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- aiosmtpd's name
        await self.post.phase("data", self)
        if self.post.data:
            await self.push(self.post.data)
            return
        await super().smtp_DATA(arg)


@asynccontextmanager
async def mail_server(post: Post, **settings: Any) -> AsyncGenerator[Post]:
    """The server runs in this loop until the block ends; `post.port` is where."""

    def connect() -> SMTP:
        server = _Server(post, hostname="mx.test", enable_SMTPUTF8=settings.pop("utf8", True), **settings)
        server.post = post
        return server

    listening = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    post.port = listening.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        post.go_on.set()
        listening.close()
        await listening.wait_closed()


def knows(user: str, password: str) -> Any:
    """An authenticator that takes one login."""

    def check(*asked: Any) -> AuthResult:
        said = asked[-1]
        good = isinstance(said, LoginPassword) and (said.login, said.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    return check
