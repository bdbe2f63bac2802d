"""`python -m tests.bench`: the benchmark as a table and `.afterword/bench.json`.

With `--quick` it only shows that it works: its figures mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.status import Status
from rich.table import Table
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError

from tests.bench import hooks
from tests.bench.measure import FULL, QUICK, Size, measure, report
from tests.bench.stand import can_stand, stand

RESULT: Final = Path(".afterword/bench.json")
GOALS: Final = {"events": "≤ 1.0", "lifecycles_per_second": "≥ 0.9", "hooks": "≥ 0.8"}
_ROWS: Final = (
    ("lifecycles_per_second", "lifecycles/s", "lifecycles_per_second"),
    ("events", "history events", "events"),
    ("bytes", "history bytes", "bytes"),
    ("billable_actions", "billable actions", "billable_actions"),
    ("cpu_ms", "worker CPU, ms a lifecycle", "cpu"),
)
_CALLS: Final = (("open_ms", "open"), ("update_ms", "update"), ("query_ms", "query"), ("preview_ms", "preview (no server)"))


async def run(size: Size, console: Console) -> dict[str, Any]:
    with console.status("A server and two workers start …") as status:
        async with stand() as ready:
            tell = partial(_tell, status)
            found = await measure(ready, size, tell)
            delivered = await hooks.measure(ready, hooks.QUICK if size == QUICK else hooks.FULL, tell)
    return report(found, size) | {"hooks": delivered}


def _tell(status: Status, what: str) -> None:
    status.update(f"{what} …")


def table(told: dict[str, Any]) -> Table:
    ours, theirs, ratios = told["ours"], told["hand_written"], told["ratios"]
    shown = Table(title="One standard lifecycle, side by side")
    shown.add_column()
    for name in ("ours", "by hand", "ratio", "goal"):
        shown.add_column(name, justify="right")
    for figure, name, ratio in _ROWS:
        shown.add_row(name, f"{ours[figure]:,}", f"{theirs[figure]:,}", f"{ratios[ratio]:.3f}", GOALS.get(ratio, ""))
    for figure, name in _CALLS:
        pair = [
            f"{p50:.1f} / {p99:.1f}" if (p := side.get(figure)) and (p50 := p["p50"]) and (p99 := p["p99"]) else ""
            for side in (ours, theirs)
        ]
        shown.add_row(f"{name}, ms p50 / p99", *pair, "", "")
    if delivered := told.get("hooks"):
        ratio = f"{delivered['ratio']:.3f}"
        shown.add_row("deliveries/s (by hand: only signals)", f"{delivered['ours']:,}", f"{delivered['raw']:,}", ratio, GOALS["hooks"])
    return shown


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="two lifecycles each: shows that it works, measures nothing")
    if not can_stand():
        asking.error("the CPU time of a worker is read from /proc, which this system does not have: run it on Linux")
    quick: bool = asking.parse_args().quick
    size, console = (QUICK if quick else FULL), Console()
    try:
        told = asyncio.run(run(size, console))
    except* (RPCError, WorkflowFailureError) as failed:
        first = failed.exceptions[0]
        raise SystemExit(f"A lifecycle did not end as it should, as happens when the machine has no time for it: {first}") from None
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(told, indent=2) + "\n")
    console.print(table(told))
    console.print(
        f"Median of {size.rounds} rounds of {size.lifecycles} lifecycles each, {size.in_flight} in flight, by turns."
        f" Both have the same send, which writes to nobody. Also in {RESULT}."
    )


if __name__ == "__main__":
    main()
