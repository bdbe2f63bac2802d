"""Begins the durable intake of a delivery that only hints at what happened."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.connections import Connections
from workflows import names
from workflows.boards.delivery import Delivery, Reading
from workflows.boards.payload import digest
from workflows.boards.signing import Header

PATIENCE: Final = timedelta(seconds=8)
_CONNECTION: Final = SearchAttributeKey.for_keyword("Connection")
_DETAILS: Final = (
    "One delivery of a job board that says too little itself. The board's API is asked, and the applications are told. What it waits for "
    "is the pending activity's last failure; it is tried for a day."
)


class Intakes:
    """The intakes of one namespace."""

    def __init__(self, client: Client, connections: Connections) -> None:
        self._client = client
        self._connections = connections

    async def take(self, connection: str, delivery: Delivery, reading: Reading) -> None:
        """Durable when it returns; one delivery is taken in once, however often it comes. Raises where it could not be kept.

        One whose intake failed in the end is taken in anew.
        """
        board = self._connections.current()[connection].board
        signed = {place.name for place in board.scheme.signed if isinstance(place, Header)}
        request = names.IntakeRequest(
            connection=connection,
            board=board.name,
            headers={name: value for name, value in delivery.headers.items() if name in signed},
            body=delivery.body.decode(),
            received=datetime.now(UTC),
        )
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                names.INTAKE,
                request,
                id=names.intake_id(connection, digest(reading.key)),
                task_queue=names.TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                task_timeout=names.TASK_TIMEOUT,
                search_attributes=TypedSearchAttributes([SearchAttributePair(_CONNECTION, connection)]),
                static_summary=f"{board.name}: {reading.event}",
                static_details=_DETAILS,
                rpc_timeout=PATIENCE,
            )
