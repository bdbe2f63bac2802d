"""When no worker answers: a problem within eight seconds, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from client.api.app import create_app
from client.applications import Applications
from client.connection import connect
from client.embedded import Stack
from client.refusals import NoSuchApplication, Unavailable
from client.search_attributes import register
from client.settings import CannotStart, Settings
from tests.running import DEV, body, opening, slug
from tests.server import eventually
from worker import registry
from worker.settings import Settings as WorkerSettings
from workflows.facts import HiringStep, Word

SOON = timedelta(seconds=1)


@pytest.fixture(scope="module")
async def idle(stack: Stack) -> Client:
    """A namespace of the running server in which nobody works."""
    name, kept = f"idle-{uuid4().hex[:8]}", Duration(seconds=86_400)
    await stack.client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=kept)
    )

    async def there() -> Client | None:
        try:
            return await connect(address=stack.temporal, namespace=name)
        except CannotStart:
            return None

    client = await eventually(there)
    await register(client)
    return client


async def test_every_call_answers_within_eight_seconds(idle: Client, application: str) -> None:
    """503, and when to come again."""
    transport = httpx.ASGITransport(create_app(Settings(embedded=True), idle))
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=DEV) as http:
        began = time.monotonic()
        answers = await asyncio.gather(
            http.post("/v1/applications", json=body(application)),
            http.post(f"/v1/applications/{application}/facts", json={"type": "paused"}),
            http.get(f"/v1/applications/{application}"),
        )
        took = time.monotonic() - began
        begun, *rest = answers
        assert (begun.status_code, slug(begun), begun.headers["retry-after"]) == (503, "unavailable", "2")
        assert {answer.status_code for answer in rest} <= {404, 503}  # whether the opening had begun it by then
        assert took < 9
        assert (await http.get("/readyz")).status_code == 200


async def test_a_word_is_durable_without_a_worker(idle: Client, application: str) -> None:
    """A board is acknowledged; an unanswered opening is answered later, and is one."""
    hasty, patient = Applications(idle, patience=SOON), Applications(idle)
    await hasty.heard(application, Word(facts=(HiringStep(id="h", step="debrief"),), by="board:acme"))
    said = opening(application)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await hasty.open(said)
    with pytest.raises(Unavailable):
        await hasty.view(application)
    with pytest.raises(NoSuchApplication):
        await hasty.view(f"{application}-other")
    workers = registry.workers(idle, WorkerSettings())
    working = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        view = (await patient.open(said)).view
        assert sorted(fact["type"] for fact in view["facts"]) == ["calendar", "hiring_step", "interview_held", "opened"]
    finally:
        await asyncio.gather(*(worker.shutdown() for worker in workers))
        await asyncio.gather(*working)
