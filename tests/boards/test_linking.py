"""The platform opens what boards had spoken of under ids of their own: what was prompted for it there is not prompted again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from client.refusals import Refused
from tests.server import server
from tests.shell.world import World, new_id, world
from workflows.boards.delivery import Erased

__all__ = ["server", "world"]

OFFER = {"type": "offer_received", "in_writing": False, "id": "o"}
"""Is to be thanked for at once."""


async def begun(world: World, name: str) -> None:
    """What a connection opened itself."""
    await world.applications.open(world.opening(OFFER, name=name, awake=True))


def kinds(view: dict[str, Any]) -> list[str]:
    return [fact["type"] for fact in view["facts"]]


async def test_what_a_connection_prompted_is_not_prompted_by_the_opening_that_names_it(world: World) -> None:
    ref, own = f"acme.{new_id()}", new_id()
    await begun(world, ref)
    await world.until(ref, lambda view: "prompted" in kinds(view))
    answer = await world.applications.open(world.opening(OFFER, name=own, awake=True, refs=[ref]))
    found = kinds(answer.view)
    assert found.index("prompted") < found.index("opened")  # it is there before there is anything to prompt
    await world.nothing_in_flight(own)
    assert (world.mails(ref), world.mails(own)) == (["offer-thanks/1"], [])


async def test_what_is_on_its_way_when_the_opening_names_its_run_is_sent_once(world: World) -> None:
    """The mail server has the message and does not say so yet."""
    world.post.silent = "message"
    ref, own = f"acme.{new_id()}", new_id()
    await begun(world, ref)
    await world.post.reached.wait()
    opening = asyncio.create_task(world.applications.open(world.opening(OFFER, name=own, awake=True, refs=[ref])))
    await world.until(ref, lambda view: "linked" in kinds(view))
    world.post.silent = ""
    world.post.go_on.set()
    await opening
    await world.nothing_in_flight(own)
    assert [*world.mails(ref), *world.mails(own)] == ["offer-thanks/1"]


async def test_an_opening_that_is_refused_takes_nothing_from_the_runs_that_it_names(world: World) -> None:
    ref, own, gone = f"acme.{new_id()}", new_id(), new_id()
    await begun(world, ref)
    await world.applications.open(world.opening(OFFER, name=own, awake=True))
    await world.applications.erase(Erased((gone,)))
    for name in (own, gone):
        with pytest.raises(Refused):
            await world.applications.open(world.opening(OFFER, name=name, awake=True, refs=[ref], position="Another"))
    assert "linked" not in kinds(await world.view(ref))
