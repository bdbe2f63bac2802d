"""`python -m tests.scale.soak --minutes 60`: mixed load in fast-forward, and whether worker and API hold more and more.

Lives of applications one after the other, weeks in seconds, on the embedded stack. Memory, files, threads, tasks and objects are looked at
at even distances; the first third does not count. A quantity is flat if it grew by no more than three hundredths over the rest, or by what
is allowed to anything; growth is the median of the slopes between all pairs of samples. At the end no run may be stuck or open.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from client.embedded import Stack
from client.settings import CannotStart
from tests.durability.accidents import written_down
from tests.parts import ROOT
from tests.running import DEV
from tests.scale.figures import trend
from tests.scale.lives import Lives
from tests.scale.post import post
from tests.scale.processes import can_tell, held
from workflows import names

RESULT: Final = Path(".afterword/soak.json")
AT_ONCE: Final = 6
"""Lives under way."""
CACHED: Final = 50
"""Runs in the worker's memory: few, so that its cache is full long before the samples count."""
SAMPLES: Final = 30
ALLOWED: Final = {"rss_mb": 6.0, "files": 3.0, "threads": 3.0, "tasks": 8.0, "blocks": 20_000.0}
"""So much growth is none: a thread more in a pool, a page more in an allocator."""
PARTS: Final = ("worker", "api")


class Watched(Stack):
    """The embedded stack, whose worker and API tell what their interpreters hold."""

    async def _start(self, name: str, module: str, ready: Callable[[], Awaitable[bool]]) -> None:
        program = [sys.executable, "-m", "tests.scale.watched", module, str(self.home / f"{name}.json")]
        child = await self._children.start(name, program, self._environment)
        await child.until(ready, timedelta(seconds=60))


@dataclass
class Samples:
    """Of every part and quantity, oldest first."""

    taken: dict[str, dict[str, list[float]]] = field(default_factory=lambda: {part: {what: [] for what in ALLOWED} for part in PARTS})

    def take(self, home: Path) -> None:
        pids = dict(written_down(home))
        for part in PARTS:
            now, inside = held(pids[part]), json.loads((home / f"{part}.json").read_text())
            told = {"rss_mb": now.rss / 1e6, "files": now.files, "threads": now.threads, **inside}
            for what, samples in self.taken[part].items():
                samples.append(round(told[what], 1))

    def trends(self) -> dict[str, dict[str, Any]]:
        return {
            part: {what: trend(samples, ALLOWED[what]).as_json() for what, samples in quantities.items()}
            for part, quantities in self.taken.items()
        }


async def stuck(stack: Stack) -> dict[str, int]:
    """Runs that should not be: 0 each, once Temporal's index has heard of the last end."""
    applications = f"WorkflowType = '{names.WORKFLOW}'"
    questions = {
        "failing": "TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'",
        "bugs": f"{applications} AND Attention = 'bug'",
        "open": f"{applications} AND ExecutionStatus = 'Running'",
    }
    found: dict[str, int] = {}
    for _ in range(20):
        found = {what: (await stack.client.count_workflows(question)).count for what, question in questions.items()}
        if not any(found.values()):
            break
        await asyncio.sleep(0.5)
    return found


async def soak(seconds: float, told: Callable[[float, int], None], lives_at_most: int | None = None) -> dict[str, Any]:
    """The samples, what they amount to, and what was done. `told` hears of the part of the time that is over, and of the lives."""
    async with post() as office:
        settings = {"AFTERWORD_SMTP_URL": office.url, "AFTERWORD_CACHED_RUNS": str(CACHED), "PYTHONPATH": str(ROOT)}
        async with (
            Watched.start(parts=PARTS, environment=settings) as stack,
            httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=60, trust_env=False) as api,
        ):
            lives, samples, began = Lives(api, stack.client), Samples(), time.monotonic()
            ended, numbers = began + seconds, iter(range(lives_at_most or sys.maxsize))

            async def one_after_the_other() -> None:
                for number in numbers:
                    if time.monotonic() > ended:
                        return
                    await lives.live(number)

            async def look() -> None:
                for sample in range(SAMPLES):
                    await asyncio.sleep(max(began + (sample + 1) * seconds / SAMPLES - time.monotonic(), 0))
                    samples.take(stack.home)
                    told((sample + 1) / SAMPLES, lives.books["lives"])

            async with asyncio.TaskGroup() as group:
                group.create_task(look())
                for _ in range(AT_ONCE):
                    group.create_task(one_after_the_other())
            return {
                "minutes": round(seconds / 60, 2),
                "lives": lives.books["lives"],
                "messages": len(office.arrivals),
                "calls": dict(sorted((what, count) for what, count in lives.books.items() if what != "lives")),
                "stuck": await stuck(stack),
                "trends": samples.trends(),
                "samples": samples.taken,
                "load": round(os.getloadavg()[0], 1),
            }


def grows(found: dict[str, Any]) -> list[str]:
    """What is wrong, in a line each."""
    rising = [
        f"{part}: {what} grew by {one['growth']}, of {one['median']}"
        for part, quantities in found["trends"].items()
        for what, one in quantities.items()
        if not one["flat"]
    ]
    return rising + [f"runs that are {what}: {count}" for what, count in found["stuck"].items() if count]


def main() -> int:
    asking = argparse.ArgumentParser(prog="python -m tests.scale.soak", description=__doc__)
    asking.add_argument("--minutes", type=float, default=60)
    asking.add_argument("--to", type=Path, default=RESULT, help="the file of figures")
    if not can_tell():
        asking.error("what processes hold is read from /proc, which this system does not have: run it on Linux")
    asked, console = asking.parse_args(), Console()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[lives]} lives"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("soak", total=1.0, lives=0)
        try:
            found = asyncio.run(soak(asked.minutes * 60, lambda part, lives: bars.update(bar, completed=part, lives=lives)))
        except CannotStart as e:
            print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
            return 1
    command = f"python -m tests.scale.soak --minutes {asked.minutes:g}"
    told = {"measured": {"at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(), "command": command}, **found}
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    asked.to.write_text(json.dumps(told, indent=2) + "\n")
    for part, quantities in found["trends"].items():
        for what, one in quantities.items():
            console.print(
                f"{part:<8}{what:<8} {one['median']:>12,} {one['growth']:>+10,} {'flat' if one['flat'] else 'GROWS'}", highlight=False
            )
    wrong = grows(found)
    console.print("\n".join(wrong) or f"{found['lives']} lives; nothing grows, nothing is stuck.", highlight=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
