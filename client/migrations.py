"""Migrations: open applications go on by another policy. Begun here, done by the workflow `Migration`, and told how far they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from client.index import Filter, Index
from client.patience import PATIENCE, Again, patiently
from client.refusals import NoSuchMigration
from workflows import names
from workflows.names.migrating import MIGRATION, Chosen, MigrationOrder, MigrationProgress, migration_id, migration_of
from workflows.policy import Policy

_DETAILS: Final = (
    "Open applications are told, one by one, that they go on by another policy: its numbers are pinned here. What is told is a fact like "
    "any other. Ended, it leaves what it has moved; nothing else waits for it."
)


def open_ones(where: Chosen) -> Filter:
    """Opened and without an outcome: those that a policy still moves."""
    return Filter(**where.model_dump(), still_open=True)


class Migrations:
    """Those of one namespace."""

    def __init__(self, client: Client, index: Index, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._index = index
        self._patience = patience

    async def begin(self, policy: Policy, where: Chosen | None, applications: tuple[str, ...] = ()) -> str:
        """The migration's id; durable when it returns. While one of the same set is under way it is the same one. Unavailable."""
        applications = tuple(dict.fromkeys(applications))
        migration = migration_of(policy, where, applications)
        of = len(applications) if where is None else await self._index.count(open_ones(where))
        order = MigrationOrder(policy=policy, where=where, applications=applications, of=of)

        async def attempt(left: timedelta) -> None:
            await self._client.start_workflow(
                MIGRATION,
                order,
                id=migration_id(migration),
                task_queue=names.TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=names.TASK_TIMEOUT,
                static_summary=f"To policy {policy.name} {policy.version}",
                static_details=_DETAILS,
                rpc_timeout=left,
            )

        await patiently(self._patience, attempt)
        return migration

    async def progress(self, migration: str) -> MigrationProgress:
        """How far it is, or what came of it; `stopped`: an operator ended it, it can be begun again. NoSuchMigration, Unavailable."""
        handle: WorkflowHandle[object, MigrationProgress]
        handle = self._client.get_workflow_handle(migration_id(migration), result_type=MigrationProgress)

        async def attempt(left: timedelta) -> MigrationProgress:
            try:
                status = (await handle.describe(rpc_timeout=left)).status
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchMigration(migration) from None
                raise
            if status == WorkflowExecutionStatus.COMPLETED:
                return await handle.result(rpc_timeout=left)
            try:
                so_far = await handle.query(names.VIEW, result_type=MigrationProgress, rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e
            goes_on = status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)
            return so_far if goes_on else so_far.model_copy(update={"status": "stopped"})

        return await patiently(self._patience, attempt)
