"""Two builds of the worker before one server, each a process of its own: work goes to the current one, and to no other."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.client import Client

from client.applications import Applications
from client.embedded import Stack
from client.search_attributes import register
from tests.running import opening
from tests.server import eventually
from tests.stack.namespaces import another
from tests.worker.test_process import KEYS, LINKS, worker
from worker import versions
from worker.registry import workers
from worker.settings import Settings
from worker.versions import QUEUES, NotPromoted, builds, current, promote, works_on
from workflows import names

pytestmark = pytest.mark.timeout(180)
LONG = timedelta(seconds=60)


@asynccontextmanager
async def build(client: Client, server: Stack, name: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A worker of that build, which works on everything."""
    settings = {"TEMPORAL_ADDRESS": server.temporal, "TEMPORAL_NAMESPACE": client.namespace, "AFTERWORD_BUILD": name}
    async with worker(**settings, AFTERWORD_ENCRYPTION_KEYS="off") as process:

        async def known() -> bool:
            return name in await builds(client)

        await eventually(known, LONG)
        yield process


async def done_by(client: Client, application: str) -> str:
    """Opens an application; the build that did its first task."""
    await Applications(client).open(opening(application))
    found = await client.get_workflow_handle(names.workflow_id(application)).describe()
    return found.raw_description.workflow_execution_info.versioning_info.deployment_version.build_id


async def test_the_first_build_takes_the_work_and_the_next_one_waits_until_it_is_promoted(
    server: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And back again: each application is done by whichever is current, also one that another build began.

    A build whose workers are gone is not promoted, though it asked for work on every queue once: nobody would do the work.
    """
    client = await another(server, names.RETENTION)
    await register(client)
    async with build(client, server, "one"), build(client, server, "two") as second:

        async def claimed() -> bool:
            return await current(client) == "one"

        await eventually(claimed, LONG)
        assert await done_by(client, "begun-by-one") == "one"
        await promote(client, "two")
        assert await current(client) == "two"
        assert await done_by(client, "begun-by-two") == "two"
        assert (await Applications(client).view("begun-by-one"))["id"] == "begun-by-one"
        await promote(client, "one")
        assert await done_by(client, "begun-after-the-rollback") == "one"
        with pytest.raises(NotPromoted, match=r"^Build three was not promoted: nobody of it works on .+\.$"):
            await promote(client, "three", timedelta(seconds=1))
        assert await current(client) == "one"
        told = await asked(client, server)
        assert (told["current"], set(told["builds"])) == ("one", {"one", "two"})
        second.kill()
        monkeypatch.setattr(versions, "FRESH", timedelta(seconds=2))

        async def gone() -> bool:
            return not await works_on(client, "two")

        await eventually(gone)
        with pytest.raises(NotPromoted, match=r"^Build two was not promoted: nobody of it works on .+\.$"):
            await promote(client, "two", timedelta(seconds=1))


async def asked(client: Client, server: Stack, *said: str) -> dict[str, dict[str, str]]:
    """What `python -m worker.versions` prints."""
    environment = {**LINKS, **KEYS, "TEMPORAL_ADDRESS": server.temporal, "TEMPORAL_NAMESPACE": client.namespace}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "worker.versions", *said, env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), 50)
    assert process.returncode == 0
    return json.loads(out)


async def test_a_build_is_promoted_only_once_it_works_on_every_queue_that_workers_have(server: Stack) -> None:
    assert frozenset(one.task_queue for one in workers(server.client, Settings(build="x"))) == QUEUES
