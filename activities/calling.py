"""One call to an address that a connection names: over TLS, to no private network, following nobody, within limits of time and bytes.

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
from collections.abc import Mapping
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
    addresses, private = await _addresses(url)
    if url.scheme != "https" and not private:
        raise RefusedError("the API's address must begin with https")
    sent = {"Host": url.netloc.decode("ascii"), "Accept": "application/json", "Accept-Encoding": "identity", **headers}
    last: httpx.TransportError | None = None
    for address in addresses:
        there = url.copy_with(host=address)
        try:
            async with (
                httpx.AsyncClient(verify=_tls(), trust_env=False, follow_redirects=False, timeout=PATIENCE) as http,
                http.stream(method, there, headers=sent, content=body, extensions={"sni_hostname": url.host}) as answer,
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
