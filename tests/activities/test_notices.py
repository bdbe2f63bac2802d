"""Sending, against real mail servers of every temper: each attempt ends as sent, refused, a bad address or uncertain, and rightly so."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import handover
from activities.handover import MailServer
from activities.mail import compose, sender_of
from activities.notices import Notices
from tests.activities.samples import EVERY, GRACE, notice
from tests.activities.servers import Post, knows, mail_server
from tests.parts import needs
from workflows import names
from workflows.facts import Contact
from workflows.names import Notice

FROM = "Afterword <afterword@mail.example.com>"
STARTED = datetime(2030, 3, 12, 8, 0, 5, tzinfo=UTC)
FOLLOW_UP = notice("follow-up/1")


def environment() -> ActivityEnvironment:
    env = ActivityEnvironment()
    env.info = replace(env.info, started_time=STARTED)
    return env


async def send(post: Post | str, of: Notice = FOLLOW_UP, env: ActivityEnvironment | None = None) -> names.Delivery:
    url = post if isinstance(post, str) else post.url
    return await (env or environment()).run(Notices(url, FROM).send_notice, names.NoticeRequest(notice=of))


async def failure(post: Post | str, of: Notice = FOLLOW_UP) -> ApplicationError:
    with pytest.raises(ApplicationError) as raised:
        await send(post, of)
    assert raised.value.__cause__ is None
    for private in ("ada", "Ada", "example.org", "Engines"):
        assert private not in str(raised.value)
    return raised.value


# -- the message ------------------------------------------------------------------------------------------------------------------------


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


async def test_a_line_of_one_dot_does_not_end_the_message() -> None:
    """Feedback may be anything."""
    of = notice("rejection-reply/1", rejected_by="employer", feedback="Before\n.\nafter")
    async with mail_server(Post()) as post:
        await send(post, of)
    body = post.taken[0].get_body(("plain",))
    assert body is not None
    assert "> Before\n> .\n> after" in body.get_content().replace("\r\n", "\n")


async def test_international_addresses_are_written_to() -> None:
    """A domain in its ASCII form anywhere; a local part where the server can."""
    async with mail_server(Post()) as post:
        await send(post, notice("follow-up/1", to=Contact(email="ada@bücher.example")))
        await send(post, notice("follow-up/1", to=Contact(email="ädä@example.org")))
    assert post.recipients == ["ada@xn--bcher-kva.example", "ädä@example.org"]


# -- refused: nothing was sent, and it is tried again -----------------------------------------------------------------------------------


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def test_a_server_that_is_down_is_tried_again() -> None:
    """Refused, retryable."""
    error = await failure(f"smtp://127.0.0.1:{closed_port()}")
    assert (error.type, error.non_retryable) == (names.REFUSED, False)


@pytest.mark.parametrize(
    "post",
    [
        Post(dies="ehlo"),
        Post(dies="rcpt"),
        Post(dies="data"),
        Post(rcpt="450 4.2.1 try later"),
        Post(rcpt="452 4.2.2 mailbox full"),
        Post(rcpt="552 5.2.2 mailbox full"),
        Post(rcpt="554 5.7.1 relay access denied"),
        Post(rcpt="530 5.7.0 authentication required"),
        Post(data="451 4.3.0 not now"),
        Post(data="554 5.5.1 no valid recipients"),
        Post(answer="451 4.3.0 try again"),
        Post(answer="554 5.6.0 not this"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_the_server_did_not_take_is_tried_again(post: Post) -> None:
    """Before the message, or by its own answer to the message: nothing was taken."""
    async with mail_server(post):
        error = await failure(post)
    assert (error.type, error.non_retryable) == (names.REFUSED, False)
    assert post.taken == []


@pytest.mark.parametrize("phase", ["ehlo", "rcpt", "data"])
async def test_a_server_that_is_silent_before_the_message_is_tried_again(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for the conversation is bounded as a whole."""
    monkeypatch.setattr(handover, "BEFORE", 0.2)
    async with mail_server(Post(silent=phase)) as post:
        error = await failure(post)
    assert error.type == names.REFUSED


