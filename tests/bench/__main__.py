"""`python -m tests.bench`: the benchmark as tables and `.afterword/bench.json`.

With `--full` as long as it takes for figures that are worth keeping; `--keep` writes them to docs/performance/floor.json. With `--quick` it
only shows that it works: its figures mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.status import Status
from rich.table import Table

from client.settings import CannotStart
from tests.bench import held, hooks, replay
from tests.bench.measure import FULL, QUICK, SHORT, UNENDED, Size, measure
from tests.bench.report import report
from tests.bench.stand import can_stand, stand, stand_on_postgres
from tests.bench.table import HEADS, Row, calls, lifecycle
from tests.bench.table import held as held_open
from tests.parts import ROOT
from tests.scale import cluster

RESULT: Final = Path(".afterword/bench.json")
KEPT: Final = ROOT / "docs" / "performance" / "floor.json"


async def run(size: Size, load: hooks.Load, console: Console) -> dict[str, Any]:
    lacks = "Nothing is measured." if size.rounds == QUICK.rounds else cluster.can_stand()
    with console.status("A server and the workers start …") as status:
        tell = partial(_tell, status)
        replayed = await replay.measure(size.latencies, tell)
        async with stand() if lacks else stand_on_postgres() as ready:
            told = report(await measure(ready, size, tell), size)
            told["hooks"] = await hooks.measure(ready, load, tell)
            told["replay_ms"] = replayed
            if size.open and not lacks:
                told["held"] = await held.measure(ready, size.open, size.held, tell)
    if lacks and size != QUICK:
        console.print(f"On the embedded server alone, without DBOS and without a crash. {lacks}")
    return told


def _tell(status: Status, what: str) -> None:
    status.update(f"{what} …")


def table(title: str, rows: Sequence[Row]) -> Table:
    shown = Table("", *HEADS.values(), "goal", title=title)
    for row in rows:
        shown.add_row(row.name, *row.cells, row.goal)
    for column in shown.columns[1:-1]:
        column.justify = "right"
    return shown


def tables(told: dict[str, Any]) -> list[Table]:
    made = [table("One standard lifecycle (in brackets: ours to theirs)", lifecycle(told)), table("Calls, one at a time", calls(told))]
    if rows := held_open(told):
        made.append(table(f"{told['held']['ours']['open']:,} applications open", rows))
    return made


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="two lifecycles each: shows that it works, measures nothing")
    asking.add_argument("--full", action="store_true", help=f"more of everything, and {FULL.open:,} applications open")
    asking.add_argument("--keep", action="store_true", help=f"also writes {KEPT.relative_to(ROOT)}")
    asking.add_argument("--open", type=int, help="so many applications open, 0 for none")
    asking.add_argument("--rounds", type=int, help="so many rounds")
    if not can_stand():
        asking.error("what a process uses is read from /proc, which this system does not have: run it on Linux")
    said = asking.parse_args()
    size, load = (QUICK, hooks.QUICK) if said.quick else (FULL, hooks.FULL) if said.full else (SHORT, hooks.SHORT)
    changed = {"open": said.open, "rounds": said.rounds}
    size = replace(size, **{name: value for name, value in changed.items() if value is not None})
    console = Console()
    try:
        told = asyncio.run(run(size, load, console))
    except* UNENDED as failed:
        first = failed.exceptions[0]
        raise SystemExit(f"A lifecycle did not end as it should, as happens when the machine has no time for it: {first}") from None
    except* (CannotStart, held.TooSlow) as failed:
        raise SystemExit(str(failed.exceptions[0])) from None
    told["measured"]["command"] = " ".join(["python -m tests.bench", *sys.argv[1:]])
    for file in (RESULT, KEPT) if said.keep else (RESULT,):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, indent=2) + "\n")
    for shown in tables(told):
        console.print(shown)
    delivered, replayed = told["hooks"], told["replay_ms"]
    console.print(
        f"Deliveries/s at the boards' entrance: {delivered['ours']:,},"
        f" {delivered['ratio']:.2f} of a handler that only signals (goal ≥ 0.8)."
    )
    console.print(f"Replay of one standard lifecycle: {replayed['p50']:.1f} ms, p99 {replayed['p99']:.1f} ms (goal < 50).")
    measured = told["measured"]
    console.print(
        f"Median of {size.rounds} rounds of {size.lifecycles} lifecycles each, {size.in_flight} in flight, by turns."
        f" All have the same send, which writes to nobody. Others kept {measured['cores_others_kept_busy']} of {measured['cores']} cores"
        f" busy meanwhile. Also in {RESULT}."
    )


if __name__ == "__main__":
    main()
