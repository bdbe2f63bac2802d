"""A workflow that looks where a run may not: at the clock of the machine."""

from __future__ import annotations

import time

from temporalio import workflow


@workflow.defn
class LooksAtTheClock:
    @workflow.run
    async def run(self) -> float:
        return time.time()
