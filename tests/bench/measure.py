"""Measures both in one run, by turns, so that whatever else the machine does falls on both. What is told is the median of the rounds."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from client.opening import Preview
from client.preview import preview
from tests.bench.costs import Cost, cost
from tests.bench.lifecycle import SIDES, Case, Handle, Side, SideName, begin, live, say, skip, told
from tests.bench.stand import Stand
from workflows import names

SAMPLES: Final = 3
"""Histories of a round that are read. They differ by bytes only, as dates and numbers have more or fewer digits."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    lifecycles: int
    """Of each of the two in each round."""
    in_flight: int
    latencies: int
    """Applications whose every call is timed, one call at a time."""


FULL: Final = Size(rounds=5, lifecycles=60, in_flight=20, latencies=50)
QUICK: Final = Size(rounds=1, lifecycles=2, in_flight=2, latencies=2)


@dataclass
class Findings:
    """What was found about one of the two: one figure a round, one a call, in seconds."""

    lifecycles_per_second: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    """Of the worker, for each lifecycle."""
    costs: list[Cost] = field(default_factory=list[Cost])
    open: list[float] = field(default_factory=list[float])
    update: list[float] = field(default_factory=list[float])
    query: list[float] = field(default_factory=list[float])
    preview: list[float] = field(default_factory=list[float])
    handles: list[Handle] = field(default_factory=list[Handle])
    """Of the lifecycles that were looked at."""


async def measure(stand: Stand, size: Size, tell: Callable[[str], None] = lambda _: None) -> dict[SideName, Findings]:
    found: dict[SideName, Findings] = {side.name: Findings() for side in SIDES}
    for side in SIDES:
        tell(f"{side.name} warms up")
        await _lifecycles(stand, side, min(size.lifecycles, size.in_flight), size.in_flight)
    for n in range(size.rounds):
        for side in SIDES if n % 2 == 0 else reversed(SIDES):
            tell(f"round {n + 1} of {size.rounds}: {side.name}")
            await _round(stand, side, size, found[side.name])
    tell("latencies")
    for n in range(size.latencies):
        for side in SIDES if n % 2 == 0 else reversed(SIDES):
            await _calls(stand, side, found[side.name])
    _previews(found["ours"], 4 * size.latencies)
    return found


async def _round(stand: Stand, side: Side, size: Size, found: Findings) -> None:
    cpu, start = stand.cpu(side), time.perf_counter()
    handles = await _lifecycles(stand, side, size.lifecycles, size.in_flight)
    found.lifecycles_per_second.append(size.lifecycles / (time.perf_counter() - start))
    found.cpu.append((stand.cpu(side) - cpu) / size.lifecycles)
    looked_at = handles[:SAMPLES]
    found.costs += [cost(await handle.fetch_history()) for handle in looked_at]
    found.handles += looked_at


async def _lifecycles(stand: Stand, side: Side, count: int, in_flight: int) -> list[Handle]:
    places = asyncio.Semaphore(in_flight)

    async def one() -> Handle:
        async with places:
            return await live(stand.client, side, Case.now())

    async with asyncio.TaskGroup() as together:
        lives = [together.create_task(one()) for _ in range(count)]
    return [life.result() for life in lives]


async def _calls(stand: Stand, side: Side, found: Findings) -> None:
    """One application's calls, each at the moment when the lifecycle has it, and looked at after each."""
    case = Case.now()
    handle = await _timed(found.open, begin(stand.client, side, case))
    for later, call in told(side, case):
        await skip(stand.client, handle, later, wait=True)
        await _timed(found.update, say(handle, call))
        await _timed(found.query, handle.query(names.VIEW))
    await handle.terminate()


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


def report(found: dict[SideName, Findings], size: Size) -> dict[str, Any]:
    """The content of bench.json. Ratios are ours to theirs: of events, bytes, actions and CPU less is better, of lifecycles more."""
    ours, theirs = (_told(found[side.name]) for side in SIDES)
    return {
        "ours": ours,
        "hand_written": theirs,
        "ratios": {
            "events": _ratio(ours, theirs, "events"),
            "bytes": _ratio(ours, theirs, "bytes"),
            "lifecycles_per_second": _ratio(ours, theirs, "lifecycles_per_second"),
            "cpu": _ratio(ours, theirs, "cpu_ms"),
            "billable_actions": _ratio(ours, theirs, "billable_actions"),
        },
        "measured": {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rounds": size.rounds,
            "lifecycles_a_round": size.lifecycles,
            "in_flight": size.in_flight,
            "applications_for_latency": size.latencies,
            "load_average": round(os.getloadavg()[1], 2),
        },
    }


def _told(found: Findings) -> dict[str, Any]:
    return {
        "lifecycles_per_second": round(median(found.lifecycles_per_second), 2),
        "cpu_ms": round(1000 * median(found.cpu), 2),
        "events": median(c.events for c in found.costs),
        "bytes": median(c.bytes for c in found.costs),
        "billable_actions": median(c.billable_actions for c in found.costs),
        "open_ms": _percentiles(found.open),
        "update_ms": _percentiles(found.update),
        "query_ms": _percentiles(found.query),
    } | ({"preview_ms": _percentiles(found.preview)} if found.preview else {})


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    by_length = sorted(seconds)
    return {
        name: round(1000 * by_length[min(int(share * len(by_length)), len(by_length) - 1)], 2)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


def _ratio(ours: dict[str, Any], theirs: dict[str, Any], figure: str) -> float:
    return round(ours[figure] / theirs[figure], 3)
