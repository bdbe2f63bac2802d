"""The long form: `python -m tests.model --seed 7 --count 100000` compares that many histories, and goes on where it was stopped.

A history is made of the seed and its own number alone. Every eighth is compared after the process has played its part. Prints each kind of
disagreement once, as small as it gets, and ends with status 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from rich.progress import Progress

from tests.model.comparing import difference, smallest
from tests.model.histories import history

SHARE = 500
"""Histories that a process takes at a time."""
PLAYED = 8
STATE = Path(".afterword") / "model"
DIFFERS = "stage or steps"


def made(seed: int, n: int) -> tuple[list[dict[str, Any]], int | None]:
    chance = random.Random(f"{seed}/{n}")  # noqa: S311 -- reproducible, not secret
    return history(chance), None if n % PLAYED else chance.choice((3, 8, 15, 25, 40))


def compare(numbers: Iterable[int], seed: int) -> dict[int, str]:
    """The numbers that differ, and in what: `DIFFERS`, or the exception raised."""
    found: dict[int, str] = {}
    for n in numbers:
        told, days = made(seed, n)
        try:
            differs = difference(told, n, days)
        except Exception as e:  # noqa: BLE001 -- any exception at all is a disagreement
            found[n] = f"{type(e).__name__}: {e}"[:200]
            continue
        if differs:
            found[n] = DIFFERS
    return found


def shown(seed: int, n: int) -> str:
    """The smallest history that differs in the same way, and how."""
    told, days = made(seed, n)
    wanted = compare([n], seed)[n]

    def differs(fewer: list[dict[str, Any]]) -> bool:
        try:
            found = difference(fewer, n, days)
        except Exception as e:  # noqa: BLE001 -- as above
            return wanted == f"{type(e).__name__}: {e}"[:200]
        return found is not None and wanted == DIFFERS

    small = smallest(told, differs)
    facts = [f if f["type"] != "calendar" else {"type": "calendar", "country": f["country"]} for f in small]
    what = wanted if ": " in wanted else difference(small, n, days)
    return json.dumps({"name": wanted, "seed": seed, "number": n, "days": days, "facts": facts, "differs": what}, indent=1)


def main(seed: int, count: int, processes: int) -> int:
    STATE.mkdir(parents=True, exist_ok=True)
    kept = STATE / f"{seed}.json"
    state: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {"done": [], "found": {}}
    done = set[int](state["done"])
    shares = [first for first in range(0, count, SHARE) if first not in done]
    started = time.monotonic()
    with Progress() as bar, ProcessPoolExecutor(processes, initializer=os.nice, initargs=(5,)) as pool:
        task = bar.add_task(f"seed {seed}", total=count, completed=count - len(shares) * SHARE)
        work = {pool.submit(compare, range(first, min(first + SHARE, count)), seed): first for first in shares}
        for share in as_completed(work):
            done.add(work[share])
            state["found"] |= {str(n): name for n, name in share.result().items()}
            state["done"] = sorted(done)
            kept.write_text(json.dumps(state))
            bar.advance(task, SHARE)
    names: Counter[str] = Counter(state["found"].values())
    for name in names:
        sys.stdout.write(shown(seed, next(int(n) for n, of in state["found"].items() if of == name)) + "\n")
    compared = sum(min(SHARE, count - first) for first in done if first < count)
    sys.stdout.write(f"{compared} histories of seed {seed}, {time.monotonic() - started:.0f} s now: {dict(names) or 'no disagreement'}\n")
    return 1 if names else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    sys.exit(main(asked.seed, asked.count, asked.processes))
