"""How much one key may ask of this process: a bucket per key's name that empties with every call and fills with time.

A limit is `units/seconds`: so many units at once, and as many again evenly within those seconds. Calls that make much work cost several.
Nothing is shared between processes: behind several of them a key has as much of each.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

DEFAULT: Final = "6000/60"
"""Where nothing is set: a hundred calls a second. The embedded server has none."""
COSTS: Final[Mapping[str, int]] = {
    "/v1/preview": 10,
    "/v1/statistics": 10,
    "/v1/imports": 50,
    "/v1/candidates/{candidate}/export": 20,
    "/v1/policies/{name}/preview": 20,
    "/v1/policies/{name}/migrations": 20,
    "/v1/coaches/{coach}/candidates": 10,
}
"""By the route's path; every other call costs one."""


@dataclass(frozen=True)
class Limit:
    units: int
    seconds: int

    @property
    def policy(self) -> str:
        """As the header `RateLimit-Policy` has it."""
        return f'"key";q={self.units};w={self.seconds}'


@dataclass(frozen=True)
class Standing:
    """What a key has left after it asked."""

    limit: Limit
    left: float
    cost: int
    taken: bool
    """False: there was not enough left, and the call costs nothing."""

    @property
    def headers(self) -> dict[str, str]:
        """For every answer; `t` is when the key has everything again."""
        t = _seconds((self.limit.units - self.left) / self._speed)
        return {"RateLimit-Policy": self.limit.policy, "RateLimit": f'"key";r={int(self.left)};t={t}'}

    @property
    def again(self) -> int:
        """Seconds until there is enough for this call; at least one."""
        return max(_seconds((self.cost - self.left) / self._speed), 1)

    @property
    def _speed(self) -> float:
        return self.limit.units / self.limit.seconds


def limit_in(said: str) -> Limit | None:
    """A limit as the setting has it, which was checked there; `off`: none."""
    if said == "off":
        return None
    units, _, seconds = said.partition("/")
    return Limit(int(units), int(seconds))


class Limits:
    """The buckets of one process. `now`: seconds of a clock that only goes forward."""

    def __init__(self, limit: Limit | None, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def charge(self, name: str, path: str) -> Standing | None:
        """A call of that route is taken from what the key has, if that is enough. None: there is no limit."""
        if (limit := self._limit) is None:
            return None
        now = self._now()
        had, then = self._buckets.get(name, (float(limit.units), now))
        left = min(had + (now - then) * limit.units / limit.seconds, float(limit.units))
        cost = min(COSTS.get(path, 1), limit.units)
        taken = left >= cost
        if taken:
            left -= cost
        self._buckets[name] = (left, now)
        return Standing(limit, left, cost, taken)


def _seconds(exact: float) -> int:
    """Rounded up, but not for what is less than a thousandth."""
    return math.ceil(round(exact, 3))
