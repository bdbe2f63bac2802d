"""Events reach the platform's endpoint: all of them, each application's in order, whatever the endpoint does, and they name nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import Any

from temporalio.common import SearchAttributeKey

from client.streams import Streams
from tests.events.platform import Platform
from tests.server import eventually
from workflows.names.events import News, Pace, stream_id

REFLECTION = {"type": "reflection_noted", "interview": "i1", "takeaways": "They doubted my German"}
ATTENTION = SearchAttributeKey.for_keyword("Attention")
LONGEST = timedelta(seconds=45)
"""Until all is taken: an event that was refused four times in succession rested for fifteen seconds."""
PRIVATE = ("Ada", "ada@", "Grace", "Turing", "Analytical", "Staff Engineer", "doubted", "London", "York")


async def all_taken(world: Platform, *applications: str) -> dict[str, dict[str, Any]]:
    """The views, as soon as the endpoint took the last fact of each."""

    async def look() -> dict[str, dict[str, Any]] | None:
        views = {one: await world.view(one) for one in applications}
        taken = world.endpoint.revisions()
        return views if all(max(taken.get(one, [0])) == views[one]["revision"] for one in applications) else None

    return await eventually(look, LONGEST)


async def test_after_the_endpoint_was_down_it_has_every_fact_once_in_order(world: Platform) -> None:
    """And while it was down the applications went on as ever."""
    world.endpoint.answer = lambda _: 503
    applications = [await world.opened() for _ in range(3)]
    for application in applications:
        view = await world.say(application, {"type": "thank_you_sent", "interview": "i1"})
        assert view["stage"] == "waiting"
        assert (await world.attributes(application)).get("Attention") is None

    async def tried() -> bool:
        return bool(world.endpoint.asked)

    await eventually(tried)
    assert world.endpoint.taken == []
    world.endpoint.answer = lambda _: 204
    views = await all_taken(world, *applications)
    assert world.endpoint.revisions() == {one: list(range(1, view["revision"] + 1)) for one, view in views.items()}


async def test_an_event_says_where_the_application_stood_and_the_last_one_where_it_stands(world: Platform) -> None:
    application = await world.opened()
    await world.say(application, {"type": "thank_you_sent", "interview": "i1"})
    await world.say(application, {"type": "rejected"})
    view = (await all_taken(world, application))[application]
    told = {event["type"]: event["data"] for event in world.endpoint.of(application)}
    assert told["fact.thank_you_sent"]["stage"] == "waiting"
    assert told["fact.thank_you_sent"]["outcome"] is None
    assert told["fact.thank_you_sent"]["next"]["step"]
    last = world.endpoint.of(application)[-1]["data"]
    assert (last["stage"], last["outcome"]) == (view["stage"], view["outcome"])
    assert [event["data"]["fact"] for event in world.endpoint.of(application)] == [
        {name: fact[name] for name in ("id", "type", "at", "by")} | {"at": event["data"]["fact"]["at"]}
        for fact, event in zip(view["facts"], world.endpoint.of(application), strict=True)
    ]


async def test_nothing_private_is_in_any_event(world: Platform) -> None:
    application = await world.opened()
    await world.say(application, REFLECTION)
    await all_taken(world, application)
    assert [word for word in PRIVATE for raw in world.endpoint.raw if word.encode() in raw] == []
    assert "fact.reflection_noted" in {event["type"] for event in world.endpoint.taken}


async def test_an_endpoint_that_refuses_at_random_has_each_application_in_order(world: Platform) -> None:
    chance = Random(7)  # noqa: S311 -- the same run each time
    world.endpoint.answer = lambda _: chance.choice((204, 204, 500))
    applications = await asyncio.gather(*(world.opened() for _ in range(5)))
    await asyncio.gather(*(world.say(one, {"type": "thank_you_sent", "interview": "i1"}) for one in applications))
    views = await all_taken(world, *applications)
    assert world.endpoint.revisions() == {one: list(range(1, view["revision"] + 1)) for one, view in views.items()}
    assert max(world.endpoint.asked.values()) > 1


async def test_one_event_that_is_never_taken_holds_up_no_other_application(world: Platform) -> None:
    bad = await world.opened()
    world.endpoint.answer = lambda event: 500 if event["data"]["application"] == bad else 204
    stream = stream_id(world.name, bad)
    beside = next(name for name in (f"app-{n}-{bad}" for n in range(99)) if stream_id(world.name, name) == stream)
    await world.opened(name=beside)
    await all_taken(world, beside)


async def test_a_redirect_is_not_followed(world: Platform) -> None:
    world.endpoint.headers = {"Location": f"{world.endpoint.url}/elsewhere"}
    world.configure(f"{world.endpoint.url}/here")
    world.endpoint.answer = lambda _: 307
    await world.opened()

    async def tried() -> bool:
        return max(world.endpoint.asked.values(), default=0) >= 2

    await eventually(tried)
    assert set(world.endpoint.paths) == {"/here"}


async def test_an_endpoint_that_is_gone_is_left_alone_until_the_file_changes(world: Platform) -> None:
    application = await world.opened()
    await all_taken(world, application)
    world.endpoint.answer = lambda _: 410
    other = next(
        name for name in (f"app-{n}-{application}" for n in range(99)) if stream_id(world.name, name) != stream_id(world.name, application)
    )
    await Streams(world.client, pace=Pace.model_validate({"looks": 1})).say(world.name, News(application=other, after=0, revision=0))
    await world.opened(name=other)

    async def gone() -> bool:
        return (await world.streams.view(world.name)).gone

    await eventually(gone)
    asked = world.endpoint.asked.total()
    await world.say(other, {"type": "thank_you_sent", "interview": "i1"})
    world.endpoint.answer = lambda _: 204
    await world.say(application, {"type": "thank_you_sent", "interview": "i1"})
    await all_taken(world, application)  # the other stream does not know of it
    assert world.endpoint.revisions().get(other) is None
    assert asked < world.endpoint.asked.total()
    world.configure(f"{world.endpoint.url}/again")
    await all_taken(world, other)
    assert not (await world.streams.view(world.name)).gone


async def test_what_is_not_taken_for_too_long_is_dropped_and_counted_and_an_operator_sees_it(world: Platform) -> None:
    world.endpoint.answer = lambda _: 503
    name = f"app-late-{world.name}"
    pace = Pace.model_validate({"gives_up": 2, "longest": 1})
    await Streams(world.client, pace=pace).say(world.name, News(application=name, after=0, revision=0))
    await world.opened(name=name)
    stream = world.client.get_workflow_handle(stream_id(world.name, name))

    async def attention() -> str | None:
        return (await stream.describe()).typed_search_attributes.get(ATTENTION)

    async def dropped() -> bool:
        return (await world.streams.view(world.name)).dropped > 0 and await attention() == "endpoint-failing"

    await eventually(dropped)
    assert (await world.streams.view(world.name)).failing
    world.endpoint.answer = lambda _: 204
    view = await world.say(name, {"type": "thank_you_sent", "interview": "i1"})

    async def well() -> bool:
        return not (await world.streams.view(world.name)).failing and await attention() is None

    await eventually(well)
    assert world.endpoint.revisions()[name][-1] == view["revision"]
