"""The arithmetic of the reports: what the measured moments and amounts amount to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any, Final

MINUTE: Final = 60


def percentiles(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """p50, p99 and the greatest; empty for nothing. A percentile is a value that was measured."""
    if not values:
        return {}
    by_size = sorted(values)
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(by_size[min(int(share * len(by_size)), len(by_size) - 1)], digits) for name, share in at.items()}


def lateness(due: Mapping[str, float], came: Mapping[str, float]) -> list[float]:
    """Seconds by which each that came did so after it was due. What came early counts as negative: nobody must be early."""
    return [came[name] - at for name, at in due.items() if name in came]


def busiest(moments: Sequence[float], window: int) -> float:
    """The most per second in any window of so many whole seconds."""
    if not moments:
        return 0.0
    ordered, begin, most = sorted(moments), 0, 0
    for end, moment in enumerate(ordered):
        while moment - ordered[begin] >= window:
            begin += 1
        most = max(most, end - begin + 1)
    return most / window


def by_minute(moments: Sequence[float], since: float) -> list[int]:
    """How many in each minute since then; nothing is left out in between."""
    found = Counter(int((moment - since) // MINUTE) for moment in moments)
    return [found[minute] for minute in range(max(found, default=-1) + 1)]


def marginal(before: Mapping[str, float], after: Mapping[str, float], count: int) -> dict[str, float]:
    """By how much each grew for each of so many."""
    return {name: (after[name] - before.get(name, 0.0)) / count for name in after}


@dataclass(frozen=True)
class Trend:
    """How a quantity goes on: the median of the slopes between all pairs of samples, which one outlier does not move."""

    median: float
    growth: float
    """Over the whole of the samples that count."""
    allowed: float

    @property
    def flat(self) -> bool:
        return self.growth <= self.allowed

    def as_json(self) -> dict[str, Any]:
        return {"median": round(self.median, 2), "growth": round(self.growth, 2), "allowed": round(self.allowed, 2), "flat": self.flat}


WARMING: Final = 1 / 3
"""The part of the samples that does not count: caches fill."""
SHARE: Final = 0.03
"""Of the median: so much a quantity may grow over what counts of a run."""


def trend(samples: Sequence[float], at_least: float = 0.0) -> Trend:
    """Of samples at even distances. `at_least`: so much growth is always allowed, as one file more is no leak."""
    counted = list(samples[int(len(samples) * WARMING) :])
    slopes = [(b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(counted), 2)]
    middle = median(counted) if counted else 0.0
    return Trend(middle, median(slopes) * (len(counted) - 1) if slopes else 0.0, max(SHARE * middle, at_least))
