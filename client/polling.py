"""The schedules of what boards do not announce: one per connection that can be asked, as the connections' file has them now.

Temporal keeps the schedules and the cursors. Pausing, triggering and backfilling are done there and survive: a schedule that is as it
should be is never touched. Without a file of connections nobody knows what should be, and nothing is changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from client.connections import Connection, Connections
from workflows import names
from workflows.boards.polled import POLLED

EVERY: Final = timedelta(minutes=5)
JITTER: Final = timedelta(seconds=30)
"""By as much is each look later, so that not all connections look at the same moment."""
CATCH_UP: Final = timedelta(minutes=10)
"""Looks that were missed for longer are not made up for: the next one reads from the same cursor."""
LOOK: Final = 3.0
"""Seconds between two looks at the file."""
_CONNECTION: Final = SearchAttributeKey.for_keyword("Connection")
_PREFIX: Final = names.poll_id("")

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


async def follow(client: Client, connections: Connections) -> None:
    """Keeps the schedules as the file has the connections, until it is cancelled. What fails is tried again at the next look."""
    done: Mapping[str, Connection] | None = None
    while True:
        current = connections.current()
        if current is not done:
            try:
                await keep(client, current)
                done = current
            except RPCError as e:
                _log.warning("schedules_not_kept", status=e.status.name)
        await asyncio.sleep(LOOK)


async def keep(client: Client, connections: Mapping[str, Connection]) -> None:
    """Creates, changes and removes schedules, so that there is one for each connection that has a key for such a board. Repeatable."""
    wanted = {names.poll_id(one.id): one for one in connections.values() if one.board.name in POLLED and one.api_key}
    there = {one.id async for one in await client.list_schedules() if one.id.startswith(_PREFIX)}
    for identity, connection in wanted.items():
        await _there(client, identity, connection)
    for identity in sorted(there - wanted.keys()):
        try:
            await client.get_schedule_handle(identity).delete()
        except RPCError as e:
            if e.status != RPCStatusCode.NOT_FOUND:  # another worker was faster
                raise
        else:
            _log.info("schedule_removed", schedule=identity)


async def _there(client: Client, identity: str, connection: Connection) -> None:
    wanted = _schedule(connection)
    try:
        await client.create_schedule(identity, wanted)
        _log.info("schedule_created", schedule=identity)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(identity).update(lambda found: _changed(found, wanted))


def _changed(found: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate | None:
    """The schedule as it should be, as paused and as noted as it is; None: it is so already."""
    have = found.description.schedule
    if (have.spec.intervals, have.spec.jitter, have.policy) == (wanted.spec.intervals, wanted.spec.jitter, wanted.policy):
        return None
    return ScheduleUpdate(replace(wanted, state=have.state))


def _schedule(connection: Connection) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            names.POLL,
            names.PollRequest(connection=connection.id, board=connection.board.name),
            id=names.poll_id(connection.id),
            task_queue=names.TASK_QUEUE,
            task_timeout=names.TASK_TIMEOUT,
            typed_search_attributes=TypedSearchAttributes([SearchAttributePair(_CONNECTION, connection.id)]),
            static_summary=f"What {connection.board.name} does not announce",
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)], jitter=JITTER),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )
