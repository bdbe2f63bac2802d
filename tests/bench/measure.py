"""Measures all sides in one run, by turns, so that what else the machine does falls on all. What is told is the median of the rounds."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from temporalio.client import WorkflowFailureError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from client.applications import Applications
from client.opening import Preview
from client.preview import preview
from tests.bench.costs import Cost, cost
from tests.bench.lifecycle import HAND_WRITTEN, OURS, SIDES, Case, Handle, Side, SideName, begin, live, say, skip, told
from tests.bench.stand import Stand
from tests.bench.usage import Cpu, Written, written
from workflows import names
from workflows.facts import HiringStep, Word

Name = SideName | Literal["durable"]
SAMPLES: Final = 3
"""Histories of a round that are read. They differ by bytes only, as dates and numbers have more or fewer digits."""
TRIES: Final = 3
UNENDED: Final = (RPCError, WorkflowFailureError, WorkflowUpdateRPCTimeoutOrCancelledError)
CALLED: Final = (OURS, HAND_WRITTEN)
"""Whose calls are timed: the cheapest has nothing to look at."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    lifecycles: int
    """Of each side in each round."""
    in_flight: int
    latencies: int
    """Applications whose every call is timed, one call at a time."""
    open: int
    """Applications that are open at once, where a stand has PostgreSQL; 0: that is not measured."""
    held: tuple[Name, ...] = ("ours", "durable")
    """Of whom."""


FULL: Final = Size(rounds=5, lifecycles=120, in_flight=50, latencies=100, open=10_000, held=("ours", "hand_written", "durable"))
SHORT: Final = Size(rounds=5, lifecycles=40, in_flight=20, latencies=30, open=1_000)
QUICK: Final = Size(rounds=1, lifecycles=2, in_flight=2, latencies=2, open=0)


@dataclass
class Findings:
    """What was found about one side: one figure a round, one a call, in seconds."""

    lifecycles_per_second: list[float] = field(default_factory=list[float])
    cpu: list[Cpu] = field(default_factory=list[Cpu])
    """Of each lifecycle of a round, but `machine`: of the whole round."""
    repeated: int = 0
    """Rounds that had to be, and are not counted."""
    foreign: list[float] = field(default_factory=list[float])
    """Cores that others kept busy during the round."""
    written: list[Written] = field(default_factory=list[Written])
    """For each lifecycle of a round."""
    costs: list[Cost] = field(default_factory=list[Cost])
    open: list[float] = field(default_factory=list[float])
    update: list[float] = field(default_factory=list[float])
    query: list[float] = field(default_factory=list[float])
    record: list[float] = field(default_factory=list[float])
    """By the façade: said and seen."""
    view: list[float] = field(default_factory=list[float])
    """By the façade."""
    preview: list[float] = field(default_factory=list[float])
    handles: list[Handle] = field(default_factory=list[Handle])
    """Of the lifecycles that were looked at."""


async def measure(stand: Stand, size: Size, tell: Callable[[str], None] = lambda _: None) -> dict[Name, Findings]:
    sides: dict[Name, Side | None] = {side.name: side for side in SIDES}
    if stand.durable:
        sides["durable"] = None
    found: dict[Name, Findings] = {name: Findings() for name in sides}
    for name, side in sides.items():
        tell(f"{name} warms up")
        await _round_at_last(stand, side, replace(size, lifecycles=min(size.lifecycles, size.in_flight)), Findings())
    for n in range(size.rounds):
        for name in sides if n % 2 == 0 else reversed(sides):
            tell(f"lifecycles, round {n + 1} of {size.rounds}: {name}")
            await _round_at_last(stand, sides[name], size, found[name])
    tell("calls, one at a time")
    for n in range(size.latencies):
        for side in CALLED if n % 2 == 0 else reversed(CALLED):
            await _calls(stand, side, found[side.name])
        if stand.durable:
            await _durable_calls(stand, found["durable"])
    _previews(found["ours"], 4 * size.latencies)
    return found


async def _round_at_last(stand: Stand, side: Side | None, size: Size, found: Findings) -> None:
    """Again where a lifecycle did not end as it should, as happens when the machine has no time for it."""
    for left in reversed(range(TRIES)):
        try:
            await _round(stand, side, size, found)
        except ExceptionGroup as failed:
            if not left or failed.split(UNENDED)[1]:
                raise
            found.repeated += 1
        else:
            return


async def _round(stand: Stand, side: Side | None, size: Size, found: Findings) -> None:
    """`side`: None is the durable functions, which are told over their socket what to do."""
    worker = stand.workers[side.name].pid if side else stand.durable.process.pid if stand.durable else os.getpid()
    wrote = await written(stand.store) if stand.store else None
    before, start = stand.spent(worker, calls=side is not None), time.perf_counter()
    handles, seconds = await _lifecycles(stand, side, size.lifecycles, size.in_flight)
    spent, elapsed = stand.spent(worker, calls=side is not None).since(before), time.perf_counter() - start
    found.lifecycles_per_second.append(size.lifecycles / seconds)
    found.cpu.append(spent.each(size.lifecycles))
    found.foreign.append(max(spent.machine - spent.ours, 0.0) / elapsed)
    if stand.store and wrote:
        found.written.append((await written(stand.store)).since(wrote).each(size.lifecycles))
    looked_at = handles[:SAMPLES]
    found.costs += [cost(await handle.fetch_history()) for handle in looked_at]
    found.handles += looked_at


async def _lifecycles(stand: Stand, side: Side | None, count: int, in_flight: int) -> tuple[list[Handle], float]:
    """The runs that were lived, and in how many seconds."""
    cases = [Case.now() for _ in range(count)]
    if side is None:
        if not stand.durable:
            return [], 1.0
        return [], (await stand.durable.ask("live", cases, in_flight))["seconds"]
    places, start = asyncio.Semaphore(in_flight), time.perf_counter()

    async def one(case: Case) -> Handle:
        async with places:
            return await live(stand.client, side, case)

    async with asyncio.TaskGroup() as together:
        lives = [together.create_task(one(case)) for case in cases]
    return [life.result() for life in lives], time.perf_counter() - start


async def _calls(stand: Stand, side: Side, found: Findings) -> None:
    """One application's calls, each at the moment when the lifecycle has it, and looked at after each."""
    case, facade = Case.now(), Applications(stand.client)
    handle = await _timed(found.open, begin(stand.client, side, case))
    for later, call in told(side, case):
        await skip(stand.client, handle, later, wait=True)
        await _timed(found.update, say(handle, call))
        await _timed(found.query, handle.query(names.VIEW))
        if side is OURS:
            await _timed(found.view, facade.view(case.id))
            await _timed(found.record, facade.record(case.id, Word(facts=(HiringStep(step="debrief"),))))
    await handle.terminate()


async def _durable_calls(stand: Stand, found: Findings) -> None:
    if stand.durable:
        said = await stand.durable.ask("calls", [Case.now()])
        found.open += said["open"]
        found.update += said["update"]
        found.query += said["query"]


def _previews(found: Findings, count: int) -> None:
    """The whole lifecycle of the case played at once, as the API does it behind its door."""
    case = Case.now()
    said = Preview.model_validate(case.opening.model_dump())
    for _ in range(count):
        start = time.perf_counter()
        preview(said, datetime.now(UTC))
        found.preview.append(time.perf_counter() - start)


async def _timed(into: list[float], call: Awaitable[Any]) -> Any:
    start = time.perf_counter()
    answer = await call
    into.append(time.perf_counter() - start)
    return answer


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    by_length = sorted(seconds)
    return {
        name: round(1000 * by_length[min(int(share * len(by_length)), len(by_length) - 1)], 2)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
