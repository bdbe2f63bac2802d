"""Sending, against real mail servers of every temper: each attempt ends as sent, refused, a bad address or uncertain, and rightly so."""

from __future__ import annotations

import asyncio
import socket

import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError

from activities import handover
from tests.activities.samples import notice
from tests.activities.sending import environment, failure, send
from tests.activities.servers import Post, mail_server
from workflows import names
from workflows.facts import Contact
from workflows.names import Notice

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
    assert not any(line.startswith("500") for line in post.said)  # nothing of the message was said where a command is expected


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
