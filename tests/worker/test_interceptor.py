"""A bug in a handler of messages does not poison its run."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from client.embedded import Stack
from tests.worker.buggy import Buggy
from worker.interceptor import INTERNAL, BugGuard

QUEUE = "buggy"
RUNNER = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("tests", "pytest"))


@pytest.fixture(scope="module")
async def client(server: Stack) -> AsyncGenerator[Client]:
    async with Worker(server.client, task_queue=QUEUE, workflows=[Buggy], workflow_runner=RUNNER, interceptors=[BugGuard()]):
        yield server.client


@pytest.fixture
async def run(client: Client) -> AsyncGenerator[WorkflowHandle[Any, Any]]:
    handle = await client.start_workflow(Buggy.run, id=f"buggy-{uuid4()}", task_queue=QUEUE)
    yield handle
    if (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
        await handle.signal(Buggy.end)
        await handle.result()
    replayer = Replayer(workflows=[Buggy], workflow_runner=RUNNER, interceptors=[BugGuard()], data_converter=client.data_converter)
    await replayer.replay_workflow(await handle.fetch_history())


async def say(run: WorkflowHandle[Any, Any], word: str, update: str = "say") -> int:
    return await run.execute_update(update, word)  # pyright: ignore[reportUnknownMemberType] -- the SDK's overloads are open


async def kind_of_failure(run: WorkflowHandle[Any, Any], word: str, update: str = "say") -> tuple[str | None, str]:
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await say(run, word, update)
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    return cause.type, cause.message


@pytest.mark.parametrize("update", ["say", "say_slowly"])
async def test_a_bug_in_an_update_is_told_to_its_caller_and_the_next_one_is_answered(run: WorkflowHandle[Any, Any], update: str) -> None:
    assert await kind_of_failure(run, "bug", update) == (INTERNAL, "internal error")
    assert await say(run, "good", update) == 1
    await run.signal(Buggy.end)
    assert await run.result() == ["good", "1 bugs"]


async def test_a_bug_in_a_validator_is_told_without_its_words(run: WorkflowHandle[Any, Any]) -> None:
    assert await kind_of_failure(run, "Ada") == (INTERNAL, "internal error")
    assert await say(run, "good") == 1


async def test_a_refusal_is_no_bug(run: WorkflowHandle[Any, Any]) -> None:
    assert await kind_of_failure(run, "refused") == ("no-offer", "the guide says no")
    assert await kind_of_failure(run, "invalid") == ("invalid", "the guide says no")
    await run.signal(Buggy.end)
    assert await run.result() == ["0 bugs"]


async def test_a_bug_in_a_signal_is_noted_and_passes(run: WorkflowHandle[Any, Any]) -> None:
    for word in ("bug", "refused", "good"):
        await run.signal(Buggy.whisper, word)
    assert await say(run, "good") == 2
    await run.signal(Buggy.end)
    assert await run.result() == ["good", "good", "2 bugs"]
