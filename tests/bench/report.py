"""What was found, as one plain dict that is kept as JSON: a side each, and ours to each of the others."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from tests.bench.measure import Findings, Name, Size, percentiles

FACADE: Final = {"view": "query_ms", "record": "update_ms"}
"""A call of the façade, and the raw call of the same run that it is compared with."""
_CALLS: Final = ("open", "update", "query", "record", "view", "preview")


def report(found: Mapping[Name, Findings], size: Size) -> dict[str, Any]:
    sides: dict[Name, dict[str, Any]] = {name: _told(findings) for name, findings in found.items()}
    ours = sides["ours"]
    return {
        "sides": sides,
        "ratios": {other: _ratios(found["ours"], found[other], ours, sides[other]) for other in sides if other != "ours"},
        "facade": {call: round(ours[f"{call}_ms"]["p99"] / ours[raw]["p99"], 3) for call, raw in FACADE.items()},
        "measured": {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rounds": size.rounds,
            "rounds_repeated": sum(findings.repeated for findings in found.values()),
            "lifecycles_a_round": size.lifecycles,
            "in_flight": size.in_flight,
            "applications_for_latency": size.latencies,
            "cores": os.cpu_count(),
            "cores_others_kept_busy": round(median(share for findings in found.values() for share in findings.foreign), 2),
            "load_average": round(os.getloadavg()[1], 2),
        },
    }


def _ratios(ours: Findings, theirs: Findings, told: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, float]:
    """Of speed and CPU: the median of the ratios of each round, since a round's two turns had the same neighbours."""
    speeds = zip(ours.lifecycles_per_second, theirs.lifecycles_per_second, strict=True)
    spent = zip(ours.cpu, theirs.cpu, strict=True)
    found = {"lifecycles_per_second": _median(a / b for a, b in speeds), "cpu": _median(a.ours / b.ours for a, b in spent)}
    found |= {"worker_cpu": _median(a.worker / b.worker for a, b in zip(ours.cpu, theirs.cpu, strict=True))}
    for figure in ("events", "bytes", "billable_actions"):
        if figure in told and figure in other:
            found[figure] = round(told[figure] / other[figure], 3)
    for figure in ("statements", "rows", "log_bytes"):
        if "written" in told and "written" in other:
            found[figure] = round(told["written"][figure] / other["written"][figure], 3)
    return found


def _median(ratios: Any) -> float:
    return round(median(ratios), 3)


def _told(found: Findings) -> dict[str, Any]:
    told: dict[str, Any] = {
        "lifecycles_per_second": round(median(found.lifecycles_per_second), 2),
        "each_round": [round(rate, 2) for rate in found.lifecycles_per_second],
        "cpu_ms": {part: round(1000 * median(getattr(c, part) for c in found.cpu), 2) for part in _parts(found)},
    }
    if found.costs:
        told |= {figure: median(getattr(c, figure) for c in found.costs) for figure in ("events", "bytes", "billable_actions")}
    if found.written:
        told["written"] = {f: round(median(getattr(w, f) for w in found.written), 1) for f in ("statements", "rows", "log_bytes")}
    calls: dict[str, Sequence[float]] = {call: getattr(found, call) for call in _CALLS}
    return told | {f"{call}_ms": percentiles(seconds) for call, seconds in calls.items() if seconds}


def _parts(found: Findings) -> list[str]:
    """Whose CPU is told: nobody's who does not take part."""
    return [part for part in ("worker", "caller", "server", "database", "ours") if any(getattr(c, part) for c in found.cpu)]
