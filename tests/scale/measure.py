"""Measures a stand: what opening costs as more and more are open, and how late prompts are while facts come.

Every part answers figures that can be written as JSON, each with the load of the machine at that time: other programs are in them too.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx

from tests.scale import people
from tests.scale.figures import lateness, marginal, percentiles
from tests.scale.processes import held
from tests.scale.stand import Stand

Told = Callable[[str, int, int], None]
"""Hears what is done, how much of it, and of how much."""
IN_FLIGHT: Final = 24
"""Openings under way."""
MARKS: Final = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""So many applications are open when it is looked what they cost."""
PATIENCE: Final = 300.0
"""Seconds for which a call is repeated that was answered with 503."""
SOON: Final = timedelta(seconds=2)
"""What is open so long before it is due was opened in time."""
MEGA: Final = 1_000_000
IDLE: Final = 10.0
LOOKS: Final = 1.0


@dataclass
class Answers:
    """How calls were answered."""

    seconds: list[float] = field(default_factory=list[float])
    refused: int = 0
    again: int = 0
    """How often a call had to be said again."""


async def say(stand: Stand, path: str, body: Any, answers: Answers) -> None:
    """Until it is answered for good."""
    began, deadline = time.monotonic(), time.monotonic() + PATIENCE
    while True:
        try:
            answer = await stand.api.post(path, json=body)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(path)
        answers.again += 1
        await asyncio.sleep(float(answer.headers.get("retry-after", 1)) if answer is not None else 1.0)
    if answer.is_success:
        answers.seconds.append(time.monotonic() - began)
    elif answer.status_code == HTTPStatus.CONFLICT:
        answers.refused += 1
    else:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")


async def several(calls: Sequence[Callable[[], Awaitable[None]]], at_once: int, told: Callable[[int], None] = lambda _: None) -> None:
    """All of them, so many at a time."""
    left, done = iter(calls), 0

    async def work() -> None:
        nonlocal done
        for call in left:
            await call()
            done += 1
            told(done)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


# -- opening --


async def opening(stand: Stand, already: int, up_to: int, told: Told, idle: float = IDLE) -> dict[str, Any]:
    """Opens the numbers from `already` on; what they cost in time, and in CPU, bytes and memory for each of them.

    `idle`: for so many seconds nothing is said afterwards, and it is looked what that costs.
    """
    count, cpu, size, began = up_to - already, stand.cpu(), await stand.size(), time.monotonic()
    answers, now = Answers(), datetime.now(UTC)
    calls = [lambda n=n: say(stand, "/v1/applications", people.standing(n, now), answers) for n in range(already, up_to)]
    await several(calls, IN_FLIGHT, lambda done: told("opened", already + done, up_to))
    seconds = time.monotonic() - began
    await settled(stand)
    more, spent = marginal(size, await stand.size(), count), marginal(cpu, stand.cpu(), count)
    cpu = stand.cpu()
    await asyncio.sleep(idle)
    return {
        "open": up_to,
        "opened": count,
        "per_second": round(count / seconds, 1),
        "call_ms": {name: round(1000 * value, 1) for name, value in percentiles(answers.seconds, 4).items()},
        "cpu_ms": {name: round(1000 * one, 2) for name, one in spent.items()},
        "idle_cores": {name: round(one / idle, 3) for name, one in marginal(cpu, stand.cpu(), 1).items()},
        "bytes": {name: round(grown) for name, grown in more.items()},
        **holds(stand),
    }


def holds(stand: Stand) -> dict[str, Any]:
    """What worker and API hold now, and how busy the machine was in the last minute."""
    now = {name: held(stand.processes[name]) for name in ("worker", "api")}
    return {
        "rss_mb": {name: round(one.rss / MEGA, 1) for name, one in now.items()},
        "peak_mb": {name: round(one.peak / MEGA, 1) for name, one in now.items()},
        "load": round(os.getloadavg()[0], 1),
    }


