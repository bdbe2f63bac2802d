"""How long the kept history of a standard lifecycle takes to replay: its cost whenever a worker does not have the application at hand."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Final

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from client.connection import DATA_CONVERTER
from tests.bench.measure import percentiles
from tests.replay.record import KEPT, LANDING
from worker.interceptor import BugGuard
from worker.registry import compile_ahead, runner
from workflows.job_application import JobApplication

GOLDEN: Final = f"ghosted.{LANDING}"
WARM: Final = 5
"""Replays before those that are timed."""


async def measure(count: int, tell: Callable[[str], None] = lambda _: None) -> dict[str, float]:
    """Milliseconds of one replay, as the real worker does it: in its sandbox, the module read anew each time."""
    tell("replays")
    compile_ahead((JobApplication,))
    text, took = (KEPT / f"{GOLDEN}.json").read_text(encoding="utf-8"), list[float]()

    async def again_and_again() -> AsyncIterator[WorkflowHistory]:
        for _ in range(WARM + count):
            yield WorkflowHistory.from_json(f"application/{GOLDEN}", text)

    replayer = Replayer(workflows=(JobApplication,), data_converter=DATA_CONVERTER, workflow_runner=runner(), interceptors=(BugGuard(),))
    async with replayer.workflow_replay_iterator(again_and_again()) as replays:
        while len(took) < WARM + count:
            start = time.perf_counter()
            result = await anext(replays)
            if result.replay_failure:
                raise result.replay_failure
            took.append(time.perf_counter() - start)
    return percentiles(took[WARM:])
