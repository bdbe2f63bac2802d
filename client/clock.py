"""Moves the clock of an application or a candidate forward, on servers that can skip time.

Everything happens on the way that would have happened meanwhile. The clock then goes on at its normal speed, and never back. Nothing else
may be said while it is moved: it would be heard at an arbitrary moment. So callers wait until it is there.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import FastForwardConfig, TimeSkippingConfig, TimeSkippingInfo, WorkflowExecution
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.enums.v1.time_skipping_pb2 import FastForwardPollingResult
from temporalio.api.workflow.v1 import PendingActivityInfo, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    PollWorkflowExecutionTimeSkippingRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from client.refusals import NoSuchApplication, NoSuchCandidate, NotDone, NoTestClock
from workflows import names

Progress = Literal["there", "ended", "underway"]
"""`there`: the moment has come and what was due by then is done. `ended`: the run ended before. `underway`: patience ended; it goes on."""

LEEWAY: Final = timedelta(seconds=1)
"""How far beyond the moment a clock is moved: a timer lags behind what it was set for by the time that setting it took."""
PATIENCE: Final = timedelta(seconds=8)
SKIPS: Final = 100_000
"""Budget of one fast-forward. A server's own is 200, after which it stops without a word; a day of refused mail takes 24."""
MARGIN: Final = timedelta(milliseconds=200)
"""A timer as near as this fires by itself: a fast-forward that begins at that very moment would leap over it."""
_LOOK: Final = 0.05
"""Seconds between two looks at a run that is busy."""
_OPEN: Final = frozenset({WorkflowExecutionStatus.RUNNING, 8})  # 8: paused, which the SDK does not know yet
_turns: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
_GONE: Final = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})


@dataclass(frozen=True)
class _Run:
    """A run as the server describes it, and by how much its application's clock is ahead of the server's."""

    described: DescribeWorkflowExecutionResponse
    ahead: timedelta
    alarms: tuple[datetime, ...] = ()
    """When its timers fire, on the server's clock."""
    begun: bool = True
    """Whether a worker has looked at it."""

    @property
    def is_open(self) -> bool:
        return self.described.workflow_execution_info.status in _OPEN

    @property
    def skipping(self) -> TimeSkippingInfo | None:
        info = self.described.workflow_extended_info
        return info.time_skipping_info if info.HasField("time_skipping_info") else None

    @property
    def now(self) -> datetime:
        """On the application's clock; of an ended run, its end."""
        if not self.is_open:
            return _utc(self.described.workflow_execution_info.close_time) + self.ahead
        return _server_time(self.described) + self.ahead

    @property
    def fast_forward(self) -> str | None:
        """The name of the one that is under way."""
        if self.skipping is None or not self.skipping.effective_config.enabled:
            return None
        return self.skipping.effective_config.fast_forward_config.id or None

    def is_ringing(self) -> bool:
        """A timer or a new attempt is due just now."""
        attempts = (_utc(a.next_attempt_schedule_time) for a in self._waiting() if a.HasField("next_attempt_schedule_time"))
        return any(due <= self.now - self.ahead + MARGIN for due in (*self.alarms, *attempts))

    def is_idle(self) -> bool:
        """Nothing is being done or about to be. A send that was refused and waits for its next attempt is nothing that is over soon."""
        busy = len(self._waiting()) < len(self.described.pending_activities) or any(
            not a.HasField("next_attempt_schedule_time") and not a.paused for a in self._waiting()
        )
        return self.begun and not busy and not self.is_ringing() and not self.described.HasField("pending_workflow_task")

    def _waiting(self) -> list[PendingActivityInfo]:
        return [a for a in self.described.pending_activities if a.state != PendingActivityState.PENDING_ACTIVITY_STATE_STARTED]


async def application_time(client: Client, application: str) -> datetime:
    """What its clock shows now, UTC; of an ended application, what it showed then. NoSuchApplication if Temporal knows no run of it."""
    return await time_of(client, names.workflow_id(application))


async def advance(client: Client, application: str, to: datetime, patience: timedelta = PATIENCE) -> Progress:
    """As `advance_run`, of an application."""
    return await advance_run(client, names.workflow_id(application), to, patience)


async def time_of(client: Client, workflow: str) -> datetime:
    """What the clock of that run shows now, UTC. NoSuchApplication, NoSuchCandidate."""
    return (await _look(client, workflow)).now


