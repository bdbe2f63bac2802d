"""A question that nobody was there to answer overtakes the task that has the news; the news have their own time all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError
from temporalio.worker import Replayer, Worker

from client.embedded import Stack
from tests.server import eventually
from tests.worker.hearing import WritesDown
from worker.registry import runner

MANY: Final = 6
"""Which of the two a worker gets first is a matter of luck."""
FORGOTTEN: Final = timedelta(seconds=1)
"""How long the server keeps the tasks of a run for the worker that had it."""


@asynccontextmanager
async def working(server: Stack, queue: str) -> AsyncGenerator[None]:
    async with Worker(
        server.client, task_queue=queue, workflows=[WritesDown], workflow_runner=runner(), sticky_queue_schedule_to_start_timeout=FORGOTTEN
    ):
        yield


async def answer(run: WorkflowHandle[Any, Any]) -> list[tuple[str, str]] | None:
    """What it heard; None while it cannot say."""
    try:
        return await run.query(WritesDown.heard, rpc_timeout=timedelta(seconds=8))
    except (WorkflowQueryFailedError, RPCError):
        return None


async def test_what_came_while_a_question_waited_is_not_dated_to_the_task_before(server: Stack) -> None:
    """Neither a signal nor a timer. Without the guard of `worker.sandbox` most of them are, and the history may not replay."""
    queue, client = f"overtaken-{uuid4()}", server.client
    runs = [await client.start_workflow(WritesDown.run, 3.0, id=f"{queue}-{n}", task_queue=queue) for n in range(MANY)]
    async with working(server, queue):
        for run in runs:
            await run.signal(WritesDown.hear, "first")
            await eventually(lambda run=run: answer(run))
    await asyncio.sleep(2 * FORGOTTEN.total_seconds())  # the worker is gone, and what the server keeps for it
    asked = [asyncio.create_task(answer(run)) for run in runs for _ in range(3)]
    await asyncio.sleep(FORGOTTEN.total_seconds())
    before = datetime.now(UTC)
    for run in runs:
        await run.signal(WritesDown.hear, "second")
    await asyncio.sleep(FORGOTTEN.total_seconds())

    async with working(server, queue):
        await asyncio.gather(*asked)
        for run in runs:

            async def all_heard(run: WorkflowHandle[Any, Any] = run) -> list[tuple[str, str]] | None:
                heard = await answer(run)
                return heard if heard and len(heard) == 3 else None

            heard = {what: datetime.fromisoformat(when) for what, when in await eventually(all_heard)}
            assert heard["second"] > before
            assert heard["rang"] - heard["first"] > timedelta(seconds=2)
            await run.signal(WritesDown.end)
            await run.result()
    for run in runs:
        await Replayer(workflows=[WritesDown], workflow_runner=runner()).replay_workflow(await run.fetch_history())
