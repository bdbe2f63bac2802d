"""A simulator of each board drives an application from the invitation to the outcome, in whatever order, to the same view."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from client.connections import Connection
from client.demonstration.board import MANNERS
from tests.boards.deliveries import TERMS
from tests.running import body
from tests.server import eventually
from tests.simulators.conftest import Hooked
from tests.simulators.stories import STORIES, Told, told
from workflows import names
from workflows.boards import BOARDS
from workflows.boards.payload import digest

Begin = Callable[[str], Awaitable[Hooked]]

each_board = pytest.mark.parametrize("name", STORIES)
thin = pytest.mark.parametrize("name", ["lever", "smartrecruiters"])


def test_every_registered_board_has_its_simulator_and_its_story() -> None:
    assert set(STORIES) == set(MANNERS) == set(BOARDS)


def unwritten(name: str) -> Connection:
    """A connection to that board which is in no file."""
    return Connection("unwritten", BOARDS[name], (), TERMS)


class Playing:
    """One story at one board, and the application that it is about."""

    def __init__(self, hooked: Hooked) -> None:
        self.hooked, self.story = hooked, STORIES[hooked.board.name]
        self.connection = hooked.connect()
        self.application = self.connection.terms.own(self.story.application) if self.story.application else f"{hooked.name}.ours"
        self.told: Told = told(self.connection, self.application, hooked.place.began)

    async def opens(self) -> None:
        said = body(self.application, facts=[])
        said["candidate"]["waking_hours"] = ["00:00", "23:59"]  # what is due is done, at whatever hour this is run
        answer = await self.hooked.place.http.post("/v1/applications", json=said)
        assert answer.is_success, answer.text
        assert await self.hooked.board.activates()

    async def live(self) -> dict[str, Any]:
        """Each delivery as it happens, once it was taken in, and the next one after it."""
        for event, answers in zip(self.told.events, self.told.apis, strict=True):
            self.hooked.api.answers.update(answers)
            assert await self.hooked.board.delivers(event)
            await self.taken_in()
        return await self.ended()

    async def tidy(self) -> dict[str, Any]:
        """Everything has happened; the deliveries come in order."""
        self.hooked.api.answers.update(self.told.apis[-1])
        for event in self.told.events:
            assert await self.hooked.board.delivers(event)
            await self.taken_in()
        return await self.ended()

    async def untidy(self, seed: int) -> dict[str, Any]:
        """Everything has happened; the deliveries come twice, all at once, in any order."""
        self.hooked.api.answers.update(self.told.apis[-1])
        events = [*self.told.events, *self.told.events]
        random.Random(seed).shuffle(events)  # noqa: S311 -- an order, not a secret
        assert all(await asyncio.gather(*(self.hooked.board.delivers(event) for event in events)))
        await self.taken_in()
        return await self.ended()

    async def taken_in(self) -> None:
        """No intake of this connection is under way."""
        for event in self.told.events:
            reading = self.connection.board.read(event.delivery, self.connection.terms)
            if reading.needs:
                run = self.hooked.place.stack.client.get_workflow_handle(names.intake_id(self.connection.id, digest(reading.key)))
                try:
                    await run.result()
                except RPCError as e:
                    if e.status != RPCStatusCode.NOT_FOUND:  # not delivered yet
                        raise

    async def ended(self) -> dict[str, Any]:
        """The view with the outcome, once everything has arrived and nothing is due any more."""
        if self.told.interviews:
            self.hooked.interviews.update({str(one["id"]): one for one in self.told.interviews})
            await self._polled()
        if self.told.afterwards:
            path = f"/v1/applications/{self.application}/facts"
            assert (await self.hooked.place.http.post(path, json=self.told.afterwards)).is_success

        async def there() -> dict[str, Any] | None:
            view = await self.hooked.place.view(self.application)
            due = [step for step in view["agenda"] if datetime.fromisoformat(step["due"]) <= datetime.now(UTC)]
            return view if view["outcome"] == self.story.outcome and not due else None

        return await eventually(there)

    async def _polled(self) -> None:
        handle = self.hooked.place.stack.client.get_schedule_handle(names.poll_id(self.connection.id))

        async def triggered() -> bool:
            try:
                await handle.trigger()
            except RPCError as e:
                if e.status != RPCStatusCode.NOT_FOUND:  # the worker has not read the file yet
                    raise
                return False
            return True

        await eventually(triggered)

        async def heard() -> bool:
            view = await self.hooked.place.view(self.application)
            return any(fact["type"].startswith("interview_") for fact in view["facts"])

        await eventually(heard)

    def comparable(self, view: dict[str, Any]) -> dict[str, Any]:
        """What must be the same whatever the order: without the connection's name, and when it was heard that has no time of its own."""
        said = [one for event in self.told.events for one in self.connection.board.read(event.delivery, self.connection.terms).said]
        timeless = {fact.id for one in said for fact in one.facts if fact.own_time is None}
        told = [fact for fact in view["facts"] if fact["by"] == f"board:{self.hooked.name}"]
        told = [{**fact, "at": None} if fact["id"] in timeless else fact for fact in sorted(told, key=lambda fact: str(fact["id"]))]
        plain = json.loads(json.dumps({**view, "facts": told}).replace(self.hooked.name, "connection"))
        return {name: plain[name] for name in ("stage", "outcome", "round", "agenda", "facts")}


