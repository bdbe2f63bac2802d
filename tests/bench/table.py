"""What was found as rows of words, for a terminal and for docs/performance.md alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

HEADS: Final = {"ours": "ours", "hand_written": "by hand", "cheapest": "cheapest", "durable": "DBOS"}
"""How the sides are called, in the order of their columns."""
Pick = Callable[[Mapping[str, Any]], float | None]


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[str, ...]
    """One for each side of HEADS, empty where there is none."""
    goal: str = ""


def lifecycle(told: Mapping[str, Any]) -> list[Row]:
    """One standard lifecycle. In brackets: ours to theirs."""
    sides, ratios = told["sides"], told["ratios"]

    def row(name: str, pick: Pick, ratio: str, goal: str = "") -> Row:
        return Row(name, tuple(_cell(pick(sides.get(s, {})), ratios.get(s, {}).get(ratio)) for s in HEADS), goal)

    def cpu(part: str) -> Pick:
        return lambda side: side.get("cpu_ms", {}).get(part)

    def wrote(what: str) -> Pick:
        return lambda side: side.get("written", {}).get(what)

    rows = [
        row("lifecycles/s", lambda s: s.get("lifecycles_per_second"), "lifecycles_per_second", "≥ 1.0 by hand"),
        row("history events", lambda s: s.get("events"), "events", "≤ 1.0 by hand, ≤ 1.15 cheapest"),
        row("history bytes", lambda s: s.get("bytes"), "bytes"),
        row("billable actions", lambda s: s.get("billable_actions"), "billable_actions"),
        row("CPU, ms: all", cpu("ours"), "cpu"),
        row("CPU, ms: worker", cpu("worker"), "worker_cpu"),
        *(row(f"CPU, ms: {part}", cpu(part), "") for part in ("caller", "server", "database")),
        row("statements that write", wrote("statements"), "statements"),
        row("rows written", wrote("rows"), "rows"),
        row("bytes of write-ahead log", wrote("log_bytes"), "log_bytes"),
    ]
    return [r for r in rows if any(r.cells)]


def calls(told: Mapping[str, Any]) -> list[Row]:
    """One call at a time, in milliseconds."""
    sides, facade = told["sides"], told["facade"]
    names = {
        "open": ("open", ""),
        "update": ("update", ""),
        "query": ("query", ""),
        "record": ("record, by the façade", f"{facade['record']:.2f} of update"),
        "view": ("view, by the façade", f"{facade['view']:.2f} of query, goal ≤ 1.5"),
        "preview": ("preview (no server)", ""),
    }
    return [
        Row(f"{name}, ms p50 / p99", tuple(_pair(sides.get(s, {}).get(f"{call}_ms")) for s in HEADS), goal)
        for call, (name, goal) in names.items()
    ]


def held(told: Mapping[str, Any]) -> list[Row]:
    """Many open at once; empty where that was not measured."""
    sides = told.get("held", {})
    if not sides:
        return []
    names: dict[str, tuple[str, str]] = {
        "starts_alone_per_second": ("starts/s, durable, no worker is there", "ahead of DBOS's"),
        "starts_per_second": ("starts/s, durable, the worker takes them in meanwhile", ""),
        "taken_in_per_second": ("starts/s, until each waits for its moment", ""),
        "worker_mb": ("memory of the worker, MB", "ahead of DBOS"),
        "worker_kb_each": ("of that, kB for each that is open", "ahead of DBOS"),
        "all_mb": ("memory with server and database, MB", ""),
        "database_kb_each": ("database, kB each", ""),
        "idle_cpu_percent": ("CPU while nothing happens, % of a core", ""),
        "first_sent_s": ("after a crash: first message that was due, s", "ahead of DBOS"),
        "last_sent_s": ("after a crash: last message that was due, s", "ahead of DBOS"),
        "restart_cpu_s": ("CPU of the worker until then, s", ""),
    }
    rows = [Row(name, tuple(_cell(sides.get(s, {}).get(figure), None) for s in HEADS), goal) for figure, (name, goal) in names.items()]
    starts = tuple(_cell(sides.get(s, {}).get("start_cpu_ms", {}).get("ours"), None) for s in HEADS)
    return [*rows[:3], Row("CPU of a start, ms: all", starts), *rows[3:]]


def _cell(value: float | None, ratio: float | None) -> str:
    if value is None:
        return ""
    told = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}" if value < 100 else f"{value:,.1f}"
    return f"{told} ({ratio:.2f})" if ratio is not None else told


def _pair(told: Mapping[str, float] | None) -> str:
    return f"{told['p50']:.1f} / {told['p99']:.1f}" if told else ""