async def settled(stand: Stand, patience: float = 60.0) -> None:
    """Returns when the worker has next to nothing to do, or patience ends."""
    deadline, before = time.monotonic() + patience, stand.cpu()["worker"]
    while time.monotonic() < deadline:
        await asyncio.sleep(LOOKS)
        now = stand.cpu()["worker"]
        if now - before < 0.1 * LOOKS:
            return
        before = now


# -- punctuality --


@dataclass(frozen=True)
class Stream:
    """Facts at an even pace, and prompts that fall due evenly meanwhile."""

    seconds: int
    facts_per_second: float = 20.0
    due_per_second: float = 3.0
    ahead: float = 20.0
    """Seconds before it begins, beside those for opening what will be due."""


async def punctual(stand: Stand, open_now: int, wanted: Stream, per_second: float, told: Told) -> dict[str, Any]:
    """How late prompts to thank are, of applications that are opened before, while facts come about the others.

    `per_second`: how fast those are expected to be opened.
    """
    answers, opens, now, pace = Answers(), Answers(), datetime.now(UTC), wanted.due_per_second
    count, name = int(wanted.seconds * pace), f"due-{int(time.time())}"
    first = now + timedelta(seconds=wanted.ahead + 1.4 * count / per_second)  # opened by then, on a busy machine too
    due = {f"{name}-{n}": (first + timedelta(seconds=n / pace)).replace(microsecond=0) for n in range(count)}
    calls = [lambda n=n, at=at: say(stand, "/v1/applications", people.due(n, at, now), opens) for n, at in due.items()]
    await several(calls, IN_FLIGHT, lambda done: told("about to be due", done, count))
    in_time = {name: at for name, at in due.items() if at > datetime.now(UTC) + SOON}
    if 2 * len(in_time) < count:
        raise TimeoutError("the machine was too slow to open what should fall due: ask for less")
    await asyncio.sleep(max((first - datetime.now(UTC)).total_seconds(), 0))
    cpu, began, dice = stand.cpu(), time.monotonic(), random.Random(7)  # noqa: S311 -- to be the same again
    turn = int(time.time())

    def fact(number: int) -> Coroutine[Any, Any, None]:
        about = dice.randrange(open_now)
        said = {"facts": [people.news(about, turn + number, datetime.now(UTC))]}
        return say(stand, f"/v1/applications/stands-{about}/facts", said, answers)

    await _evenly(wanted, fact, told)
    seconds, spent = time.monotonic() - began, marginal(cpu, stand.cpu(), 1)
    moments = {name: at.timestamp() for name, at in in_time.items()}
    came = await _arrived(stand, moments, "thank-you", 120)
    late = lateness(moments, came)
    return {
        "open": open_now,
        "facts": len(answers.seconds),
        "facts_per_second": round(len(answers.seconds) / seconds, 1),
        "refused": answers.refused,
        "said_again": answers.again,
        "fact_ms": {name: round(1000 * value, 1) for name, value in percentiles(answers.seconds, 4).items()},
        "due": len(in_time),
        "due_per_second": pace,
        "sent": len(late),
        "early": sum(by < -1 for by in late),
        "lateness_s": percentiles(late),
        "cores": {name: round(one / seconds, 2) for name, one in spent.items()},
        **holds(stand),
    }


async def _evenly(wanted: Stream, call: Callable[[int], Coroutine[Any, Any, None]], told: Told) -> None:
    """Begins a call at its moment, whether or not those before it have ended."""
    began, count = time.monotonic(), int(wanted.seconds * wanted.facts_per_second)
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await asyncio.sleep(max(began + number / wanted.facts_per_second - time.monotonic(), 0))
            group.create_task(call(number))
            told("facts", number + 1, count)


async def _arrived(stand: Stand, due: dict[str, float], kind: str, patience: float) -> dict[str, float]:
    """When each came, once all have, or nothing more has for so long."""
    before, quiet_since = -1, time.monotonic()
    while True:
        found = stand.post.first(kind)
        came = {name: found[name] for name in due if name in found}
        if len(came) == len(due) or time.monotonic() - quiet_since > patience:
            return came
        if len(came) != before:
            before, quiet_since = len(came), time.monotonic()
        await asyncio.sleep(LOOKS)