@each_board
async def test_duplicates_in_any_order_come_to_the_view_of_the_tidy_order(boards: Begin, name: str) -> None:
    tidy, untidy = Playing(await boards(name)), Playing(await boards(name))
    await asyncio.gather(tidy.opens(), untidy.opens())
    expected, found = await asyncio.gather(tidy.tidy(), untidy.untidy(seed=7))
    assert untidy.comparable(found) == tidy.comparable(expected)
    assert tidy.comparable(expected)["facts"]


@thin
async def test_what_is_asked_about_as_it_happens_comes_to_the_same_outcome(boards: Begin, name: str) -> None:
    live, tidy = Playing(await boards(name)), Playing(await boards(name))
    await asyncio.gather(live.opens(), tidy.opens())
    expected, found = await asyncio.gather(live.live(), tidy.tidy())
    for member in ("stage", "outcome"):
        assert expected[member] == found[member]
    assert [step["intent"] for step in expected["agenda"]] == [step["intent"] for step in found["agenda"]]


@pytest.mark.parametrize("name", [name for name, manner in MANNERS.items() if manner.waits])
async def test_what_could_not_be_kept_arrives_by_the_boards_own_repetition(boards: Begin, name: str) -> None:
    """The connection is not in the file yet: the hook answers 503, and no board takes that for the end."""
    hooked = await boards(name)
    early = told(unwritten(name), "ours", hooked.place.began).events[0]
    delivering = asyncio.create_task(hooked.board.delivers(early))

    async def refused() -> bool:
        return hooked.board.answers[:1] == [503]

    await eventually(refused)
    playing = Playing(hooked)
    hooked.api.answers.update(playing.told.apis[-1])
    assert await delivering
    assert set(hooked.board.answers[:-1]) == {503}
    assert not hooked.board.disabled


@pytest.mark.parametrize("name", [name for name, manner in MANNERS.items() if manner.disables])
async def test_a_board_that_gave_up_is_switched_on_again_and_nothing_is_lost(boards: Begin, name: str) -> None:
    hooked = await boards(name)
    events = told(unwritten(name), f"{hooked.name}.ours", hooked.place.began).events
    assert not await hooked.board.delivers(events[0])
    assert hooked.board.disabled
    assert not await hooked.board.delivers(events[1])
    playing = Playing(hooked)
    await playing.opens()
    assert not hooked.board.disabled
    missed, hooked.board.undelivered = hooked.board.undelivered, []
    assert [event.at for event in missed] == [event.at for event in events[:2]]
    await playing.tidy()
