"""What goes wrong, in an order that a seed alone decides: processes are killed, ways are bad, the disk is full, a clock jumps.

Two things may be wrong at once: one with a process, one with a way. Only processes that this stack started are ever killed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from client.embedded import Part
from tests.chaos.relay import MOODS
from tests.chaos.shaken import Scene
from tests.chaos.worker import CLOCK
from tests.durability.test_full_disk import full

KILLS: Final[dict[str, tuple[Part, ...]]] = {
    "worker killed": ("worker",),
    "API killed": ("api",),
    "Temporal killed": ("temporal",),
    "mail server killed": ("sink",),
    "worker and Temporal killed": ("temporal", "worker"),
    "worker and mail server killed": ("sink", "worker"),
}
"""In the order in which they are started again."""
PROCESSES: Final = (*KILLS, "disk full", "clock jumps")
WAYS: Final = (
    *(f"{way} {ill}" for way in ("worker to Temporal", "API to Temporal") for ill in ("slow", "cut", "stands still", "parted")),
    "worker to mail parted",
    "worker to mail slow",
    *(f"mail {mood}" for mood in MOODS),
)
JUMPS: Final = (-6 * 3600, -600, -31, 0, 31, 600, 6 * 3600)
"""Seconds by which the clock of the worker's host is then off."""


@dataclass(frozen=True)
class Fault:
    name: str
    lasts: float
    """Seconds. A killed process then has to start, which takes longer."""
    rest: float
    """Seconds until the next one of its kind."""
    off: float = 0


def schedule(seed: int, kinds: tuple[str, ...], rest: float) -> Iterator[Fault]:
    """Without an end: every kind once, in random order, and again."""
    chance = random.Random(f"{seed} {kinds[0]}")  # noqa: S311 -- reproducible, not secret
    while True:
        for name in chance.sample(kinds, len(kinds)):
            yield Fault(name, chance.uniform(0.1, 3.5), chance.uniform(0.2, 2) * rest, chance.choice(JUMPS))


async def plague(scene: Scene, seed: int, rest: float, most: int | None = None) -> None:
    """Goes on until it is cancelled, or there were so many of each kind; then everything is well again."""
    kinds = [asyncio.create_task(_each(scene, islice(schedule(seed, kinds, rest), most))) for kinds in (PROCESSES, WAYS)]
    try:
        await asyncio.gather(*kinds)
    finally:
        for kind in kinds:
            kind.cancel()
        await asyncio.gather(*kinds, return_exceptions=True)


async def supervise(scene: Scene) -> None:
    """Starts again what ended by itself, as whatever runs processes elsewhere does. Goes on until it is cancelled."""
    while True:
        await asyncio.sleep(1)
        async with scene.processes:
            for part in scene.stack.fallen():
                scene.fell.append(part)
                with scene.disturbed():
                    await scene.stack.again(part)


async def _each(scene: Scene, faults: Iterator[Fault]) -> None:
    for fault in faults:
        await asyncio.sleep(fault.rest * scene.pace)
        under_way = asyncio.ensure_future(befall(scene, fault))
        try:
            await asyncio.shield(under_way)  # what was killed is started again, whatever happens
        except asyncio.CancelledError:
            await under_way
            raise


async def befall(scene: Scene, fault: Fault) -> None:
    """One fault, from its beginning until everything runs again."""
    with scene.disturbed():
        if parts := KILLS.get(fault.name):
            async with scene.processes:
                for part in set(parts) - scene.stack.fallen():
                    await scene.stack.kill(part)
                await asyncio.sleep(fault.lasts)
                for part in parts:
                    await scene.stack.again(part)
        elif fault.name == "disk full":
            async with scene.processes:
                with full(scene.stack):
                    await asyncio.sleep(fault.lasts)
        elif fault.name == "clock jumps":
            (scene.stack.home / CLOCK).write_text(str(fault.off))
        else:
            await _on_the_way(scene, fault)


async def _on_the_way(scene: Scene, fault: Fault) -> None:
    name = fault.name
    if name.startswith("mail "):
        scene.mail_way.mood = name.removeprefix("mail ")
    way = {"worker to T": scene.worker_way, "API to Temp": scene.api_way}.get(name[:11], scene.mail_way)
    match name.rsplit(" ", 1)[1]:
        case "slow" if not name.startswith("mail "):
            way.delay = 0.15
        case "cut":
            way.cut()
        case "still":
            way.through.clear()
        case "parted":
            way.part()
        case _:
            pass
    await asyncio.sleep(fault.lasts)
    way.clear()
    scene.mail_way.mood = None
