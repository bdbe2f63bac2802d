"""Asking a board's API, one GET at a time: where the connection says and nowhere else, at the board's pace, and without a word about what.

A path may not leave the connection's address; what a call itself may do is said in `calling`.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import unquote

import httpx
from pydantic import SecretStr

from activities.calling import PATIENCE, Answer, FailedError, RefusedError, call
from activities.tokens import Grant, Tokens

LONGEST_WAIT: Final = 20.0
"""Seconds that a call may wait for its turn; a longer wait is the caller's, who may do something else meanwhile."""
_PATH: Final = re.compile(r"/(?!/)[A-Za-z0-9._~!$'()*+,;=:@%/-]{0,1000}(?:\?[A-Za-z0-9._~!$'()*+,;=:@%/?&\[\]-]{0,4000})?", re.ASCII)
_UNAUTHORISED: Final = 401


@dataclass(frozen=True, slots=True)
class Api:
    """A board's API, as a connection knows it."""

    connection: str
    url: str | None
    key: SecretStr | None = None
    key_header: str | None = None
    """None: basic authentication, the key as user."""
    pace: float = 5.0
    """Calls a second."""
    token_url: str | None = None
    """Where the key gets the token that the API wants instead. None: it wants the key."""
    user: str | None = None
    """Whose rights that token is to have."""

    @property
    def grant(self) -> Grant | None:
        return Grant(self.connection, self.token_url, self.key, self.user) if self.token_url and self.key else None


class Pace:
    """Turns at even distances, and none while the board wants to be left alone."""

    def __init__(self, calls_a_second: float) -> None:
        self._distance = 1 / calls_a_second
        self._next = 0.0

    def turn(self, longest: float) -> float:
        """Seconds until the turn that is taken by this; beyond `longest` none is taken."""
        now = time.monotonic()
        wait = max(self._next - now, 0.0)
        if wait <= longest:
            self._next = now + wait + self._distance
        return wait

    def rest(self, wait: timedelta) -> None:
        self._next = max(self._next, time.monotonic() + wait.total_seconds())


class Fetcher:
    """Asks for all connections of this process; knows only when each may be asked next, and with which token."""

    def __init__(self) -> None:
        self._paces: Final[dict[str, Pace]] = {}
        self._tokens: Final = Tokens()

    async def get(self, api: Api, path: str) -> Answer:
        """What the API answers at a path below its address. RefusedError or FailedError. Repeating is harmless."""
        url = _below(api, path)
        pace = self._paces.setdefault(api.connection, Pace(api.pace))
        wait = pace.turn(LONGEST_WAIT)
        if wait > LONGEST_WAIT:
            raise FailedError("too many calls wait for this board", timedelta(seconds=wait))
        await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._asked(api, url)
        except FailedError as failed:
            if failed.wait:
                pace.rest(failed.wait)
            raise
        except (httpx.HTTPError, ssl.SSLError, OSError, ValueError) as e:
            reason = (
                "the board did not answer in time" if isinstance(e, TimeoutError | httpx.TimeoutException) else "the board was not reached"
            )
            raise FailedError(reason) from None

    async def _asked(self, api: Api, url: httpx.URL) -> Answer:
        """With a token where the API wants one. One that is refused is had anew, once: it may have been withdrawn before its end."""
        if api.grant is None:
            return await call(url, _credentials(api))
        token = await self._tokens.of(api.grant)
        try:
            return await call(url, _bearer(token))
        except RefusedError as e:
            if e.status != _UNAUTHORISED:
                raise
        self._tokens.refused(api.grant, token)
        return await call(url, _bearer(await self._tokens.of(api.grant)))


def _below(api: Api, path: str) -> httpx.URL:
    """The address of a path at the API. Whatever the path is made of, it names the same host."""
    if api.url is None:
        raise RefusedError("the connection has no api_url")
    segments = unquote(path.partition("?")[0]).split("/")
    if not _PATH.fullmatch(path) or any(part in (".", "..") or "\\" in part or "%" in part for part in segments):
        raise RefusedError("this is no path at a board's API")
    return httpx.URL(api.url.rstrip("/") + path)


def _bearer(token: SecretStr) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token.get_secret_value()}"}


def _credentials(api: Api) -> Mapping[str, str]:
    if api.key is None:
        return {}
    key = api.key.get_secret_value()
    if api.key_header:
        return {api.key_header: key}
    return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode('ascii')}"}
