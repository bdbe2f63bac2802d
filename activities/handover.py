"""The conversation with the mail server, phase by phase, so that it is always known whether a message was handed over.

Before the server asks for the message nothing has happened, and whatever goes wrong may be tried again. Once the message is on its way
only the server's own answer tells what became of it: without one it is unknown, and unknown is never sent twice.
"""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException, SMTPServerDisconnected

from activities.mail import Mail

BEFORE: Final = 10.0
"""Seconds until the server has asked for the message: connection, greeting, TLS, login, sender, recipient."""
DURING: Final = 10.0
"""Seconds from the message's first byte to the server's answer."""
PARTING: Final = 1.0
"""Seconds for a polite end; the message is with the server by then."""
_GO_AHEAD: Final = 354
_NOT_THEIR_FAULT: Final = frozenset({421, 503, 530, 534, 535, 538, 552})
"""Answers to a recipient that are about us, our login or a full mailbox, and may be better tomorrow."""


class RefusedError(Exception):
    """The server did not take the message, or could not be reached. Nothing was sent; it may be tried again."""


class RecipientRefusedError(Exception):
    """The server will not take mail for this recipient, for good. Nothing was sent."""


class UnknownOutcomeError(Exception):
    """The message was on its way when the connection was lost or the time was up. It may have arrived."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out."""

    host: str
    port: int
    tls: bool = False
    """TLS from the first byte."""
    starttls: bool | None = None
    """True: required. False: never. None: where the server offers it; then its certificate must be good."""
    user: str | None = None
    password: str | None = None

    @classmethod
    def at(cls, url: str) -> MailServer:
        """Read from `smtp://user:password@host:port?starttls=1` or `smtps://…`; ValueError, without the password, if it is neither."""
        try:
            parts = urlsplit(url)
            secure = {"smtp": False, "smtps": True}[parts.scheme]
            starttls = {"": None, "starttls=1": True, "starttls=0": False}[parts.query]
            host, port = {"": parts.hostname, "/": parts.hostname}[parts.path], parts.port
            user, password = parts.username, parts.password
        except (ValueError, KeyError):
            host = port = secure = starttls = user = password = None
        if not host:
            raise ValueError("the mail server must be said as smtp://user:password@host:port?starttls=1 or smtps://user:password@host:port")
        return cls(
            host=host,
            port=port or (465 if secure else 587 if starttls else 25),
            tls=bool(secure),
            starttls=False if secure else starttls,
            user=unquote(user) if user else None,
            password=unquote(password or "") if user else None,
        )

    def connection(self) -> SMTP:
        """A new connection, not yet opened."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls,
            start_tls=self.starttls,
            username=self.user,
            password=self.password,
            local_hostname=_own_name(),
            timeout=BEFORE,
        )


async def hand_over(mail: Mail, server: MailServer) -> None:
    """Hand one mail to the server; returns once the server has taken it. At most about 20 s.

    A cancellation before the message's first byte ends the conversation, and nothing is sent. A later one waits for the server's answer:
    if the server takes the message this returns as if nothing had happened, if it refuses it the cancellation goes on.

    Raises RefusedError, RecipientRefusedError or UnknownOutcomeError, all without a word about whom or what.
    """
    connection = server.connection()
    try:
        try:
            async with asyncio.timeout(BEFORE):
                await _prepare(connection, mail)
        except (RecipientRefusedError, RefusedError):
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is before the message
            raise RefusedError(_reason(error)) from None
        await despite_cancellation(asyncio.create_task(_deliver(connection, mail.content)))
    finally:
        connection.close()


async def _prepare(connection: SMTP, mail: Mail) -> None:
    """Everything up to the server's word that it waits for the message."""
    await connection.connect()
    if connection.is_ehlo_or_helo_needed:
        try:
            await connection.ehlo()
        except SMTPResponseException:
            await connection.helo()
    if mail.international and not connection.supports_extension("smtputf8"):
        raise RecipientRefusedError
    encoding = "utf-8" if mail.international else "ascii"
    await connection.mail(mail.sender, options=["SMTPUTF8", "BODY=8BITMIME"] if mail.international else None, encoding=encoding)
    try:
        await connection.rcpt(mail.recipient, encoding=encoding)
    except SMTPRecipientRefused as error:
        if _for_good(error.code, error.message):
            raise RecipientRefusedError from None
        raise
    answer = await connection.execute_command(b"DATA")
    if answer.code != _GO_AHEAD:
        raise SMTPResponseException(answer.code, answer.message)


def _for_good(code: int, text: str) -> bool:
    """Whether an answer to a recipient is about the recipient: not our login, our right to send (5.7.x) or a full mailbox (5.2.2)."""
    return 500 <= code < 600 and code not in _NOT_THEIR_FAULT and not re.match(r"\s*5\.(?:7\.\d+|2\.2)\b", text)


async def _deliver(connection: SMTP, content: bytes) -> None:
    protocol = connection.protocol
    if protocol is None or not protocol.is_connected:
        raise RefusedError("the connection was lost before the message")
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    ending = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        async with asyncio.timeout(DURING):
            protocol.write(stuffed + ending)
            answer = await protocol.read_response()
    except Exception:  # noqa: BLE001 -- whatever it is, a surprise too: it would be tried again if it were not called unknown
        raise UnknownOutcomeError from None
    if 400 <= answer.code < 600:
        raise RefusedError(f"the mail server answered {answer.code} to the message")
    if not 200 <= answer.code < 300:
        raise UnknownOutcomeError
    with suppress(SMTPException, SMTPServerDisconnected, OSError, ValueError):
        await connection.quit(timeout=PARTING)


async def despite_cancellation(delivery: asyncio.Task[None]) -> None:
    """What became of a delivery that is under way. Cancelled it is waited for; where it was refused the cancellation goes on."""
    cancelled: asyncio.CancelledError | None = None
    while not delivery.done():
        try:
            await asyncio.wait({delivery})
        except asyncio.CancelledError as request:
            cancelled = request
    if cancelled and isinstance(delivery.exception(), RefusedError):
        raise cancelled
    delivery.result()


def _reason(error: Exception) -> str:
    """What went wrong, as a constant and the server's code: its text may repeat the address."""
    if isinstance(error, SMTPResponseException):
        return f"the mail server answered {error.code}"
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    return "the mail server could not be reached"


def _own_name() -> str:
    """This machine's name for the greeting, without asking the network for it."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.-]{1,255}", name) else "localhost"
