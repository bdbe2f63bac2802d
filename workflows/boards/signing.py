"""How boards sign: each scheme is data, and one verifier reads them all.

Refuses whatever it cannot prove, with a constant reason, in time that does not depend on the secret, and never raises: what arrives here
comes from strangers. Nothing is believed about a body whose scheme does not bind it (`binds_body = False`): it has to be fetched first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from workflows.boards.payload import parse

MOST_SIGNATURES: Final = 16
"""More signatures than this in one header are not looked at: the greatest number of keys that a board keeps at once."""

Reason = Literal["", "no-secret", "no-signature", "malformed", "wrong-signature", "no-timestamp", "stale", "future"]


class Header(NamedTuple):
    """A header's value; its name is in lower case."""

    name: str
    optional: bool = False
    """Signed as nothing where it is missing."""


class Field(NamedTuple):
    """The part of a header that comes after `<name>=`, the header's parts being separated by the scheme's separator."""

    header: str
    name: str


class Member(NamedTuple):
    """A member of the body's JSON object: text, or a whole number as it is written."""

    name: str


class Body(NamedTuple):
    """The body's bytes as they were received."""


Place: TypeAlias = Header | Field | Member | Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How one board signs a delivery: HMAC over the `signed` places, joined."""

    signature: Header | Member
    signed: tuple[Place, ...] = (Body(),)
    joined_by: bytes = b"."
    prefix: str = ""
    """What stands before each signature."""
    separator: str | None = None
    """Between several signatures in one header. None: there is one."""
    algorithm: Literal["sha256", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    key: Literal["text", "base64"] = "text"
    """Whether the key is the secret's UTF-8 text or what its base64 (after `whsec_`) stands for."""
    timestamp: Header | Field | Member | None = None
    """Must be among the signed places."""
    unit: Literal["s", "ms"] = "s"
    oldest: timedelta | None = None
    """A delivery stamped longer ago is refused. None: any age."""
    ahead: timedelta = timedelta(minutes=5)
    """A delivery stamped further ahead is refused."""
    binds_body: bool = True
    """False: the signature proves who sends, not what; nothing in the body is believed before it was fetched."""


class Verdict(NamedTuple):
    accepted: bool
    reason: Reason = ""
    """Empty where accepted; constant words, safe in logs."""


