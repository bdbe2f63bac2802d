"""What boards do not announce and is read from their API: where it is, page by page, and what each change says. Pure.

Greenhouse's interviews, by Harvest v3: no webhook tells of them. A look is for what was changed between two moments, so that a page that
is asked for later cannot miss what is changed meanwhile: that falls to the next look. An interview names neither who interviews nor
itself; those are asked for by id, for a page at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from workflows.boards.delivery import Reading, Terms
from workflows.boards.greenhouse import interview_key, scheduled_interview
from workflows.boards.payload import dig, items, moment, ref

PAGE: Final = 50
"""Changes on one page: as many ids as one question may name."""
_LONGEST: Final = 500
"""Rows on one page of an answer about ids."""
_INTERVIEWS, _INTERVIEWERS, _USERS, _NAMES = "/v3/interviews", "/v3/interviewers", "/v3/users", "/v3/job_interviews"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it is now."""

    key: str
    """Names the thing as it is now."""
    at: datetime | None
    """When it was changed last; None: it does not say."""
    record: Any


@dataclass(frozen=True, slots=True)
class Polled:
    """How one board is read. Each function is total: any JSON at all gives what is in it."""

    path: Callable[[datetime, datetime | None], str]
    """Of the first page with what changed at a moment or after it, and not after another one."""
    changes: Callable[[Any], tuple[Change, ...]]
    """On a page."""
    needs: Callable[[Sequence[Change], Mapping[str, Any]], tuple[str, ...]]
    """Paths that have to be fetched, whole, before these changes can be read; more may be needed once they are."""
    read: Callable[[Sequence[Change], Mapping[str, Any], Terms], tuple[Reading, ...]]
    """What each of the changes says."""


def further(path: str, cursor: str) -> str:
    """The page of that list which the board calls so; nothing else may be asked for with it."""
    return f"{path.partition('?')[0]}?cursor={quote(cursor, safe='')}"


def _interviews(since: datetime, until: datetime | None) -> str:
    between = f"gte|{_said(since)}" + (f"|lte|{_said(until)}" if until else "")
    return f"{_INTERVIEWS}?{urlencode({'per_page': PAGE, 'updated_at': between})}"


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _changed_interviews(content: Any) -> tuple[Change, ...]:
    return tuple(Change(interview_key(record), moment(dig(record, "updated_at")), record) for record in items(content))


def _about_interviews(changes: Sequence[Change], fetched: Mapping[str, Any]) -> tuple[str, ...]:
    named = (
        *_by_ids(_INTERVIEWERS, "interview_ids", (dig(change.record, "id") for change in changes)),
        *_by_ids(_NAMES, "ids", (dig(change.record, "job_interview_id") for change in changes)),
    )
    people = (dig(one, "user_id") for one in _rows(fetched, _INTERVIEWERS))
    return (*named, *_by_ids(_USERS, "ids", people))


def _by_ids(path: str, parameter: str, ids: Iterator[Any]) -> list[str]:
    numbers = list(dict.fromkeys(one for value in ids if (one := ref(value)) and one.isascii() and one.isdigit() and len(one) < 20))
    batches = (numbers[start : start + PAGE] for start in range(0, len(numbers), PAGE))
    return [f"{path}?{urlencode({parameter: ','.join(batch), 'per_page': _LONGEST})}" for batch in batches]


def _rows(fetched: Mapping[str, Any], path: str) -> list[Any]:
    return [row for where, rows in fetched.items() if where.partition("?")[0] == path and isinstance(rows, list) for row in rows]  # pyright: ignore[reportUnknownVariableType] -- JSON of a stranger


def _told_interviews(changes: Sequence[Change], fetched: Mapping[str, Any], terms: Terms) -> tuple[Reading, ...]:
    users = {ref(dig(one, "id")): one for one in _rows(fetched, _USERS)}
    names = {ref(dig(one, "id")): dig(one, "name") for one in _rows(fetched, _NAMES)}
    panels: dict[str | None, list[Any]] = {}
    for row in _rows(fetched, _INTERVIEWERS):
        # who has no account there may be the candidate
        if user := users.get(ref(dig(row, "user_id"))):
            person = {"id": dig(user, "id"), "name": dig(user, "name"), "email": dig(user, "primary_email") or dig(row, "email")}
            panels.setdefault(ref(dig(row, "interview_id")), []).append(person)
    return tuple(
        scheduled_interview(
            change.record, terms, panels.get(ref(dig(change.record, "id")), []), names.get(ref(dig(change.record, "job_interview_id")))
        )
        for change in changes
    )


POLLED: Final[dict[str, Polled]] = {"greenhouse": Polled(_interviews, _changed_interviews, _about_interviews, _told_interviews)}
"""By the board's name."""
