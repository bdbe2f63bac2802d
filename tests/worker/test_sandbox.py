"""A run is in its sandbox while it runs, and only then."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.converter import WithSerializationContext
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from client.connection import PayloadConverter, converter
from client.embedded import Stack
from client.encryption.keys import KeyRing
from tests.worker.looking import LooksAtTheClock
from worker.registry import runner

QUEUE = "looking"


async def test_what_a_run_may_not_see_is_refused(server: Stack) -> None:
    refused = [RestrictedWorkflowAccessError]
    async with Worker(
        server.client, task_queue=QUEUE, workflows=[LooksAtTheClock], workflow_runner=runner(), workflow_failure_exception_types=refused
    ):
        with pytest.raises(WorkflowFailureError) as failed:
            await server.client.execute_workflow(
                LooksAtTheClock.run, id=f"looking-{uuid4()}", task_queue=QUEUE, execution_timeout=timedelta(seconds=20)
            )
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "RestrictedWorkflowAccessError"


@pytest.mark.parametrize("keys", ["off", f"a:{base64.b64encode(bytes(32)).decode()}"])
def test_nothing_that_reads_or_writes_payloads_asks_in_which_context(keys: str) -> None:
    """Else runs would have to answer, as the SDK's own sandbox lets them, and `worker.sandbox` would have to go."""
    ours = converter(KeyRing(keys))
    parts = (ours.payload_codec, ours.failure_converter_class(), *PayloadConverter().converters.values())

    assert [part for part in parts if isinstance(part, WithSerializationContext)] == []
    assert ours.external_storage is None


def test_what_is_learnt_of_a_type_is_learnt_once_for_all_runs() -> None:
    assert list(PayloadConverter().converters.values()) == list(PayloadConverter().converters.values())
