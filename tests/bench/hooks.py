"""How many deliveries a second the boards' entrance accepts, beside a raw handler that verifies nothing and only signals-with-start.

Both get the same deliveries from this process, with as many in flight, for as many applications, which the same worker runs, by turns in
the same run. Every delivery is signed; what is accepted is durable and acknowledged. The next turn begins when the worker is done with
the last one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

import httpx
from temporalio.client import Client, WorkflowHandle

from client.children import Children
from client.embedded import Ports
from tests.bench.raw_handler import HOST
from tests.bench.stand import READY, Stand
from tests.parts import ROOT
from workflows import names
from workflows.boards import BOARDS
from workflows.boards.signing import sign

SECRET: Final = "d2hzZWMtb2YtdGhlLWJlbmNobWFyay0wMTIzNDU="
CONNECTION: Final = "bench"
DONE: Final = timedelta(seconds=60)
"""In which the worker has taken in what was delivered in a round."""


@dataclass(frozen=True)
class Load:
    """How much is delivered."""

    rounds: int
    deliveries: int
    """To each of the two in each round."""
    applications: int
    in_flight: int


FULL: Final = Load(rounds=5, deliveries=1_000, applications=50, in_flight=20)
SHORT: Final = Load(rounds=5, deliveries=300, applications=50, in_flight=20)
QUICK: Final = Load(rounds=1, deliveries=20, applications=4, in_flight=4)


async def measure(stand: Stand, load: Load, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Accepted deliveries a second of both, and ours to theirs: medians of the rounds, each of which compares its own two turns."""
    found: dict[str, list[float]] = {"ours": [], "raw": []}
    async with _served(stand.client) as urls, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for n in range(-1, load.rounds):  # the first one warms up
            for name in urls if n % 2 == 0 else reversed(urls):
                tell(f"deliveries, round {n + 1} of {load.rounds}: {name}")
                rate = await _round(stand.client, http, urls[name], load)
                if n >= 0:
                    found[name].append(rate)
    ours, raw = found["ours"], found["raw"]
    ratio = median(one / other for one, other in zip(ours, raw, strict=True))
    return {"ours": round(median(ours), 1), "raw": round(median(raw), 1), "ratio": round(ratio, 3), **vars(load)}


async def _round(client: Client, http: httpx.AsyncClient, url: str, load: Load) -> float:
    applications, places = [uuid4().hex for _ in range(load.applications)], asyncio.Semaphore(load.in_flight)
    deliveries = [_delivery(applications[n % load.applications]) for n in range(load.deliveries)]

    async def send(headers: dict[str, str], body: bytes) -> None:
        async with places:
            (await http.post(url, headers=headers, content=body)).raise_for_status()

    start = time.perf_counter()
    async with asyncio.TaskGroup() as together:
        for headers, body in deliveries:
            together.create_task(send(headers, body))
    took = time.perf_counter() - start
    async with asyncio.timeout(DONE.total_seconds()):
        for n, application in enumerate(applications):
            await _taken_in(client, application, len(range(n, load.deliveries, load.applications)))
    return load.deliveries / took


def _delivery(application: str) -> tuple[dict[str, str], bytes]:
    said = {"type": "hiring_step", "data": {"application": application, "step": "debrief"}}
    headers = {"content-type": "application/json", "webhook-id": f"msg_{uuid4().hex}"}
    return sign(BOARDS["standard"].scheme, SECRET, headers, json.dumps(said).encode(), datetime.now(UTC))


async def _taken_in(client: Client, application: str, count: int) -> None:
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(names.workflow_id(f"{CONNECTION}.{application}"))
    while (await handle.query(names.VIEW, result_type=dict[str, Any]))["revision"] < count:  # noqa: ASYNC110 -- a run tells in no other way
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _served(client: Client) -> AsyncGenerator[dict[str, str]]:
    """The hooks of both, each in a process of its own."""
    async with contextlib.AsyncExitStack() as after:
        home = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="afterword-")))
        file = home / "connections.toml"
        file.write_text(f'[{CONNECTION}]\nboard = "standard"\nsecrets = ["{SECRET}"]\n')
        children, ports = Children(home), Ports.free()
        after.push_async_callback(children.stop)
        told = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "AFTERWORD_"))}
        told |= {"TEMPORAL_ADDRESS": client.service_client.config.target_host, "TEMPORAL_NAMESPACE": client.namespace}
        told |= {"TEMPORAL_CONFIG_FILE": os.devnull, "PYTHONPATH": str(ROOT)}
        ours = told | {"AFTERWORD_EMBEDDED": "1", "AFTERWORD_API_PORT": str(ports.api), "AFTERWORD_CONNECTIONS": str(file)}
        ours |= {"AFTERWORD_API_METRICS_PORT": str(ports.api_metrics)}
        ours |= {"AFTERWORD_LINK_KEYS": "k" * 32, "AFTERWORD_PUBLIC_URL": "https://afterword.example.com"}
        programs = {
            "ours": (ports.api, [sys.executable, "-m", "client.api"], ours),
            "raw": (ports.smtp, [sys.executable, "-m", "tests.bench.raw_handler", str(ports.smtp)], told),
        }
        for name, (port, program, environment) in programs.items():
            child = await children.start(name, program, environment)
            await child.until(lambda port=port: _answers(port), READY)
        yield {name: f"http://{HOST}:{port}/hooks/standard/{CONNECTION}" for name, (port, _, _) in programs.items()}


async def _answers(port: int) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
        try:
            return (await http.get(f"http://{HOST}:{port}/openapi.json")).is_success
        except httpx.HTTPError:
            return False
