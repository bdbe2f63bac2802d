"""What a trace is made of, and what never leaves with it. Loaded only where traces are on: see `traces`.

A trace begins with a call, or with what a worker does by itself, and goes with Temporal's headers, encrypted like everything in them,
through runs to activities. Spans within a run have no length: it lasts for weeks, and what it does in between must be seen before it ends.
Whatever a run does, however late, is in the trace of the call that opened it.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status, format_span_id, format_trace_id, get_current_span
from structlog.typing import EventDict, WrappedLogger
from temporalio.contrib.opentelemetry import TracingInterceptor

from client.traces import Traces

TOLD: Final = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "request_id",
        "temporalWorkflowID",
        "temporalRunID",
        "temporalActivityID",
        "temporalUpdateID",
    }
)
"""Attributes that leave: ids, and names of the code's own. Whoever adds one here says the same of it."""
ERROR: Final = "error.type"
"""The class of what went wrong: all that is told of it, since its words may be somebody's."""
PATIENCE: Final = 3.0
"""Seconds that an end may wait for whoever takes the spans."""


@contextmanager
def exported(service: str) -> Generator[Traces]:
    """Sent where the environment says, in batches; at the end of the block, what is left, as far as it is taken in `PATIENCE`."""
    resource = Resource.create({SERVICE_NAME: service}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Nameless(OTLPSpanExporter())))
    tracer = provider.get_tracer("afterword", version("afterword"))
    try:
        yield Traces(interceptors=(TracingInterceptor(tracer),), logged=(logged,), tracer=tracer)
    finally:
        ending = threading.Thread(target=provider.shutdown, daemon=True)
        ending.start()
        ending.join(PATIENCE)


def logged(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """For structlog: a line that is written within a span names it and its trace."""
    here = get_current_span().get_span_context()
    if here.is_valid:
        event["trace_id"], event["span_id"] = format_trace_id(here.trace_id), format_span_id(here.span_id)
    return event


class Nameless(SpanExporter):
    """The only way out: whatever was written into a span, what is not known to be nobody's stays here."""

    def __init__(self, out: SpanExporter) -> None:
        self._out = out

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._out.export([_nameless(span) for span in spans])

    def shutdown(self) -> None:
        self._out.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._out.force_flush(timeout_millis)


def _nameless(span: ReadableSpan) -> ReadableSpan:
    kept = {name: value for name, value in (span.attributes or {}).items() if name in TOLD}
    for event in span.events:
        if kind := (event.attributes or {}).get("exception.type"):
            kept[ERROR] = kind
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
