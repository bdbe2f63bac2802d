"""The stories of letters sent for a candidate, of what waits for the morning, and of the candidate's own run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import WorkflowHandle

from client.in_step import advance_candidate
from client.opening import opened as said_in_full
from tests.server import eventually
from tests.shell.world import World, new_id, noted
from workflows import names
from workflows.person.facts import ProfileChange

Run = WorkflowHandle[Any, Any]
LONG: Final = timedelta(days=220)
PATIENCE: Final = timedelta(seconds=60)
APPROVED: Final = {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": "Thank you", "body": "Dear Grace, thank you. Ada"}
REJECTED: Final = {"type": "rejected", "by": "candidate"}
OFFER: Final = {"type": "offer_received", "in_writing": True}
DAY: Final = timedelta(days=1)


def night() -> str:
    """A zone in which it is about two o'clock at night just now, so that nothing leaves before the morning."""
    east = (2 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-east:+d}" if east else "Etc/UTC"


def who(**preferences: Any) -> dict[str, Any]:
    return {
        "id": f"cand-{uuid4().hex[:8]}",
        "name": "Ada Byron",
        "email": "ada@example.org",
        "timezone": "Europe/London",
        "preferences": preferences,
    }


def far_ahead() -> dict[str, Any]:
    """An interview in four weeks, before which nobody is prompted."""
    starts = datetime.now(UTC) + timedelta(days=28)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    return {"type": "interview_scheduled", "interview": "i1", **times}


async def together(world: World, candidate: dict[str, Any], time: timedelta) -> None:
    """All clocks of the candidate, moved by that time."""
    to = datetime.now(UTC) + time
    assert await advance_candidate(world.client, world.applications, candidate["id"], to, PATIENCE) == "there"


def own_run(world: World, candidate: dict[str, Any]) -> Run:
    return world.client.get_workflow_handle(names.candidate_id(candidate["id"]))


async def change(world: World, candidate: dict[str, Any], **change: Any) -> None:
    await world.applications.candidates.change(candidate["id"], ProfileChange(**change), by="candidate")


# -- applications --


async def letter_delivered(world: World) -> str:
    name = await world.opened()
    await world.say(name, APPROVED, by="candidate")
    await world.advance(name, LONG)
    return name


async def letter_pointless(world: World) -> str:
    """Approved at the employer's night, and sent by hand before their morning."""
    name = await world.opened(employer={"name": "Analytical Engines", "timezone": night()})
    await world.say(name, APPROVED, by="candidate")
    await world.say(name, {"type": "letter_sent", "letter": APPROVED["letter"]}, by="candidate")
    await world.until(name, lambda view: any(f["type"] == "letter_undeliverable" for f in view["facts"]))
    await world.advance(name, LONG)
    return name


async def letter_uncertain(world: World) -> str:
    world.post.dies = "message"
    return await letter_delivered(world)


async def deferred(world: World) -> str:
    """Handed over for the digest, which comes in the morning."""
    candidate = who(digest=True)
    name = await world.opened(far_ahead(), candidate=candidate)
    await world.say(name, REJECTED)
    await together(world, candidate, 3 * DAY)
    await world.until(name, lambda view: bool(noted(view, "rejection-reply")))
    await world.advance(name, LONG)
    return name


async def unsubscribed(world: World) -> str:
    name = await world.opened(candidate=who(unsubscribed=["thanks", "follow-up"]))
    await world.advance(name, LONG)
    return name


async def candidate_told(world: World) -> str:
    """Opened by the first version of the rules, and told of its offer and outcome all the same, by a marker."""
    name = new_id()
    word = said_in_full(world.opening(name=name), datetime.now(UTC))
    first = word.model_copy(update={"facts": (word.facts[0].model_copy(update={"rules": 1}), *word.facts[1:])})
    await world.client.start_workflow(
        names.WORKFLOW,
        id=names.workflow_id(name),
        task_queue=names.TASK_QUEUE,
        start_signal=names.HEARD,
        start_signal_args=[first],
        task_timeout=names.TASK_TIMEOUT,
    )
    await world.say(name, {**OFFER, "decide_by": (datetime.now(UTC) + 9 * DAY).isoformat()})
    await world.say(name, {"type": "offer_accepted"})
    await world.advance(name, LONG)
    return name


