"""Asking a board's API: where, how fast, and what is made of each answer."""

from __future__ import annotations

import base64
import ssl
import subprocess
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.responses import Response

from activities import calling
from activities.calling import LARGEST, FailedError, RefusedError
from activities.fetching import Api, Fetcher
from tests.parts import needs
from tests.simulators.api import BoardApi, serving

KEY = "the-key-of-this-test"


@pytest.fixture
async def served() -> AsyncGenerator[BoardApi]:
    async with serving(BoardApi({"/v1/things": {"found": True}})) as api:
        yield api


def at(url: str, **more: object) -> Api:
    return Api("acme", url, **{"pace": 1000.0, **more})  # pyright: ignore[reportArgumentType] -- fields by name


async def test_the_path_is_asked_for_below_the_address_with_the_key_as_user(served: BoardApi) -> None:
    answer = await Fetcher().get(at(f"{served.url}/v1", key=SecretStr(KEY)), "/things?expand=all")
    assert (answer.content, answer.more) == ({"found": True}, False)
    assert served.asked == ["/v1/things?expand=all"]
    assert served.headers[0]["authorization"] == "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    assert served.headers[0]["host"] == served.url.removeprefix("http://")


async def test_the_key_is_in_the_header_that_the_board_wants(served: BoardApi) -> None:
    await Fetcher().get(at(served.url, key=SecretStr(KEY), key_header="X-SmartToken"), "/v1/things")
    assert served.headers[0]["x-smarttoken"] == KEY
    assert "authorization" not in served.headers[0]


@pytest.mark.parametrize(
    "path",
    [
        "things",
        "//evil.example/things",
        "http://evil.example/",
        "/../things",
        "/a/%2e%2e/b",
        "/a/%252e%252e/b",
        "/a\\b",
        "/a b",
        "/a#b",
        "/a\r\nHost: evil",
        "/ü",
        "",
        "@evil.example/",
        "/" + "a" * 2_000,
    ],
)
async def test_what_is_no_path_is_not_asked_for(served: BoardApi, path: str) -> None:
    with pytest.raises(RefusedError):
        await Fetcher().get(at(served.url), path)
    assert served.asked == []


@pytest.mark.parametrize("url", ["http://127.1:1", "https://127.1", "https://2130706433", "https://0x7f.1", None])
async def test_a_name_that_leads_into_a_private_network_is_refused(url: str | None) -> None:
    with pytest.raises(RefusedError):
        await Fetcher().get(Api("acme", url), "/things")


async def test_an_address_without_tls_is_refused_where_the_key_would_travel() -> None:
    with pytest.raises(RefusedError, match="https"):
        await Fetcher().get(Api("acme", "http://8.8.8.8"), "/things")


@pytest.mark.parametrize(
    ("link", "more", "cursor"),
    [
        ("", False, None),
        ('<https://10.0.0.1/v3/things?cursor=eyJpZCI6MX0%3D>; rel="next"', True, "eyJpZCI6MX0="),
        ('</things?cursor=a>; rel="prev", </things?cursor=b>; rel="next"', True, "b"),
        ("</things?page=2>; rel=next", True, None),
        ('</things?cursor=a&cursor=b>; rel="next"', True, None),
        ('</things?cursor=%2e%2e/else>; rel="next"', True, None),
        ('<https://[/?cursor=a>; rel="next"', True, None),
        ('</things?cursor=a>; rel="last"', False, None),
    ],
)
async def test_of_a_further_page_the_cursor_is_read_and_no_address(served: BoardApi, link: str, more: bool, cursor: str | None) -> None:  # noqa: FBT001 -- a parameter of the table
    served.next.append(Response("[1]", headers={"Link": link}))
    answer = await Fetcher().get(at(served.url), "/v1/things")
    assert (answer.more, answer.cursor) == (more, cursor)


async def test_a_redirect_is_never_followed(served: BoardApi) -> None:
    served.next.append(Response(status_code=302, headers={"Location": f"{served.url}/v1/things"}))
    with pytest.raises(RefusedError, match="302"):
        await Fetcher().get(at(served.url), "/v1/things")
    assert len(served.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 422])
async def test_what_only_an_operator_can_mend_is_refused(served: BoardApi, status: int) -> None:
    served.next.append(Response(status_code=status))
    with pytest.raises(RefusedError, match=str(status)):
        await Fetcher().get(at(served.url, key=SecretStr(KEY)), "/v1/things")


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_not_there_is_an_answer(served: BoardApi, status: int) -> None:
    served.next.append(Response(status_code=status))
    assert (await Fetcher().get(at(served.url), "/v1/things")).content is None


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_what_may_be_better_later_has_failed(served: BoardApi, status: int) -> None:
    served.next.append(Response(status_code=status))
    with pytest.raises(FailedError, match=str(status)):
        await Fetcher().get(at(served.url), "/v1/things")


