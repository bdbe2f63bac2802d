"""What the API's process looks at for Prometheus, which cannot ask Temporal itself: how much waits, what is late, what needs an operator.

Also how old the files of keys are and when certificates end. Every process of the API looks, and all see the same: take the largest.
What cannot be read now stays as it was, and the time of the last look tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, TLSConfig

from client.seen import Seen
from client.settings import PREFIX
from workflows import names
from workflows.names import metrics
from workflows.names.events import EVENTS

QUEUES: Final = (
    (names.TASK_QUEUE, "workflow"),
    (names.TASK_QUEUE, "activity"),
    (names.NOTICES, "activity"),
    (names.BOARDS, "activity"),
    (EVENTS, "activity"),
    (names.IMPORTS, "activity"),
)
KINDS: Final = {"workflow": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, "activity": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY}
WORDS: Final = ("undeliverable", "uncertain", "send-failing", "board-conflict", "bug", "endpoint-failing", "intake", "poll", "hold")
"""Of the search attribute Attention."""
RUNNING: Final = "ExecutionStatus = 'Running'"
PATIENCE: Final = timedelta(seconds=5)
_FILE: Final = "file:"

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


async def watch(client: Client, meter: MetricMeter, every: timedelta, overdue_after: timedelta) -> None:
    """Looks again and again, until it is cancelled."""
    while True:
        try:
            await look(client, meter, overdue_after)
        except RPCError as e:
            _log.warning("not_watched", status=e.status.name)
        await asyncio.sleep(every.total_seconds())


async def look(client: Client, meter: MetricMeter, overdue_after: timedelta) -> None:
    """Once. RPCError where Temporal does not answer; what was read before that is told."""
    tell_files(meter, os.environ)
    by = (datetime.now(UTC) - overdue_after).strftime("%Y-%m-%dT%H:%M:%SZ")
    overdue = f"WorkflowType = '{names.WORKFLOW}' AND {RUNNING} AND NextDueAt < '{by}' AND ChangedAt < '{by}'"  # nor heard of lately
    meter.create_gauge(metrics.OVERDUE).set(await _count(client, overdue))
    meter.create_gauge(metrics.STUCK).set(await _count(client, f"TemporalReportedProblems IS NOT NULL AND {RUNNING}"))
    for word in WORDS:
        meter.create_gauge(metrics.ATTENTION).set(await _count(client, f"Attention = '{word}' AND {RUNNING}"), {"word": word})
    for queue, kind in QUEUES:
        told = {"queue": queue, "kind": kind}
        count, age = await _waiting(client, queue, kind)
        meter.create_gauge(metrics.BACKLOG).set(count, told)
        meter.create_gauge_float(metrics.BACKLOG_AGE).set(age.total_seconds(), told)
    meter.create_gauge_float(metrics.WATCHED).set(time.time())


async def _count(client: Client, query: str) -> int:
    return (await client.count_workflows(query, rpc_timeout=PATIENCE)).count


async def _waiting(client: Client, queue: str, kind: str) -> tuple[int, timedelta]:
    """How many tasks wait for a worker, and how long the oldest one has."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=KINDS[kind], report_stats=True
    )
    stats = (await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)).stats
    return stats.approximate_backlog_count, stats.approximate_backlog_age.ToTimedelta()


def tell_files(meter: MetricMeter, environment: Mapping[str, str]) -> None:
    """How old the files of keys are that this environment names, and when the certificates end."""
    for setting, changed in key_files(environment):
        meter.create_gauge_float(metrics.KEY_AGE).set(max(time.time() - changed, 0), {"setting": setting})
    for name, ends in certificates():
        meter.create_gauge_float(metrics.CERTIFICATE).set(ends.timestamp(), {"certificate": name})


def key_files(environment: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Every setting that names files by `file:`, in small letters, and when the one was changed that was not changed for longest."""
    for name, value in sorted(environment.items()):
        files = (Path(part.removeprefix(_FILE)) for part in re.split(r"[\s,]+", value) if part.startswith(_FILE))
        changed = [seen.state[0] / 1e9 for file in files if (seen := Seen.now(file)).state[0]]
        if name.startswith(PREFIX) and changed:
            yield name.removeprefix(PREFIX).lower(), min(changed)


def certificates() -> Iterator[tuple[str, datetime]]:
    """Those that the connection to Temporal is made with, read anew, and when the first of a chain ends."""
    try:
        tls = ClientConfig.load_client_connect_config().get("tls")
    except (RuntimeError, OSError, ValueError):
        return
    if not isinstance(tls, TLSConfig):
        return
    for name, pem in (("temporal-client", tls.client_cert), ("temporal-ca", tls.server_root_ca_cert)):
        with contextlib.suppress(ValueError):  # none, or just being replaced: it is read again at the next look
            yield name, min(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(pem or b""))
