"""What goes on for long goes on as new and loses nothing: streams, also while nothing is taken, and replays. Sixty events are long here."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client.embedded import DYNAMIC, Stack
from tests.events.platform import Platform, platform
from tests.events.test_delivery import all_taken
from tests.server import eventually
from workflows.names import TASK_QUEUE
from workflows.names.events import REPLAY, Replayed, stream_id

LONG = "limit.historyCount.suggestContinueAsNew"
FACTS = 25


@pytest.fixture(scope="module")
async def impatient() -> AsyncGenerator[Stack]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DYNAMIC, LONG, "60")
        async with Stack.start(parts=()) as stack:
            yield stack


@pytest.fixture
async def world(impatient: Stack, tmp_path: Path) -> AsyncGenerator[Platform]:
    async with platform(impatient.client, tmp_path) as made:
        yield made


async def went_on(world: Platform, workflow: str) -> bool:
    info = (await world.client.get_workflow_handle(workflow).describe()).raw_description.workflow_execution_info
    return info.first_run_id != info.execution.run_id


async def much(world: Platform, application: str, first: int = 0) -> None:
    for n in range(first, first + FACTS):
        await world.say(application, {"type": "hiring_step", "step": "debrief", "id": f"d{n}"})


async def test_a_stream_with_a_long_history_goes_on_as_new_and_sends_each_event_once(world: Platform) -> None:
    application = await world.opened()
    await much(world, application)
    views = await all_taken(world, application)
    assert await went_on(world, stream_id(world.name, application))
    assert world.endpoint.revisions() == {application: list(range(1, views[application]["revision"] + 1))}
    assert set(world.endpoint.asked.values()) == {1}


async def test_a_stream_goes_on_as_new_though_its_endpoint_takes_nothing(world: Platform) -> None:
    """Else the news of a long outage would fill its history, until the server takes no more."""
    world.endpoint.answer = lambda _: 503
    application = await world.opened()
    stream = stream_id(world.name, application)
    await much(world, application)

    async def again() -> bool:
        return await went_on(world, stream)

    await eventually(again)
    assert world.endpoint.taken == []
    since = (await world.streams.view(world.name)).oldest
    assert since
    assert since < datetime.now(UTC) - timedelta(seconds=1)  # carried: three days are three days
    world.endpoint.answer = lambda _: 204
    views = await all_taken(world, application)
    assert world.endpoint.revisions() == {application: list(range(1, views[application]["revision"] + 1))}


async def test_a_replay_of_many_pages_goes_on_as_new_and_leaves_nothing_out(world: Platform) -> None:
    """Begun by hand with one application a page; what others left on the server may change in that time too, and is replayed with them."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    applications = [await world.opened() for _ in range(12)]
    await all_taken(world, *applications)
    query = f"WorkflowType = 'JobApplication' AND ChangedAt >= '{since:%Y-%m-%dT%H:%M:%SZ}'"

    async def indexed() -> bool:
        return (await world.client.count_workflows(query)).count >= len(applications)

    await eventually(indexed)
    order: dict[str, Any] = {"endpoint": world.name, "since": since.isoformat(), "page": 1}
    replay = await world.client.start_workflow(REPLAY, order, id=f"replay/{world.name}/x", task_queue=TASK_QUEUE, result_type=Replayed)
    assert (await replay.result()).applications >= len(applications)
    assert await went_on(world, replay.id)

    async def twice() -> bool:
        taken = world.endpoint.revisions()
        return all(taken[one] == 2 * sorted(set(taken[one])) for one in applications)

    await eventually(twice)
