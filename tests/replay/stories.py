"""The stories whose histories are kept: every way in which a run ends, and a few that are still open.

A story returns the id of its application, or the run itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from temporalio.client import WorkflowHandle, WorkflowHistory

from tests.events.platform import Platform
from tests.replay.candidates import OF_APPLICATIONS, OF_CANDIDATES
from tests.replay.carriers import OF_CARRIERS
from tests.replay.orders import OF_ORDERS
from tests.shell.world import World, new_id

Story = Callable[[World], Awaitable[str | WorkflowHandle[Any, Any]]]
OfPlatform = Callable[[Platform], Awaitable[WorkflowHandle[Any, Any] | WorkflowHistory]]
LONG: Final = timedelta(days=220)
OFFER: Final = {"type": "offer_received", "in_writing": True}


async def ghosted(world: World) -> str:
    name = await world.opened()
    await world.advance(name, LONG)
    return name


async def thanked_and_followed_up(world: World) -> str:
    """The standard lifecycle, with everything recorded."""
    name = await world.opened()
    await world.to_next(name)
    await world.say(name, {"type": "thank_you_sent", "interview": "i1"})
    await world.to_next(name)
    await world.to_next(name)
    await world.say(name, {"type": "follow_up_sent"})
    await world.advance(name, LONG)
    return name


async def thanked_late(world: World) -> str:
    """After the thank-yous lapsed, while paused: what was waited for since the lapse is due at once when it goes on."""
    name = await world.opened()
    await world.say(name, {"type": "paused"})
    await world.advance(name, timedelta(days=3))
    await world.say(name, {"type": "thank_you_sent", "interview": "i1"})
    await world.say(name, {"type": "resumed"})
    await world.advance(name, LONG)
    return name


async def rejected(world: World) -> str:
    name = await world.opened()
    await world.say(name, {"type": "rejected", "feedback": "More practice with engines."})
    await world.advance(name, LONG)
    return name


async def accepted(world: World) -> str:
    name = await world.opened()
    await world.say(name, {"type": "next_round_invited", "kind": "case study"})
    await world.say(name, OFFER)
    await world.to_next(name)
    await world.say(name, {"type": "offer_accepted"})
    await world.advance(name, LONG)
    return name


async def declined(world: World) -> str:
    name = await world.opened()
    await world.say(name, OFFER)
    await world.say(name, {"type": "offer_declined"})
    await world.advance(name, LONG)
    return name


async def withdrawn(world: World) -> str:
    name = await world.opened()
    await world.say(name, {"type": "withdrawn", "reason": "moved away"})
    await world.advance(name, LONG)
    return name


async def lapsed(world: World) -> str:
    name = await world.opened()
    decide_by = (datetime.now(UTC) + timedelta(days=6)).isoformat()
    await world.say(name, {**OFFER, "decide_by": decide_by})
    await world.advance(name, LONG)
    return name


async def offer_withdrawn(world: World) -> str:
    name = await world.opened()
    await world.say(name, OFFER)
    await world.say(name, {"type": "offer_withdrawn"})
    await world.advance(name, LONG)
    return name


async def expired(world: World) -> str:
    """A written offer that nobody ever answers."""
    name = await world.opened()
    await world.say(name, OFFER)
    await world.advance(name, timedelta(days=400))
    return name


async def never_claimed(world: World) -> str:
    name = new_id()
    await world.hear(name, {"type": "hiring_step", "step": "shortlist", "id": "b1"})
    await world.advance(name, timedelta(days=60))
    return name


async def linked(world: World) -> str:
    ref, own = f"acme.{new_id()}", new_id()
    await world.hear(ref, {"type": "employer_replied", "id": "before"})
    await world.applications.open(world.opening(name=own, refs=[ref]))
    await world.hear(ref, {"type": "hiring_step", "step": "approval", "id": "after"})
    await world.until(own, lambda v: "after" in {f["id"] for f in v["facts"]})
    await world.advance(ref, LONG)
    return ref


async def reopened(world: World) -> str:
    """Late word after the run has ended: the history of the run that goes on."""
    name = await ghosted(world)
    await world.say(name, {"type": "employer_replied"})
    await world.advance(name, LONG)
    return name


async def undeliverable(world: World) -> str:
    world.post.rcpt = "550 no such user"
    return await ghosted(world)


async def uncertain(world: World) -> str:
    world.post.dies = "message"
    return await ghosted(world)


async def recalled(world: World) -> str:
    """A letter at the door that a rejection calls back."""
    world.post.rcpt = "450 later"
    name = await world.opened({"type": "offer_received", "in_writing": False}, awake=True)
    await world.say(name, {"type": "rejected"})
    world.post.rcpt = ""
    await world.advance(name, LONG)
    return name


async def paused_open(world: World) -> str:
    """Still open: paused, snoozed, resumed; a board's word among the candidate's."""
    start = datetime.now(UTC) + timedelta(days=2)
    said = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}
    name = await world.opened({"type": "interview_scheduled", "interview": "i1", **said})
    await world.say(name, {"type": "paused", "until": (start + timedelta(days=9)).date().isoformat()})
    await world.hear(name, {"type": "hiring_step", "step": "reference_check", "id": "refs"})
    await world.advance(name, timedelta(days=20))
    await world.say(name, {"type": "snoozed", "intent": "ghosted/1", "until": (start + timedelta(days=60)).date().isoformat()})
    return name


async def unread_open(world: World) -> str:
    name = await world.opened()
    await world.handle(name).signal("heard", args=[{"facts": [{"type": "of a later version"}]}, 7])
    await world.until(name, lambda v: any(f["type"] == "unread" for f in v["facts"]))
    return name


STORIES: Final[dict[str, Story]] = {
    story.__name__: story
    for story in (
        ghosted, thanked_and_followed_up, thanked_late, rejected, accepted, declined, withdrawn, lapsed, offer_withdrawn, expired,
        never_claimed, linked, reopened, undeliverable, uncertain, recalled, paused_open, unread_open, *OF_APPLICATIONS, *OF_CANDIDATES,
    )
}  # fmt: skip


CARRIERS: Final[dict[str, OfPlatform]] = {story.__name__: story for story in (*OF_CARRIERS, *OF_ORDERS)}
"""Those that need a platform's endpoint."""


async def history(world: World, told: str | WorkflowHandle[Any, Any] | WorkflowHistory) -> dict[str, Any]:
    """The run's history as Temporal exports it, without where on a machine it was made."""
    run = world.handle(told) if isinstance(told, str) else told
    whole = run if isinstance(run, WorkflowHistory) else await run.fetch_history()
    return json.loads(_PLACES.sub(r'\1""', json.dumps(whole.to_json_dict())))


_PLACES: Final = re.compile(r'("(?:stackTrace|identity|stickyName)": )"(?:[^"\\]|\\.)*"')
