"""Tombstones: that an application was erased, under a digest of its id and with nothing else, so that late word brings nothing back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

_DETAILS: Final = (
    "An application was erased; this id is a digest of its id. Late deliveries for it are acknowledged and dropped, and it cannot be "
    "opened. Terminate this run to allow the id again."
)


class Tombstones:
    """The tombstones of one namespace. Raises RPCError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def put(self, application: str, left: timedelta) -> None:
        """Durable when it returns; repeating is harmless."""
        await self._client.start_workflow(
            names.TOMBSTONE,
            id=names.tombstone_id(application),
            task_queue=names.TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_timeout=names.TASK_TIMEOUT,
            static_summary="Erased",
            static_details=_DETAILS,
            rpc_timeout=left,
        )

    async def stands(self, application: str, left: timedelta) -> bool:
        """Whether the application was erased; known from the moment at which `put` returns."""
        try:
            run = await self._client.get_workflow_handle(names.tombstone_id(application)).describe(rpc_timeout=left)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
        return run.status == WorkflowExecutionStatus.RUNNING