async def test_a_server_that_speaks_nonsense_is_tried_again() -> None:
    """Whatever answers there, it is no mail server."""

    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    async with server:
        error = await failure(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert error.type == names.REFUSED


async def test_a_message_that_cannot_be_written_is_refused_without_its_words() -> None:
    """A broken fact or template is no reason to tell a log what the letter says."""
    error = await failure("smtp://127.0.0.1:1", notice("follow-up/1", timezone="Ada/Byron"))
    assert (error.type, error.non_retryable) == (names.REFUSED, False)


# -- the address is bad: never tried again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["550 5.1.1 <ada@example.org> no such user", "553 5.1.3 bad address", "550 no", "551 5.1.6 moved"])
async def test_a_recipient_refused_for_good_is_a_bad_address(answer: str) -> None:
    """Not retryable, and the address is not repeated."""
    async with mail_server(Post(rcpt=answer)) as post:
        error = await failure(post)
    assert (error.type, error.non_retryable) == (names.BAD_ADDRESS, True)


@pytest.mark.parametrize(
    "of",
    [
        notice("follow-up/1", to=Contact(name="Ada Byron")),
        notice("follow-up/1", unaddressed=True),
        notice("follow-up/1").model_copy(update={"to": Contact.model_construct(name=None, email="no address")}),
        notice("follow-up/1").model_copy(update={"to": Contact.model_construct(name=None, email="ada@example.org\r\nRCPT TO:<x@y.z>")}),
        notice("follow-up/1", to=Contact(email="ada@-ü-.example")),
    ],
    ids=["none", "bounced", "no-address", "two-lines", "bad-domain"],
)
async def test_where_there_is_nobody_to_write_to_no_server_is_asked(of: Notice) -> None:
    """There need not even be one."""
    error = await failure("smtp://127.0.0.1:1", of)
    assert (error.type, error.non_retryable) == (names.BAD_ADDRESS, True)


async def test_an_international_address_at_a_server_without_them_is_a_bad_address() -> None:
    """It will not learn it by being asked again."""
    async with mail_server(Post(), utf8=False) as post:
        error = await failure(post, notice("follow-up/1", to=Contact(email="ädä@example.org")))
    assert error.type == names.BAD_ADDRESS


# -- uncertain: never repeated ----------------------------------------------------------------------------------------------------------


async def test_a_connection_lost_after_the_message_is_uncertain() -> None:
    """It may have arrived."""
    async with mail_server(Post(dies="message")) as post:
        error = await failure(post)
    assert (error.type, error.non_retryable) == (names.UNCERTAIN, True)


async def test_a_server_silent_after_the_message_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time means unknown, not failed."""
    monkeypatch.setattr(handover, "DURING", 0.2)
    async with mail_server(Post(silent="message")) as post:
        error = await failure(post)
    assert (error.type, error.non_retryable) == (names.UNCERTAIN, True)


@pytest.mark.parametrize("answer", ["354 go on", "hello"])
async def test_an_answer_to_the_message_that_is_none_is_uncertain(answer: str) -> None:
    """Neither taken nor refused."""
    async with mail_server(Post(answer=answer)) as post:
        error = await failure(post)
    assert error.type == names.UNCERTAIN


# -- cancelled --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["rcpt", "data"])
async def test_cancelled_before_the_message_nothing_is_sent(phase: str) -> None:
    """The conversation is broken off, and the activity ends as cancelled."""
    env = environment()
    async with mail_server(Post(silent=phase)) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        env.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    assert post.taken == []


async def test_cancelled_during_the_message_the_servers_answer_counts() -> None:
    """Taken is taken: the activity ends as sent."""
    env = environment()
    async with mail_server(Post(silent="message")) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        env.cancel()
        await asyncio.wait({sending}, timeout=0.1)
        assert not sending.done()
        post.go_on.set()
        delivery = await sending
    assert [mail["Message-ID"] for mail in post.taken] == [delivery.message_id]


async def test_cancelled_during_a_message_that_is_refused_it_ends_as_cancelled() -> None:
    """Nothing was taken, and nobody wants it any more."""
    env = environment()
    async with mail_server(Post(silent="message", answer="451 4.3.0 try again")) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        env.cancel()
        await asyncio.wait({sending}, timeout=0.1)
        post.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_cancelled_during_a_message_whose_fate_is_unknown_it_is_uncertain() -> None:
    """A cancellation does not make the unknown known."""
    env = environment()
    async with mail_server(Post(silent="message", answer="hello")) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        env.cancel()
        await asyncio.wait({sending}, timeout=0.1)
        post.go_on.set()
        with pytest.raises(ApplicationError) as raised:
            await sending
    assert raised.value.type == names.UNCERTAIN


async def test_a_worker_that_shuts_down_before_the_message_leaves_it_to_another() -> None:
    """Refused, so that it is tried again elsewhere, not cancelled."""
    env = environment()
    async with mail_server(Post(silent="rcpt")) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        env.cancel(ActivityCancellationDetails(worker_shutdown=True))
        with pytest.raises(ApplicationError) as raised:
            await sending
    assert (raised.value.type, raised.value.non_retryable) == (names.REFUSED, False)


async def test_it_shows_that_it_lives() -> None:
    """The first heartbeat comes before the first word to the server."""
    beats = 0

    def beat(*_: object) -> None:
        nonlocal beats
        beats += 1

    env = environment()
    env.on_heartbeat = beat
    async with mail_server(Post(silent="ehlo")) as post:
        sending = asyncio.create_task(send(post, env=env))
        await asyncio.wait_for(post.reached.wait(), 10)
        assert beats >= 1
        post.go_on.set()
        await sending


# -- the server's address ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mx", MailServer("mx", 25)),
        ("smtp://mx:1025/", MailServer("mx", 1025)),
        ("smtp://mx?starttls=1", MailServer("mx", 587, starttls=True)),
        ("smtp://mx:25?starttls=0", MailServer("mx", 25, starttls=False)),
        ("smtps://a%40b:p%3Aw@mx", MailServer("mx", 465, tls=True, starttls=False, user="a@b", password="p:w")),
        ("smtp://[::1]:2525", MailServer("::1", 2525)),
    ],
)
def test_the_server_is_read_from_one_address(url: str, server: MailServer) -> None:
    """Scheme, login, host, port, and whether TLS is asked for."""
    assert MailServer.at(url) == server


@pytest.mark.parametrize(
    "url", ["", "mx", "http://mx", "smtp://", "smtp://u:secret@mx:port", "smtp://u:secret@mx?tls=1", "smtp://u:secret@mx/x"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    """One sentence that says how it is written."""
    with pytest.raises(ValueError, match="smtp://user") as raised:
        MailServer.at(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("mail_from", ["", "Afterword", "a@b\r\nBcc: c@d", "two words@example.com"])
def test_a_sender_that_is_no_address_is_refused_at_the_start(mail_from: str) -> None:
    """Not only when the first message is due."""
    with pytest.raises(ValueError, match="e-mail address"):
        Notices("smtp://mx", mail_from)


def test_a_message_is_the_same_to_the_byte_but_for_its_boundaries() -> None:
    """Nothing in it but the notice and the moment of the attempt."""
    one, two = (compose(FOLLOW_UP, sender_of(FROM), STARTED) for _ in range(2))
    assert one.message_id == two.message_id
    assert len(one.content) == len(two.content)


# -- TLS and login ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1".split()  # noqa: SIM905 -- as it is typed
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return key, cert


@needs("openssl")
@pytest.mark.parametrize("trusted", [True, False])
async def test_starttls_trusts_only_a_good_certificate(
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    """With login; where the certificate is not trusted nothing is sent, neither password nor message."""
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    login = knows("user", "p:w")
    async with mail_server(Post(), tls_context=context, require_starttls=True, authenticator=login, auth_required=True) as post:
        url = f"smtp://user:p%3Aw@127.0.0.1:{post.port}?starttls=1"
        if trusted:
            await send(url)
            wrong = await failure(url.replace("p%3Aw", "wrong"))
            assert wrong.type == names.REFUSED
        else:
            assert (await failure(url)).type == names.REFUSED
    assert len(post.taken) == (1 if trusted else 0)


async def test_tls_that_is_asked_for_and_not_offered_is_refused() -> None:
    """Never in the clear instead."""
    async with mail_server(Post()) as post:
        assert (await failure(f"{post.url}?starttls=1")).type == names.REFUSED
    assert post.taken == []
