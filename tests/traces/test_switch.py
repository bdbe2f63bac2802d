"""Traces are on where OpenTelemetry's environment says so, and change nothing of what runs do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, get_current_span
from temporalio.client import WorkflowHistory
from temporalio.worker import Interceptor, Replayer

from client import spans
from client.connection import DATA_CONVERTER
from client.settings import CannotStart
from client.spans import Nameless
from client.traces import Traces, traced
from tests.parts import ROOT
from tests.replay.record import KEPT
from worker.registry import WORKFLOWS, runner
from workflows import names

WHERE = "http://127.0.0.1:9"
"""Nobody listens there."""
MODULES = ("opentelemetry.sdk", "opentelemetry.exporter", "temporalio.contrib.opentelemetry", "client.spans")


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": WHERE, "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": WHERE, "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_without_a_place_to_send_them_to_there_are_none(environment: dict[str, str]) -> None:
    with traced("afterword-worker", environment) as traces:
        assert traces == Traces()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT: write it as http://host:4318."),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://[:4318"}, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: write it as http://host:4318."),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": WHERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf is the one that is spoken here.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(CannotStart) as refused, traced("afterword-worker", environment):
        pass
    assert str(refused.value) == sentence


def test_without_the_extra_the_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("client.spans", "opentelemetry.sdk.trace"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CannotStart, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT is set: traces need the extra, afterword\[traces\]\.$"):  # noqa: SIM117 -- which of the two raises matters
        with traced("afterword-worker", {"OTEL_EXPORTER_OTLP_ENDPOINT": WHERE}):
            pass


def test_where_they_are_off_nothing_of_them_is_loaded() -> None:
    program = f"import sys, worker.telemetry, client.api.spans, client.traces; print([one for one in {MODULES} if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=50, check=True)
    assert told.stdout == "[]\n"


def kept() -> Iterator[WorkflowHistory]:
    """The longest history of each workflow; all there are if that is asked for."""
    found: dict[str, list[tuple[int, WorkflowHistory]]] = {}
    for file in sorted(KEPT.glob("*.json")):
        text = file.read_text(encoding="utf-8")
        kind = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]["workflowType"]["name"]
        name = f"{'candidate' if kind == names.CANDIDATE else 'application'}/{file.stem}"
        found.setdefault(kind, []).append((len(text), WorkflowHistory.from_json(name, text)))
    for of_kind in found.values():
        longest_first = [history for _, history in sorted(of_kind, key=lambda one: -one[0])]
        yield from longest_first if os.environ.get("AFTERWORD_PROPERTIES") == "thorough" else longest_first[:1]


@pytest.mark.timeout(600)
async def test_kept_histories_replay_with_traces_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """So they can be turned on and off while applications are open. `AFTERWORD_PROPERTIES=thorough` replays every history."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", WHERE)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with traced("afterword-worker") as traces:
        interceptors = [one for one in traces.interceptors if isinstance(one, Interceptor)]
        assert interceptors
        replayer = Replayer(workflows=WORKFLOWS, data_converter=DATA_CONVERTER, workflow_runner=runner(), interceptors=interceptors)
        for history in kept():
            await replayer.replay_workflow(history)


def test_a_collector_that_is_away_keeps_no_process_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", WHERE)
    monkeypatch.setattr(spans, "PATIENCE", 0.1)
    with traced("afterword-worker") as traces:
        assert traces.tracer
        traces.tracer.start_span("one").end()
        began = time.monotonic()
    assert time.monotonic() - began < 5


def test_of_what_goes_wrong_its_class_leaves_and_of_what_anybody_wrote_into_a_span_nothing() -> None:
    out, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Nameless(out)))
    tracer = provider.get_tracer("tests")

    def fails() -> None:
        with tracer.start_as_current_span("fails", attributes={"temporalWorkflowID": "application/app-1", "who": "Ada"}) as span:
            span.add_link(get_current_span().get_span_context(), {"who": "Ada"})
            span.add_event("Ada", {"who": "Ada"})
            raise ValueError("Ada")

    with pytest.raises(ValueError, match="Ada"):
        fails()
    (told,) = out.get_finished_spans()
    assert "Ada" not in told.to_json()
    assert told.attributes == {"temporalWorkflowID": "application/app-1", "error.type": "ValueError"}
    assert told.status.status_code == StatusCode.ERROR
    assert [link.context for link in told.links] == [told.context]
