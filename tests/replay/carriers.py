"""The stories of what carries events to the platform, sends them once more, and erases: every end of such a run, and open ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle, WorkflowHistory

from client.streams import Streams
from tests.events.platform import Platform
from tests.events.test_delivery import all_taken
from tests.server import eventually
from workflows import names
from workflows.names.events import REPLAY, News, Pace, stream_id

Run = WorkflowHandle[Any, Any]
THANKED: Final = {"type": "thank_you_sent", "interview": "i1"}
FACTS: Final = 30
"""Of one application, so that a history is long on a server that finds sixty events long."""


def stream(world: Platform, application: str) -> Run:
    return world.client.get_workflow_handle(stream_id(world.name, application))


async def hurried(world: Platform) -> str:
    """An application whose stream gives up after two seconds, and looks each second whether the file was changed."""
    name, pace = f"app-{world.name}", Pace.model_validate({"gives_up": 2, "longest": 1, "looks": 1})
    await Streams(world.client, pace=pace).say(world.name, News(application=name, after=0, revision=0))
    return name


async def gone_on(world: Platform, run: Run) -> Run:
    """The first run, as soon as another one goes on from it."""

    async def look() -> str | None:
        info = (await run.describe()).raw_description.workflow_execution_info
        return info.first_run_id if info.first_run_id != info.execution.run_id else None

    return world.client.get_workflow_handle(run.id, run_id=await eventually(look))


async def refused(run: Run) -> None:
    """Returns as soon as a delivery of that stream failed and will be tried again."""

    async def look() -> bool:
        pending = (await run.describe()).raw_description.pending_activities
        return any(one.HasField("last_failure") for one in pending)

    await eventually(look)


async def well(world: Platform) -> None:
    """Returns as soon as its streams know that everything was taken."""

    async def look() -> bool:
        view = await world.streams.view(world.name)
        return not (view.waiting or view.failing or view.gone)

    await eventually(look)


# -- streams --


async def stream_open(world: Platform) -> Run:
    """Down, then one application is refused and rests, then all is taken."""
    world.endpoint.answer = lambda _: 503
    applications = [await world.opened() for _ in range(2)]
    world.endpoint.answer = lambda event: 500 if event["data"]["application"] == applications[0] and not world.endpoint.taken else 204
    for name in applications:
        await world.say(name, THANKED)
    await all_taken(world, applications[1])
    await all_taken(world, *applications)
    await well(world)
    return stream(world, applications[0])


async def stream_gives_up_open(world: Platform) -> Run:
    """What it carried is dropped, it is failing, and then all is well."""
    world.endpoint.answer = lambda _: 503
    name = await hurried(world)
    await world.opened(name=name)

    async def dropped() -> bool:
        return (await world.streams.view(world.name)).dropped > 0

    await eventually(dropped)
    world.endpoint.answer = lambda _: 204
    await world.say(name, THANKED)
    await all_taken(world, name)
    await well(world)
    return stream(world, name)


async def stream_gone_open(world: Platform) -> Run:
    """410, until the file has another address."""
    world.endpoint.answer = lambda _: 410
    name = await hurried(world)
    await world.opened(name=name)

    async def gone() -> bool:
        return (await world.streams.view(world.name)).gone

    await eventually(gone)
    world.endpoint.answer = lambda _: 204
    await world.say(name, THANKED)
    world.configure(f"{world.endpoint.url}/again")
    await all_taken(world, name)
    await well(world)
    return stream(world, name)


async def stream_ends(world: Platform) -> Run:
    """The endpoint is no longer in the file at the next attempt."""
    world.endpoint.answer = lambda _: 503
    run = stream(world, await world.opened())
    await refused(run)
    world.file.write_text("")
    await run.result()
    return run


async def stream_forgets(world: Platform) -> Run:
    """An erasure cuts off a delivery that nobody takes."""
    world.endpoint.answer = lambda _: 503
    name = await world.opened()
    run = stream(world, name)
    await refused(run)
    assert await world.streams.forget([name])
    return await gone_on(world, run)


async def stream_goes_on_as_new(world: Platform) -> Run:
    name = await world.opened()
    for n in range(FACTS):
        await world.say(name, {"type": "hiring_step", "step": "debrief", "id": f"d{n}"})
    return await gone_on(world, stream(world, name))


# -- replays --


async def replayed(world: Platform, since: datetime, **order: Any) -> Run:
    name = f"replay/{world.name}/{uuid4().hex[:6]}"
    said = {"endpoint": world.name, "since": since.isoformat(), **order}
    return await world.client.start_workflow(REPLAY, said, id=name, task_queue=names.TASK_QUEUE, result_type=dict)


async def applications_since(world: Platform, many: int) -> datetime:
    """That many applications, of which the index knows what changed since then."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    await all_taken(world, *[await world.opened() for _ in range(many)])
    query = f"WorkflowType = '{names.WORKFLOW}' AND ChangedAt >= '{since:%Y-%m-%dT%H:%M:%SZ}'"

    async def indexed() -> bool:
        return (await world.client.count_workflows(query)).count >= many

    await eventually(indexed)
    return since


