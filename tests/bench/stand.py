"""The stand on which both are measured: one real server that can skip time, and a worker process for each of the two."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from client.children import Child, Children
from client.embedded import Stack
from tests.bench.lifecycle import SIDES, Side, SideName

READY: Final = timedelta(seconds=60)
ROOT: Final = Path(__file__).resolve().parents[2]
_PROCESSES: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def can_stand() -> bool:
    """Whether this system tells the CPU time of another process."""
    return (_PROCESSES / "self" / "stat").exists()


@dataclass(frozen=True)
class Stand:
    client: Client
    workers: Mapping[SideName, Child]

    def cpu(self, side: Side) -> float:
        """Seconds of CPU that the worker of that side has used so far, user and system, in steps of 10 ms."""
        after_name = (_PROCESSES / str(self.workers[side.name].pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS


@contextlib.asynccontextmanager
async def stand() -> AsyncGenerator[Stand]:
    """Runs until the block ends; then every process is gone."""
    async with contextlib.AsyncExitStack() as after:
        stack = await after.enter_async_context(Stack.start(parts=()))
        children = Children(stack.home / "bench")
        after.push_async_callback(children.stop)
        told = {k: v for k, v in os.environ.items() if not k.startswith(("TEMPORAL_", "AFTERWORD_"))}
        environment = told | {"TEMPORAL_ADDRESS": stack.temporal, "TEMPORAL_CONFIG_FILE": os.devnull, "PYTHONPATH": str(ROOT)}
        workers: dict[SideName, Child] = {
            s.name: await children.start(s.name, [sys.executable, "-m", "tests.bench.worker", s.name], environment) for s in SIDES
        }
        for side in SIDES:
            await workers[side.name].until(lambda side=side: _works(stack.client, side), READY)
        yield Stand(stack.client, workers)


async def _works(client: Client, side: Side) -> bool:
    for queue, kind in (
        (side.task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
        (side.notices, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ):
        request = DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
        if not (await client.workflow_service.describe_task_queue(request)).pollers:
            return False
    return True
