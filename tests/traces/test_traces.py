"""Traces on a real stack that encrypts, sent to a real receiver: one trace from a call to the send, and nothing of anybody in any span."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from client.connection import converter
from client.embedded import Stack
from client.encryption.keys import KeyRing
from client.spans import TOLD
from tests.encryption.sealing import entry, key_of
from tests.running import DEV, body
from tests.server import eventually
from tests.traces.collector import Collector, attributes, collecting
from worker.registry import WORKFLOWS, runner
from workflows import names

pytestmark = pytest.mark.timeout(180)
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT: Final = "00f067aa0ba902b7"
SECRETS: Final = ("Ada", "Byron", "ada@example.org", "Analytical", "Staff Engineer", "Grace", "grace@example.com", "eyJ")
"""What the story says of people, and words that only ever stand in what is private."""
HEADER: Final = "_tracer-data"


@dataclass(frozen=True)
class Told:
    """The story, once it is over."""

    collector: Collector
    logs: dict[str, list[dict[str, Any]]]
    history: WorkflowHistory
    token: str
    keys: KeyRing

    def span(self, name: str, **said: str) -> Span:
        """The one of that name with these attributes."""
        found = [
            span for span in self.collector.spans().values() if span.name == name and said.items() <= attributes(span.attributes).items()
        ]
        assert len(found) == 1, [span.name for span in self.collector.spans().values()]
        return found[0]

    def above(self, span: Span) -> Iterator[Span]:
        """Itself, and what it is part of, up to what nobody here told."""
        spans, here = self.collector.spans(), span
        yield here
        while here := spans.get(here.parent_span_id):
            yield here


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Told]:
    """An application is opened and its candidate prompted; others ask in odd ways. It is all sent as the processes end."""
    keys, name, home = entry("k1"), "app-traced", tmp_path_factory.mktemp("home")
    async with collecting() as collector:
        environment = {
            "AFTERWORD_ENCRYPTION_KEYS": keys,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=careers",
            "OTEL_BSP_SCHEDULE_DELAY": "3600000",
            "FASTAPI_OTEL_AUTO_CONFIGURE": "true",  # which tells whole addresses, wherever it is let
        }
        async with (
            Stack.start(home=home, environment=environment) as stack,
            httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
        ):
            ended = (datetime.now(UTC) - timedelta(hours=4)).isoformat()
            who = {"id": f"cand-{name}", "name": "Ada Byron", "email": "ada@example.org", "timezone": "UTC"}
            said = body(name, candidate={**who, "waking_hours": ["00:00", "23:59"]})
            said["facts"][0]["ended_at"] = ended
            traced = {"traceparent": f"00-{TRACE}-{PARENT}-01", "baggage": "who=Ada%20Byron", "tracestate": "who=Ada"}
            assert (await api.post("/v1/applications", json=said, headers={"Request-Id": "r-opens", **traced})).status_code == 201

            async def sent() -> list[dict[str, Any]]:
                return (await api.get("/v1/messages", params={"application": name})).json()["messages"]

            token = re.search(r"/act/([\w.~%-]+)", (await eventually(sent))[0]["text"])
            assert token
            assert (await api.get(f"/act/{token[1]}", headers={"Request-Id": "r-link"})).status_code == 200
            await api.get("/v1/Ada%20Byron", params={"who": "ada@example.org"}, headers={"Request-Id": "r-nowhere"})
            await api.request("PROPFIND", "/v1/applications", headers={"Request-Id": "r-method"})
            refused = {"type": "thank_you_sent", "interview": "Ada"}
            await api.post(f"/v1/applications/{name}/facts", json=refused, headers={"Request-Id": "r-refused"})
            await api.get("/healthz")
            history = await stack.client.get_workflow_handle(names.workflow_id(name)).fetch_history()
            assert collector.bodies == []
        logs = {part: [json.loads(line) for line in (home / "logs" / f"{part}.log").read_text().splitlines()] for part in ("api", "worker")}
        yield Told(collector, logs, history, token[1], KeyRing(keys))


def test_one_trace_goes_from_the_call_through_the_run_to_the_send(told: Told) -> None:
    """Also across Temporal's headers, which are encrypted, and as a part of the caller's own trace."""
    send = told.span("RunActivity:send_notice", temporalWorkflowID="application/app-traced")
    path = list(told.above(send))
    assert [span.name for span in path] == [
        "RunActivity:send_notice",
        "StartActivity:send_notice",
        "StartUpdateWithStartWorkflow:JobApplication",
        "POST /v1/applications",
    ]
    assert {span.trace_id.hex() for span in (*path, told.span("RunWorkflow:JobApplication"))} == {TRACE}
    assert path[-1].parent_span_id.hex() == PARENT
    assert {"POST /v1/applications", "StartUpdateWithStartWorkflow:JobApplication"} <= told.collector.services()["afterword-api"]
    assert {"RunWorkflow:JobApplication", "RunActivity:send_notice"} <= told.collector.services()["afterword-worker"]
    assert {headers["x-tenant"] for headers in told.collector.headers} == {"careers"}


def test_a_call_is_told_by_its_route_its_answer_and_the_id_that_the_logs_have(told: Told) -> None:
    called = {
        attributes(span.attributes)["request_id"]: (span.name, attributes(span.attributes)["http.response.status_code"])
        for span in told.collector.spans().values()
        if "http.request.method" in attributes(span.attributes)
    }
    assert {name: one for name, one in called.items() if name.startswith("r-")} == {
        "r-opens": ("POST /v1/applications", "201"),
        "r-link": ("GET /act/{token}", "200"),
        "r-nowhere": ("GET", "404"),
        "r-method": ("_OTHER /v1/applications", "405"),
        "r-refused": ("POST /v1/applications/{application}/facts", "409"),
    }
    assert [span.name for span in told.collector.spans().values() if "healthz" in span.name] == []


def test_lines_of_the_log_name_their_trace(told: Told) -> None:
    (line,) = [line for line in told.logs["api"] if line.get("request_id") == "r-opens"]
    assert (line["trace_id"], line["span_id"]) == (TRACE, told.span("POST /v1/applications", request_id="r-opens").span_id.hex())
    assert [line for line in told.logs["worker"] if "trace_id" in line and "workflow_id" not in line] == []


def test_nothing_of_anybody_is_in_any_span(told: Told) -> None:
    """What a call, a link, an error, a caller's headers say of people: none of it is told, and of what goes wrong the class alone."""
    text = b"".join(told.collector.bodies)
    assert [one for one in (*SECRETS, told.token) if one.encode() in text] == []
    spans = told.collector.spans().values()
    assert {name for span in spans for name in attributes(span.attributes)} <= TOLD | {"error.type"}
    assert [span.name for span in spans if span.events or span.status.message or span.trace_state] == []


async def test_what_was_run_with_traces_replays_without_them_and_its_headers_are_encrypted(told: Told) -> None:
    headers = [payload for event in told.history.events for payload in _headers(event)]
    assert headers
    assert {key_of(payload) for payload in headers} == {"k1"}
    replayer = Replayer(workflows=WORKFLOWS, data_converter=converter(told.keys), workflow_runner=runner())
    await replayer.replay_workflow(told.history)


def _headers(event: Any) -> Iterator[Payload]:
    for attribute in ("workflow_execution_started_event_attributes", "activity_task_scheduled_event_attributes"):
        if event.HasField(attribute) and (found := getattr(event, attribute).header.fields.get(HEADER)):
            yield found