async def advance_run(client: Client, workflow: str, to: datetime, patience: timedelta = PATIENCE) -> Progress:
    """Its clock shows `to` or, by LEEWAY, a little more. Repeating is harmless, and a moment that has passed is there at once.

    Callers in one process take turns; others must not move the same clock meanwhile. NoTestClock where the server does not skip time.
    """
    until, pause = time.monotonic() + patience.total_seconds(), _LOOK
    while True:
        async with _turns.setdefault(workflow, asyncio.Lock()):  # a fast-forward that replaces another leaps over what is due just then
            run = await _look(client, workflow)
            name = run.fast_forward
            if run.is_open and name is None and run.now < to and run.begun and not run.is_ringing():
                name = await _fast_forward(client, workflow, to + LEEWAY - run.now)
        left = until - time.monotonic()
        if not run.is_open:
            return "ended"
        if run.now >= to and name is None and run.is_idle():
            return "there"
        if left <= 0:
            return "underway"
        if name:
            await _arrival(client, workflow, name, left)
        else:
            await asyncio.sleep(min(pause, left))  # what is being done is done first; the clock goes on by itself
            pause = min(pause * 1.5, 0.4)


async def _look(client: Client, workflow: str) -> _Run:
    try:
        handle = client.get_workflow_handle(workflow)
        described = (await handle.describe()).raw_description
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            raise _unknown(workflow) from None
        raise
    return await _run(client, described)


def _unknown(workflow: str) -> NotDone:
    kind, _, name = workflow.partition("/")
    return NoSuchCandidate(name) if kind == names.candidate_id("").rstrip("/") else NoSuchApplication(name)


async def _fast_forward(client: Client, workflow: str, duration: timedelta) -> str | None:
    """Name of the fast-forward; None if the run ended meanwhile."""
    name, distance = str(uuid.uuid4()), Duration()
    distance.FromTimedelta(duration)
    skipping = TimeSkippingConfig(
        enabled=True, fast_forward_config=FastForwardConfig(id=name, duration=distance), max_session_skip_count=SKIPS
    )
    try:
        await client.workflow_service.update_workflow_execution_options(
            UpdateWorkflowExecutionOptionsRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=workflow),
                workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=skipping),
                update_mask=FieldMask(paths=["time_skipping_config"]),
                identity=client.identity,
            ),
            retry=True,
        )
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            return None
        if e.status in (RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.PERMISSION_DENIED):
            raise NoTestClock from e
        raise
    return name


async def _arrival(client: Client, workflow: str, name: str, left: float) -> None:
    """Returns when that fast-forward is over, however, or when the time left is."""
    request = PollWorkflowExecutionTimeSkippingRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow),  # no run id: over continue-as-new
        fast_forward_id=name,
    )
    try:
        answer = await client.workflow_service.poll_workflow_execution_time_skipping(request, timeout=timedelta(seconds=max(left, 0.001)))
    except RPCError as e:
        if e.status not in _GONE and e.status != RPCStatusCode.NOT_FOUND:
            raise
    else:
        if answer.fast_forward_polling_result == FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED:
            await asyncio.sleep(_LOOK)  # ended, or another took its place: the next look tells


async def _run(client: Client, described: DescribeWorkflowExecutionResponse) -> _Run:
    """What the history adds to the description.

    A run that goes on from another carries its clock; the workflow keeps the difference that it found when its first task began.
    """
    execution = described.workflow_execution_info.execution
    handle = client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id)
    carried: datetime | None = None
    begun: datetime | None = None
    tasks: dict[int, datetime] = {}
    alarms: dict[str, datetime] = {}
    async for event in handle.fetch_history_events():
        match event.WhichOneof("attributes"):
            case "workflow_execution_started_event_attributes":
                carried = clock_of(await client.data_converter.decode(event.workflow_execution_started_event_attributes.input.payloads))
            case "workflow_task_started_event_attributes" if not begun:
                tasks[event.event_id] = _utc(event.event_time)
            case "workflow_task_completed_event_attributes" if not begun:
                begun = tasks[event.workflow_task_completed_event_attributes.started_event_id]
            case "timer_started_event_attributes":
                timer = event.timer_started_event_attributes
                alarms[timer.timer_id] = _utc(event.event_time) + timer.start_to_fire_timeout.ToTimedelta()
            case "timer_fired_event_attributes":
                alarms.pop(event.timer_fired_event_attributes.timer_id, None)
            case "timer_canceled_event_attributes":
                alarms.pop(event.timer_canceled_event_attributes.timer_id, None)
            case _:
                pass
    ahead = max(carried - (begun or _server_time(described)), timedelta(0)) if carried else timedelta(0)
    return _Run(described, ahead, tuple(alarms.values()), begun=begun is not None)


def clock_of(said: list[Any]) -> datetime | None:
    """The clock that a run was started with, from its stored arguments; None if it begins anew."""
    clock = said[0].get("clock") if said and isinstance(said[0], dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- JSON of any shape
    return datetime.fromisoformat(clock) if isinstance(clock, str) else None


def _utc(moment: Timestamp) -> datetime:
    return moment.ToDatetime(tzinfo=UTC)


def _server_time(described: DescribeWorkflowExecutionResponse) -> datetime:
    info = described.workflow_extended_info
    return _utc(info.time_skipping_info.current_time) if info.HasField("time_skipping_info") else datetime.now(UTC)
