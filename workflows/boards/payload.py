"""Reading what a stranger sends: every function takes anything at all and gives what was looked for, or None. Never raises.

Names and addresses that no message may carry (line breaks, control characters, what cannot be an address) read as None, so that one bad
name costs the name and not the fact that it stands in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError

from workflows.facts import Address, Country, Line, Zone

MOST_ITEMS: Final = 200
"""Of one list in a payload; what comes after is not read."""

_OPAQUE: Final = re.compile(r"[A-Za-z0-9._~-]+", re.ASCII)
_LINE: Final[TypeAdapter[str]] = TypeAdapter(Line)
_ADDRESS: Final[TypeAdapter[str]] = TypeAdapter(Address)
_ZONE: Final[TypeAdapter[str]] = TypeAdapter(Zone)
_COUNTRY: Final[TypeAdapter[str]] = TypeAdapter(Country)


def parse(body: bytes) -> Any:
    """The body's JSON; None where it is none, or not UTF-8, or nested beyond reading."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def dig(value: Any, *path: str) -> Any:
    """What lies at the end of a path of members; None where the path ends early."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[Any, Any]", value).get(name)
    return value


def items(value: Any) -> list[Any]:
    return cast("list[Any]", value)[:MOST_ITEMS] if isinstance(value, list) else []


def ref(value: Any) -> str | None:
    """A board's own id: text, or a whole number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if -(10**40) < value < 10**40 else None
    return value if isinstance(value, str) and value and not value.isspace() else None


def our_id(value: Any) -> str | None:
    """One of our own ids, as a board carries it for us; anything else is not one."""
    return value if isinstance(value, str) and len(value) <= 128 and _OPAQUE.fullmatch(value) else None


def line(value: Any) -> str | None:
    """One line of text that may stand in a message."""
    return _read(_LINE, value)


def address(value: Any) -> str | None:
    return _read(_ADDRESS, value.strip()) if isinstance(value, str) else None


def zone(value: Any) -> str | None:
    return _read(_ZONE, value)


def country(value: Any) -> str | None:
    return _read(_COUNTRY, value)


def _read(kind: TypeAdapter[str], value: Any) -> str | None:
    try:
        return kind.validate_python(value, strict=True)
    except (ValidationError, ValueError):
        return None


def moment(value: Any) -> datetime | None:
    """An RFC 3339 time with its offset. Without one nobody knows when it is: None."""
    if not isinstance(value, str) or not 16 <= len(value) <= 40:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo is not None and 1970 < read.year < 2200 else None


def milliseconds(value: Any) -> datetime | None:
    """A time in milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 7_000_000_000_000:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def day(value: Any, form: str | None = None) -> date | None:
    """A calendar date, `YYYY-MM-DD` or in the form given; of a time, its date as written."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.strptime(value, form).date() if form else date.fromisoformat(value[:10])  # noqa: DTZ007 -- a date has no zone
    except ValueError:
        return None
    return read if 1970 < read.year < 2200 else None


def opaque(value: str, longest: int = 128) -> str:
    """An id as it may stand in ours: itself, or the base64url of its SHA-256 where it has other characters or is too long."""
    if len(value) <= longest and _OPAQUE.fullmatch(value):
        return value
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()).rstrip(b"=").decode()


def digest(*parts: Any) -> str:
    """A short name of what is said: 128 bits of the SHA-256 of its JSON."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=_plain)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]).rstrip(b"=").decode()


def _plain(value: Any) -> str:
    """Times are named by their moment, however they are written."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
