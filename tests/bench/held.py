"""What it costs that many applications are open at once, and how long it takes until all are whole again after a crash.

One side after the other has the machine for itself: they are started, durably, as fast as they are taken; all wait for their first
moment; nothing happens for a while; the worker is killed; while it is gone the first message of some, spread over all, falls due; it is
started again, and the first and the last of these messages are waited for. Needs the stand on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from temporalio.common import WorkflowIDReusePolicy

from client.children import Child
from tests.bench.lifecycle import HAND_WRITTEN, OURS, PATIENCE, Case, Side, begin
from tests.bench.marks import marked
from tests.bench.measure import Name
from tests.bench.stand import Stand
from tests.bench.usage import Cpu, memory
from tests.scale.cluster import Postgres
from workflows import names

SLOWEST: Final = 40
"""Starts a second that even a slow machine makes. So long the first messages are put off."""
IN_FLIGHT: Final = 50
WARM: Final = 50
"""Applications that are open before anything is measured: the first of each kind costs more."""
PROBES: Final = 20
"""Applications, spread over all, whose first message falls due while the worker is gone."""
GONE: Final = 2.0
"""Seconds from the first of them falling due until the worker is started again."""
IDLE: Final = 10.0
"""Seconds in which nothing happens."""
SPARE: Final = 30.0
"""Seconds for what else is done before the first of them falls due."""
WHOLE: Final = timedelta(minutes=10)
_TIMERS: Final = "SELECT count(*) FROM timer_info_maps"


class TooSlow(Exception):  # noqa: N818 -- what the machine is
    """The machine has no time for what is measured."""


@dataclass(frozen=True)
class Open:
    """One side that can be held open."""

    name: Name
    process: Callable[[], Child]
    launch: Callable[[Path], Awaitable[None]]
    """Starts the worker, which marks what it sends in that file."""
    start: Callable[[Sequence[Case]], Awaitable[float]]
    """Durable when it returns, in so many seconds. Whoever is started need not have done anything yet."""
    waiting: Callable[[], Awaitable[int]]
    """How many wait for a moment, whosever they are."""


def sides(stand: Stand) -> tuple[Open, ...]:
    """Empty where a stand cannot hold any."""
    store, durable = stand.store, stand.durable
    if not store or not durable:
        return ()

    def temporal(side: Side, start: Callable[[Stand, Side, Case], Awaitable[Any]]) -> Open:
        async def launch(marks: Path) -> None:
            await stand.work(side, marks)

        async def all_of(cases: Sequence[Case]) -> float:
            places, began = asyncio.Semaphore(IN_FLIGHT), time.perf_counter()

            async def one(case: Case) -> None:
                async with places:
                    await start(stand, side, case)

            async with asyncio.TaskGroup() as together:
                for case in cases:
                    together.create_task(one(case))
            return time.perf_counter() - began

        async def waiting() -> int:
            return int(await store.ask(_TIMERS, "temporal"))

        return Open(side.name, lambda: stand.workers[side.name], launch, all_of, waiting)

    async def start(cases: Sequence[Case]) -> float:
        return (await durable.ask("start", cases, IN_FLIGHT))["seconds"]

    by_functions = Open("durable", lambda: durable.process, durable.start, start, durable.waiting)
    return temporal(OURS, _heard), temporal(HAND_WRITTEN, _opened), by_functions


async def measure(
    stand: Stand, count: int, only: Collection[Name], tell: Callable[[str], None] = lambda _: None
) -> dict[str, dict[str, Any]]:
    """By side. `count`: applications that are open. TooSlow where the machine is."""
    held: dict[str, dict[str, Any]] = {}
    for side in list(stand.workers):
        await stand.workers.pop(side).stop()
    if stand.durable:
        await stand.durable.process.stop()
    for side in (s for s in sides(stand) if s.name in only):
        held[side.name] = await _hold(stand, side, count, lambda what, side=side: tell(f"{count:,} open, {side.name}: {what}"))
    return held


async def _hold(stand: Stand, side: Open, count: int, tell: Callable[[str], None]) -> dict[str, Any]:
    if not (store := stand.store):
        return {}
    marks = stand.home / f"{side.name}.marks"
    calls = side.name != "durable"  # there the worker is the caller

    def spent() -> Cpu:
        return stand.spent(side.process().pid, calls=calls)

    tell("the worker starts")
    await side.launch(marks)
    before_all = await side.waiting()
    await side.start([Case.now() for _ in range(WARM)])
    await _all_wait(side, before_all + WARM, tell)
    probes, cases, due = probed(count)
    before, bytes_before, waiting_before = spent(), await _bytes(store), await side.waiting()
    memory_before = _memory(stand, side)
    tell("they are started")
    began = time.perf_counter()
    accepted = await side.start(cases)
    await _all_wait(side, waiting_before + count, tell)
    taken_in = time.perf_counter() - began
    if time.time() + IDLE > due:
        raise TooSlow(
            f"{side.name}: {count:,} were started in {taken_in:.0f} s, and the first messages are due before the worker is killed"
        )
    started = spent().since(before).each(count)
    grown, stored = _memory(stand, side), await _bytes(store) - bytes_before
    tell("nothing happens")
    quiet, at = spent(), time.perf_counter()
    await asyncio.sleep(IDLE)
    idle = spent().since(quiet).ours / (time.perf_counter() - at)
    tell("the worker is killed, and messages fall due")
    side.process().kill()
    await side.process().ended()
    await asyncio.sleep(max(due + GONE - time.time(), 0.0))
    restarted, crashed = time.time(), time.perf_counter()
    launching = asyncio.ensure_future(side.launch(marks))
    sent = await _sent(marks, probes, tell)
    await launching
    recovered = spent().worker
    tell("the worker ends, and some are started without one")
    await side.process().stop()
    alone = round(PROBES * 10 / await side.start([Case.now() for _ in range(PROBES * 10)]), 1) if side.name == "ours" else None
    return {
        "starts_alone_per_second": alone,
        "open": count,
        "starts_per_second": round(count / accepted, 1),
        "taken_in_per_second": round(count / taken_in, 1),
        "start_cpu_ms": {part: round(1000 * getattr(started, part), 2) for part in ("worker", "caller", "server", "database", "ours")},
        "worker_mb": round(grown["worker"] / 1e6, 1),
        "worker_kb_each": round((grown["worker"] - memory_before["worker"]) / count / 1e3, 2),
        "all_mb": round(sum(grown.values()) / 1e6, 1),
        "database_kb_each": round(stored / count / 1e3, 2),
        "idle_cpu_percent": round(100 * idle, 1),
        "first_sent_s": round(min(sent) - restarted, 2),
        "median_sent_s": round(median(sent) - restarted, 2),
        "last_sent_s": round(max(sent) - restarted, 2),
        "restart_cpu_s": round(recovered, 2),
        "restart_watched_s": round(time.perf_counter() - crashed, 1),
    }


def probed(count: int) -> tuple[set[str], list[Case], float]:
    """Whose message falls due early, all of them in the order of their starts, and when that is, in seconds since the epoch."""
    due = time.time() + count / SLOWEST + IDLE + SPARE
    every, cases, probes = max(count // PROBES, 1), list[Case](), set[str]()
    for n in range(count):
        is_probe = n % every == every // 2
        cases.append(case := Case.now(timedelta(seconds=math.ceil(due - time.time()))) if is_probe else Case.now(timedelta(hours=2)))
        if is_probe:
            probes.add(case.id)
    return probes, cases, due


async def _all_wait(side: Open, count: int, tell: Callable[[str], None]) -> None:
    while (there := await side.waiting()) < count:
        tell(f"{count - there:,} of them do not wait yet")
        await asyncio.sleep(0.5)


async def _sent(marks: Path, probes: set[str], tell: Callable[[str], None]) -> list[float]:
    """When each of them was sent, once all are."""
    deadline = time.monotonic() + WHOLE.total_seconds()
    while len(found := {who: at for who, at in marked(marks).items() if who in probes}) < len(probes):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(probes) - len(found)} of {len(probes)} messages that were due were not sent within {WHOLE}")
        tell(f"the worker is there again: {len(found)} of {len(probes)} messages that were due are sent")
        await asyncio.sleep(0.1)
    return list(found.values())


async def _bytes(store: Postgres) -> int:
    await store.ask("CHECKPOINT")
    return int(await store.ask("SELECT sum(pg_database_size(datname)) FROM pg_database"))


def _memory(stand: Stand, side: Open) -> dict[str, int]:
    database = memory(stand.store.process.pid, family=True) if stand.store else 0
    return {"worker": memory(side.process().pid), "server": memory(stand.server), "database": database}


async def _heard(stand: Stand, side: Side, case: Case) -> None:
    """Durable as a board's word is: nobody waits for an answer."""
    await stand.client.start_workflow(
        side.workflow,
        id=side.workflow_id(case.id),
        task_queue=side.task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        task_timeout=names.TASK_TIMEOUT,
        start_signal=names.HEARD,
        start_signal_args=[case.word],
        rpc_timeout=PATIENCE,
    )


async def _opened(stand: Stand, side: Side, case: Case) -> None:
    """It hears nothing but updates: whoever opens waits for an answer."""
    await begin(stand.client, side, case)
