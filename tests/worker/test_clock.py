"""A worker whose clock is not Temporal's is told of, by a figure and a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from temporalio.testing import ActivityEnvironment

from worker.clock import PAUSE, TOLERATED, Clock

SERVERS = datetime(2030, 3, 4, 16, tzinfo=UTC)


class Compared:
    def __init__(self, *, says: bool = True) -> None:
        self.ahead, self.seconds = timedelta(0), 0.0
        self.clock = Clock(says=says, now=lambda: SERVERS + self.ahead, seconds=lambda: self.seconds)

    def said(self, ahead: timedelta) -> list[int]:
        """What is logged when something begins, this machine being ahead by that much."""
        self.ahead = ahead
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=SERVERS)
        with capture_logs() as logged:
            environment.run(self.clock.compare)
        return [entry["seconds_ahead"] for entry in logged]


@pytest.mark.parametrize("ahead", [timedelta(0), TOLERATED, -TOLERATED])
def test_the_way_from_the_server_is_tolerated(ahead: timedelta) -> None:
    assert Compared().said(ahead) == []


@pytest.mark.parametrize("hours", [3, -3])
def test_a_clock_that_is_off_is_one_sentence_a_minute(hours: int) -> None:
    compared = Compared()
    assert compared.said(timedelta(hours=hours)) == [hours * 3600]
    compared.seconds = PAUSE - 1
    assert compared.said(timedelta(hours=hours)) == []
    compared.seconds = PAUSE
    assert compared.said(timedelta(hours=hours)) == [hours * 3600]


def test_a_server_that_skips_time_is_ahead_on_purpose() -> None:
    assert Compared(says=False).said(timedelta(hours=3)) == []
