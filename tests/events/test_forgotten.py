"""A stream forgets who was erased, whatever its endpoint does, and what it carries for the others still comes."""

from __future__ import annotations

from temporalio.service import RPCError, RPCStatusCode

from tests.events.platform import Platform
from tests.events.test_delivery import all_taken
from tests.server import eventually
from workflows.names.events import KNOWS, Erased, stream_id


async def two_of_one_stream(world: Platform) -> tuple[str, str]:
    first = await world.opened()
    stream = stream_id(world.name, first)
    second = next(name for name in (f"app-{n}-{world.name}" for n in range(99)) if stream_id(world.name, name) == stream)
    return first, await world.opened(name=second)


async def test_what_waits_for_a_dead_endpoint_is_forgotten_and_the_others_events_still_come(world: Platform) -> None:
    world.endpoint.answer = lambda _: 503
    erased, other = await two_of_one_stream(world)
    stream = world.client.get_workflow_handle(stream_id(world.name, erased))
    before = (await stream.describe()).run_id
    assert await world.streams.forget([erased]) == (before,)

    async def forgotten() -> bool:
        return not await stream.query(KNOWS, Erased(applications=(erased,)), result_type=bool)

    await eventually(forgotten)
    assert (await stream.describe()).run_id != before
    assert erased not in str((await stream.fetch_history()).events)
    assert (await world.streams.view(world.name)).waiting == 1
    world.endpoint.answer = lambda _: 204
    views = await all_taken(world, other)
    assert world.endpoint.revisions() == {other: list(range(1, views[other]["revision"] + 1))}


async def test_the_run_that_knew_them_is_deleted(world: Platform) -> None:
    """The next time that the erasure looks; Temporal's index may be a second behind."""
    erased, _ = await two_of_one_stream(world)
    await all_taken(world, erased)
    (knew,) = await world.streams.forget([erased])
    old = world.client.get_workflow_handle(stream_id(world.name, erased), run_id=knew)

    async def deleted() -> bool:
        assert await world.streams.forget([erased]) in ((), (knew,))
        try:
            await old.describe()
        except RPCError as e:
            return e.status == RPCStatusCode.NOT_FOUND
        return False

    await eventually(deleted)


async def test_a_stream_that_knows_nothing_of_them_goes_on_as_it_was(world: Platform) -> None:
    application = await world.opened()
    await all_taken(world, application)
    stream = world.client.get_workflow_handle(stream_id(world.name, application))
    before = (await stream.describe()).run_id
    beside = next(name for name in (f"app-{n}-beside" for n in range(99)) if stream_id(world.name, name) == stream.id)
    assert await world.streams.forget([beside]) == ()
    assert await world.streams.forget([]) == ()
    await world.say(application, {"type": "thank_you_sent", "interview": "i1"})
    await all_taken(world, application)
    assert (await stream.describe()).run_id == before
