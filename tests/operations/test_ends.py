"""What cancel, terminate and reset do to an application, by an operator's hand in Temporal: as deploy/RUNBOOK.md says it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from client.embedded import Stack
from tests.operations.desk import typed
from tests.operations.trouble import ANY_HOUR, Moody
from tests.running import DEV, body
from tests.sending.post_office import post_office
from tests.server import eventually
from workflows import names

pytestmark = pytest.mark.timeout(150)


class Post:
    """One stack whose mail goes to a server of ours."""

    def __init__(self, stack: Stack, office: Moody, api: httpx.AsyncClient) -> None:
        self.stack = stack
        self.client: Client = stack.client
        self.office = office
        self.api = api

    async def opened(self, application: str, *, due: bool = True) -> WorkflowHandle[Any, Any]:
        """With its first prompt given, or being given."""
        who = {"id": f"cand-{application}", "email": f"{application}@example.org", "timezone": "Europe/London", "waking_hours": ANY_HOUR}
        assert (await self.api.post("/v1/applications", json=body(application, candidate=who))).is_success
        if due:
            answer = await self.api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
            assert answer.status_code in (200, 202)
        return self.client.get_workflow_handle(names.workflow_id(application))

    async def facts(self, application: str) -> Counter[str]:
        return Counter(fact["type"] for fact in (await self.api.get(f"/v1/applications/{application}")).json()["facts"])

    async def says(self, application: str, **fact: Any) -> None:
        answer = await self.api.post(f"/v1/applications/{application}/facts", json=fact)
        assert answer.status_code == 200, answer.text

    def letters(self, application: str) -> list[str]:
        """Intents of what was taken, however often."""
        taken = (
            (one["X-Afterword-Intent"], self.office.books[name]) for name, one in self.office.headers.items() if application in one["To"]
        )
        return [intent for intent, times in taken for _ in range(times)]

    async def has(self, application: str, kind: str, times: int = 1) -> None:
        async def noted() -> bool:
            return (await self.facts(application))[kind] >= times

        await eventually(noted)


async def ended(run: WorkflowHandle[Any, Any], status: WorkflowExecutionStatus) -> None:
    async def is_so() -> bool:
        return (await run.describe()).status == status

    await eventually(is_so)


async def reset(run: WorkflowHandle[Any, Any], client: Client, *, first: bool) -> None:
    """To where its first task ended, or its last one, as the UI's form offers it."""
    tasks = [e.event_id async for e in run.fetch_history_events() if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED]
    before = (await run.describe()).run_id
    request = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=run.id, run_id=before),
        reason="a test",
        workflow_task_finish_event_id=tasks[0 if first else -1],
        request_id=str(uuid4()),
    )
    answer = await client.workflow_service.reset_workflow_execution(request)

    async def begun_anew() -> bool:
        now = await run.describe()
        return now.run_id == answer.run_id and not now.raw_description.HasField("pending_workflow_task")

    await eventually(begun_anew)


@pytest.fixture(scope="module")
async def post() -> AsyncGenerator[Post]:
    office = Moody()
    async with (
        post_office(office),
        Stack.start(parts=("worker", "api"), environment={"AFTERWORD_SMTP_URL": office.url}) as stack,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
    ):
        yield Post(stack, office, api)


async def test_cancel_closes_an_application_silently_and_late_word_opens_it_again(post: Post, application: str) -> None:
    run = await post.opened(application)
    await post.has(application, "prompted")
    before = await post.facts(application)
    await run.cancel()
    await ended(run, WorkflowExecutionStatus.CANCELED)
    assert await post.facts(application) == before
    assert post.letters(application) == ["thank-you/i1"]
    await post.says(application, type="employer_replied")
    assert await post.facts(application) == before + Counter({"employer_replied": 1})
    assert (await run.describe()).status == WorkflowExecutionStatus.RUNNING
    assert post.letters(application) == ["thank-you/i1"]


async def test_a_message_on_its_way_is_recalled_by_a_cancel_and_leaves_once_it_is_open_again(post: Post, application: str) -> None:
    """Not a copy of it: what was not taken is not lost either."""
    post.office.moods[application] = "asks to come again"
    run = await post.opened(application)

    async def tried() -> bool:
        return post.office.tried[f"{application}@example.org"] >= 1

    await eventually(tried)
    await run.cancel()
    await ended(run, WorkflowExecutionStatus.CANCELED)
    tries = post.office.tried[f"{application}@example.org"]
    del post.office.moods[application]
    assert post.letters(application) == []
    await post.says(application, type="hiring_step", step="debrief")
    await post.api.post(f"/v1/applications/{application}/advance", json={"to": "next"})  # the moved clock was the ended run's own
    await post.has(application, "prompted")
    assert post.letters(application) == ["thank-you/i1"]
    assert post.office.tried[f"{application}@example.org"] == tries + 1


