"""The stand on which all sides are measured: one real server that can skip time, a worker process for each side, and the sides' expenses.

Where PostgreSQL and Temporal's server are there, it is the cluster on PostgreSQL, and durable functions run on the same PostgreSQL. Else
it is the embedded server, without them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from client.children import Child, Children
from client.connection import connect
from client.embedded import Stack
from client.search_attributes import register
from tests.bench.durable_caller import Durable
from tests.bench.lifecycle import SIDES, Side, SideName
from tests.bench.marks import MARKS
from tests.bench.usage import COUNTS_STATEMENTS, Cpu, can_read, count_statements, cpu, machine
from tests.parts import ROOT
from tests.scale.cluster import NAMESPACE, Postgres, cluster

READY: Final = timedelta(seconds=60)


def can_stand() -> bool:
    """Whether this system tells what another process has used."""
    return can_read()


@dataclass
class Stand:
    client: Client
    home: Path
    server: int
    """Process of Temporal's server."""
    children: Children
    environment: dict[str, str]
    store: Postgres | None = None
    """Of the cluster and of the durable functions; None where the server is the embedded one."""
    durable: Durable | None = None
    workers: dict[SideName, Child] = field(default_factory=dict[SideName, Child])

    def spent(self, worker: int, *, calls: bool = True) -> Cpu:
        """So far, with that process as the worker. `calls`: this process is the caller."""
        return Cpu(
            worker=cpu(worker),
            caller=time.process_time() if calls else 0.0,
            server=cpu(self.server),
            database=cpu(self.store.process.pid, family=True) if self.store else 0.0,
            machine=machine(),
        )

    async def work(self, side: Side, marks: Path | None = None) -> Child:
        """Starts the worker of that side; returns when it takes work. `marks`: as in `marks`."""
        environment = self.environment | ({MARKS: str(marks)} if marks else {})
        worker = await self.children.start(side.name, [sys.executable, "-m", "tests.bench.worker", side.name], environment)
        self.workers[side.name] = worker
        await worker.until(lambda: self._works(side), READY)
        return worker

    async def rest(self, side: Side) -> None:
        """Ends it."""
        await self.workers.pop(side.name).stop()

    async def _works(self, side: Side) -> bool:
        for queue, kind in (
            (side.task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
            (side.notices, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
        ):
            request = DescribeTaskQueueRequest(namespace=self.client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
            if not (await self.client.workflow_service.describe_task_queue(request)).pollers:
                return False
        return True


@contextlib.asynccontextmanager
async def stand() -> AsyncGenerator[Stand]:
    """On the embedded server, with every side's worker. Runs until the block ends; then every process is gone."""
    async with contextlib.AsyncExitStack() as after:
        stack = await after.enter_async_context(Stack.start(parts=()))
        children = Children(stack.home / "bench")
        after.push_async_callback(children.stop)
        [server] = [row["pid"] for row in json.loads((stack.home / "children.json").read_text()) if row["name"] == "temporal"]
        ready = Stand(stack.client, stack.home, server, children, _environment(stack.temporal, stack.client.namespace))
        await asyncio.gather(*(ready.work(side) for side in SIDES))
        yield ready


@contextlib.asynccontextmanager
async def stand_on_postgres() -> AsyncGenerator[Stand]:
    """On the cluster, with every side's worker and the durable functions. CannotStart says what is missing."""
    async with contextlib.AsyncExitStack() as after:
        home = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="afterword-", ignore_cleanup_errors=True)))
        made = await after.enter_async_context(cluster(home, *COUNTS_STATEMENTS, skips_time=True))
        await count_statements(made.postgres)
        client = await connect(address=made.address, namespace=NAMESPACE, configured=False)
        await register(client)
        durable = Durable(made.postgres, made.children, home)
        after.push_async_callback(durable.close)
        environment = _environment(made.address, NAMESPACE)
        ready = Stand(client, home, made.server.pid, made.children, environment, made.postgres, durable)
        await asyncio.gather(durable.start(), *(ready.work(side) for side in SIDES))
        yield ready


def _environment(address: str, namespace: str) -> dict[str, str]:
    told = {k: v for k, v in os.environ.items() if not k.startswith(("TEMPORAL_", "AFTERWORD_"))}
    temporal = {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": namespace, "TEMPORAL_CONFIG_FILE": os.devnull}
    return told | temporal | {"PYTHONPATH": str(ROOT)}
