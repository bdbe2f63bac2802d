"""How a workflow asks a board: patiently, for a day, and so that an operator sees what only an operator can mend."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, RetryState

with workflow.unsafe.imports_passed_through():
    from workflows.names import BOARDS

FAILING = timedelta(minutes=10)
"""What is not done by then needs an operator's eye."""
LONGEST = timedelta(days=1)
"""How long it is tried after that: so long has an operator to mend a key. Then the run fails."""
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
ATTENTION = SearchAttributeKey.for_keyword("Attention")

A = TypeVar("A")


async def patiently(activity: str, request: Any, answer: type[A], *, attempt: timedelta, summary: str, attention: str) -> A:
    """What the activity answers. While it fails for long the search attribute Attention has that word."""

    async def asked(longest: timedelta) -> A:
        return await workflow.execute_activity(
            activity,
            request,
            result_type=answer,
            task_queue=BOARDS,
            summary=summary,
            retry_policy=PATIENT,
            start_to_close_timeout=attempt,
            schedule_to_close_timeout=longest,
        )

    try:
        return await asked(FAILING)
    except ActivityError as error:
        if error.retry_state == RetryState.CANCEL_REQUESTED:
            raise
    workflow.upsert_search_attributes([ATTENTION.value_set(attention)])  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
    found = await asked(LONGEST)
    workflow.upsert_search_attributes([ATTENTION.value_unset()])  # pyright: ignore[reportUnknownMemberType] -- as above
    return found
