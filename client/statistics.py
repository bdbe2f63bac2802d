"""Counts over all applications, from Temporal's visibility alone: what its index holds of each application's latest run.

A group is shown only with at least `minimum` ended applications. Smaller ones are counted as one, and as many of the next larger with them
as it takes until that rest has the minimum too: so nothing can be had by subtraction. Groups are told apart by connection and policy at
once, in one table: two tables could be subtracted from each other. What is asked with another minimum only joins groups of this one.

Temporal groups counts by nothing but a run's status, and a resumed application has ended runs that are no longer its own. So all runs are
listed, a thousand at a time, and the result is kept for a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError

from client.patience import PATIENCE
from client.refusals import Unavailable
from workflows import names

LEAST: Final = 5
"""No group smaller than that is ever shown."""
USUAL: Final = 10
KEPT: Final = 60.0
"""Seconds."""
_QUERY: Final = f"WorkflowType = '{names.WORKFLOW}' AND ExecutionStatus != 'ContinuedAsNew'"
_PAGE: Final = 1000


class Row(NamedTuple):
    """What counts of one application."""

    stage: str | None = None
    outcome: str | None = None
    connection: str | None = None
    policy: str | None = None
    thanked_in_time: bool | None = None
    replied_after_follow_up: bool = False
    follow_ups: int = 0
    """Those of runs from before they were counted are not known."""
    silence_days: int | None = None
    """Of the latest silence that is over."""


class Group(NamedTuple):
    connection: str | None
    """None: no board spoke first."""
    policy: str | None
    ended: int
    ghosted: int


@dataclass(frozen=True)
class Counted:
    """Every application as it was at one moment, a second or so before `as_of`."""

    rows: tuple[Row, ...]
    as_of: datetime


class Statistics:
    """One for a process: it counts once for all who ask at the same time. `now`: seconds of a clock that only goes forward."""

    def __init__(
        self, client: Client, *, patience: timedelta = PATIENCE, kept: float = KEPT, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._patience = patience
        self._kept = kept
        self._now = now
        self._last: tuple[float, Counted] | None = None
        self._under_way: asyncio.Task[Counted] | None = None

    async def told(self, minimum: int = USUAL) -> dict[str, Any]:
        """The statistics with groups of that size or larger; below LEAST none is possible. Unavailable: it goes on; ask again."""
        return summed(await self._counted(), max(minimum, LEAST))

    async def _counted(self) -> Counted:
        if self._last and self._now() - self._last[0] < self._kept:
            return self._last[1]
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._count())
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await asyncio.shield(self._under_way)
        except (TimeoutError, RPCError) as e:
            raise Unavailable from e

    async def _count(self) -> Counted:
        latest: dict[str, tuple[tuple[bool, datetime], Row]] = {}
        as_of = datetime.now(UTC)
        async for run in self._client.list_workflows(_QUERY, page_size=_PAGE):
            place = (run.status == WorkflowExecutionStatus.RUNNING, run.start_time)
            if run.id not in latest or latest[run.id][0] < place:
                latest[run.id] = (place, _row(run))
        counted = Counted(tuple(row for _, row in latest.values()), as_of)
        self._last = (self._now(), counted)
        return counted


def summed(counted: Counted, minimum: int) -> dict[str, Any]:
    """What the API answers."""
    rows = counted.rows
    groups, rest = folded(_groups(rows), minimum)
    ended, ghosted = sum(row.outcome is not None for row in rows), sum(row.outcome == "ghosted" for row in rows)
    asked = [row.replied_after_follow_up for row in rows if row.follow_ups]
    silences = [row.silence_days for row in rows if row.silence_days is not None]
    known = [row.thanked_in_time for row in rows if row.thanked_in_time is not None]
    return {
        "as_of": counted.as_of.isoformat(timespec="seconds"),
        "applications": {
            "total": len(rows),
            "by_stage": _by(row.stage for row in rows),
            "by_outcome": _by(row.outcome for row in rows),
            "by_connection": _by(row.connection for row in rows),
        },
        "thank_yous": {"known": len(known), "in_time": sum(known), "share": _share(sum(known), len(known), minimum)},
        "follow_ups": {"asked": len(asked), "replied": sum(asked), "share": _share(sum(asked), len(asked), minimum)},
        "silence": {"known": len(silences), "median_days": median(silences) if len(silences) >= minimum else None},
        "ghosted": {
            "minimum_group": minimum,
            "ended": ended,
            "ghosted": ghosted,
            "share": _share(ghosted, ended, minimum),
            "groups": [group._asdict() | {"share": _share(group.ghosted, group.ended, minimum)} for group in groups],
            "other": _rest(rest, minimum),
        },
    }


def folded(groups: Iterable[Group], minimum: int) -> tuple[list[Group], list[Group]]:
    """Those that are shown, largest first, and those that are counted as one: none, or together at least the minimum, or all there are.

    What is folded is always the smallest, in the same order: with a larger minimum it is the same and more.
    """
    shown = sorted(groups, key=lambda g: (-g.ended, g.connection or "", g.policy or ""))
    rest: list[Group] = []
    while shown and (shown[-1].ended < minimum or 0 < sum(g.ended for g in rest) < minimum):
        rest.append(shown.pop())
    return shown, rest


def _groups(rows: Iterable[Row]) -> list[Group]:
    ended = [row for row in rows if row.outcome is not None]
    sizes = Counter((row.connection, row.policy) for row in ended)
    ghosted = Counter((row.connection, row.policy) for row in ended if row.outcome == "ghosted")
    return [Group(*which, size, ghosted[which]) for which, size in sizes.items()]


def _rest(rest: list[Group], minimum: int) -> dict[str, Any] | None:
    """None: there is none, or all there are do not make one group."""
    ended, ghosted = sum(g.ended for g in rest), sum(g.ghosted for g in rest)
    if ended < minimum:
        return None
    return {"groups": len(rest), "ended": ended, "ghosted": ghosted, "share": _share(ghosted, ended, minimum)}


def _by(values: Iterable[str | None]) -> dict[str, int]:
    """How often each; what has none is not in it."""
    return dict(sorted(Counter(value for value in values if value is not None).items()))


def _share(part: int, whole: int, minimum: int) -> float | None:
    return round(part / whole, 3) if whole >= minimum else None


def _row(run: WorkflowExecution) -> Row:
    held: dict[str, Any] = {pair.key.name: pair.value for pair in run.typed_search_attributes}  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- of any kind
    return Row(
        held.get("Stage"),
        held.get("Outcome"),
        held.get("Connection"),
        held.get("Policy"),
        held.get("ThankedInTime"),
        held.get("RepliedAfterFollowUp", False),
        held.get("FollowUps", 0),
        held.get("SilenceDays"),
    )
