"""One attempt to reach a candidate by the platform: each ends as taken, refused, refused for good or uncertain, and rightly so."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import prompts
from client.webhooks import Endpoint
from tests.activities.samples import EVERY, notice
from tests.activities.sending import environment
from tests.activities.servers import Post, mail_server
from tests.activities.test_notices import closed_port
from tests.prompts.backend import NOBODY, Backend, at_the_last, send, serving
from workflows import names
from workflows.facts import Contact
from workflows.names import Notice

BY_PLATFORM = notice("follow-up/1", candidate="cand-1", channels=("webhook",), to=Contact(name="Ada Byron"), unaddressed=True)
BY_BOTH = notice("follow-up/1", candidate="cand-1", channels=("email", "webhook"))


async def failure(
    endpoint: Endpoint | None, of: Notice = BY_PLATFORM, mail: str = NOBODY, env: ActivityEnvironment | None = None
) -> tuple[str | None, bool]:
    with pytest.raises(ApplicationError) as raised:
        await send(of, endpoint, mail, env)
    assert raised.value.__cause__ is None
    for private in ("ada", "Ada", "example.org", "Engines", "127.0.0.1"):
        assert private not in str(raised.value)
    return raised.value.type, raised.value.non_retryable


@pytest.mark.parametrize("of", EVERY, ids=lambda of: of.intent)
async def test_every_kind_of_message_is_told_with_its_words_and_letters(of: Notice) -> None:
    async with serving(Backend()) as backend:
        delivery = await send(of.model_copy(update={"channels": ("webhook",), "candidate": "cand-1"}), backend.endpoint)
    ((identity, event),) = backend.came
    data = event["data"]
    assert identity == delivery.message_id == hashlib.sha256(of.key.encode()).hexdigest()[:40]
    assert event["type"] == f"prompt.{of.intent.split('/')[0]}"
    assert (data["application"], data["candidate"], data["intent"], data["why"]) == ("app-1", "cand-1", of.intent, of.why)
    assert data["subject"]
    assert "Analytical Engines" in data["text"]
    assert all(letter["body"] in data["text"] for letter in data["letters"] if not letter["blanks"])


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_takes_it_though_there_is_no_address(status: int) -> None:
    async with serving(Backend(answer=lambda _: status)) as backend:
        delivery = await send(BY_PLATFORM, backend.endpoint)
    assert backend.ids == [delivery.message_id]


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 405, 408, 409, 425, 429, 500, 502, 503, 504])
async def test_what_may_be_about_the_moment_or_the_way_is_tried_again(status: int) -> None:
    async with serving(Backend(answer=lambda _: status, headers={"Location": "http://127.0.0.1:1/elsewhere"})) as backend:
        assert await failure(backend.endpoint) == (names.REFUSED, False)
    assert len(backend.ids) == 1


@pytest.mark.parametrize("status", [400, 410, 413, 422])
async def test_what_is_about_the_prompt_itself_is_refused_for_good(status: int) -> None:
    async with serving(Backend(answer=lambda _: status)) as backend:
        assert await failure(backend.endpoint) == (names.ENDPOINT_REFUSES, True)


async def test_where_no_endpoint_has_prompts_it_is_said_so_for_good() -> None:
    assert await failure(None) == (names.NO_ENDPOINT, True)


async def test_an_endpoint_says_when_it_wants_to_be_asked_again() -> None:
    async with serving(Backend(answer=lambda _: 503, headers={"Retry-After": "120"})) as backend:
        with pytest.raises(ApplicationError) as raised:
            await send(BY_PLATFORM, backend.endpoint)
    assert raised.value.next_retry_delay == timedelta(minutes=2)


async def test_nobody_at_the_address_is_tried_again() -> None:
    backend = Backend(url=f"http://127.0.0.1:{closed_port()}")
    assert await failure(backend.endpoint) == (names.REFUSED, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://localhost:{port}/"])
async def test_a_private_place_is_not_asked_unless_the_file_says_so(url: str) -> None:
    async with serving(Backend()) as backend:
        port = backend.url.rpartition(":")[2]
        endpoint = Endpoint("backend", url.format(port=port), backend.endpoint.secrets, private=False, prompts=True)
        assert (await failure(endpoint))[0] == names.REFUSED
    assert backend.came == []


# -- the answer is lost -----------------------------------------------------------------------------------------------------------------


async def dies(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the prompt, perhaps, and says nothing."""
    await _.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def test_where_the_answer_is_lost_it_is_tried_again_and_at_the_last_uncertain() -> None:
    """Whoever keeps the ids knows that they have it: a repetition does no harm."""
    async with await asyncio.start_server(dies, "127.0.0.1", 0) as server:
        endpoint = Backend(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}").endpoint
        assert await failure(endpoint) == (names.REFUSED, False)
        assert await failure(endpoint, env=at_the_last()) == (names.UNCERTAIN, True)


async def test_an_endpoint_that_is_silent_is_left_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "PATIENCE", 0.2)
    async with serving(Backend(silent=True)) as backend:
        assert await failure(backend.endpoint) == (names.REFUSED, False)


# -- cancelled --------------------------------------------------------------------------------------------------------------------------


async def cancelled(backend: Backend, of: Notice, env: ActivityEnvironment, mail: str = NOBODY, **details: bool) -> Any:
    """What becomes of a prompt that is recalled while the endpoint has it."""
    async with serving(backend):
        sending = asyncio.create_task(send(of, backend.endpoint, mail, env))
        await asyncio.wait_for(backend.reached.wait(), 10)
        env.cancel(ActivityCancellationDetails(**(details or {"cancel_requested": True})))
        await asyncio.wait({sending}, timeout=0.1)
        assert not sending.done()
        backend.go_on.set()
        return await sending