async def test_a_message_that_is_being_taken_is_waited_for_and_noted_before_a_cancel_ends_the_run(post: Post, application: str) -> None:
    """Else late word would send it a second time."""
    post.office.moods[application] = "is slow, and takes it"
    run = await post.opened(application, due=False)
    advancing = asyncio.create_task(post.api.post(f"/v1/applications/{application}/advance", json={"to": "next"}))

    async def tried() -> bool:
        return post.office.tried[f"{application}@example.org"] >= 1

    await eventually(tried)
    await run.cancel()
    await ended(run, WorkflowExecutionStatus.CANCELED)
    await advancing
    assert (await post.facts(application))["prompted"] == 1
    await post.says(application, type="hiring_step", step="debrief")
    assert (await post.facts(application))["prompted"] == 1
    assert post.letters(application) == ["thank-you/i1"]


async def test_late_word_goes_on_where_a_terminated_run_was(post: Post, application: str) -> None:
    run = await post.opened(application)
    await post.has(application, "prompted")
    before = await post.facts(application)
    await run.terminate("a test")
    await ended(run, WorkflowExecutionStatus.TERMINATED)
    await post.says(application, type="employer_replied")
    assert await post.facts(application) == before + Counter({"employer_replied": 1})
    assert post.letters(application) == ["thank-you/i1"]


async def test_a_reset_to_the_last_task_loses_nothing_and_repeats_nothing(post: Post, application: str) -> None:
    run = await post.opened(application)
    await post.has(application, "prompted")
    before = await post.facts(application)
    await reset(run, post.client, first=False)
    await post.says(application, type="employer_replied")
    assert await post.facts(application) == before + Counter({"employer_replied": 1})
    assert post.letters(application) == ["thank-you/i1"]


async def test_a_reset_to_before_a_message_sends_it_again_under_the_same_name(post: Post, application: str) -> None:
    """Which the RUNBOOK says: what a run noted after that point it never knew."""
    run = await post.opened(application)
    await post.has(application, "prompted")
    await reset(run, post.client, first=True)
    now = await post.api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
    assert now.is_success
    await post.has(application, "prompted")
    assert post.letters(application)[:2] == ["thank-you/i1", "thank-you/i1"]
    names_of_it = {
        name for name, one in post.office.headers.items() if application in one["To"] and one["X-Afterword-Intent"] == "thank-you/i1"
    }
    assert len(names_of_it) == 1


async def test_paused_before_it_a_reset_sends_nothing(post: Post, application: str) -> None:
    """What was said is said again to the new run, the pause too."""
    run = await post.opened(application)
    await post.has(application, "prompted")
    await post.says(application, type="paused")
    await reset(run, post.client, first=True)
    await post.says(application, type="employer_replied")
    assert (await post.api.get(f"/v1/applications/{application}")).json()["paused"]
    assert post.letters(application) == ["thank-you/i1"]


async def test_an_undeliverable_notice_is_sent_once_the_address_was_corrected(post: Post, application: str) -> None:
    """By the update that the RUNBOOK shows, in the candidate's run."""
    post.office.moods[application] = "knows no such person"
    await post.opened(application)
    await post.has(application, "undeliverable")
    corrected = {"facts": [{"type": "profile_changed", "change": {"email": f"{application}.new@example.org"}}], "by": "platform"}
    run: WorkflowHandle[Any, Any] = post.client.get_workflow_handle(names.candidate_id(f"cand-{application}"))
    await run.execute_update(names.RECORD, corrected)  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK
    await post.has(application, "prompted")
    assert post.letters(application) == ["thank-you/i1"]


async def test_a_stuck_delivery_is_tried_at_once_when_it_is_reset(post: Post, application: str) -> None:
    """After so many refusals that the next attempt would be long in coming."""
    post.office.moods[application] = "asks to come again"
    run = await post.opened(application)

    async def stuck() -> str | None:
        waiting = (await run.describe()).raw_description.pending_activities
        return waiting[0].activity_id if waiting and waiting[0].attempt > 4 else None

    activity = await eventually(stuck, timedelta(seconds=40))
    del post.office.moods[application]
    await typed(post.stack, "temporal", "activity", "reset", "--workflow-id", run.id, "--activity-id", activity)
    await post.has(application, "prompted")
    assert post.letters(application) == ["thank-you/i1"]
