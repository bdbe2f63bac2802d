"""The short-lived tokens of boards that give no answer to a key alone: OAuth 2.0, client credentials.

A token is in this process's memory and nowhere else, one per connection, and is had again shortly before it ends, when the board refuses
it, or when the connection has another key. Only the token's address, which the connection names, ever sees the key.
"""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr

from activities.calling import FailedError, RefusedError, call
from workflows.boards.payload import dig, moment

_MARGIN: Final = 60.0
"""Seconds before its end from which on a token is not used any more: a call with it may be waiting for its turn."""
_LONGEST: Final = 3600.0
"""Seconds for which a token is used that does not say how long it is good; it may be refused before."""
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,8000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a connection has to show for a token."""

    connection: str
    url: str
    key: SecretStr
    """`<client id>:<client secret>`."""
    user: str | None = None
    """Whose rights the token is to have, where the board wants that said."""


@dataclass(frozen=True, slots=True)
class _Kept:
    grant: Grant
    token: SecretStr
    until: float
    """By the monotonic clock."""


class Tokens:
    """The tokens of this process."""

    def __init__(self) -> None:
        self._kept: Final[dict[str, _Kept]] = {}
        self._asking: Final[defaultdict[str, asyncio.Lock]] = defaultdict(asyncio.Lock)

    async def of(self, grant: Grant) -> SecretStr:
        """The token, asked for where none is kept; once, however many want it. RefusedError, FailedError, or what the network raises."""
        async with self._asking[grant.connection]:
            kept = self._kept.get(grant.connection)
            if kept is None or kept.grant != grant or time.monotonic() >= kept.until:
                kept = self._kept[grant.connection] = await _granted(grant)
            return kept.token

    def refused(self, grant: Grant, token: SecretStr) -> None:
        """The board does not take it any more."""
        kept = self._kept.get(grant.connection)
        if kept and kept.token == token:
            del self._kept[grant.connection]


async def _granted(grant: Grant) -> _Kept:
    form = {"grant_type": "client_credentials"} | ({"sub": grant.user} if grant.user else {})
    key = base64.b64encode(grant.key.get_secret_value().encode()).decode("ascii")
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = await call(httpx.URL(grant.url), headers, "POST", urlencode(form).encode())
    except RefusedError as e:
        raise RefusedError(f"no token was given: {e}") from None
    token = dig(answer.content, "access_token")
    if answer.content is None:
        raise RefusedError("no token was given: there is no such address")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise FailedError("no token was given: the answer has none")
    return _Kept(grant, SecretStr(token), time.monotonic() + _lifetime(answer.content) - _MARGIN)


def _lifetime(content: Any) -> float:
    """Seconds; boards say how many, or until when."""
    seconds, ends = dig(content, "expires_in"), moment(dig(content, "expires_at"))
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        return min(max(float(seconds), 0.0), 86_400.0)
    return (ends - datetime.now(UTC)).total_seconds() if ends else _LONGEST
