"""Holds: sending stops at once, for all, for a connection or for a kind of step, and goes on when they are lifted or over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from client.patience import PATIENCE, patiently
from client.refusals import Fault, Invalid
from workflows import names
from workflows.holding import known
from workflows.names.holding import CHANGE_HOLD, HOLD, HOLD_ID, HOLDS, HoldChange, Holds

_SUMMARY: Final = "Sending is held"
_DETAILS: Final = (
    "While this runs, messages in its scopes wait; nothing is lost. It ends with the last hold. Terminated, it holds nothing any more: "
    "what is due is then sent within eight minutes, not all at once."
)
_ALIVE: Final = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)


def _now() -> datetime:
    return datetime.now(UTC)


class HoldRuns:
    """Those of one namespace. Every call answers within `patience` or raises Unavailable."""

    def __init__(self, client: Client, patience: timedelta = PATIENCE, now: Callable[[], datetime] = _now) -> None:
        self._client = client
        self._patience = patience
        self._now = now

    async def change(self, change: HoldChange) -> Holds:
        """What is held after it. Said again it changes nothing. Invalid for a kind of step that there is not, or a time that is over."""
        if not known(change.scope):
            raise Invalid("There is no such kind of step.", (Fault(("scope",), "no such kind of step"),))
        if change.until and change.until <= self._now():
            raise Invalid("The hold would be over already.", (Fault(("until",), "is over; null lifts a hold"),))
        if change.until is None and not (held := await self.current()).holds:
            return held

        async def attempt(left: timedelta) -> Holds:
            begin: WithStartWorkflowOperation[object, None] = WithStartWorkflowOperation(
                HOLD,
                id=HOLD_ID,
                task_queue=names.TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=names.TASK_TIMEOUT,
                static_summary=_SUMMARY,
                static_details=_DETAILS,
            )
            return await self._client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
                CHANGE_HOLD, change, start_workflow_operation=begin, result_type=Holds, rpc_timeout=left
            )

        return await patiently(self._patience, attempt)

    async def current(self) -> Holds:
        """What is held now. It needs no worker. Unavailable."""

        async def attempt(left: timedelta) -> Holds:
            try:
                run = await self._client.get_workflow_handle(HOLD_ID).describe(rpc_timeout=left)
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    return Holds()
                raise
            if run.status not in _ALIVE:
                return Holds()
            return (await run.memo_value(HOLDS, Holds(), type_hint=Holds)).at(self._now())

        return await patiently(self._patience, attempt)
