"""What arrives: the headers of the contract, words of every script, and nothing that people wrote as a header."""

from __future__ import annotations

from dataclasses import replace

import pytest

from activities.handover import MailServer, hand_over
from activities.letters.links import Links
from activities.mail import compose, sender_of
from tests.activities.samples import EVERY, GRACE, notice
from tests.activities.sending import FOLLOW_UP, FROM, STARTED, send
from tests.activities.servers import Post, mail_server
from workflows.facts import Contact
from workflows.names import Notice


async def test_the_message_has_the_headers_of_the_contract() -> None:
    """From, To, the attempt's own date, what it belongs to, that a machine sent it; text and HTML."""
    async with mail_server(Post()) as post:
        delivery = await send(post)
    (mail,) = post.taken
    assert post.recipients == ["ada@example.org"]
    assert mail["From"] == FROM
    assert mail["To"] == "Ada Byron <ada@example.org>"
    assert mail["Subject"] == "Time to ask Analytical Engines for news"
    assert mail["Date"].datetime == STARTED
    assert mail["Message-ID"] == delivery.message_id
    assert mail["Message-ID"].endswith("@mail.example.com>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Afterword-Application"] == "app-1"
    assert mail["X-Afterword-Intent"] == "follow-up/1"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_message_with_links_can_be_unsubscribed_from_in_one_click() -> None:
    """RFC 8058; the longest ids still make one whole address in one line of less than 998 bytes."""
    of = FOLLOW_UP.model_copy(update={"candidate": "c" * 128, "application": "a" * 128})
    links = Links(("k" * 32,), "https://afterword.example.com").of_notice(of, STARTED)
    assert links
    mail = compose(of, sender_of(FROM), STARTED, links).content
    assert f"\r\nList-Unsubscribe: <{links.unsubscribe}>\r\n".encode() in mail
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert b"List-Unsubscribe" not in compose(of, sender_of(FROM), STARTED).content


async def test_the_message_id_belongs_to_the_notice_and_not_to_the_attempt() -> None:
    """Another attempt has the same; another `since`, hence another key, has another."""
    async with mail_server(Post()) as post:
        first, second = await send(post), await send(post)
        other = await send(post, notice("follow-up/1", key="another"))
    assert first == second
    assert first != other


@pytest.mark.parametrize("of", EVERY, ids=lambda n: n.intent)
async def test_every_kind_of_message_arrives_with_short_lines(of: Notice) -> None:
    """No line over 998 bytes, only ASCII on the wire, and the dates of the waiting period are attached."""
    async with mail_server(Post()) as post:
        await send(post, of)
    assert all(len(line) <= 998 for line in post.raw[0].split(b"\r\n"))
    assert post.raw[0].isascii()
    attached = [part.get_filename() for part in post.taken[0].iter_attachments()]
    assert attached == (["dates.ics"] if of.intent.startswith("waiting") else [])


async def test_names_of_every_script_arrive_whole() -> None:
    """Emoji, right-to-left, long names; in the header and in the body."""
    name = "\u05e2\u05d3\u05d4 \u0628\u0627\u064a\u0631\u0648\u0646 🙂"
    of = notice("thank-you/i1", people=(GRACE,), to=Contact(name=name, email="ada@example.org"), employer="Ä" * 400, position="職" * 400)
    async with mail_server(Post()) as post:
        await send(post, of)
    (mail,) = post.taken
    assert mail["To"].addresses[0].display_name == name
    assert mail["Subject"].startswith("Time to say thank you: your interview at ÄÄÄ")
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"Hello {name}," in body.get_content()
    assert "職" * 400 in body.get_content()
    assert all(len(line) <= 998 for line in post.raw[0].split(b"\r\n"))


async def test_no_header_can_be_added_by_what_people_wrote() -> None:
    """Line breaks in names, employer, position, ids: still one To, no Bcc, one recipient."""
    evil = "X\r\nBcc: all@example.com\r\n\r\nhello"
    to = Contact.model_construct(name=evil, email="ada@example.org")
    hostile = FOLLOW_UP.model_copy(update={"employer": evil, "position": evil, "application": evil, "to": to})
    async with mail_server(Post()) as post:
        await send(post, hostile)
    (mail,) = post.taken
    assert mail["Bcc"] is None
    assert len(mail.get_all("To", [])) == 1
    assert post.recipients == ["ada@example.org"]


async def test_lines_that_begin_with_a_dot_arrive_as_they_are() -> None:
    """A line of one dot ends a message for the server, unless it is said as the protocol asks."""
    mail = replace(compose(FOLLOW_UP, sender_of(FROM), STARTED), content=b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nlast")
    async with mail_server(Post()) as post:
        await hand_over(mail, MailServer.at(post.url))
    assert post.raw[0].endswith(b"\r\n\r\n.\r\n..\r\n.hidden\r\nlast\r\n")


async def test_international_addresses_are_written_to() -> None:
    """A domain in its ASCII form anywhere; a local part where the server can."""
    async with mail_server(Post()) as post:
        await send(post, notice("follow-up/1", to=Contact(email="ada@bücher.example")))
        await send(post, notice("follow-up/1", to=Contact(email="ädä@example.org")))
    assert post.recipients == ["ada@xn--bcher-kva.example", "ädä@example.org"]
