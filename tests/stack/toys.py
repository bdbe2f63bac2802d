"""Small workflows with timers and real activities, to see what moving a clock does. No application: the clock must not depend on it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

QUEUE = "toys"


@activity.defn
async def takes(seconds: float) -> None:
    await asyncio.sleep(seconds)


@activity.defn
async def refuses() -> None:
    raise ConnectionRefusedError


@workflow.defn
class Rounds:
    """A timer and an activity, `count` times; goes on as new after every `a_run` of them."""

    @workflow.init
    def __init__(self, carried: dict[str, str] | None, count: int, gap: timedelta, work: float, a_run: int) -> None:
        clock = datetime.fromisoformat(carried["clock"]) if carried else workflow.now()
        self.ahead = max(clock - workflow.now(), timedelta(0))
        self.woke: list[datetime] = []

    @workflow.run
    async def run(self, carried: dict[str, str] | None, count: int, gap: timedelta, work: float, a_run: int) -> str:
        for n in range(count):
            if n == a_run:
                workflow.continue_as_new(args=[{"clock": self.now().isoformat()}, count - n, gap, work, a_run])
            await workflow.sleep(gap)
            self.woke.append(self.now())
            if work:
                await workflow.execute_activity(takes, work, start_to_close_timeout=timedelta(seconds=30))
        return self.now().isoformat()

    @workflow.query
    def moments(self) -> list[str]:
        return [moment.isoformat() for moment in self.woke]

    def now(self) -> datetime:
        return workflow.now() + self.ahead


@workflow.defn
class Refused:
    """Tries for `days`, at most an hour apart."""

    @workflow.run
    async def run(self, days: int) -> str:
        try:
            await workflow.execute_activity(
                refuses,
                start_to_close_timeout=timedelta(seconds=5),
                schedule_to_close_timeout=timedelta(days=days),
                retry_policy=RetryPolicy(maximum_interval=timedelta(hours=1)),
            )
        except ActivityError:
            await workflow.sleep(timedelta(days=365))
        return ""
