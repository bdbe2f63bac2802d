"""Poll: one look at what a board does not announce, from where the look before it ended. A schedule per connection begins it.

The cursor is the result of the last run that went well, which Temporal keeps with the schedule. A run for a moment in the past, as a
backfill begins it, reads everything since then once more; what was heard before is no news. What is read never becomes part of its history.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from workflows.names import BOARDS, POLL, READ_CHANGES, ChangesRead, ChangesRequest, Cursor, PollRequest

FIRST_LOOK = timedelta(days=30)
"""How far back the first run of a schedule looks."""
UNSETTLED = timedelta(minutes=2)
"""A change may become readable that much later than it is dated."""
ATTEMPT = timedelta(minutes=2)
LONGEST = timedelta(days=1)
"""How long a page is tried. Then the run fails, and the next one begins where this one did."""
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
DUE = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=POLL)
class Poll:
    """One look; answers how far it saw."""

    @workflow.run
    async def run(self, request: PollRequest) -> Cursor:
        before: Cursor | None = workflow.get_last_completion_result(Cursor)
        due = workflow.info().typed_search_attributes.get(DUE) or workflow.now()
        cursor = before or Cursor(since=due - FIRST_LOOK)
        since = min(cursor.since - UNSETTLED, due - UNSETTLED)
        changes, facts, page, more = dict[str, datetime](), 0, 1, True
        while more:
            read = await self._read(request, since, page, cursor.seen)
            changes |= {key: at for at, key in read.changes}
            facts, page, more = facts + read.facts, page + 1, read.more
        latest = max((*changes.values(), cursor.since))
        return Cursor(since=latest, seen=tuple(sorted(key for key, at in changes.items() if at >= latest - UNSETTLED)), facts=facts)

    async def _read(self, request: PollRequest, since: datetime, page: int, seen: tuple[str, ...]) -> ChangesRead:
        return await workflow.execute_activity(
            READ_CHANGES,
            ChangesRequest(connection=request.connection, board=request.board, since=since, page=page, seen=seen),
            result_type=ChangesRead,
            task_queue=BOARDS,
            summary=f"page {page}",
            retry_policy=PATIENT,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=LONGEST,
        )
