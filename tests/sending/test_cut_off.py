"""A message that was handed over is never taken for one that was not, however its attempt was cut off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities import handover
from tests.server import eventually
from tests.shell.test_delivery import OFFER, at_the_door, settled
from tests.shell.world import World, noted

OTHER_WORDS = {"type": "details_changed", "position": "Principal Engineer"}


async def is_recalled(world: World, name: str) -> None:
    """Returns when the server was asked to cancel what is on its way."""

    async def look() -> bool:
        events = world.handle(name).fetch_history_events()
        return any([e.HasField("activity_task_cancel_requested_event_attributes") async for e in events])

    await eventually(look)


def uncertain(view: dict[str, Any]) -> list[str]:
    return [f["intent"] for f in view["facts"] if f["type"] == "prompted" and f.get("uncertain")]


async def test_a_message_of_unknown_fate_is_not_sent_again_in_other_words(world: World) -> None:
    """Its words change while the mail server has it; then the answer makes no sense."""
    world.post.answer = "hello"
    name = await at_the_door(world, "message")
    await world.say(name, OTHER_WORDS)
    await is_recalled(world, name)
    world.post.go_on.set()
    assert await settled(world, name) == [("prompted", "offer-thanks/1")]
    assert uncertain(await world.view(name)) == ["offer-thanks/1"]
    await world.nothing_in_flight(name)
    assert world.post.said.count("hello") == 1


@pytest.mark.timeout(120)
async def test_an_attempt_that_the_server_gave_up_is_uncertain_also_when_it_was_recalled_or_its_time_was_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server is silent for longer than an attempt may take; one message is recalled meanwhile, another is then too late."""
    monkeypatch.setattr(handover, "DURING", 100.0)
    world.post.silent = "message"
    ended = datetime.now(UTC) - timedelta(hours=47, minutes=59, seconds=40)
    held = {"type": "interview_held", "interview": "i1", "ended_at": ended.isoformat(), "interviewers": [{"id": "g", "name": "Grace"}]}
    late = await world.opened(held, awake=True)
    recalled = await world.opened(OFFER, awake=True)

    async def both() -> bool:
        return sum(line.startswith("354") for line in world.post.said) == 2

    await eventually(both)
    await world.say(recalled, OTHER_WORDS)

    async def given_up(name: str, kind: str) -> list[tuple[str, str]]:
        async def look() -> list[tuple[str, str]]:
            return noted(await world.view(name), kind)

        return await eventually(look, timedelta(seconds=70))

    found = await asyncio.gather(given_up(late, "thank-you-nudge"), given_up(recalled, "offer-thanks"))
    assert found == [[("prompted", "thank-you-nudge/i1")], [("prompted", "offer-thanks/1")]]
    assert uncertain(await world.view(late)) == ["thank-you-nudge/i1"]
    assert uncertain(await world.view(recalled)) == ["offer-thanks/1"]
    assert sum(line.startswith("354") for line in world.post.said) == 2
