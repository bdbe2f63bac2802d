"""A real receiver of OTLP over HTTP: what arrives is read by OpenTelemetry's own definition."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulators.serving import listening


@dataclass
class Collector:
    url: str = ""
    bodies: list[bytes] = field(default_factory=list[bytes])
    """As they arrived, for what must not be in them."""
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def spans(self) -> dict[bytes, Span]:
        """By their id."""
        return {span.span_id: span for _, span in self._told()}

    def services(self) -> dict[str, set[str]]:
        """The names of spans, by the service that told them."""
        found: dict[str, set[str]] = {}
        for service, span in self._told():
            found.setdefault(service, set()).add(span.name)
        return found

    def _told(self) -> Iterator[tuple[str, Span]]:
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = attributes(resource.resource.attributes)["service.name"]
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        yield service, span

    async def take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        return Response(media_type="application/x-protobuf")


def attributes(said: Iterable[KeyValue]) -> dict[str, str]:
    """All as text."""
    return {one.key: one.value.string_value or str(one.value.int_value) for one in said}


@asynccontextmanager
async def collecting() -> AsyncGenerator[Collector]:
    collector = Collector()
    async with listening(Starlette(routes=[Route("/v1/traces", collector.take, methods=["POST"])])) as url:
        collector.url = url
        yield collector