async def replay_ends(world: Platform) -> Run:
    """After several pages."""
    run = await replayed(world, await applications_since(world, 3), page=2)
    await run.result()
    return run


async def replay_fails(world: Platform) -> Run:
    """There is no such endpoint."""
    run = await replayed(world, datetime.now(UTC), endpoint="nobody")
    try:
        await run.result()
    except WorkflowFailureError:
        return run
    raise AssertionError


async def replay_goes_on_as_new(world: Platform) -> Run:
    run = await replayed(world, await applications_since(world, 12), page=1)
    await run.result()
    return await gone_on(world, run)


# -- erasures --


async def ordered(world: Platform, apart: timedelta) -> Run:
    """The erasure of somebody with one application, whose events wait."""
    world.endpoint.answer = lambda _: 503
    name = await world.opened()
    order = names.ErasureOrder(candidate=f"cand-{name}", apart=apart)
    return await world.client.start_workflow(
        names.ERASURE, order, id=names.erasure_id(uuid4().hex), task_queue=names.TASK_QUEUE, result_type=names.ErasureReceipt
    )


async def erasure_receipt(world: Platform) -> Run:
    """What stays of it in the end: the run that has no id."""
    run = await ordered(world, timedelta(seconds=1))
    await run.result()
    return world.client.get_workflow_handle(run.id)


async def erasure_erases(world: Platform) -> WorkflowHistory:
    """The run that had the ids, read while it is there: the one that goes on from it deletes it."""
    run = await ordered(world, timedelta(seconds=1))
    first: Run = world.client.get_workflow_handle(run.id, run_id=run.first_execution_run_id)
    return WorkflowHistory(run.id, [event async for event in first.fetch_history_events(wait_new_event=True)])


async def erasure_open(world: Platform) -> Run:
    """After one look, with the next one a day away."""
    run = await ordered(world, timedelta(days=1))

    async def looked() -> bool:
        return (await run.query(names.VIEW, result_type=names.ErasureReceipt)).runs_deleted > 0

    await eventually(looked)
    return run


async def tombstone_open(world: Platform) -> Run:
    """It does nothing, and is ended by nobody but an operator."""
    name = await world.opened()
    await world.applications.candidates.bury(name)
    run = world.client.get_workflow_handle(names.tombstone_id(names.candidate_id(name)))

    async def begun() -> bool:
        described = await run.describe()
        return described.status == WorkflowExecutionStatus.RUNNING and described.history_length >= 4

    await eventually(begun)
    return run


OF_CARRIERS: Final = (
    stream_open, stream_gives_up_open, stream_gone_open, stream_ends, stream_forgets, stream_goes_on_as_new,
    replay_ends, replay_fails, replay_goes_on_as_new, erasure_erases, erasure_receipt, erasure_open, tombstone_open,
)  # fmt: skip
