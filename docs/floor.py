"""Writes the part of docs/performance.md about what one application costs beside others, from the figures that were measured.

`python -m docs.floor` reads docs/performance/floor.json, which `python -m tests.bench --full --keep` writes. The rest of the document is
somebody else's and stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.bench.table import HEADS, Row, calls, held, lifecycle

DOCUMENT: Final = Path(__file__).with_name("performance.md")
FIGURES: Final = Path(__file__).with_name("performance") / "floor.json"
BEGIN: Final = "<!-- written by `python -m docs.floor` from docs/performance/floor.json -->"
END: Final = "<!-- end of what docs.floor wrote -->"


def section(told: Mapping[str, Any]) -> str:
    """What stands between the two marks."""
    measured, replay = told["measured"], told["replay_ms"]
    parts = [
        "### One standard lifecycle",
        "",
        _lifecycles(measured),
        "",
        *_table(lifecycle(told)),
        "",
        "### Calls",
        "",
        f"One at a time, {measured['applications_for_latency']} applications each.",
        "",
        *_table(calls(told)),
        "",
        _deliveries(told["hooks"]),
        f"Replay of the kept history of one standard lifecycle: {replay['p50']:.1f} ms, {replay['p99']:.1f} ms at p99 (goal: under 50).",
        "",
    ]
    if rows := held(told):
        parts += [f"### {told['held']['ours']['open']:,} open, and a crash", "", *_table(rows), ""]
    parts.append(
        f"`{measured['command']}`, {measured['at'][:10]}, {measured['cores']} cores, of which others kept"
        f" {measured['cores_others_kept_busy']} busy meanwhile."
    )
    return "\n".join(parts) + "\n"


def written(document: str, told: Mapping[str, Any]) -> str:
    """The document with these figures in their place. ValueError where it has none."""
    if BEGIN not in document or END not in document:
        raise ValueError(f"docs/performance.md has no place for the figures: put a line {BEGIN} and a line {END} there")
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n\n{section(told)}\n{END}{rest.split(END)[1]}"


def _lifecycles(measured: Mapping[str, Any]) -> str:
    return (
        f"Median of {measured['rounds']} rounds of {measured['lifecycles_a_round']} lifecycles each, {measured['in_flight']} in flight,"
        " all sides by turns. In brackets: ours to theirs, the median of the ratios of each round."
    )


def _deliveries(hooks: Mapping[str, Any]) -> str:
    return (
        f"The boards' entrance accepts {hooks['ours']:,} deliveries a second, {hooks['ratio']:.2f} of what a handler takes that verifies"
        " nothing and only signals (goal: at least 0.8)."
    )


def _table(rows: Sequence[Row]) -> list[str]:
    return [
        "| | " + " | ".join((*HEADS.values(), "goal")) + " |",
        "|---|" + "---:|" * len(HEADS) + "---|",
        *("| " + " | ".join((row.name, *row.cells, row.goal)) + " |" for row in rows),
    ]


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
