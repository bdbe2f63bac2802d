"""How far this machine's clock is from Temporal's: told as a metric, and in a sentence where it matters.

What is due, and when an attempt began, is by the server's clock; mail is dated by it too. This machine's own decides only what has no
history: when a link ends, and whether a signature is fresh. A clock that is off harms those, so somebody has to hear of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from workflows.names.metrics import CLOCK

log: Final = structlog.stdlib.get_logger("worker")

TOLERATED: Final = timedelta(seconds=30)
"""Longer than the way from the server takes."""
PAUSE: Final = 60.0
"""Seconds between two sentences."""


class Clock(Interceptor):
    """`says`: whether a sentence is logged; a server that skips time is ahead on purpose."""

    def __init__(
        self,
        *,
        says: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._says = says
        self._now = now
        self._seconds = seconds
        self._said: float | None = None

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 -- Temporal's name
        return _Compared(next, self)

    def compare(self) -> None:
        """Within an activity, as it begins."""
        ahead = self._now() - activity.info().started_time
        gauge = activity.metric_meter().create_gauge_float(CLOCK, "How far this worker's clock is from Temporal's.", "s")
        gauge.set(abs(ahead).total_seconds())  # a gauge refuses to be below 0
        if not self._says or abs(ahead) <= TOLERATED:
            return
        seconds = self._seconds()
        if self._said is None or seconds - self._said >= PAUSE:
            self._said = seconds
            log.warning("this machine's clock is not Temporal's: set one of them", seconds_ahead=round(ahead.total_seconds()))


class _Compared(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, clock: Clock) -> None:  # noqa: A002 -- Temporal's name
        super().__init__(next)
        self._clock = clock

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 -- Temporal's name
        self._clock.compare()
        return await super().execute_activity(input)
