"""What a worker tells of itself: JSON lines on stderr, and metrics for Prometheus."""

from __future__ import annotations

import sys

from temporalio import activity, workflow
from temporalio.runtime import Runtime

from client.logs import log_to
from client.metrics import offered
from client.traces import Traces
from worker.settings import Settings


def start(settings: Settings, traces: Traces) -> Runtime:
    """Logging as it shall be, and the runtime whose metrics Prometheus reads. Once in a process. CannotStart if the port is taken."""
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    log_to(sys.stderr, settings.log_level, also=traces.logged)
    return offered(settings.metrics_host, settings.metrics_port, "metrics_port")
