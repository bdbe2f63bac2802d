"""The embedded stack's mail server: takes every message and delivers none. Each is an `.eml` file under `<home>/mail/`, kept as it came.

A message is on the disk before it is acknowledged, so that killing the sink loses nothing that was sent. File names tell the order of
arrival and nothing else. Run it with `python -m client.sink`; `messages` reads what was kept, with or without the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from client.settings import CannotStart, Settings, read, variable

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST: Final = "127.0.0.1"
LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one message."""


class Message(TypedDict):
    """One message that was sent, as the API shows it."""

    intent: str | None
    to: str
    subject: str
    text: str
    sent_at: str
    """When it arrived here, on the real clock."""
    application_time: str | None
    """When it was sent on the application's clock: its `Date`."""


class Sink:
    """Keeps messages in a folder. One at a time writes there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.part"):  # a message that was never acknowledged: its sender says it again
            left.unlink()
        self._latest = max((int(f.stem) for f in _kept(folder)), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd calls it by this name
        content = envelope.content
        self._latest = max(self._latest + 1, time.time_ns())  # a clock set back must not change the order
        await asyncio.to_thread(self._keep, content if isinstance(content, bytes) else (content or "").encode(), self._latest)
        return "250 kept"

    def _keep(self, content: bytes, arrival: int) -> None:
        kept = self._folder / f"{arrival:020d}.eml"
        part = kept.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(kept)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def folder_of(home: Path) -> Path:
    return home / "mail"


def messages(home: Path, application: str | None = None, candidate: str | None = None) -> list[Message]:
    """What was sent, newest last; of one application, or about several of one candidate, if they are named.

    Mail of other programs is listed with the rest, without an intent.
    """
    return [
        _row(mail, arrival)
        for arrival, mail in _mail(folder_of(home))
        if application is None or mail.get("X-Afterword-Application") == application
        if candidate is None or mail.get("X-Afterword-Candidate") == candidate
    ]


def forget(home: Path, applications: Collection[str], candidates: Collection[str]) -> int:
    """Removes what was sent about these, as whoever keeps mail would have to; how many. Repeating is harmless."""
    about = {"X-Afterword-Application": frozenset(applications), "X-Afterword-Candidate": frozenset(candidates)}
    found = [arrival for arrival, mail in _mail(folder_of(home)) if any(mail.get(name) in ids for name, ids in about.items())]
    for arrival in found:
        (folder_of(home) / f"{arrival:020d}.eml").unlink(missing_ok=True)
    return len(found)


def _mail(folder: Path) -> Iterator[tuple[int, EmailMessage]]:
    for file in sorted(_kept(folder)):
        with contextlib.suppress(FileNotFoundError):  # somebody empties the folder meanwhile
            yield int(file.stem), message_from_bytes(file.read_bytes(), policy=policy.default)


def _kept(folder: Path) -> list[Path]:
    return [f for f in folder.glob("*.eml") if f.stem.isdigit()]


def _row(mail: EmailMessage, arrival: int) -> Message:
    date = getattr(mail.get("Date"), "datetime", None)  # None where it cannot be read
    return {
        "intent": str(mail["X-Afterword-Intent"]) if mail["X-Afterword-Intent"] else None,
        "to": parseaddr(str(mail.get("To", "")))[1],
        "subject": str(mail.get("Subject", "")),
        "text": _text(mail),
        "sent_at": datetime.fromtimestamp(arrival / 1e9, UTC).isoformat(timespec="milliseconds"),
        "application_time": date.isoformat() if isinstance(date, datetime) else None,
    }


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        return bytes(body).decode(errors="replace")


async def serve(home: Path, port: int, host: str = HOST) -> None:
    """Takes mail until SIGTERM or SIGINT; what is being taken then is finished. CannotStart if the port is taken."""
    from aiosmtpd.smtp import SMTP  # noqa: PLC0415 -- an extra: whoever only reads mail, as the API in production may, does without

    sink, loop, ended = Sink(folder_of(home)), asyncio.get_running_loop(), asyncio.Event()

    def session() -> SMTP:
        return SMTP(sink, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="localhost", ident="Afterword sink", loop=loop)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    try:
        server = await loop.create_server(session, host, port)
    except OSError as e:
        raise CannotStart(
            f"The SMTP sink cannot listen on {host}:{port} (set {variable('smtp_port')}): {os.strerror(e.errno or 0)}."
        ) from None
    async with server:
        await ended.wait()


def main() -> int:
    try:
        settings = read(Settings)
        asyncio.run(serve(settings.home, settings.smtp_port))
    except CannotStart as e:
        print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
