"""Poll: one look at what a board does not announce, from where the look before it ended. A schedule per connection begins it.

The cursor is the result of the last run that went well, which Temporal keeps with the schedule. A run for a moment in the past, as a
backfill begins it, reads everything since then once more; what was heard before is no news. What is changed while it looks is left to
the next look, so that no page can pass over it. What is read never becomes part of its history. A run that fails in the end changes
nothing: the next one begins where it did.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from workflows.asking import patiently
    from workflows.names import POLL, READ_CHANGES, ChangesRead, ChangesRequest, Cursor, PollRequest

FIRST_LOOK = timedelta(days=30)
"""How far back the first run of a schedule looks."""
UNSETTLED = timedelta(minutes=2)
"""A change may become readable that much later than it is dated."""
ATTEMPT = timedelta(minutes=2)
DUE = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=POLL)
class Poll:
    """One look; answers how far it saw."""

    @workflow.run
    async def run(self, request: PollRequest) -> Cursor:
        before: Cursor | None = workflow.get_last_completion_result(Cursor)
        until = workflow.now()
        due = workflow.info().typed_search_attributes.get(DUE) or until
        cursor = before or Cursor(since=due - FIRST_LOOK)
        since = min(cursor.since - UNSETTLED, due - UNSETTLED)
        asked = ChangesRequest(connection=request.connection, board=request.board, since=since, until=until, seen=cursor.seen)
        changes, facts, page, more = dict[str, datetime](), 0, 1, True
        while more:
            read = await patiently(READ_CHANGES, asked, ChangesRead, attempt=ATTEMPT, summary=f"page {page}", attention="poll")
            changes |= {key: at for at, key in read.changes}
            facts, page, more = facts + read.facts, page + 1, read.more
            asked = asked.model_copy(update={"page": page, "further": read.further})
        latest = max((*changes.values(), cursor.since))
        return Cursor(since=latest, seen=tuple(sorted(key for key, at in changes.items() if at >= latest - UNSETTLED)), facts=facts)