async def test_a_board_that_wants_to_be_left_alone_is_asked_by_nobody_until_then(served: BoardApi) -> None:
    served.next.append(Response(status_code=429, headers={"Retry-After": "120"}))
    fetcher = Fetcher()
    with pytest.raises(FailedError) as failed:
        await fetcher.get(at(served.url), "/v1/things")
    assert failed.value.wait == timedelta(seconds=120)
    with pytest.raises(FailedError, match="wait") as waiting:
        await fetcher.get(at(served.url), "/v1/things")
    assert waiting.value.wait is not None
    assert timedelta(seconds=118) < waiting.value.wait <= timedelta(seconds=120)
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    ("said", "wait"),
    [("soon", None), ("-5", None), ("0", timedelta(seconds=1)), ("99999999", timedelta(hours=1)), ("9" * 30, None)],
)
async def test_a_time_to_come_back_is_believed_within_reason(served: BoardApi, said: str, wait: timedelta | None) -> None:
    served.next.append(Response(status_code=503, headers={"Retry-After": said}))
    with pytest.raises(FailedError) as failed:
        await Fetcher().get(at(served.url), "/v1/things")
    assert failed.value.wait == wait


async def test_a_time_to_come_back_may_be_a_date(served: BoardApi) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    served.next.append(Response(status_code=503, headers={"Retry-After": when}))
    with pytest.raises(FailedError) as failed:
        await Fetcher().get(at(served.url), "/v1/things")
    assert failed.value.wait is not None
    assert timedelta(seconds=50) < failed.value.wait <= timedelta(seconds=60)


@pytest.mark.parametrize(
    "answer",
    [
        Response("no json"),
        Response(b"\xff\xfe"),
        Response(""),
        Response("[" * 100_000),
        Response(b"x" * (LARGEST + 1)),
        Response(b"{}", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["text", "bytes", "nothing", "deep", "long", "packed"],
)
async def test_an_answer_that_cannot_be_read_has_failed(served: BoardApi, answer: Response) -> None:
    served.next.append(answer)
    with pytest.raises(FailedError):
        await Fetcher().get(at(served.url), "/v1/things")


async def test_nobody_there_has_failed() -> None:
    async with serving(BoardApi()) as gone:
        pass
    with pytest.raises(FailedError, match="not reached"):
        await Fetcher().get(at(gone.url), "/v1/things")


async def test_calls_keep_the_boards_pace_and_connections_do_not_wait_for_each_other(served: BoardApi) -> None:
    fetcher, api, other = Fetcher(), at(served.url, pace=20.0), Api("globex", served.url, pace=20.0)
    began = time.monotonic()
    for _ in range(5):
        await fetcher.get(api, "/v1/things")
    took = time.monotonic() - began
    assert took >= 0.2
    began = time.monotonic()
    await fetcher.get(other, "/v1/things")
    assert time.monotonic() - began < took


async def test_no_failure_names_the_key_or_what_was_asked_for(served: BoardApi) -> None:
    for status in (401, 302, 500):
        served.next.append(Response("a secret answer", status_code=status))
        with pytest.raises((RefusedError, FailedError)) as failed:
            await Fetcher().get(at(served.url, key=SecretStr(KEY)), "/v1/candidate-ada")
        assert failed.value.__cause__ is None
        for word in (KEY, "ada", "secret", "127.0.0.1"):
            assert word not in str(failed.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of `localhost` alone, signed by itself; and its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost".split()  # noqa: SIM905 -- as it is typed
    subprocess.run([*command, "-out", "cert.pem", "-keyout", "key.pem"], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@needs("openssl")
async def test_the_certificate_must_be_the_names_although_the_address_is_asked(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=certificate[0])
    async with serving(BoardApi({"/things": {"found": True}}), certificate) as api:
        named = api.url.replace("127.0.0.1", "localhost")
        with pytest.raises(FailedError, match="not reached"):
            await Fetcher().get(at(named), "/things")  # nobody known has signed it
        monkeypatch.setattr(calling, "_tls", lambda: trusting)
        assert (await Fetcher().get(at(named), "/things")).content == {"found": True}
        with pytest.raises(FailedError, match="not reached"):
            await Fetcher().get(at(api.url), "/things")  # the address is not what the certificate is for
