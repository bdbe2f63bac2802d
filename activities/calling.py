"""One call to an address that is set in a file: over TLS, to no private network, following nobody, within limits of time and bytes.

An address is never taken from an answer: of a further page only its cursor is read. Failures are constants and status codes: what was asked
for, what was answered and the credentials are in no message.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

import httpx

from workflows.boards.payload import parse

LARGEST: Final = 4_194_304
"""Bytes of one answer."""
PATIENCE: Final = 15.0
"""Seconds for one answer, from the connection to the last byte."""
_LATEST: Final = timedelta(hours=1)
"""A board that wants to be left alone for longer is asked again after this."""
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write down every address that is asked
_GONE: Final = (404, 410)
_LATER: Final = (408, 425, 429)
_NEXT: Final = re.compile(r'<([^<>]*)>[^<]*;\s*rel="?next"?')
_CURSOR: Final = re.compile(r"[A-Za-z0-9_.~=-]{1,3000}", re.ASCII)


class RefusedError(Exception):
    """Nobody will answer before an operator has changed something: key, address, or what the key may read. `status`: what was answered."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status: Final = status


class FailedError(Exception):
    """No answer this time. `wait`: how long the board wants to be left alone, where it says so."""

    def __init__(self, sentence: str, wait: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.wait: Final = wait


@dataclass(frozen=True, slots=True)
class Answer:
    content: Any
    """The JSON; None: the API knows no such thing."""
    more: bool = False
    """Whether the API says that a further page follows."""
    cursor: str | None = None
    """What the API calls that page, where it can be read."""


async def call(url: httpx.URL, headers: Mapping[str, str], method: Literal["GET", "POST"] = "GET", body: bytes | None = None) -> Answer:
    """What is answered there. RefusedError, FailedError, or what httpx and the network raise."""
    async with reached(url, headers, method, body) as answer:
        return await _read(answer)


@asynccontextmanager
async def reached(
    url: httpx.URL,
    headers: Mapping[str, str],
    method: Literal["GET", "POST"] = "GET",
    body: bytes | None = None,
    *,
    private: bool | None = None,
) -> AsyncGenerator[httpx.Response]:
    """The beginning of what is answered there, its body unread.

    `private`: whether it may be in a private network, and then without TLS; None: if the address itself says so, and no name leads there.
    RefusedError, FailedError, or what httpx and the network raise.
    """
    addresses, inside = await _addresses(url, private)
    if url.scheme != "https" and not inside:
        raise RefusedError("the address must begin with https")
    sent = {"Host": url.netloc.decode("ascii"), "Accept": "application/json", "Accept-Encoding": "identity", **headers}
    last: httpx.TransportError | None = None
    for address in addresses:
        there = url.copy_with(host=address)
        async with AsyncExitStack() as after:
            try:
                http = await after.enter_async_context(
                    httpx.AsyncClient(verify=_tls(), trust_env=False, follow_redirects=False, timeout=PATIENCE)
                )
                answer = await after.enter_async_context(
                    http.stream(method, there, headers=sent, content=body, extensions={"sni_hostname": url.host})
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as e:
                last = e
                continue
            yield answer
            return
    raise last or FailedError("the name leads nowhere")


async def _addresses(url: httpx.URL, private: bool | None) -> tuple[list[str], bool]:  # noqa: FBT001 -- as `reached` has it
    """Where the host is, and whether it may be a private place. One that may not is refused."""
    try:
        literal = ipaddress.ip_address(url.host)
    except ValueError:
        literal = None
    if literal is not None:
        if private is False and not _public(literal):
            raise RefusedError("the address is in a private network")
        return [str(literal)], not _public(literal)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise FailedError("the name leads nowhere") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    inside = not all(_public(ipaddress.ip_address(one)) for one in addresses)
    if inside and private is not True and not (private is None and url.host == "localhost"):
        raise RefusedError("the name leads into a private network")
    return addresses[:4], inside


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    inside: ipaddress.IPv4Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.is_global and not address.is_multicast and (inside is None or _public(inside))


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 write them."""


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _read(answer: httpx.Response) -> Answer:
    status = answer.status_code
    if status in _GONE:
        return Answer(None)
    if status in _LATER or status >= 500:
        raise FailedError(f"the board answered {status}", retry_after(answer.headers.get("retry-after")))
    if not answer.is_success:  # a redirect too: wherever it leads, the connection does not say so
        raise RefusedError(f"the board answered {status}", status)
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
    link = _NEXT.search(answer.headers.get("link", ""))
    return Answer(content, more=link is not None, cursor=_cursor(link[1]) if link else None)


def _cursor(address: str) -> str | None:
    try:
        named = parse_qs(urlsplit(address).query).get("cursor", [])
    except ValueError:
        return None
    return named[0] if len(named) == 1 and _CURSOR.fullmatch(named[0]) else None


def retry_after(value: str | None) -> timedelta | None:
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
