"""Erasure: everything that is held about a candidate, or under an application's ids, is deleted, however often it must be tried.

It looks, puts tombstones, deletes, and looks again until two looks a minute apart find nothing. Then it goes on as new without a name in
it and deletes its own past, so that what stays is a receipt that names nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.names import (
        DELETE_HELD,
        ERASURE,
        FORGET_ERASED,
        SEEK_HELD,
        VIEW,
        Deleted,
        ErasureOrder,
        ErasureReceipt,
        Held,
        SeekRequest,
    )

LOOKS: Final = 2
"""So many find nothing in succession before it is done."""
ATTEMPT: Final = timedelta(minutes=10)
ALIVE: Final = timedelta(seconds=15)
PATIENT: Final = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name=ERASURE)
class Erasure:
    """One erasure. Terminated, it leaves what it has not deleted yet; ordered again it goes on."""

    @workflow.init
    def __init__(self, order: ErasureOrder) -> None:
        self.order = order
        self.held = order.held
        self.runs = set(order.runs)

    @workflow.run
    async def run(self, order: ErasureOrder) -> ErasureReceipt:
        if order.finished_at is None:
            await self._erase()
            workflow.continue_as_new(ErasureOrder(apart=order.apart, runs_deleted=len(self.runs), finished_at=workflow.now()))
        while await self._asked(FORGET_ERASED, None, bool, "its own past"):
            await workflow.sleep(order.apart, summary="then it looks again")
        return ErasureReceipt(runs_deleted=order.runs_deleted, finished_at=order.finished_at)

    @workflow.query(name=VIEW, description="How far it is.")
    def view(self) -> ErasureReceipt:
        return ErasureReceipt(status="running", runs_deleted=len(self.runs) or self.order.runs_deleted, finished_at=None)

    async def _erase(self) -> None:
        nothing = 0
        while True:
            nothing = nothing + 1 if not await self._round() else 0
            if nothing == LOOKS:
                return
            await workflow.sleep(self.order.apart, summary="then it looks again")
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.order.model_copy(update={"held": self.held, "runs": tuple(sorted(self.runs))}))

    async def _round(self) -> bool:
        """Whether there was anything."""
        order = self.order
        request = SeekRequest(candidate=order.candidate, applications=order.applications, held=self.held)
        before, self.held = self.held, await self._asked(SEEK_HELD, request, Held, "what is held")
        deleted = await self._asked(DELETE_HELD, self.held, Deleted, f"{len(self.held.applications)} applications")
        self.runs.update(deleted.runs)
        return bool(deleted.runs or deleted.messages or deleted.goes_on or self.held != before)

    async def _asked(self, activity: str, request: Any, answer: type[Any], summary: str) -> Any:
        return await workflow.execute_activity(
            activity,
            args=[] if request is None else [request],
            result_type=answer,
            start_to_close_timeout=ATTEMPT,
            heartbeat_timeout=ALIVE,
            retry_policy=PATIENT,
            summary=summary,
        )