# -- the candidate's run --


async def candidate_digest(world: World) -> Run:
    """Three prompts of one morning are one message."""
    candidate = who(digest=True)
    for position in ("Mathematician", "Engineer", "Translator"):
        name = await world.opened(far_ahead(), candidate=candidate, position=position)
        await world.say(name, REJECTED)
    await together(world, candidate, 3 * DAY)
    return own_run(world, candidate)


async def candidate_weekly(world: World) -> Run:
    candidate = who()
    await world.opened(far_ahead(), candidate=candidate)
    await together(world, candidate, 22 * DAY)
    return own_run(world, candidate)


async def candidate_asks_for_time(world: World) -> Run:
    candidate = who() | {"waking_hours": ["00:00", "23:59"]}
    for days in (5, 12):
        name = await world.opened(far_ahead(), candidate=candidate)
        await world.say(name, {**OFFER, "decide_by": (datetime.now(UTC) + days * DAY).date().isoformat()})
    await eventually(lambda: told(world, candidate, 1))
    return own_run(world, candidate)


async def candidate_changed(world: World) -> Run:
    """What the profile becomes reaches every application."""
    candidate = who()
    applications = [await world.opened(far_ahead(), candidate=candidate) for _ in range(2)]
    await change(world, candidate, language="de", email="ada@example.net")
    for name in applications:
        await world.until(name, lambda view: view["candidate"]["email"] == "ada@example.net")
    return own_run(world, candidate)


async def candidate_undeliverable(world: World) -> Run:
    """Two addresses that nobody has, each told back to the application, and a third that is right."""
    candidate = who(digest=True)
    name = await world.opened(far_ahead(), candidate=candidate)
    await world.say(name, REJECTED)
    world.post.rcpt = "550 no such user"
    for lost, address in ((1, "ada@example.net"), (2, "ada@example.com")):
        await together(world, candidate, (2 * lost + 1) * DAY)
        await world.until(name, lambda view, lost=lost: lost == len([f for f in view["facts"] if f["type"] == "undeliverable"]))
        world.post.rcpt = "" if lost == 2 else world.post.rcpt
        await change(world, candidate, email=address)
        await world.until(name, lambda view, address=address: view["candidate"]["email"] == address)
    await together(world, candidate, 7 * DAY)
    await eventually(lambda: told(world, candidate, 1))
    return own_run(world, candidate)


async def candidate_goes_on_as_new(world: World) -> Run:
    """The first run of one whose history became long, on a server that finds sixty events long."""
    candidate = who(digest=True)
    await world.opened(far_ahead(), candidate=candidate)
    for n in range(30):
        await change(world, candidate, language=("de", "fr")[n % 2])

    async def gone_on() -> str | None:
        info = (await own_run(world, candidate).describe()).raw_description.workflow_execution_info
        return info.first_run_id if info.first_run_id != info.execution.run_id else None

    first = await eventually(gone_on)
    view = await world.applications.candidates.view(candidate["id"])
    assert (view["profile"]["language"], len(view["open"])) == ("fr", 1)
    return world.client.get_workflow_handle(names.candidate_id(candidate["id"]), run_id=first)


async def told(world: World, candidate: dict[str, Any], many: int) -> bool:
    """Whether so many messages about several applications arrived, and are noted."""
    arrived = [mail for mail in world.post.taken if mail["X-Afterword-Candidate"] == candidate["id"]]
    view = await world.applications.candidates.view(candidate["id"])
    return len(arrived) >= many and not view["waiting"] and not any(step["intent"].startswith("ask-") for step in view["agenda"])


OF_APPLICATIONS: Final = (letter_delivered, letter_pointless, letter_uncertain, deferred, unsubscribed, candidate_told)
OF_CANDIDATES: Final = (
    candidate_digest, candidate_weekly, candidate_asks_for_time, candidate_changed, candidate_undeliverable, candidate_goes_on_as_new,
)  # fmt: skip
