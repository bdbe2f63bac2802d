"""One call against servers of every temper: it is repeated where that may help, ends in time, and shows its key to nobody."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from client.http.applications import Applications
from client.http.calls import Calls, segment, written
from client.http.refused import NotLetIn, Unreached
from client.refusals import Invalid, NotDone, Unavailable
from tests.activities.test_notices import closed_port
from tests.simulators.serving import listening

SECRET = "a-key-that-is-nowhere-else"
SHORT = timedelta(seconds=0.4)
DONE = Response('{"erasure": "e1", "applications": [], "next": null}', media_type="application/json")


@dataclass
class Api:
    """Answers one after the other, the last one for ever, and what it was asked."""

    answers: list[Response]
    asked: list[Request] = field(default_factory=list[Request])
    bodies: list[bytes] = field(default_factory=list[bytes])
    url: str = ""

    async def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        self.bodies.append(await request.body())
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@asynccontextmanager
async def serving(*answers: Response) -> AsyncGenerator[Api]:
    api = Api(list(answers))
    methods = ["GET", "POST", "DELETE", "PATCH"]
    async with listening(Starlette(routes=[Route("/{path:path}", api.__call__, methods=methods)])) as api.url:
        yield api


@asynccontextmanager
async def calling(url: str, patience: timedelta = timedelta(seconds=10), each: timedelta = timedelta(seconds=5)) -> AsyncGenerator[Calls]:
    calls = Calls(url, SECRET, patience=patience, timeout=each)
    try:
        yield calls
    finally:
        await calls.aclose()


@asynccontextmanager
async def listening_raw(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncGenerator[str]:
    """A server that need not speak HTTP."""
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def problem(status: int, slug: str, **headers: str) -> Response:
    document = {"type": f"/problems/{slug}", "title": "No", "status": status, "detail": "Not now."}
    return Response(json.dumps(document), status, headers, media_type="application/problem+json")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_who_asks_to_come_later_is_asked_again(status: int) -> None:
    async with serving(problem(status, "unavailable"), Response(status_code=status), DONE) as api, calling(api.url) as calls:
        assert (await calls.ask("POST", "/v1/x", {"a": 1})).json()["erasure"] == "e1"
    assert api.bodies == [b'{"a":1}'] * 3


async def test_it_is_not_asked_again_before_the_time_that_it_says() -> None:
    async with serving(problem(429, "too-many", **{"Retry-After": "1"}), DONE) as api, calling(api.url) as calls:
        begun = time.monotonic()
        await calls.ask("GET", "/v1/x")
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize("after", ["3600", "99999999999999999999", "soon", "-1", "²"])
async def test_who_wants_to_be_left_alone_for_longer_than_patience_is_told_at_once(after: str) -> None:
    headers = {"Retry-After": after} if after.isascii() else {}
    async with serving(problem(429, "too-many", **headers)) as api, calling(api.url, SHORT) as calls:
        begun = time.monotonic()
        with pytest.raises(NotLetIn) as raised:
            await calls.ask("GET", "/v1/x")
    assert raised.value.slug == "too-many"
    assert time.monotonic() - begun < 5
    assert len(api.asked) == 1 or after != "3600"


async def test_patience_ends_with_what_was_answered_last() -> None:
    async with serving(problem(503, "unavailable")) as api, calling(api.url, SHORT) as calls:
        with pytest.raises(Unavailable):
            await calls.ask("GET", "/v1/x")
    assert 1 < len(api.asked) < 10


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 500, 501])
async def test_what_repeating_does_not_mend_is_asked_once(status: int) -> None:
    async with serving(problem(status, "whatever")) as api, calling(api.url) as calls:
        with pytest.raises(NotDone) as raised:
            await calls.ask("GET", "/v1/x")
    assert (raised.value.slug, len(api.asked)) == ("whatever", 1)


async def test_where_nobody_listens_patience_ends_too() -> None:
    async with calling(f"http://127.0.0.1:{closed_port()}", SHORT) as calls:
        with pytest.raises(Unreached):
            await calls.ask("GET", "/v1/x")


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"220 mail.example.com ESMTP\r\n"])
async def test_an_answer_that_was_lost_is_asked_for_again(words: bytes) -> None:
    """The word was kept, and the connection broke: the second answer counts."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b'{"a":1}'))
        whole = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"b": 2}'
        writer.write(words if len(asked) == 1 else whole)
        await writer.drain()
        writer.close()

    async with listening_raw(answer) as url, calling(url) as calls:
        assert (await calls.ask("POST", "/v1/x", {"a": 1})).json() == {"b": 2}
    assert len(asked) == 2


