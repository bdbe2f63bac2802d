"""Moves the clocks of a candidate and of all their applications in step, on servers that can skip time.

They stop at every moment at which one of them is due, the candidate's first: what an application hands over then is heard at that moment,
and not in the past. So everything happens in the order in which it would have happened.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from temporalio.client import Client

from client.applications import Applications
from client.clock import PATIENCE, Progress, advance_run, time_of
from client.refusals import NoSuchApplication
from client.runs import from_view
from workflows import names
from workflows.guide import every_step

_STOPS: Final = 10_000
"""More than there are in any year of any candidate."""


@dataclass(frozen=True)
class _Clock:
    """One run: what it is, what its clock shows, when it is next due on it."""

    workflow: str
    now: datetime
    stop: datetime | None
    """When something is next done, whether anybody is told of it or not."""
    due: datetime | None
    """When somebody is next told something."""


async def advance_candidate(
    client: Client, applications: Applications, candidate: str, to: datetime | Literal["next"], patience: timedelta = PATIENCE
) -> Progress:
    """Every clock shows `to`, or the next moment at which something is due. NoSuchCandidate; NoTestClock where time is not skipped."""
    until = time.monotonic() + patience.total_seconds()
    target = to if isinstance(to, datetime) else None
    for _ in range(_STOPS):
        clocks = await _clocks(client, applications, candidate)
        latest = max(clock.now for clock in clocks)
        if target is None:
            target = min((at for clock in clocks if (at := clock.due) and at > latest), default=latest)
        stop = min((at for clock in clocks if (at := clock.stop) and at > clock.now), default=target)
        stop = min(max(stop, min(clock.now for clock in clocks)), target)
        if not await _move(client, [clock for clock in clocks if clock.now < stop], stop, until):
            return "underway"
        if stop >= target:
            return "there"
    return "underway"


async def _move(client: Client, clocks: list[_Clock], to: datetime, until: float) -> bool:
    """The candidate's first, then the applications'. False: patience ended before they were there."""
    own = names.candidate_id("")
    for group in ([c for c in clocks if c.workflow.startswith(own)], [c for c in clocks if not c.workflow.startswith(own)]):
        left = timedelta(seconds=max(until - time.monotonic(), 0))
        if "underway" in await asyncio.gather(*(advance_run(client, clock.workflow, to, left) for clock in group)):
            return False
    return True


async def _clocks(client: Client, applications: Applications, candidate: str) -> list[_Clock]:
    view = await applications.candidates.view(candidate)
    own = names.candidate_id(candidate)
    now = await time_of(client, own)
    due = _next([datetime.fromisoformat(step["due"]) for step in view["agenda"]], now)
    found = [_Clock(own, now, due, due)]
    others = await asyncio.gather(*(_application(client, applications, name) for name in view["applications"]))
    return [*found, *(clock for clock in others if clock)]


async def _application(client: Client, applications: Applications, name: str) -> _Clock | None:
    try:
        seen: dict[str, Any] = await applications.view(name)
        now = await time_of(client, names.workflow_id(name))
    except NoSuchApplication:
        return None
    story = from_view(seen).story
    steps = [(step.listed, step.moment(story, now)) for step in every_step(story) if not step.held]
    listed = [at for shown, at in steps if shown]
    return _Clock(names.workflow_id(name), now, _next([at for _, at in steps], now), _next(listed, now))


def _next(due: list[datetime], now: datetime) -> datetime | None:
    return min((at for at in due if at > now), default=None)
