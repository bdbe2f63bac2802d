"""What a worker runs, and how much of it at once. The only place that knows workflows, activities and the façade together."""

from __future__ import annotations

import contextlib
import inspect
import py_compile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any, Final

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from activities.across import Across
from activities.boards import Boards
from activities.erasing import Erasing
from activities.events import Events
from activities.forwarding import Forwarding
from activities.importing import Importing
from activities.look_up import look_up_holidays
from activities.migrating import Migrating
from activities.notices import Notices
from activities.outgoing import Outgoing
from activities.prompts import Prompts
from client.applications import Applications
from client.connections import Connection, Connections
from client.holds import HoldRuns
from client.imports import Imports
from client.policies import Policies
from client.settings import links_of
from client.streams import Streams
from client.telling import tell
from client.webhooks import Webhooks
from worker.announcing import Announcing
from worker.clock import Clock
from worker.deletion import Deletion
from worker.holding import Holding
from worker.interceptor import BugGuard
from worker.migrating import Migrator
from worker.reach import Reach
from worker.sandbox import Sandbox
from worker.settings import Settings
from worker.versions import deployment
from workflows import names
from workflows.candidate import Candidate
from workflows.erasure import Erasure
from workflows.hold import Hold
from workflows.imports import Import
from workflows.intake import Intake
from workflows.job_application import JobApplication
from workflows.migration import Migration
from workflows.names.events import EVENTS
from workflows.poll import Poll
from workflows.replay import Replay
from workflows.stream import Stream
from workflows.tombstone import Tombstone

WORKFLOWS: Final[tuple[type[Any], ...]] = (
    JobApplication,
    Candidate,
    Intake,
    Poll,
    Tombstone,
    Erasure,
    Stream,
    Replay,
    Import,
    Migration,
    Hold,
)

PURE: Final = (
    "workflows.application",
    "workflows.boards",
    "workflows.calendar",
    "workflows.facts",
    "workflows.guide",
    "workflows.holding",
    "workflows.ledger",
    "workflows.mailbox",
    "workflows.names",
    "workflows.notice",
    "workflows.outbox",
    "workflows.person",
    "workflows.policy",
    "workflows.rehearsal",
    "workflows.sentences",
    "workflows.shown",
    "workflows.streaming",
    "workflows.view",
    "structlog",
    "tzdata",
    "zoneinfo",
)
"""Modules that a run shares with the process: pure ones and those without a state of their own, so that nothing is read anew for each run,
and clocks work as everywhere."""

STICKY: Final = timedelta(seconds=2)
"""After a worker's death the tasks of its runs wait this long for it, not ten seconds."""
BUILD: Final = f"afterword {version('afterword')}"
"""Written beside each task where no build is told. The SDK would write a digest of all modules, which takes half a second of each start."""
SENDS_PER_SECOND: Final = 20.0
"""Where nothing is set: what a mail server usually takes from one sender without slowing it down."""
HOLD_PATIENCE: Final = timedelta(seconds=3)
"""For reading what is held, before every send."""
SIGNS_OF_LIFE: Final = timedelta(seconds=1)
"""How often a send may report to the server; a cancellation comes with the answer."""


def compile_ahead(workflows: Sequence[type[Any]]) -> None:
    """Keeps their bytecode beside their source, if it can be written: each run executes its module anew, and would compile it each time."""
    for file in {inspect.getsourcefile(workflow) for workflow in workflows}:
        with contextlib.suppress(OSError):
            py_compile.compile(str(file), doraise=False, quiet=2)


def runner() -> Sandbox:
    """The sandbox of a run, also for replays."""
    return Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE))


def asking(client: Client, connections: Connections, *, announced: bool = False) -> Boards[Connection]:
    """The activities that ask boards, for these connections. `announced`: as `Applications` has it."""
    return Boards(connections.current, partial(tell, Applications(client, announced=announced)))


def _here() -> datetime:
    return datetime.now(UTC)


def _there() -> datetime:
    """Within an activity, on Temporal's clock, which this machine's may differ from. Where time is skipped it is not the time of day."""
    return activity.info().started_time


