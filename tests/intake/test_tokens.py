"""The short-lived tokens of a board that gives no answer to a key: had once, had again, and seen by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.responses import Response

from activities.calling import FailedError, RefusedError
from activities.fetching import Api, Fetcher
from tests.simulators.api import BoardApi, TokenPlace, serving

KEY = "client-id:client-secret"


@pytest.fixture
async def served() -> AsyncGenerator[tuple[BoardApi, TokenPlace]]:
    place = TokenPlace(KEY)
    async with serving(BoardApi({"/things": {"found": True}}, token=place)) as api:
        yield api, place


def at(api: BoardApi, **more: Any) -> Api:
    fields: dict[str, Any] = {"key": SecretStr(KEY), "pace": 1000.0, "token_url": f"{api.url}/token", **more}
    return Api("acme", api.url, **fields)


async def test_the_key_goes_where_tokens_are_given_and_the_token_where_things_are(served: tuple[BoardApi, TokenPlace]) -> None:
    api, _ = served
    assert (await Fetcher().get(at(api), "/things")).content == {"found": True}
    assert [headers["authorization"] for headers in api.headers] == ["Bearer token-1"]


async def test_a_token_is_asked_for_once_however_many_want_it(served: tuple[BoardApi, TokenPlace]) -> None:
    api, place = served
    fetcher = Fetcher()
    await asyncio.gather(*(fetcher.get(at(api), "/things") for _ in range(8)))
    await fetcher.get(at(api), "/things")
    assert place.asked == 1


async def test_a_token_that_is_refused_is_had_anew_and_a_second_refusal_is_the_operators(served: tuple[BoardApi, TokenPlace]) -> None:
    api, place = served
    fetcher = Fetcher()
    await fetcher.get(at(api), "/things")
    place.good.clear()
    assert (await fetcher.get(at(api), "/things")).content == {"found": True}
    assert place.asked == 2
    api.next.extend([Response(status_code=401), Response(status_code=401)])
    with pytest.raises(RefusedError, match="401"):
        await fetcher.get(at(api), "/things")
    assert place.asked == 3


async def test_what_a_token_may_not_read_is_refused_and_no_other_token_is_asked_for(served: tuple[BoardApi, TokenPlace]) -> None:
    api, place = served
    api.next.append(Response(status_code=403))
    with pytest.raises(RefusedError, match="403"):
        await Fetcher().get(at(api), "/things")
    assert place.asked == 1


@pytest.mark.parametrize(
    ("says", "asked"),
    [
        ({}, 1),
        ({"expires_in": 3600}, 1),
        ({"expires_in": 30}, 2),
        ({"expires_in": -1}, 2),
        ({"expires_in": 10**30}, 1),
        ({"expires_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, 1),
        ({"expires_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}, 2),
        ({"expires_at": "tomorrow", "expires_in": True}, 1),
    ],
)
async def test_a_token_is_had_again_shortly_before_its_end(served: tuple[BoardApi, TokenPlace], says: dict[str, Any], asked: int) -> None:
    api, place = served
    place.says = says
    fetcher = Fetcher()
    for _ in range(2):
        await fetcher.get(at(api), "/things")
    assert place.asked == asked


async def test_another_key_or_user_of_the_connection_gets_a_token_of_its_own(served: tuple[BoardApi, TokenPlace]) -> None:
    api, place = served
    fetcher = Fetcher()
    await fetcher.get(at(api), "/things")
    place.user = "3129"
    await fetcher.get(at(api, user="3129"), "/things")
    assert place.asked == 2
    with pytest.raises(RefusedError, match="no token was given"):
        await fetcher.get(at(api, key=SecretStr("client-id:other"), user="3129"), "/things")


@pytest.mark.parametrize(
    "answer",
    [
        Response("{}"),
        Response('{"access_token": 7}'),
        Response('{"access_token": "two words"}'),
        Response('{"access_token": "line\\r\\nX-More: 1"}'),
        Response('["token"]'),
        Response("no json"),
        Response(status_code=503),
    ],
)
async def test_an_answer_without_a_token_has_failed(served: tuple[BoardApi, TokenPlace], answer: Response) -> None:
    api, place = served
    place.next.append(answer)
    with pytest.raises(FailedError):
        await Fetcher().get(at(api), "/things")
    assert api.asked == []


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
async def test_a_key_that_gets_no_token_is_the_operators_to_mend(served: tuple[BoardApi, TokenPlace], status: int) -> None:
    api, place = served
    place.next.append(Response("a secret answer", status_code=status, headers={"Location": f"{api.url}/things"}))
    with pytest.raises(RefusedError, match="no token was given") as refused:
        await Fetcher().get(at(api), "/things")
    assert api.asked == []
    for word in ("client-secret", "secret answer", "127.0.0.1"):
        assert word not in str(refused.value)


async def test_where_tokens_are_given_may_want_to_be_left_alone_too(served: tuple[BoardApi, TokenPlace]) -> None:
    api, place = served
    place.next.append(Response(status_code=429, headers={"Retry-After": "90"}))
    fetcher = Fetcher()
    with pytest.raises(FailedError) as failed:
        await fetcher.get(at(api), "/things")
    assert failed.value.wait == timedelta(seconds=90)
    with pytest.raises(FailedError, match="wait"):
        await fetcher.get(at(api), "/things")
    assert place.asked == 1


async def test_a_token_is_asked_for_over_tls_only_and_never_in_a_private_network() -> None:
    for url in ("http://8.8.8.8/token", "https://127.1/token"):
        with pytest.raises(RefusedError):
            await Fetcher().get(Api("acme", "https://8.8.8.8", SecretStr(KEY), token_url=url), "/things")
