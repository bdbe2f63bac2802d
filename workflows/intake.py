"""Intake: one delivery that only hints at what happened. Durable from the board's acknowledgement until the applications have been told.

It remembers what was delivered and sees to it that it is taken in; what the board's API answers never becomes part of its history.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, RetryState

with workflow.unsafe.imports_passed_through():
    from workflows.names import BOARDS, INTAKE, TAKE_IN, IntakeRequest, Taken

FAILING = timedelta(minutes=10)
"""A delivery that is not in by then needs an operator's eye."""
LONGEST = timedelta(days=1)
"""How long it is tried after that: so long has an operator to mend a key. Then the run fails, and the board may deliver it anew."""
ATTEMPT = timedelta(seconds=90)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
ATTENTION = SearchAttributeKey.for_keyword("Attention")


@workflow.defn(name=INTAKE)
class Intake:
    """One delivery of a board; its id is made of the connection and of what names the delivery, so that it is taken in once."""

    @workflow.run
    async def run(self, request: IntakeRequest) -> Taken:
        try:
            return await self._take_in(request, FAILING)
        except ActivityError as error:
            if error.retry_state == RetryState.CANCEL_REQUESTED:
                raise
        workflow.upsert_search_attributes([ATTENTION.value_set("intake")])  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
        taken = await self._take_in(request, LONGEST)
        workflow.upsert_search_attributes([ATTENTION.value_unset()])  # pyright: ignore[reportUnknownMemberType] -- as above
        return taken

    async def _take_in(self, request: IntakeRequest, longest: timedelta) -> Taken:
        return await workflow.execute_activity(
            TAKE_IN,
            request,
            result_type=Taken,
            task_queue=BOARDS,
            summary=request.connection,
            retry_policy=PATIENT,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=longest,
        )
