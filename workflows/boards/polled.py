"""What boards do not announce and is read from their API: where it is, page by page, and what each change says. Pure.

Greenhouse's scheduled interviews: no webhook tells of them. The list is asked for what changed since a moment, in the order of ids: while
it is being read it only grows, so that a page may repeat something and never passes over anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from workflows.boards.delivery import Reading, Terms
from workflows.boards.greenhouse import scheduled_interview
from workflows.boards.payload import dig, items, moment

PAGE: Final = 100
"""Changes on one page: fewer than are read of one list."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it is now, and when it was changed last; None: it does not say."""

    at: datetime | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class Polled:
    """How one board is read."""

    path: Callable[[datetime, int], str]
    """Of the page, counted from one, with what changed at a moment or after it."""
    read: Callable[[Any, Terms], tuple[Change, ...]]
    """Total: any JSON at all gives the changes that are in it."""


def _interviews(since: datetime, page: int) -> str:
    when = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"/v1/scheduled_interviews?{urlencode({'per_page': PAGE, 'page': page, 'updated_after': when})}"


def _changed_interviews(content: Any, terms: Terms) -> tuple[Change, ...]:
    return tuple(Change(moment(dig(record, "updated_at")), scheduled_interview(record, terms)) for record in items(content))


POLLED: Final[dict[str, Polled]] = {"greenhouse": Polled(_interviews, _changed_interviews)}
"""By the board's name."""
