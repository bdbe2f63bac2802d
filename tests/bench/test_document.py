"""docs/performance.md shows the figures that were measured, and no others; every side and every figure has its cell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.floor import BEGIN, DOCUMENT, END, FIGURES, section, written
from tests.bench.costs import Cost
from tests.bench.measure import SHORT, Findings, Name
from tests.bench.report import report
from tests.bench.table import lifecycle
from tests.bench.usage import Cpu, Written

HELD = {
    "open": 1_000, "starts_per_second": 50.0, "starts_alone_per_second": None, "taken_in_per_second": 40.0,
    "start_cpu_ms": {"ours": 48.5}, "worker_mb": 169.3, "worker_kb_each": 12.5, "all_mb": 776.6, "database_kb_each": 36.2,
    "idle_cpu_percent": 5.5, "first_sent_s": 2.25, "median_sent_s": 2.5, "last_sent_s": 3.75, "restart_cpu_s": 2.7,
}  # fmt: skip


def found(speed: float, worker: float, events: int, *, calls: bool = True, has_histories: bool = True) -> Findings:
    """Three rounds of one side, of which the second was disturbed."""
    return Findings(
        lifecycles_per_second=[speed, speed / 10, speed],
        cpu=[Cpu(worker, 0.01, 0.2, 0.1, 5.0)] * 3,
        foreign=[0.1, 1.9, 0.2],
        written=[Written(250, 240, 100_000)] * 3,
        costs=[Cost(events, 20_000, 22)] * 3 if has_histories else [],
        open=[0.05] * 10 if calls else [],
        update=[0.02] * 99 + [0.04] if calls else [],
        query=[0.01] * 99 + [0.02] if calls else [],
        view=[0.01] * 99 + [0.03],
        record=[0.02] * 99 + [0.06],
    )


@pytest.fixture
def told() -> dict[str, Any]:
    sides: dict[Name, Findings] = {
        "ours": found(10, 0.05, 77),
        "hand_written": found(8, 0.04, 77),
        "cheapest": found(12, 0.03, 70, calls=False),
        "durable": found(30, 0.03, 0, has_histories=False),
    }
    made = report(sides, SHORT)
    made["measured"]["command"] = "python -m tests.bench"
    return made | {
        "hooks": {"ours": 106.1, "ratio": 0.97},
        "replay_ms": {"p50": 41.5, "p99": 48.25},
        "held": {"ours": {**HELD, "starts_alone_per_second": 270.0}, "durable": HELD},
    }


def test_the_document_shows_what_was_measured() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    if FIGURES.exists():
        assert written(document, json.loads(FIGURES.read_text(encoding="utf-8"))) == document
    else:
        assert f"{BEGIN}\n{END}" in document


def test_a_disturbed_round_does_not_move_what_is_told(told: dict[str, Any]) -> None:
    assert told["sides"]["ours"]["lifecycles_per_second"] == 10
    assert told["ratios"]["hand_written"]["lifecycles_per_second"] == 1.25
    assert told["measured"]["cores_others_kept_busy"] == 0.2


def test_ours_is_told_in_proportion_to_each_of_the_others(told: dict[str, Any]) -> None:
    assert told["ratios"]["cheapest"]["events"] == 1.1
    assert told["ratios"]["cheapest"]["worker_cpu"] == 1.667
    assert told["ratios"]["durable"].keys() == {"lifecycles_per_second", "cpu", "worker_cpu", "statements", "rows", "log_bytes"}
    assert told["facade"] == {"view": 1.5, "record": 1.5}


def test_every_side_and_every_figure_has_a_cell(told: dict[str, Any]) -> None:
    shown = section(told)

    assert "| lifecycles/s | 10 | 8 (1.25) | 12 (0.83) | 30 (0.33) | ≥ 1.0 by hand |" in shown
    assert "| history events | 77 | 77 (1.00) | 70 (1.10) |  |" in shown
    assert "| CPU, ms: worker | 50 | 40 (1.25) | 30 (1.67) | 30 (1.67) |" in shown
    assert "| view, by the façade, ms p50 / p99 | 10.0 / 30.0 |" in shown
    assert "1.50 of query, goal ≤ 1.5 |" in shown
    assert "| starts/s, durable, no worker is there | 270 |  |  |  |" in shown
    assert "### 1,000 open, and a crash" in shown
    assert "0.97 of what a handler takes" in shown
    assert "41.5 ms, 48.2 ms at p99" in shown
    assert "`python -m tests.bench`" in shown


def test_what_was_not_measured_has_no_row(told: dict[str, Any]) -> None:
    without = {side: {k: v for k, v in figures.items() if k != "written"} for side, figures in told["sides"].items()}

    assert [row.name for row in lifecycle({**told, "sides": without}) if "write" in row.name or "rows" in row.name] == []
    assert "a crash" not in section({name: figures for name, figures in told.items() if name != "held"})


def test_figures_take_the_place_of_those_before_and_leave_the_rest(told: dict[str, Any]) -> None:
    assert written(f"before\n{BEGIN}\nold\n{END}\nafter\n", told) == f"before\n{BEGIN}\n\n{section(told)}\n{END}\nafter\n"


def test_a_document_without_a_place_for_them_is_told_so() -> None:
    with pytest.raises(ValueError, match="no place for the figures"):
        written("# Performance\n", {})
