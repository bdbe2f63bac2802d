"""Whether this process tells OpenTelemetry what it does: only where OpenTelemetry's own environment says where to; else nothing is loaded.

`OTEL_EXPORTER_OTLP_ENDPOINT` turns traces on, and everything else about them is said as OpenTelemetry documents it: no setting is ours.
What a span is made of, and what never leaves with it, is in `spans`.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from structlog.typing import Processor
from temporalio.client import Interceptor

from client.settings import CannotStart

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN: Final = "http/protobuf"


@dataclass(frozen=True)
class Traces:
    """What traces need of a process; by default nothing, since there are none."""

    interceptors: Sequence[Interceptor] = ()
    """Of the client, and so of its workers."""
    logged: Sequence[Processor] = ()
    """For structlog."""
    tracer: Tracer | None = None
    """For the spans of calls."""


@contextmanager
def traced(service: str, environment: Mapping[str, str] = os.environ) -> Generator[Traces]:
    """While the block runs. `service`: its name, unless the environment has one. At its end what is left is sent, if that takes a moment.

    CannotStart where the environment says what cannot be done.
    """
    if not _on(environment):
        yield Traces()
        return
    try:
        from client.spans import exported  # noqa: PLC0415 -- an extra, and nothing of it is loaded where it is not asked for
    except ImportError:
        raise CannotStart(f"{_first(environment, _ENDPOINTS)} is set: traces need the extra, afterword[traces].") from None
    with exported(service) as traces:
        yield traces


def _on(environment: Mapping[str, str]) -> bool:
    where = _first(environment, _ENDPOINTS)
    exporters = environment.get("OTEL_TRACES_EXPORTER", "").strip() or "otlp"
    if where is None or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporters != "otlp":
        return False
    if (said := _first(environment, _PROTOCOLS)) and environment[said].strip() != _SPOKEN:
        raise CannotStart(f"{said}: {_SPOKEN} is the one that is spoken here.")
    try:
        address = urlsplit(environment[where].strip())
        good = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        good = False
    if not good:
        raise CannotStart(f"{where}: write it as http://host:4318.")
    return True


def _first(environment: Mapping[str, str], names: Sequence[str]) -> str | None:
    """Which of these variables counts; an empty one is as none."""
    return next((name for name in names if environment.get(name, "").strip()), None)
