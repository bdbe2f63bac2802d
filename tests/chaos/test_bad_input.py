"""What nobody should send: far too much about one application or one candidate. It is kept, once, in bounded room, and nobody else waits.

How much, AFTERWORD_TOO_MUCH says: 10,000 is the figure that is promised, a few hundred are in every run.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from client.connection import DATA_CONVERTER
from client.refusals import Unavailable
from tests.shell.world import World, word
from workflows.facts import Candidate
from workflows.names import Meaning
from workflows.person import Person
from workflows.person.facts import ApplicationBegun, MeaningTold, PersonFact, Registered

TOO_MUCH: Final = int(os.environ.get("AFTERWORD_TOO_MUCH", "400"))
AT_ONCE: Final = 50
IN_A_WORD: Final = 1_000
LARGEST_HISTORY: Final = 8_200
"""Events of one run: it goes on as new after 4,096, once what came with the last of them has been heard."""
LARGEST: Final = 2_000_000
"""Bytes that a run may hand on to the next one: the server takes no more."""

pytestmark = pytest.mark.timeout(60 + TOO_MUCH // 20)


async def many(calls: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """All of them, so many at a time; what could not be kept just now is said again."""
    few = asyncio.Semaphore(AT_ONCE)

    async def kept(call: Callable[[], Awaitable[object]]) -> None:
        async with few:
            while True:
                try:
                    await call()
                except Unavailable:
                    continue
                return

    await asyncio.gather(*(kept(call) for call in calls))


async def slowest(world: World, other: str, over: asyncio.Task[None]) -> float:
    """Seconds that another application needed at most for an answer meanwhile."""
    took, n = [0.0], 0
    while not over.done():
        begun, n = time.monotonic(), n + 1
        await world.say(other, {"type": "hiring_step", "step": "debrief", "id": f"other-{n}"})
        took.append(time.monotonic() - begun)
        await asyncio.wait((over,), timeout=0.5)
    await over
    return max(took)


async def length(world: World, application: str) -> int:
    return (await world.handle(application).describe()).history_length


async def test_the_same_fact_again_and_again_is_one_fact_and_others_are_answered_meanwhile(world: World) -> None:
    """As a board does that comes again for a day."""
    name, other = await world.opened(), await world.opened()
    said: dict[str, Any] = {"type": "employer_replied", "id": "reply-1", "at": datetime.now(UTC).isoformat()}
    calls: list[Callable[[], Awaitable[object]]] = [lambda: world.hear(name, said)] * TOO_MUCH
    waited = await slowest(world, other, asyncio.create_task(many(calls)))
    view = await world.until(name, lambda view: any(f["id"] == "reply-1" for f in view["facts"]))
    await world.nothing_in_flight(name)
    assert [f["id"] for f in view["facts"]].count("reply-1") == 1
    assert len((await world.view(name))["facts"]) == len(view["facts"])
    assert await length(world, name) < LARGEST_HISTORY
    assert waited < 8, "another application was not answered in the time that is promised"


async def test_a_hot_application_keeps_everything_and_its_end_and_others_are_answered_meanwhile(world: World) -> None:
    name, other = await world.opened(awake=True), await world.opened()
    steps = [{"type": "hiring_step", "step": "debrief", "id": f"step-{n:05}"} for n in range(TOO_MUCH)]
    words = [steps[n : n + IN_A_WORD] for n in range(0, TOO_MUCH, IN_A_WORD)]
    told = asyncio.create_task(many((lambda said=said: world.applications.heard(name, word(*said, by="board:acme"))) for said in words))
    waited = await slowest(world, other, told)
    view = await world.until(name, lambda view: len(view["facts"]) >= TOO_MUCH)
    kept = [f["id"] for f in view["facts"] if f["type"] == "hiring_step"]
    assert sorted(kept) == [step["id"] for step in steps]
    assert waited < 8
    assert await length(world, name) < LARGEST_HISTORY
    assert await world.advance(name, timedelta(days=200)) == "ended"
    assert [intent.split("/")[0] for intent in world.mails(name)][-1] == "ghosted"


@pytest.mark.parametrize("applications", [2_000])
def test_a_candidate_of_two_thousand_applications_goes_on_in_a_new_run(applications: int) -> None:
    """What is handed on has room: of what an application meant only the first and the last is kept."""
    begun = datetime(2026, 3, 2, tzinfo=UTC)
    who = Candidate(id="cand-1", name="Ada Byron", email="ada@example.org", timezone="Europe/London", skills=("numerical tables",))
    told: list[PersonFact] = []
    for n in range(applications):
        name, at = f"acme.{n:08}", begun + timedelta(minutes=n)
        told += [
            Registered(id=f"registered:{name}", by="platform", at=at, candidate=who),
            ApplicationBegun(id=f"begun:{name}", by="platform", at=at, application=name, has="0" * 20),
            *(
                MeaningTold(id=f"{name}:{day}", by="process", at=at + timedelta(days=day), application=name, meaning=Meaning())
                for day in range(9)
            ),
        ]
    kept = Person(id="cand-1").apply(*told).kept()
    (payload,) = DATA_CONVERTER.payload_converter.to_payloads([kept])
    assert set(kept.life.applications) == set(Person(id="cand-1").apply(*told).life.applications)
    assert len(payload.data) < LARGEST
