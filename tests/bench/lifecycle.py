"""The standard lifecycle as it is told to each of the sides.

One interview was held, with two interviewers; they are thanked; a follow-up is sent and never answered; then nobody listens any more. Owns
who says what and when, and moves the clocks; measures nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import FastForwardConfig, TimeSkippingConfig, WorkflowExecution
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import PollWorkflowExecutionTimeSkippingRequest, UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from client.opening import Opening, opened
from tests.bench import cheapest, hand_written, standard
from workflows import names
from workflows.calendar import EmployerClock, zone
from workflows.facts import Calendar, Candidate, Contact, Employer, FollowUpSent, Interviewer, InterviewHeld, ThankYouSent, Word

SideName = Literal["ours", "hand_written", "cheapest"]
Handle = WorkflowHandle[Any, Any]
Call = tuple[str, list[Any]]
"""Name of an update, and what is said with it."""

PATIENCE: Final = timedelta(seconds=60)
LISTENS: Final = timedelta(days=200)
"""Longer than either listens after the ghosting."""
AFTER: Final = timedelta(hours=2)
"""From the end of the interview to the first message."""
_PEOPLE: Final = (
    Interviewer(id="grace", name="Grace Hopper", email="grace@example.com", role="Engineering manager"),
    Interviewer(id="alan", name="Alan Turing", email="alan@example.com", role="Staff engineer"),
)
_CONTACT: Final = Contact(name="Rita Levi", email="rita@example.com")


@dataclass(frozen=True)
class Case:
    """One application: what is known when it opens."""

    opening: Opening
    word: Word
    """The opening as the façade says it."""
    calendar: EmployerClock

    @classmethod
    def now(cls, thank_in: timedelta = AFTER) -> Case:
        """An interview whose first message is due after that long; unless said otherwise, it ended this moment.

        It is in a zone where it ended between three and four in the afternoon. So every lifecycle has the same shape, whenever it is
        measured: all that follows falls into waking hours.
        """
        at = datetime.now(UTC).replace(microsecond=0) + thank_in - AFTER
        ahead = (15 - at.hour + 9) % 24 - 9
        where = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
        held = InterviewHeld(interview="interview-1", ended_at=at, interviewers=_PEOPLE)
        opening = Opening(
            id=f"bench-{uuid.uuid4().hex[:20]}",
            candidate=Candidate(id="ada", name="Ada Lovelace", email="ada@example.org", timezone=where, skills=("Python", "Temporal")),
            employer=Employer(name="Analytical Engines", timezone=where, country="US", subdivision="US-NY", contact=_CONTACT),
            position="Platform engineer",
            facts=(held,),
        )
        word = opened(opening, at)
        holidays = next(f.holidays for f in word.facts if isinstance(f, Calendar))
        return cls(opening, word, EmployerClock(zone(where), holidays=holidays))

    @property
    def id(self) -> str:
        return self.opening.id or ""

    @property
    def held(self) -> InterviewHeld:
        return next(f for f in self.opening.facts if isinstance(f, InterviewHeld))

    @property
    def thanked_at(self) -> datetime:
        """An hour after the prompt."""
        return self.held.ended_at + timedelta(hours=3)

    @property
    def followed_up_at(self) -> datetime:
        """An hour after the prompt, which comes when seven business days have passed."""
        return self.calendar.passed(self.calendar.date_of(self.held.ended_at), 7) + timedelta(hours=1)


@dataclass(frozen=True)
class Side:
    """How one of them is spoken to."""

    name: SideName
    workflow: str
    task_queue: str
    notices: str
    workflow_id: Callable[[str], str]
    open: Callable[[Case], Call]
    thank: Callable[[Case], Call]
    follow_up: Callable[[Case], Call]


def plain(case: Case) -> standard.Opening:
    """What those by hand are told when it opens."""
    said, held = case.opening, case.held
    day = held.ended_at.date()
    ahead = {d: name for d, name in case.calendar.holidays.items() if day <= d <= day + timedelta(days=42)}
    return standard.Opening(
        application=case.id,
        candidate=said.candidate,
        employer=Employer(name=said.employer.name),
        contact=said.employer.contact or Contact(),
        zone=said.candidate.timezone,
        position=said.position,
        interview=held.interview,
        ended_at=held.ended_at,
        interviewers=held.interviewers or (),
        holidays=ahead,
    )


def _wakes(case: Case) -> list[datetime]:
    """When the cheapest is to wake: at the same moments as the others."""
    path, followed_up = standard.Path(plain(case)), case.followed_up_at
    given_up = path.give_up(followed_up)
    listened = given_up + standard.LISTENS
    return [path.thank_by, path.nudge, path.wait(case.thanked_at), path.ask, path.last_call, given_up, listened]


OURS: Final = Side(
    name="ours",
    workflow=names.WORKFLOW,
    task_queue=names.TASK_QUEUE,
    notices=names.NOTICES,
    workflow_id=names.workflow_id,
    open=lambda case: (names.RECORD, [case.word]),
    thank=lambda case: (names.RECORD, [Word(facts=(ThankYouSent(interview=case.held.interview),))]),
    follow_up=lambda _: (names.RECORD, [Word(facts=(FollowUpSent(),))]),
)
HAND_WRITTEN: Final = Side(
    name="hand_written",
    workflow=hand_written.WORKFLOW,
    task_queue=hand_written.TASK_QUEUE,
    notices=hand_written.NOTICES,
    workflow_id=lambda application: f"hand-written/{application}",
    open=lambda case: (hand_written.OPEN, [plain(case)]),
    thank=lambda _: (hand_written.THANKED, []),
    follow_up=lambda _: (hand_written.FOLLOWED_UP, []),
)
CHEAPEST: Final = Side(
    name="cheapest",
    workflow=cheapest.WORKFLOW,
    task_queue=cheapest.TASK_QUEUE,
    notices=cheapest.NOTICES,
    workflow_id=lambda application: f"cheapest/{application}",
    open=lambda case: (cheapest.OPEN, [_wakes(case)]),
    thank=lambda _: (cheapest.HEAR, []),
    follow_up=lambda _: (cheapest.HEAR, []),
)
SIDES: Final = (OURS, HAND_WRITTEN, CHEAPEST)


async def begin(client: Client, side: Side, case: Case) -> Handle:
    """Opened: started and told in one call, as the façade does it."""
    update, said = side.open(case)
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        side.workflow,
        id=side.workflow_id(case.id),
        task_queue=side.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        task_timeout=names.TASK_TIMEOUT,
        static_summary="After the interview",
    )
    await client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK
        update, args=said, id=uuid.uuid4().hex, start_workflow_operation=start, rpc_timeout=PATIENCE
    )
    return await start.workflow_handle()


async def say(handle: Handle, call: Call) -> None:
    update, said = call
    await handle.execute_update(update, args=said, id=uuid.uuid4().hex, rpc_timeout=PATIENCE)  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK


def told(side: Side, case: Case) -> tuple[tuple[timedelta, Call], tuple[timedelta, Call]]:
    """What is said after the opening, each with how long after what was said before it."""
    thanked, followed_up = case.thanked_at, case.followed_up_at
    return (thanked - case.held.ended_at, side.thank(case)), (followed_up - thanked, side.follow_up(case))


async def live(client: Client, side: Side, case: Case) -> Handle:
    """The whole lifecycle of one application, until its run has ended."""
    handle = await begin(client, side, case)
    for later, call in told(side, case):
        await skip(client, handle, later, wait=True)
        await say(handle, call)
    await skip(client, handle, LISTENS)
    await handle.result()
    return handle


async def skip(client: Client, handle: Handle, distance: timedelta, *, wait: bool = False) -> None:
    """Moves the run's clock; everything happens on the way. `wait`: returns when it is there, and what was due is done."""
    name, duration = str(uuid.uuid4()), Duration()
    duration.FromTimedelta(distance)
    run = WorkflowExecution(workflow_id=handle.id)
    moving = TimeSkippingConfig(enabled=True, fast_forward_config=FastForwardConfig(id=name, duration=duration))
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=run,
            workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=moving),
            update_mask=FieldMask(paths=["time_skipping_config"]),
        ),
        retry=True,
    )
    if wait:
        arrival = PollWorkflowExecutionTimeSkippingRequest(namespace=client.namespace, workflow_execution=run, fast_forward_id=name)
        await client.workflow_service.poll_workflow_execution_time_skipping(arrival, timeout=PATIENCE)
