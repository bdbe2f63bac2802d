"""How one call is made: with the key, in bounded time, and again where that may help. Nothing here writes a log or shows the key.

Repeating is always safe: a call that was kept, and whose answer was lost, is known by its content, its ids or its key.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticSerializationError, to_json

from client.http.refused import Problem, Unreached, meaning
from client.refusals import Invalid, Unavailable

PATIENCE: Final = timedelta(seconds=30)
"""How long a call is repeated."""
TIMEOUT: Final = timedelta(seconds=15)
"""For one answer; the API itself gives up after eight seconds, but for a large export."""
JSON: Final = "application/json"
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_ON_ITS_WAY: Final = 120.0
_LATER: Final = (429, 502, 503, 504)
_LOST: Final = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, TimeoutError)
"""Nobody answered, or not to the end."""

Body = BaseModel | Mapping[str, Any] | bytes
"""A model, or what JSON is made of: times may be datetimes, parts may be models. As bytes it is JSON already."""
Query = str | int | datetime | None


@dataclass(frozen=True)
class Answered:
    """What was answered."""

    status: int
    content: bytes
    """JSON."""
    request_id: str | None

    def json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.content))


class Calls:
    """The way to one API with one key. Safe to share between tasks of one loop; to be closed.

    `http`: for a proxy or certificates of one's own; closing it is its owner's. Without it the environment's proxies are not used.
    ValueError for an address that is none, or has a password in it.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience: timedelta = PATIENCE,
        timeout: timedelta = TIMEOUT,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.url: Final = _address(url)
        self._key: Final = SecretStr(key)
        self._patience, self._timeout = patience.total_seconds(), timeout.total_seconds()
        self._ours: Final = httpx.AsyncClient(trust_env=False, timeout=None) if http is None else None  # noqa: S113 -- `_once` bounds it
        self._http: Final = http or cast("httpx.AsyncClient", self._ours)

    async def aclose(self) -> None:
        if self._ours:
            await self._ours.aclose()

    async def ask(
        self, method: str, path: str, body: Body | None = None, *, key: str | None = None, media: str = JSON, **query: Query
    ) -> Answered:
        """What is answered there. What the façade raises, with the whole `Problem` as its cause; NotLetIn, Missing, Unreached.

        `key`: the Idempotency-Key. `media`: what a body of bytes is. Where nobody answers, or asks to come later, it is asked again until
        patience ends.
        """
        content, deadline, pause = written(body), time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                answer = await self._once(method, path, content, _headers(key, media if content is not None else None), query)
                problem = _problem(answer)
                if problem is None:
                    return Answered(answer.status_code, answer.content, answer.headers.get("request-id"))
                failure, cause = meaning(problem), problem
            except _LOST as e:
                answer, failure, cause = None, Unreached(f"{str(e) or type(e).__name__}."), None
            except (httpx.InvalidURL, httpx.UnsupportedProtocol):
                raise Unreached("This is not an address.") from None
            except (httpx.HTTPError, UnicodeError) as e:
                raise Invalid(f"This cannot be sent: {type(e).__name__}.") from None
            wait = max(pause * random.uniform(0.5, 1), _wished(answer))  # noqa: S311 -- so that many callers do not come at once
            if (answer is not None and answer.status_code not in _LATER) or time.monotonic() + wait > deadline:
                raise failure from cause
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def until_done(self, method: str, path: str, body: Body) -> Answered:
        """As `ask`, and again for as long as it is answered that it is on its way (202). Unavailable after two minutes of that."""
        deadline = time.monotonic() + _ON_ITS_WAY
        while (answer := await self.ask(method, path, body)).status == 202:
            if time.monotonic() > deadline:
                raise Unavailable(f"It was not done within {_ON_ITS_WAY:.0f} s, and is still on its way.")
            await asyncio.sleep(_FIRST_PAUSE)
        return answer

    async def _once(
        self, method: str, path: str, content: bytes | None, headers: httpx.Headers, query: Mapping[str, Query]
    ) -> httpx.Response:
        headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        params = {name: _said(value) for name, value in query.items() if value is not None}
        async with asyncio.timeout(self._timeout):
            return await self._http.request(
                method, self.url + path, content=content, params=params or None, headers=headers, follow_redirects=False
            )


def _headers(key: str | None, media: str | None) -> httpx.Headers:
    said = {"Accept": JSON, "Idempotency-Key": key, "Content-Type": media}
    return httpx.Headers({name: value for name, value in said.items() if value is not None})


def segment(identity: str) -> str:
    """An id as a part of a path. Invalid where it is none."""
    if not identity:
        raise Invalid("An id has at least one character.")
    said = quote(identity, safe="", errors="replace")
    return said if said.strip(".") else said.replace(".", "%2E")  # else it would mean another place


def written(body: Body | None) -> bytes | None:
    """As JSON. Of a model without what is unknown; what is null in a mapping is said so. Invalid for what cannot be written."""
    if body is None or isinstance(body, bytes):
        return body
    try:
        return to_json(body, by_alias=True, exclude_none=isinstance(body, BaseModel))
    except (PydanticSerializationError, ValueError) as e:
        raise Invalid(f"This is not JSON: {e}.") from None


def _said(value: Query) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _problem(answer: httpx.Response) -> Problem | None:
    """The problem that was answered; None: it was done. Unreached where that is not this API's answer."""
    try:
        said: Any = json.loads(answer.content)
    except (ValueError, RecursionError):
        said = None
    if answer.is_success and isinstance(said, dict):
        return None
    document = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if "type" not in document and answer.status_code not in _LATER:
        raise Unreached(f"Something else answers there, with status {answer.status_code}.")
    known = {"type": "about:blank", "title": f"Answered {answer.status_code}", "status": answer.status_code, "detail": "Not now."}
    return Problem(answer.status_code, known | document, answer.headers.get("request-id"))


def _wished(answer: httpx.Response | None) -> float:
    """Seconds after which it wants to be asked again."""
    said = answer.headers.get("retry-after", "") if answer is not None else ""
    return float(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0.0


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.password)
    except ValueError:
        right = False
    if not right:
        raise ValueError("the API's address is http or https, without a password in it")
    return url.rstrip("/")
