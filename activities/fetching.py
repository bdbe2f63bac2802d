"""Asking a board's API, one GET at a time: where the connection says and nowhere else, at the board's pace, and without a word about what.

The address comes from the connection; a path may not leave it; redirects are not followed; names that lead into a private network are
refused. Failures are constants and status codes: what was asked for, what was answered and the key are in no message.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import logging
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

import httpx
from pydantic import SecretStr

from workflows.boards.payload import parse

LARGEST: Final = 4_194_304
"""Bytes of one answer."""
PATIENCE: Final = 15.0
"""Seconds for one answer, from the connection to the last byte."""
LONGEST_WAIT: Final = 20.0
"""Seconds that a call may wait for its turn; a longer wait is the caller's, who may do something else meanwhile."""
_LATEST: Final = timedelta(hours=1)
"""A board that wants to be left alone for longer is asked again after this."""
_PATH: Final = re.compile(r"/(?!/)[A-Za-z0-9._~!$'()*+,;=:@%/-]{0,1000}(?:\?[A-Za-z0-9._~!$'()*+,;=:@%/?&\[\]-]{0,1000})?", re.ASCII)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write down every address that is asked
_GONE: Final = (404, 410)
_LATER: Final = (408, 425, 429)


class RefusedError(Exception):
    """The API will not answer before an operator has changed something: key, address, or what the key may read."""


class FailedError(Exception):
    """No answer this time. `wait`: how long the board wants to be left alone, where it says so."""

    def __init__(self, sentence: str, wait: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.wait: Final = wait


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


@dataclass(frozen=True, slots=True)
class Answer:
    content: Any
    """The JSON; None: the API knows no such thing."""
    more: bool = False
    """Whether the API says that a further page follows."""


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
    """Asks for all connections of this process; knows only when each may be asked next."""

    def __init__(self) -> None:
        self._paces: Final[dict[str, Pace]] = {}

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
                return await _asked(api, url)
        except FailedError as failed:
            if failed.wait:
                pace.rest(failed.wait)
            raise
        except (httpx.HTTPError, ssl.SSLError, OSError, ValueError) as e:
            reason = (
                "the board did not answer in time" if isinstance(e, TimeoutError | httpx.TimeoutException) else "the board was not reached"
            )
            raise FailedError(reason) from None


def _below(api: Api, path: str) -> httpx.URL:
    """The address of a path at the API. Whatever the path is made of, it names the same host."""
    if api.url is None:
        raise RefusedError("the connection has no api_url")
    segments = unquote(path.partition("?")[0]).split("/")
    if not _PATH.fullmatch(path) or any(part in (".", "..") or "\\" in part or "%" in part for part in segments):
        raise RefusedError("this is no path at a board's API")
    return httpx.URL(api.url.rstrip("/") + path)


async def _asked(api: Api, url: httpx.URL) -> Answer:
    addresses, private = await _addresses(url)
    if url.scheme != "https" and not private:
        raise RefusedError("the API's address must begin with https")
    headers = {"Host": url.netloc.decode("ascii"), "Accept": "application/json", "Accept-Encoding": "identity", **_credentials(api)}
    last: httpx.TransportError | None = None
    for address in addresses:
        there = url.copy_with(host=address)
        try:
            async with (
                httpx.AsyncClient(verify=_tls(), trust_env=False, follow_redirects=False, timeout=PATIENCE) as http,
                http.stream("GET", there, headers=headers, extensions={"sni_hostname": url.host}) as answer,
            ):
                return await _read(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout) as e:
            last = e
    raise last or FailedError("the board's name leads nowhere")


async def _addresses(url: httpx.URL) -> tuple[list[str], bool]:
    """Where the host is, and whether the connection itself names a private place. A name that leads to one is refused."""
    try:
        literal = ipaddress.ip_address(url.host)
    except ValueError:
        literal = None
    if literal is not None:
        return [str(literal)], not _public(literal)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise FailedError("the board's name leads nowhere") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if url.host == "localhost":
        return addresses, True
    if not all(_public(ipaddress.ip_address(one)) for one in addresses):
        raise RefusedError("the board's name leads into a private network")
    return addresses[:4], False


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    inside: ipaddress.IPv4Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.is_global and not address.is_multicast and (inside is None or _public(inside))


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 write them."""


def _credentials(api: Api) -> Mapping[str, str]:
    if api.key is None:
        return {}
    key = api.key.get_secret_value()
    if api.key_header:
        return {api.key_header: key}
    return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode('ascii')}"}


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _read(answer: httpx.Response) -> Answer:
    status = answer.status_code
    if status in _GONE:
        return Answer(None)
    if status in _LATER or status >= 500:
        raise FailedError(f"the board answered {status}", _retry_after(answer.headers.get("retry-after")))
    if not answer.is_success:  # a redirect too: wherever it leads, the connection does not say so
        raise RefusedError(f"the board answered {status}")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise FailedError("the board answered in an encoding that was not asked for")
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise FailedError("the board's answer is too long")
    content = parse(bytes(body))
    if content is None:
        raise FailedError("the board's answer is no JSON")
    return Answer(content, more='rel="next"' in answer.headers.get("link", ""))


def _retry_after(value: str | None) -> timedelta | None:
    """Seconds, or a date."""
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 9:
        wait = timedelta(seconds=int(value))
    else:
        try:
            wait = parsedate_to_datetime(value) - datetime.now(UTC)
        except (ValueError, TypeError):
            return None
    return min(max(wait, timedelta(seconds=1)), _LATEST)