async def test_a_server_that_says_nothing_does_not_hold_a_caller() -> None:
    silent = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    async with listening_raw(answer) as url, calling(url, SHORT, SHORT) as calls:
        begun = time.monotonic()
        with pytest.raises(Unreached):
            await calls.ask("GET", "/v1/x")
        assert time.monotonic() - begun < 5
        silent.set()


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    async with (
        serving(DONE) as elsewhere,
        serving(Response(status_code=307, headers={"Location": elsewhere.url})) as api,
        calling(api.url) as calls,
    ):
        with pytest.raises(Unreached, match="307"):
            await calls.ask("GET", "/v1/x")
    assert elsewhere.asked == []


@pytest.mark.parametrize("content", ["<html>", "[]", "3", '"done"', "", "[" * 100_000])
async def test_something_else_that_answers_is_no_afterword(content: str) -> None:
    async with serving(Response(content)) as api, calling(api.url) as calls:
        with pytest.raises(Unreached, match="Something else answers there"):
            await calls.ask("GET", "/v1/x")


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://host", "http://", "http://user:secret@host", "http://[::1"])
def test_what_is_no_address_is_refused_at_once_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="the API's address is http or https, without a password in it") as raised:
        Calls(url, SECRET)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("key", ["two\r\nLines: yes", "ä\udc80"])
async def test_a_key_that_no_header_can_hold_is_invalid(key: str) -> None:
    async with serving(DONE) as api, calling(api.url) as calls:
        with pytest.raises(Invalid):
            await calls.ask("POST", "/v1/x", {}, key=key)
    assert api.asked == []


async def test_the_key_is_sent_and_in_nothing_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    async with serving(problem(409, "no-offer")) as api, calling(api.url) as calls:
        with pytest.raises(NotDone) as raised:
            await calls.ask("GET", "/v1/statistics")
        shown = repr(vars(calls)) + "".join(traceback.format_exception(raised.value)) + caplog.text
    assert api.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in shown


async def test_a_client_of_ones_own_is_used_and_not_closed() -> None:
    async with serving(DONE) as api, httpx.AsyncClient(headers={"X-Ours": "yes"}, trust_env=False) as http:
        async with Applications(api.url, SECRET, http=http) as applications:
            assert await applications.candidates.erase("cand-7") == "e1"
        assert not http.is_closed
    assert api.asked[0].headers["x-ours"] == "yes"


async def test_what_is_on_its_way_is_asked_for_until_it_is_there() -> None:
    there = Response('{"there": true}')
    async with serving(Response("{}", 202), Response("{}", 202), there) as api, calling(api.url) as calls:
        assert (await calls.until_done("POST", "/v1/x", {"to": datetime(2030, 1, 1, tzinfo=UTC)})).json() == {"there": True}
    assert api.bodies == [b'{"to":"2030-01-01T00:00:00Z"}'] * 3


def test_a_body_that_is_no_json_is_invalid() -> None:
    around: dict[str, Any] = {}
    around["itself"] = around
    for said in ({"a": object()}, around):
        with pytest.raises(Invalid):
            written(said)


@given(identity=st.text(min_size=1, max_size=40))
@example("..")
@example(".")
@example("a/../b")
def test_an_id_stays_within_its_place_in_the_path(identity: str) -> None:
    """Whatever it is made of."""
    path = httpx.URL(f"http://host/v1/applications/{segment(identity)}/letters").raw_path.decode()
    assert path.startswith("/v1/applications/")
    assert path.endswith("/letters")
    assert path.count("/") == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
FAULT = st.dictionaries(st.sampled_from(["field", "detail"]), st.none() | st.text())
DOCUMENT = st.fixed_dictionaries(
    {"type": st.text() | st.sampled_from(["/problems/invalid", "/problems/no-such-application"]) | st.none()},
    optional={"detail": st.text() | st.none(), "errors": st.none() | st.lists(FAULT)},
)


@given(
    status=st.integers(200, 599),
    content=st.binary(max_size=60) | (JSON | DOCUMENT).map(lambda value: json.dumps(value).encode()),
    after=st.none() | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=12),
)
async def test_whatever_is_answered_is_done_or_not_done(status: int, content: bytes, after: str | None) -> None:
    """Nothing else comes out of a call."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers=[(b"Retry-After", after.encode("latin-1"))] if after is not None else None)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        try:
            answered = (await Calls("http://host", SECRET, patience=timedelta(0), http=http).ask("GET", "/v1/x")).json()
        except NotDone as error:
            answered = {"not done": str(error)}
    assert isinstance(answered, dict)
    assert SECRET not in str(answered)


def test_neither_temporal_nor_the_apis_framework_comes_with_it() -> None:
    program = "import sys, client.http.applications; print(*{name.partition('.')[0] for name in sys.modules})"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "httpx" in told
    assert not {"temporalio", "fastapi", "starlette", "uvicorn", "holidays", "structlog", "typer", "activities", "worker"} & set(told)
