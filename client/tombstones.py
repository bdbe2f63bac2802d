"""Tombstones: that an application or a candidate was erased, under a digest of the id and with nothing else.

So late word brings nothing back.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

_DETAILS: Final = (
    "An application or a candidate was erased; this id is a digest of theirs. Late deliveries are acknowledged and dropped; it cannot be "
    "opened. Terminate this run to allow the id again."
)


class Tombstones:
    """The tombstones of one namespace. Raises RPCError. An application is named by its id, a candidate by their run's."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def put(self, erased: str, left: timedelta) -> None:
        """Durable when it returns; repeating is harmless."""
        await self._client.start_workflow(
            names.TOMBSTONE,
            id=names.tombstone_id(erased),
            task_queue=names.TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_timeout=names.TASK_TIMEOUT,
            static_summary="Erased",
            static_details=_DETAILS,
            rpc_timeout=left,
        )

    async def stands(self, erased: str, left: timedelta) -> bool:
        """Whether it was erased; known from the moment at which `put` returns."""
        try:
            run = await self._client.get_workflow_handle(names.tombstone_id(erased)).describe(rpc_timeout=left)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
        return run.status == WorkflowExecutionStatus.RUNNING


async def delete_runs(client: Client, workflow: str, left: timedelta, but: str | None = None) -> tuple[str, ...]:
    """Ends and deletes every run of that id, for good, except the run `but`; the run ids of those that were there. Raises RPCError.

    Repeating is harmless. An open run is gone at once; one that ended before may take the server a while, and is there until then.
    """
    found = {run.run_id async for run in client.list_workflows(f"WorkflowId = '{workflow}'", rpc_timeout=left)}
    with contextlib.suppress(RPCError):  # the index is a second or so behind: the latest run may not be in it
        found.add((await client.get_workflow_handle(workflow).describe(rpc_timeout=left)).run_id)
    runs = sorted(run for run in found if run != but)
    there = await asyncio.gather(*(delete_run(client, workflow, run, left) for run in runs))
    return tuple(run for run, was in zip(runs, there, strict=True) if was)


async def delete_run(client: Client, workflow: str, run: str, left: timedelta) -> bool:
    """Ends and deletes that run, for good; whether it was there. Raises RPCError. Repeating is harmless."""
    request = DeleteWorkflowExecutionRequest(
        namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow, run_id=run)
    )
    try:
        await client.workflow_service.delete_workflow_execution(request, retry=True, timeout=left)
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True
