"""The mail sink: a real SMTP server whose mail survives it."""

from __future__ import annotations

import asyncio
import os
import smtplib
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from client.embedded import Ports
from client.sink import folder_of, messages
from tests.server import eventually

HOST = "127.0.0.1"


@asynccontextmanager
async def sink(home: Path, port: int) -> AsyncGenerator[asyncio.subprocess.Process]:
    environment = {**os.environ, "AFTERWORD_HOME": str(home), "AFTERWORD_SMTP_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "client.sink", env=environment, stderr=asyncio.subprocess.PIPE)

    async def takes_mail() -> bool:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        await eventually(takes_mail)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def letter(n: int, application: str = "app-1", intent: str = "follow-up/1") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "afterword@localhost", "Ada Byron <ada@example.org>", f"Your {n}. follow-up — naïve 🙂"
    mail["Date"] = "Thu, 12 Mar 2026 08:00:00 +0000"
    if application:
        mail["X-Afterword-Application"], mail["X-Afterword-Intent"] = application, intent
    mail.set_content(f"Number {n}.\n.\n.. dots stay dots\n")
    mail.add_alternative(f"<p>Number {n}.</p>", subtype="html")
    return mail


def send(port: int, *mails: EmailMessage) -> None:
    with smtplib.SMTP(HOST, port, timeout=10) as server:
        for mail in mails:
            server.send_message(mail)


async def test_what_was_sent_is_listed_in_the_order_of_arrival(tmp_path: Path) -> None:
    port = Ports.free().smtp
    async with sink(tmp_path, port):
        await asyncio.to_thread(send, port, *(letter(n) for n in range(12)))
        listed = messages(tmp_path)
    assert [m["subject"] for m in listed] == [f"Your {n}. follow-up — naïve 🙂" for n in range(12)]
    assert (listed[3]["intent"], listed[3]["to"], listed[3]["application_time"]) == (
        "follow-up/1",
        "ada@example.org",
        "2026-03-12T08:00:00+00:00",
    )
    assert listed[3]["text"].splitlines() == ["Number 3.", ".", ".. dots stay dots"]
    assert [m["sent_at"] for m in listed] == sorted(m["sent_at"] for m in listed)


async def test_mail_of_one_application_is_listed_alone_and_foreign_mail_with_the_rest(tmp_path: Path) -> None:
    port = Ports.free().smtp
    async with sink(tmp_path, port):
        await asyncio.to_thread(send, port, letter(1, "app-1"), letter(2, "app-12"), letter(3, ""), letter(4, "app-1"))
    assert [m["subject"][5:6] for m in messages(tmp_path, "app-1")] == ["1", "4"]
    assert [m["intent"] for m in messages(tmp_path)] == ["follow-up/1", "follow-up/1", None, "follow-up/1"]


async def test_what_was_acknowledged_is_there_after_a_kill_and_later_mail_comes_later(tmp_path: Path) -> None:
    port = Ports.free().smtp
    async with sink(tmp_path, port) as process:
        await asyncio.to_thread(send, port, letter(0), letter(1))
        process.kill()
        await process.wait()
    (folder_of(tmp_path) / "99999999999999999999.part").write_bytes(b"half a mess")
    async with sink(tmp_path, port):
        await asyncio.to_thread(send, port, letter(2))
    assert [m["subject"][5:6] for m in messages(tmp_path)] == ["0", "1", "2"]
    assert [f.suffix for f in folder_of(tmp_path).iterdir()] == [".eml"] * 3


async def test_file_names_hold_nothing_personal(tmp_path: Path) -> None:
    port = Ports.free().smtp
    async with sink(tmp_path, port):
        await asyncio.to_thread(send, port, letter(1))
    assert [f.stem.isdigit() for f in folder_of(tmp_path).iterdir()] == [True]


async def test_it_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    async with sink(tmp_path, Ports.free().smtp) as process:
        process.terminate()
        assert await process.wait() == 0


async def test_a_port_that_somebody_has_is_one_sentence(tmp_path: Path) -> None:
    port = Ports.free().smtp
    async with sink(tmp_path, port), sink(tmp_path / "other", port) as second:
        assert await second.wait() == 1
        assert second.stderr
        assert (await second.stderr.read()).decode() == (
            f"The SMTP sink cannot listen on {HOST}:{port} (set AFTERWORD_SMTP_PORT): Address already in use.\n"
        )


def test_without_any_mail_the_list_is_empty(tmp_path: Path) -> None:
    assert messages(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe no mail at all",
        b"Date: never\r\nTo: nobody\r\n\r\n",
        b"Subject: =?utf-8?q?=FF?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nx",
    ],
)
def test_a_message_that_is_none_does_not_hide_the_others(tmp_path: Path, content: bytes) -> None:
    folder_of(tmp_path).mkdir()
    (folder_of(tmp_path) / "00000000000000000001.eml").write_bytes(content)
    (folder_of(tmp_path) / "00000000000000000002.eml").write_bytes(letter(2).as_bytes())
    assert [m["intent"] for m in messages(tmp_path)] == [None, "follow-up/1"]
