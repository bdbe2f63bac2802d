"""How long a property is looked for, and what is looked at.

With `AFTERWORD_PROPERTIES=thorough` it is twenty times as many examples, other ones each time.
"""

from __future__ import annotations

import os
from datetime import datetime, time
from typing import Any, Final

from hypothesis import HealthCheck, settings

from tests.core.histories import Application
from workflows.calendar import zone
from workflows.facts import Fact

MORE: Final = 20 if os.environ.get("AFTERWORD_PROPERTIES") == "thorough" else 1


def examples(number: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=number * MORE, deadline=None, derandomize=MORE == 1, database=None, suppress_health_check=slow)


def known(opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> Application:
    return Application(id="app-1").apply(*opening, *told)


def awake(opening: tuple[Fact, ...], moment: datetime) -> bool:
    """By hand: whether the local time lies in the waking hours of the opening."""
    candidate: Any = opening[0]
    start, end = (time.fromisoformat(t) for t in candidate.candidate.waking_hours)
    return start <= moment.astimezone(zone(candidate.candidate.timezone)).time() < end