async def test_recalled_while_the_endpoint_has_it_the_answer_counts() -> None:
    env = environment()
    assert (await cancelled(Backend(silent=True), BY_PLATFORM, env)).message_id


async def test_recalled_and_not_taken_it_ends_as_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await cancelled(Backend(silent=True, answer=lambda _: 500), BY_PLATFORM, environment())


async def test_recalled_and_taken_by_the_endpoint_no_mail_is_sent() -> None:
    async with mail_server(Post()) as post:
        assert (await cancelled(Backend(silent=True), BY_BOTH, environment(), post.url)).message_id
    assert post.taken == []


@pytest.mark.parametrize("status", [422, 410, 503])
async def test_recalled_and_refused_by_the_endpoint_no_mail_is_sent(status: int) -> None:
    """However it refused: what the mail would say is moot."""
    async with mail_server(Post()) as post:
        with pytest.raises(asyncio.CancelledError):
            await cancelled(Backend(silent=True, answer=lambda _: status), BY_BOTH, environment(), post.url)
    assert post.taken == []


async def test_recalled_and_its_answer_lost_no_mail_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "PATIENCE", 0.5)
    env, backend = environment(), Backend(silent=True)
    async with mail_server(Post()) as post, serving(backend):
        sending = asyncio.create_task(send(BY_BOTH, backend.endpoint, post.url, env))
        await asyncio.wait_for(backend.reached.wait(), 10)
        env.cancel(ActivityCancellationDetails(cancel_requested=True))
        with pytest.raises(ApplicationError) as raised:
            await sending
    assert (raised.value.type, raised.value.non_retryable) == (names.UNCERTAIN, True)
    assert post.taken == []


@pytest.mark.parametrize("status", [422, 503])
async def test_a_worker_that_shuts_down_leaves_the_mail_to_another_too(status: int) -> None:
    async with mail_server(Post()) as post:
        with pytest.raises(ApplicationError) as raised:
            await cancelled(Backend(silent=True, answer=lambda _: status), BY_BOTH, environment(), post.url, worker_shutdown=True)
    assert (raised.value.type, raised.value.non_retryable) == (names.REFUSED, False)
    assert post.taken == []


async def test_a_worker_that_shuts_down_leaves_what_was_not_taken_to_another() -> None:
    with pytest.raises(ApplicationError) as raised:
        await cancelled(Backend(silent=True, answer=lambda _: 500), BY_PLATFORM, environment(), worker_shutdown=True)
    assert (raised.value.type, raised.value.non_retryable) == (names.REFUSED, False)


# -- both channels ----------------------------------------------------------------------------------------------------------------------

TAKEN, LATER, NEVER = 204, 503, 422
MAIL: dict[str, dict[str, Any]] = {
    "taken": {"answer": "250 taken"},
    "later": {"rcpt": "450 4.2.1 try later"},
    "never": {"rcpt": "550 5.1.1 no such user"},
    "lost": {"dies": "message"},
}
DELIVERED = "delivered"
BOTH = [
    (TAKEN, "taken", DELIVERED),
    (TAKEN, "later", names.REFUSED),
    (TAKEN, "never", DELIVERED),
    (TAKEN, "lost", DELIVERED),
    (LATER, "taken", DELIVERED),
    (LATER, "later", names.REFUSED),
    (LATER, "never", names.REFUSED),
    (LATER, "lost", names.UNCERTAIN),
    (NEVER, "taken", DELIVERED),
    (NEVER, "later", names.REFUSED),
    (NEVER, "never", names.BAD_ADDRESS),
    (NEVER, "lost", names.UNCERTAIN),
    (None, "taken", DELIVERED),
    (None, "never", names.BAD_ADDRESS),
]


async def both(status: int | None, mail: str, env: ActivityEnvironment | None = None) -> tuple[str | None, Backend, Post]:
    async with serving(Backend(answer=lambda _: status or 0)) as backend, mail_server(Post(**MAIL[mail])) as post:
        try:
            await send(BY_BOTH, backend.endpoint if status else None, post.url, env)
        except ApplicationError as error:
            return error.type, backend, post
    return DELIVERED, backend, post


@pytest.mark.parametrize(("status", "mail", "end"), BOTH)
async def test_of_two_channels_each_is_asked_once_and_one_that_took_it_is_enough(status: int | None, mail: str, end: str) -> None:
    ended, backend, post = await both(status, mail)
    assert ended == end
    assert len(backend.came) == (1 if status else 0)
    assert len(post.taken) == (1 if mail == "taken" else 0)


async def test_at_the_last_what_the_endpoint_took_is_delivered_though_the_mail_was_not() -> None:
    assert (await both(TAKEN, "later", at_the_last()))[0] == DELIVERED


async def test_prompt_and_mail_have_the_same_id() -> None:
    _, backend, post = await both(TAKEN, "taken")
    (mail,) = post.taken
    assert [mail["Message-ID"].strip("<>").partition("@")[0]] == backend.ids


async def test_a_candidate_who_bounced_is_reached_by_the_platform_alone() -> None:
    async with serving(Backend()) as backend, mail_server(Post()) as post:
        await send(BY_BOTH.model_copy(update={"unaddressed": True}), backend.endpoint, post.url)
    assert (len(backend.came), post.taken) == (1, [])


async def test_who_wants_mail_alone_is_not_told_to_the_platform() -> None:
    async with serving(Backend()) as backend, mail_server(Post()) as post:
        await send(notice("follow-up/1"), backend.endpoint, post.url)
    assert (backend.came, len(post.taken)) == ([], 1)
