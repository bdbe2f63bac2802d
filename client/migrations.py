"""Migrations: open applications go on by another policy. Begun here, done by the workflow `Migration`, and told how far they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from client.index import Filter, Index
from client.patience import PATIENCE, Again, never_had, patiently
from client.refusals import NoSuchMigration
from client.tombstones import delete_runs
from workflows import names
from workflows.names.migrating import MIGRATION, Chosen, MigrationOrder, MigrationProgress, migration_id, migration_of
from workflows.policy import Policy

_DETAILS: Final = (
    "Open applications are told, one by one, that they go on by another policy: its numbers are pinned here. What is told is a fact like "
    "any other. Ended, it leaves what it has moved; nothing else waits for it."
)

_DONE: Final = WorkflowExecutionStatus.COMPLETED
_GOING: Final = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)


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

        async def attempt(left: timedelta) -> MigrationProgress:
            try:
                run = await self._client.get_workflow_handle(migration_id(migration)).describe(rpc_timeout=left)
                so_far = await self._told(run, left)
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchMigration(migration) from None
                raise
            return so_far if run.status in (*_GOING, _DONE) else so_far.model_copy(update={"status": "stopped"})

        return await patiently(self._patience, attempt)

    async def erase(self, held: names.Held) -> tuple[tuple[str, ...], bool]:
        """Deletes the migrations that are over and name any of these; their runs, and whether one that names them goes on.

        Repeating is harmless. Unavailable.
        """

        async def attempt(left: timedelta) -> tuple[tuple[str, ...], bool]:
            runs = self._client.list_workflows(f"WorkflowType = '{MIGRATION}'", rpc_timeout=left)
            named = [run async for run in runs if await self._names(run, held, left)]
            going = {run.id: run.run_id for run in named if run.status == WorkflowExecutionStatus.RUNNING}
            ids = {run.id for run in named}
            return tuple([one for run in ids for one in await delete_runs(self._client, run, left, going.get(run))]), bool(going)

        return await patiently(self._patience, attempt)

    async def _told(self, run: WorkflowExecution, left: timedelta) -> MigrationProgress:
        handle: WorkflowHandle[object, MigrationProgress]
        handle = self._client.get_workflow_handle(run.id, run_id=run.run_id, result_type=MigrationProgress)
        if run.status == _DONE:
            return await handle.result(rpc_timeout=left)
        try:
            return await handle.query(names.VIEW, result_type=MigrationProgress, rpc_timeout=left)
        except WorkflowQueryFailedError as e:
            raise Again from e
        except RPCError as e:
            if not never_had(run, e):
                raise
            return _begun(await self._order(run, left))

    async def _order(self, run: WorkflowExecution, left: timedelta) -> MigrationOrder:
        """What the run began with. RPCError."""
        handle = self._client.get_workflow_handle(run.id, run_id=run.run_id)
        first = await anext(handle.fetch_history_events(page_size=1, rpc_timeout=left))
        begun = first.workflow_execution_started_event_attributes.input.payloads
        (order,) = await self._client.data_converter.decode(begun, [MigrationOrder])
        return order

    async def _names(self, run: WorkflowExecution, held: names.Held, left: timedelta) -> bool:
        """In what it began with, or among those whom it refused."""
        try:
            told, order = await self._told(run, left), await self._order(run, left)
        except RPCError as e:
            if e.status != RPCStatusCode.NOT_FOUND:  # else it was deleted, and the index does not know yet
                raise
            return False
        ids = {*order.applications, *(one.application for one in (*order.refused, *told.refused))}
        return bool(ids & set(held.applications)) or bool(order.where and order.where.candidate in held.candidates)


def _begun(order: MigrationOrder) -> MigrationProgress:
    """How far one is that did nothing yet."""
    return MigrationProgress(
        status="running",
        policy=f"{order.policy.name} {order.policy.version}",
        of=order.of,
        moved=order.moved,
        same=order.same,
        refused=order.refused,
        refusals=order.refusals,
    )
