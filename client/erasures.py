"""Erasures: begun here, done by the workflow `Erasure`, and told of by a receipt that names nobody."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from client.candidates import Candidates
from client.patience import PATIENCE, Again, patiently
from client.refusals import NoSuchCandidate, NoSuchErasure
from client.subjects import Subjects
from client.tombstones import delete_runs
from workflows import names

_DETAILS: Final = (
    "Everything that is held about one candidate, or under one application's ids, is deleted; what is left is looked for until two looks "
    "find nothing. In the end this run has no id in it, and its own past is deleted."
)


class Erasures:
    """Those of one namespace."""

    def __init__(self, client: Client, candidates: Candidates, subjects: Subjects, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._candidates = candidates
        self._subjects = subjects
        self._patience = patience

    async def of_candidate(self, candidate: str) -> str:
        """The id of the erasure of everything that is theirs; from now on nothing can be opened for them.

        Asked again it is the same one, and only begun anew where something is held once more. NoSuchCandidate for whom nobody ever spoke
        of; Unavailable.
        """
        erasure = names.erasure_of(candidate)
        if not await self._subjects.is_known(candidate):
            if not await self._candidates.is_erased(candidate):
                raise NoSuchCandidate(candidate)
            with contextlib.suppress(NoSuchErasure):  # forgotten by now, or it was a board's
                await self.receipt(erasure)
                return erasure
        await self.begin(candidate)
        await self._candidates.bury(candidate)
        return erasure

    async def begin(self, candidate: str | None, applications: tuple[str, ...] = ()) -> str:
        """The erasure's id; durable when it returns. While one of the same is under way it is the same one. Unavailable."""
        erasure = names.erasure_of(candidate, applications)
        order = names.ErasureOrder(candidate=candidate, applications=applications)

        async def attempt(left: timedelta) -> None:
            await self._client.start_workflow(
                names.ERASURE,
                order,
                id=names.erasure_id(erasure),
                task_queue=names.TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=names.TASK_TIMEOUT,
                static_summary="Erasure",
                static_details=_DETAILS,
                rpc_timeout=left,
            )

        await patiently(self._patience, attempt)
        return erasure

    async def receipt(self, erasure: str) -> names.ErasureReceipt:
        """What was done so far, or in the end; `stopped`: an operator ended it, it can be begun again. NoSuchErasure, Unavailable."""
        handle: WorkflowHandle[object, names.ErasureReceipt]
        handle = self._client.get_workflow_handle(names.erasure_id(erasure), result_type=names.ErasureReceipt)

        async def attempt(left: timedelta) -> names.ErasureReceipt:
            try:
                status = (await handle.describe(rpc_timeout=left)).status
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchErasure(erasure) from None
                raise
            if status == WorkflowExecutionStatus.COMPLETED:
                return await handle.result(rpc_timeout=left)
            try:
                so_far = await handle.query(names.VIEW, result_type=names.ErasureReceipt, rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e
            goes_on = status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)
            return so_far if goes_on else so_far.model_copy(update={"status": "stopped"})

        return await patiently(self._patience, attempt)

    async def forget(self, workflow: str, but: str) -> bool:
        """Deletes every run of that workflow id but that one; whether there was any. Repeating is harmless. Unavailable."""

        async def attempt(left: timedelta) -> bool:
            return bool(await delete_runs(self._client, workflow, left, but))

        return await patiently(self._patience, attempt)
