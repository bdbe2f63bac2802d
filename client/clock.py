"""Moves one application's clock forward, on servers that can skip time. Everything happens on the way that would have happened meanwhile.

The clock then goes on at its normal speed, and never back. Nothing else may be said to the application while its clock is moved: it would
be heard at an arbitrary moment. So callers wait until it is there.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import FastForwardConfig, TimeSkippingConfig, TimeSkippingInfo, WorkflowExecution
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.enums.v1.time_skipping_pb2 import FastForwardPollingResult
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    PollWorkflowExecutionTimeSkippingRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from client.refusals import NoSuchApplication, NoTestClock
from workflows import names

Progress = Literal["there", "ended", "underway"]
"""`there`: the moment has come and what was due by then is done. `ended`: the run ended before. `underway`: patience ended; it goes on."""

LEEWAY: Final = timedelta(seconds=1)
"""How far beyond the moment a clock is moved: a timer lags behind what it was set for by the time that setting it took."""
PATIENCE: Final = timedelta(seconds=8)
SKIPS: Final = 100_000
"""Budget of one fast-forward. A server's own is 200, after which it stops without a word; a day of refused mail takes 24."""
_LOOK: Final = 0.05
"""Seconds between two looks at a run that is busy."""
_OPEN: Final = frozenset({WorkflowExecutionStatus.RUNNING, 8})  # 8: paused, which the SDK does not know yet
_GONE: Final = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})


@dataclass(frozen=True)
class _Run:
    """A run as the server describes it, and by how much its application's clock is ahead of the server's."""

    described: DescribeWorkflowExecutionResponse
    ahead: timedelta
    begun: bool = True
    """Whether a worker has looked at it: one that goes on as new may have to wait a second for its first task."""

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

    def heading_for(self) -> tuple[str, datetime] | None:
        """Name and target of the fast-forward that is under way."""
        info = self.skipping
        if (
            info is None
            or not info.effective_config.enabled
            or not info.HasField("fast_forward_info")
            or info.fast_forward_info.has_completed
        ):
            return None
        return info.fast_forward_info.fast_forward_id, _utc(info.fast_forward_info.target_time) + self.ahead

    def is_idle(self) -> bool:
        """Nothing is being done. A send that was refused and waits for its next attempt is nothing that would be over soon."""
        busy = (a.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED or a.attempt <= 1 for a in self.described.pending_activities)
        return self.begun and not self.described.HasField("pending_workflow_task") and not any(busy)


async def application_time(client: Client, application: str) -> datetime:
    """What its clock shows now, UTC; of an ended application, what it showed then. NoSuchApplication if Temporal knows no run of it."""
    return (await _look(client, application)).now


async def advance(client: Client, application: str, to: datetime, patience: timedelta = PATIENCE) -> Progress:
    """Its clock shows `to` or, by LEEWAY, a little more. Repeating is harmless, and a moment that has passed is there at once.

    Two callers at once do not undo each other's work: the further moment is reached. NoTestClock where the server does not skip time.
    """
    until = time.monotonic() + patience.total_seconds()
    target = to + LEEWAY
    while True:
        run = await _look(client, application)
        if not run.is_open:
            return "ended"
        if run.now >= to and run.is_idle() and not (run.heading_for() and run.now < target):
            return "there"
        left = until - time.monotonic()
        if left <= 0:
            return "underway"
        heading = run.heading_for()
        if run.now >= to and not heading:
            await asyncio.sleep(_LOOK)  # on its way out of what was due; the clock goes on by itself
        elif heading and heading[1] >= target - timedelta(milliseconds=1):
            await _arrival(client, application, heading[0], left)
        elif name := await _fast_forward(client, application, target - run.now):
            await _arrival(client, application, name, until - time.monotonic())


async def _look(client: Client, application: str) -> _Run:
    try:
        handle = client.get_workflow_handle(names.workflow_id(application))
        described = (await handle.describe()).raw_description
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            raise NoSuchApplication(application) from None
        raise
    return await _run(client, described)


async def _fast_forward(client: Client, application: str, duration: timedelta) -> str | None:
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
                workflow_execution=WorkflowExecution(workflow_id=names.workflow_id(application)),
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


async def _arrival(client: Client, application: str, name: str, left: float) -> None:
    """Returns when that fast-forward is over, however, or when the time left is."""
    request = PollWorkflowExecutionTimeSkippingRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=names.workflow_id(application)),  # no run id: over continue-as-new
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
    """A run that goes on from another carries its clock; the workflow keeps the difference that it found when its first task began."""
    execution = described.workflow_execution_info.execution
    handle = client.get_workflow_handle(execution.workflow_id, run_id=execution.run_id)
    carried: datetime | None = None
    tasks: dict[int, datetime] = {}
    async for event in handle.fetch_history_events(page_size=8):
        if event.HasField("workflow_execution_started_event_attributes"):
            carried = _clock_of(await client.data_converter.decode(event.workflow_execution_started_event_attributes.input.payloads))
        elif event.HasField("workflow_task_started_event_attributes"):
            tasks[event.event_id] = _utc(event.event_time)
        elif event.HasField("workflow_task_completed_event_attributes"):
            first = tasks[event.workflow_task_completed_event_attributes.started_event_id]
            return _Run(described, max(carried - first, timedelta(0)) if carried else timedelta(0))
    return _Run(described, max(carried - _server_time(described), timedelta(0)) if carried else timedelta(0), begun=False)


def _clock_of(said: list[Any]) -> datetime | None:
    clock = said[0].get("clock") if said and isinstance(said[0], dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return datetime.fromisoformat(clock) if isinstance(clock, str) else None


def _utc(moment: Timestamp) -> datetime:
    return moment.ToDatetime(tzinfo=UTC)


def _server_time(described: DescribeWorkflowExecutionResponse) -> datetime:
    info = described.workflow_extended_info
    return _utc(info.time_skipping_info.current_time) if info.HasField("time_skipping_info") else datetime.now(UTC)
