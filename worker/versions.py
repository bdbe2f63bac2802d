"""Which build of the workers Temporal gives work to: looked at, and changed for an upgrade or a rollback. Knows no workflow.

A worker that was told its build (`AFTERWORD_BUILD`) takes work only while that build is the current one. What is open moves to the current
build with its next task, so no run is tied to workers that are gone: see ADR 0003. The very first build makes itself current; later ones
wait to be promoted, with `python -m worker.versions promote BUILD`, once their workers are there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import TaskQueueType, WorkerDeploymentVersionStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.common import WorkerDeploymentVersion as Version
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from client.connection import connect
from client.settings import CannotStart, read, ring_of
from worker.settings import Settings
from workflows import names
from workflows.names.deployment import DEPLOYMENT
from workflows.names.events import EVENTS

QUEUES: Final = frozenset({names.TASK_QUEUE, names.NOTICES, names.BOARDS, EVENTS, names.IMPORTS})
"""What a build must work on before it may take over."""
PATIENCE: Final = timedelta(seconds=120)
_LATER: Final = frozenset(
    {
        RPCStatusCode.NOT_FOUND,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.INTERNAL,
    }
)
"""Answers that change by themselves while workers begin, or while others change the same."""
_PAUSE: Final = 0.5
FRESH: Final = timedelta(seconds=100)
"""A worker asks a queue again after a minute at the latest, so that one that did not ask for longer is gone."""
log: Final = structlog.stdlib.get_logger("worker.versions")


class NotPromoted(Exception):  # noqa: N818 -- what happened, for a person
    """Why a build did not take over, in one sentence."""


def deployment(build: str | None) -> WorkerDeploymentConfig | None:
    """As a worker of that build is told to Temporal; None: it takes whatever work there is."""
    if not build:
        return None
    version = Version(deployment_name=DEPLOYMENT, build_id=build)
    return WorkerDeploymentConfig(version, use_worker_versioning=True, default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE)


async def current(client: Client) -> str | None:
    """The build that has the work; None: none was ever promoted."""
    told = await _described(client)
    return (told.routing_config.current_deployment_version.build_id or None) if told else None


async def builds(client: Client) -> dict[str, str]:
    """Every build that Temporal knows, newest first, and how it is: current, draining, drained, inactive."""
    told = await _described(client)
    if told is None:
        return {}
    status = WorkerDeploymentVersionStatus.Name
    return {
        one.deployment_version.build_id: status(one.status).removeprefix("WORKER_DEPLOYMENT_VERSION_STATUS_").lower()
        for one in told.version_summaries
    }


async def promote(client: Client, build: str, patience: timedelta = PATIENCE) -> None:
    """That build has the work from now on. Repeating changes nothing. NotPromoted where its workers are not all there in time."""
    deadline, wanting = time.monotonic() + patience.total_seconds(), QUEUES
    while True:
        try:
            wanting = QUEUES - await works_on(client, build)
            if not wanting:
                await client.workflow_service.set_worker_deployment_current_version(
                    SetWorkerDeploymentCurrentVersionRequest(
                        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build, identity=client.identity
                    )
                )
                return
        except RPCError as e:
            if e.status not in _LATER:
                raise
        if time.monotonic() > deadline:
            missing = f"nobody of it works on {', '.join(sorted(wanting))}" if wanting else "Temporal does not take the change"
            raise NotPromoted(f"Build {build} was not promoted: {missing}.")
        await asyncio.sleep(_PAUSE)


async def claim(client: Client, build: str) -> None:
    """The first build of all takes the work by itself; where there is a current one, nothing happens."""
    while True:
        try:
            if await current(client) is None:
                await promote(client, build)
        except (RPCError, NotPromoted):
            log.warning("the build is not current yet", build=build, exc_info=True)
            await asyncio.sleep(_PAUSE)
        else:
            return


async def _described(client: Client) -> WorkerDeploymentInfo | None:
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        return (await client.workflow_service.describe_worker_deployment(request)).worker_deployment_info
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            return None
        raise


async def works_on(client: Client, build: str) -> frozenset[str]:
    """The queues that workers of that build ask for work now. Of the build itself Temporal tells those that it ever asked."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    request = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    told = await client.workflow_service.describe_worker_deployment_version(request)
    asked = [(queue.name, queue.type) for queue in told.version_task_queues]
    answers = await asyncio.gather(*(_asks(client, build, name, kind) for name, kind in asked))
    return frozenset(name for (name, _), asks in zip(asked, answers, strict=True) if asks)


async def _asks(client: Client, build: str, queue: str, kind: TaskQueueType.ValueType) -> bool:
    request = DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
    since = datetime.now(UTC) - FRESH
    pollers = (await client.workflow_service.describe_task_queue(request)).pollers
    return any(one.deployment_options.build_id == build and one.last_access_time.ToDatetime(UTC) >= since for one in pollers)


async def run(said: Sequence[str], settings: Settings) -> int:
    """`promote BUILD`, or nothing: what is. Prints one JSON object."""
    client = await connect(keys=ring_of(settings.encryption_keys, embedded=settings.embedded))
    match said:
        case []:
            pass
        case ["promote", build]:
            await promote(client, build)
        case _:
            print("usage: python -m worker.versions [promote BUILD]", file=sys.stderr)  # noqa: T201 -- for whoever typed it
            return 2
    print(json.dumps({"current": await current(client), "builds": await builds(client)}))  # noqa: T201 -- the answer
    return 0


def main() -> int:
    try:
        return asyncio.run(run(sys.argv[1:], read(Settings)))
    except (CannotStart, NotPromoted) as e:
        print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever typed it
        return 1


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
