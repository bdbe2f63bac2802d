"""Further namespaces on the shared server, for what must not happen to the one that all tests share."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from client.connection import connect
from client.embedded import Stack
from client.settings import CannotStart
from tests.server import eventually


async def another(server: Stack, retention: timedelta = timedelta(days=1)) -> Client:
    """A client of a new namespace, once the server knows it everywhere."""
    name, kept = f"test-{uuid4()}", Duration()
    kept.FromTimedelta(retention)
    request = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=kept)
    await server.client.workflow_service.register_namespace(request)

    async def known() -> Client | None:
        try:
            return await connect(address=server.temporal, namespace=name)
        except CannotStart:
            return None

    return await eventually(known)
