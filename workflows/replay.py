"""Replay: what happened in a time is said once more to one endpoint's streams, page by page of the applications that changed since.

Operators can begin it in Temporal's UI with `{"endpoint": "backend", "since": "2030-03-04T00:00:00Z"}`.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.names.events import EVENTS, REPLAY, REPLAY_PAGE, Replayed, ReplayPage, ReplayRequest

ATTEMPT = timedelta(minutes=10)
ALIVE = timedelta(seconds=30)


@workflow.defn(name=REPLAY)
class Replay:
    """One replay; answers for how many applications. What is said twice is sent twice, under the same ids."""

    @workflow.run
    async def run(self, request: ReplayRequest) -> Replayed:
        while True:
            page = await workflow.execute_activity(
                REPLAY_PAGE,
                request,
                result_type=ReplayPage,
                task_queue=EVENTS,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=ALIVE,
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
                summary=f"to {request.endpoint}, after {request.applications} applications",
            )
            request = request.model_copy(update={"cursor": page.cursor, "applications": request.applications + page.applications})
            if page.cursor is None:
                return Replayed(applications=request.applications)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(request)
