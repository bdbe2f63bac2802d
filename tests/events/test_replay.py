"""What happened in a time is sent once more, by the API, the command line and Temporal, and nothing else is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from client.api.app import create_app
from client.settings import Settings
from tests.events.platform import SECRET, Platform
from tests.events.test_delivery import all_taken
from tests.running import DEV
from tests.server import eventually
from tests.simulators.serving import listening
from workflows import names
from workflows.names.events import REPLAY, Replayed


@asynccontextmanager
async def api_of(world: Platform) -> AsyncGenerator[httpx.AsyncClient]:
    settings = Settings(webhooks=world.file, embedded=True)
    async with (
        listening(create_app(settings, world.client)) as where,
        httpx.AsyncClient(base_url=where, headers=DEV, timeout=20, trust_env=False) as http,
    ):
        yield http


async def indexed(world: Platform, application: str) -> None:
    """Temporal's index knows of the application's last fact."""

    async def look() -> bool:
        query = f"WorkflowId = '{names.workflow_id(application)}' AND ChangedAt IS NOT NULL"
        return (await world.client.count_workflows(query)).count > 0

    await eventually(look)


async def test_a_replay_sends_everything_since_then_once_more_under_the_same_ids(world: Platform) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    application = await world.opened()
    view = (await all_taken(world, application))[application]
    await indexed(world, application)
    async with api_of(world) as http:
        answer = await http.post(f"/v1/webhooks/{world.name}/replay", json={"since": since.isoformat()})
        assert answer.status_code == 202, answer.text

        async def again() -> bool:
            return len(world.endpoint.of(application)) == 2 * view["revision"]

        await eventually(again)
    assert world.endpoint.revisions()[application] == 2 * list(range(1, view["revision"] + 1))
    assert {count for event, count in world.endpoint.asked.items() if event.startswith(application)} == {2}


async def test_nothing_is_replayed_of_before_and_after_the_time_that_is_named(world: Platform) -> None:
    """Begun by hand with JSON, as in Temporal's UI."""
    application = await world.opened()
    await all_taken(world, application)
    await indexed(world, application)
    past = {"endpoint": world.name, "since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}
    handle = await world.client.start_workflow(
        REPLAY, past, id=f"replay/by-hand/{application}", task_queue=names.TASK_QUEUE, result_type=Replayed
    )
    assert (await handle.result()).applications == 0
    assert max(world.endpoint.asked.values()) == 1


async def test_the_webhooks_are_listed_with_what_waits_and_no_secret(world: Platform) -> None:
    world.endpoint.answer = lambda _: 503
    await world.opened()
    async with api_of(world) as http:

        async def waits() -> dict[str, object] | None:
            answer = await http.get("/v1/webhooks")
            assert answer.status_code == 200, answer.text
            assert SECRET not in answer.text
            (one,) = answer.json()["webhooks"]
            return one if one["waiting"] else None

        one = await eventually(waits)
    assert (one["id"], one["url"], one["waiting"], one["failing"], one["dropped"]) == (world.name, world.endpoint.url, 1, False, 0)


@pytest.mark.parametrize(
    ("name", "said", "status", "slug"),
    [
        ("nobody", {"since": "2030-03-04T00:00:00Z"}, 404, "no-such-webhook"),
        (None, {}, 422, "invalid"),
        (None, {"since": "2030-03-04"}, 422, "invalid"),
        (None, {"since": "2030-03-04T00:00:00Z", "until": "2030-03-03T00:00:00Z"}, 422, "invalid"),
    ],
)
async def test_a_replay_that_makes_no_sense_is_refused(world: Platform, name: str | None, said: object, status: int, slug: str) -> None:
    async with api_of(world) as http:
        answer = await http.post(f"/v1/webhooks/{name or world.name}/replay", json=said)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def afterword(api: httpx.AsyncClient, *said: str) -> dict[str, Any]:
    """What the command line prints."""
    ours = os.environ | {"AFTERWORD_API_URL": str(api.base_url)}
    program = [sys.executable, "-m", "client.command_line", *said, "--json"]
    child = await asyncio.create_subprocess_exec(*program, env=ours, stdout=asyncio.subprocess.PIPE)
    told, _ = await child.communicate()
    assert child.returncode == 0
    return dict(json.loads(told))


async def test_the_command_line_lists_and_replays(world: Platform) -> None:
    async with api_of(world) as http:
        assert [one["id"] for one in (await afterword(http, "webhooks", "list"))["webhooks"]] == [world.name]
        begun = await afterword(http, "webhooks", "replay", world.name, "--since", "2030-03-04T00:00:00Z")
        assert begun["replay"].startswith(f"replay/{world.name}/")