def verify(scheme: Scheme, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> Verdict:
    """Whether one of the secrets signed this delivery. Header names in lower case; `now` with a zone. Never raises."""
    try:
        return _verify(scheme, secrets, headers, body, now)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        # whatever is wrong with it: a malformed delivery is a refused one
        return Verdict(accepted=False, reason="malformed")


def _verify(scheme: Scheme, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> Verdict:
    keys = [key for secret in secrets if (key := _key(scheme, secret))]
    if not keys:
        return Verdict(accepted=False, reason="no-secret")
    given = _signatures(scheme, headers, body)
    if not given:
        return Verdict(accepted=False, reason="no-signature")
    message = _message(scheme, headers, body)
    if message is None:
        return Verdict(accepted=False, reason="malformed")
    matches = False
    for key in keys:
        expected = _signature(scheme, key, message)
        for one in given:
            matches |= hmac.compare_digest(expected, one)
    if not matches:
        return Verdict(accepted=False, reason="wrong-signature")
    return _in_time(scheme, headers, body, now)


def _in_time(scheme: Scheme, headers: Mapping[str, str], body: bytes, now: datetime) -> Verdict:
    if scheme.timestamp is None:
        return Verdict(accepted=True)
    text = _read(scheme, scheme.timestamp, headers, body)
    if not text or not text.isdigit() or len(text) > 15:
        return Verdict(accepted=False, reason="no-timestamp")
    age = now.timestamp() - int(text) / (1000 if scheme.unit == "ms" else 1)
    if age < -scheme.ahead.total_seconds():
        return Verdict(accepted=False, reason="future")
    if scheme.oldest is not None and age > scheme.oldest.total_seconds():
        return Verdict(accepted=False, reason="stale")
    return Verdict(accepted=True)


def sign(scheme: Scheme, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[dict[str, str], bytes]:
    """The headers (names in lower case) and the body as the board would send them at `now`.

    Raises ValueError where the secret, a header or the body cannot be signed this way.
    """
    key = _key(scheme, secret)
    if not key:
        raise ValueError("this secret cannot be used with this board's signatures")
    stamp = str(int(now.timestamp() * (1000 if scheme.unit == "ms" else 1)))
    stamped, content = {name.lower(): value for name, value in headers.items()}, body
    match scheme.timestamp:
        case Header(name, _):
            stamped[name] = stamp
        case Field(header, name):
            stamped[header] = f"{name}={stamp}"
        case Member(name):
            content = _with_member(content, name, int(stamp))
        case None:
            pass
    message = _message(scheme, stamped, content)
    if message is None:
        raise ValueError("something that this board signs is missing from the delivery")
    signature = scheme.prefix + _signature(scheme, key, message).decode("ascii")
    if isinstance(scheme.signature, Member):
        return stamped, _with_member(content, scheme.signature.name, signature)
    if isinstance(scheme.timestamp, Field) and scheme.timestamp.header == scheme.signature.name:
        signature = f"{stamped[scheme.signature.name]}{scheme.separator}{signature}"
    stamped[scheme.signature.name] = signature
    return stamped, content


def usable(scheme: Scheme, secret: str) -> bool:
    """Whether a secret has the form that the scheme's key needs."""
    return bool(_key(scheme, secret))


def _key(scheme: Scheme, secret: str) -> bytes:
    if scheme.key == "text":
        return secret.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _signatures(scheme: Scheme, headers: Mapping[str, str], body: bytes) -> list[bytes]:
    """The signatures given, as they are written: compared as text, so that each has one spelling only."""
    text = _read(scheme, scheme.signature, headers, body)
    if not text:
        return []
    parts: Iterable[str] = text.split(scheme.separator, MOST_SIGNATURES) if scheme.separator else (text,)
    return [_bytes(part.removeprefix(scheme.prefix)) for part in parts if part.startswith(scheme.prefix)][:MOST_SIGNATURES]


def _message(scheme: Scheme, headers: Mapping[str, str], body: bytes) -> bytes | None:
    pieces: list[bytes] = []
    for place in scheme.signed:
        if isinstance(place, Body):
            pieces.append(body)
            continue
        text = _read(scheme, place, headers, body)
        if text is None:
            if not (isinstance(place, Header) and place.optional):
                return None
            text = ""
        pieces.append(_bytes(text))
    return scheme.joined_by.join(pieces)


def _read(scheme: Scheme, place: Header | Field | Member, headers: Mapping[str, str], body: bytes) -> str | None:
    match place:
        case Header(name, _):
            return headers.get(name)
        case Field(header, name):
            parts = headers.get(header, "").split(scheme.separator, MOST_SIGNATURES)
            return next((part[len(name) + 1 :] for part in parts if part.startswith(f"{name}=")), None)
        case Member(name):
            content = parse(body)
            value: Any = content.get(name) if isinstance(content, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- JSON of a stranger
            if isinstance(value, bool) or not isinstance(value, str | int):
                return None
            return str(value)


def _signature(scheme: Scheme, key: bytes, message: bytes) -> bytes:
    digest = hmac.new(key, message, hashlib.sha1 if scheme.algorithm == "sha1" else hashlib.sha256)
    return digest.hexdigest().encode() if scheme.encoding == "hex" else base64.b64encode(digest.digest())


def _with_member(body: bytes, name: str, value: str | int) -> bytes:
    content = parse(body)
    if not isinstance(content, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004 -- it is the value of the bytes that is wrong
    return json.dumps({**content, name: value}, separators=(",", ":")).encode()


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")  # as it came over the wire
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
