"""Where a process offers its metrics, and the counters that the API keeps. What is counted has no id and nobody's name among its labels.

The SDK's own metrics and ours come from the same runtime, so that Prometheus reads one address of each process.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Final, get_args

from temporalio.common import MetricCounter, MetricMeter
from temporalio.runtime import LogForwardingConfig, LoggingConfig, PrometheusConfig, Runtime, TelemetryConfig, TelemetryFilter

from client.deliveries import Outcome
from client.settings import CannotStart, variable
from workflows.boards import BOARDS
from workflows.names import metrics as names

CORE: Final = "temporalio.core"
"""The logger of the SDK's own core."""
BUCKETS: Final = {names.LATENESS: (1.0, 10.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0)}
"""Seconds, by metric; what is not named has the SDK's own."""


def offered(host: str, port: int, setting: str) -> Runtime:
    """The runtime whose metrics Prometheus reads there, under `/metrics`. Once in a process.

    CannotStart, naming that setting, if the port is taken.
    """
    core = LoggingConfig(
        TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(
            logging.getLogger(CORE), append_target_to_name=False, prepend_target_on_message=False, append_log_fields_to_message=False
        ),
    )
    where = f"{host}:{port}"
    metrics = PrometheusConfig(bind_address=where, durations_as_seconds=True, histogram_bucket_overrides=BUCKETS)
    try:
        return Runtime(telemetry=TelemetryConfig(logging=core, metrics=metrics, global_tags={"service": "afterword"}))
    except (RuntimeError, ValueError) as e:
        why = str(e).splitlines()[0].rstrip(".")
        raise CannotStart(f"Metrics cannot be offered on {where} (set {variable(setting)}): {why}.") from None


@dataclass(frozen=True)
class Counts:
    """What the API counts. By default nothing is."""

    meter: MetricMeter = MetricMeter.noop
    _webhooks: MetricCounter = field(init=False, repr=False)
    _answers: MetricCounter = field(init=False, repr=False)

    def __post_init__(self) -> None:
        counter = self.meter.create_counter
        object.__setattr__(self, "_webhooks", counter(names.WEBHOOKS_TAKEN, "Deliveries of the job boards, by what became of them."))
        object.__setattr__(self, "_answers", counter(names.ANSWERS, "Answers of the HTTP API, by the first digit of their status."))
        for board in (*BOARDS, "?"):  # what was never at zero does not seem to grow when it begins
            for outcome in get_args(Outcome):
                self._webhooks.add(0, {"board": board, "outcome": outcome})
        for first in range(2, 6):
            self._answers.add(0, {"status": f"{first}xx"})

    def webhook(self, board: str, outcome: Outcome) -> None:
        """A board's delivery. The board is one that there is, or `?`."""
        self._webhooks.add(1, {"board": board, "outcome": outcome})

    def answer(self, status: int) -> None:
        self._answers.add(1, {"status": f"{status // 100}xx"})
