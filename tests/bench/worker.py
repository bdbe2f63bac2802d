"""The worker of one side, alone in a process whose CPU time is then its own: `python -m tests.bench.worker ours`.

All are set up alike, as the real worker is, but for the sandbox: ours is entered less often, and the others have the SDK's own, with the
same modules shared. All have the same send, which takes a notice and writes to nobody: words and mail cost the same whoever has them
sent, and would only hide the difference.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import Final

from temporalio import activity
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from client.connection import connect
from tests.bench import cheapest
from tests.bench.cheapest import Cheapest
from tests.bench.hand_written import HandWritten
from tests.bench.lifecycle import CHEAPEST, HAND_WRITTEN, OURS, SIDES
from tests.bench.marks import mark
from worker.interceptor import BugGuard
from worker.registry import BUILD, STICKY, compile_ahead, runner
from workflows import names
from workflows.job_application import JobApplication

CACHED_RUNS: Final = 2_000
_RUNS: Final = {OURS.name: (JobApplication,), HAND_WRITTEN.name: (HandWritten,), CHEAPEST.name: (Cheapest,)}
_GUARDS: Final = {OURS.name: (BugGuard(),)}


@activity.defn(name=names.SEND_NOTICE)
async def send_notice(request: names.NoticeRequest) -> names.Delivery:
    """Takes the message and writes to nobody."""
    mark(request.notice.application)
    return names.Delivery(message_id=f"<{len(request.notice.key)}@example.com>")


@activity.defn(name=names.TELL_CANDIDATE)
async def tell_candidate(request: names.TellRequest) -> None:
    """Hears what an application means for the candidate's others, and tells nobody."""


@activity.defn(name=cheapest.SEND)
async def send_nothing() -> None:
    """Takes nothing, and writes to nobody."""


async def run(name: str) -> None:
    side = next(s for s in SIDES if s.name == name)
    compile_ahead(_RUNS[side.name])
    client, asked = await connect(), asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, asked.set)
    runs = Worker(
        client,
        task_queue=side.task_queue,
        workflows=_RUNS[side.name],
        activities=[tell_candidate],
        interceptors=_GUARDS.get(side.name, ()),
        workflow_runner=runner() if side is OURS else SandboxedWorkflowRunner(restrictions=runner().restrictions),
        max_cached_workflows=CACHED_RUNS,
        max_concurrent_workflow_tasks=100,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=5),
        sticky_queue_schedule_to_start_timeout=STICKY,
        build_id=BUILD,
    )
    sends = Worker(
        client,
        task_queue=side.notices,
        activities=[send_notice, send_nothing],
        max_concurrent_activities=100,
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=5),
        build_id=BUILD,
    )
    async with contextlib.AsyncExitStack() as working:
        await working.enter_async_context(runs)
        await working.enter_async_context(sends)
        await asked.wait()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
    sys.stderr.flush()
    os._exit(0)  # the SDK's threads may abort an interpreter that is taken down around them