def workers(client: Client, settings: Settings, boards: Boards[Connection] | None = None) -> tuple[Worker, ...]:
    """One for the applications, and one each for sends, boards, events and imports, which can be paused and limited apart.

    The numbers are for two cores; add processes. `boards`: None is for the connections that the settings name. CannotStart if their
    files make no sense.
    """
    compile_ahead(WORKFLOWS)
    grace, deployed = timedelta(seconds=settings.shutdown_grace), deployment(settings.build)
    unnamed = None if deployed else BUILD
    links = links_of(settings.link_keys, settings.public_url)
    policies = Policies(settings.policies)
    imports = Imports(client, Applications(client, announced=settings.webhooks is not None, policies=policies.by_name))
    reach = Reach(Applications(client))
    endpoints = Webhooks(settings.webhooks)
    prompts = Prompts(endpoints.prompting)
    sends = Notices(settings.smtp_url.get_secret_value(), settings.mail_from, links, reach, prompts)
    across = Across(reach, settings.smtp_url.get_secret_value(), settings.mail_from, links, prompts)
    letters = Outgoing(settings.smtp_url.get_secret_value(), settings.mail_from)
    forwarding = Forwarding(reach.heard)
    boards = boards or asking(client, Connections(settings.connections), announced=settings.webhooks is not None)
    events = Events(endpoints.current, Announcing(reach, Streams(client)))
    erasing = Erasing(Deletion(reach.applications, Streams(client), settings.home if settings.embedded else None, imports))
    migrating = Migrating(Migrator(reach.applications))
    clock, now = Clock(says=not settings.embedded), _here if settings.embedded else _there
    activities: Sequence[Callable[..., Any]] = (
        look_up_holidays,
        forwarding.forward_facts,
        across.tell_candidate,
        across.push_profile,
        events.announce,
        erasing.seek_held,
        erasing.delete_held,
        erasing.forget_erased,
        migrating.migrate_page,
    )
    applications = Worker(
        client,
        task_queue=names.TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=runner(),
        interceptors=(BugGuard(),),
        max_cached_workflows=settings.cached_runs,
        max_concurrent_workflow_tasks=100,
        max_concurrent_activities=50,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=5),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=2),
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=grace,
        build_id=unnamed,
        deployment_config=deployed,
    )
    notices = Worker(
        client,
        task_queue=names.NOTICES,
        activities=(sends.send_notice, letters.send_letter, across.defer_notice, across.send_candidate_notice),
        interceptors=(clock, Holding(HoldRuns(client, HOLD_PATIENCE, now).current, clock=now)),
        max_task_queue_activities_per_second=settings.sends_per_second or (None if settings.embedded else SENDS_PER_SECOND),
        max_concurrent_activities=100,
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=5),
        max_heartbeat_throttle_interval=SIGNS_OF_LIFE,
        default_heartbeat_throttle_interval=SIGNS_OF_LIFE,
        graceful_shutdown_timeout=grace,
        build_id=unnamed,
        deployment_config=deployed,
    )
    fetches = Worker(
        client,
        task_queue=names.BOARDS,
        activities=(boards.take_in, boards.read_changes),
        interceptors=(clock,),
        max_concurrent_activities=50,
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=2),
        graceful_shutdown_timeout=grace,
        build_id=unnamed,
        deployment_config=deployed,
    )
    stream = Worker(
        client,
        task_queue=EVENTS,
        activities=(events.deliver_events, events.replay_page),
        interceptors=(clock,),
        max_concurrent_activities=50,
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=2),
        graceful_shutdown_timeout=grace,
        build_id=unnamed,
        deployment_config=deployed,
    )
    importing = Worker(
        client,
        task_queue=names.IMPORTS,
        activities=(Importing(imports).import_openings,),
        max_concurrent_activities=1,  # one at a time has several rows under way
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(maximum=2),
        max_heartbeat_throttle_interval=SIGNS_OF_LIFE,
        default_heartbeat_throttle_interval=SIGNS_OF_LIFE,
        graceful_shutdown_timeout=grace,
        build_id=unnamed,
        deployment_config=deployed,
    )
    return applications, notices, fetches, stream, importing
