"""Temporal's web UI is the operators' desk: their questions, one run, and what they say to it, in a real browser."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from client.embedded import Stack
from tests.operations.desk import COLUMNS, desk, typed
from tests.page.browser import Opens
from tests.parts import needs
from tests.running import body
from tests.server import eventually
from workflows import names

pytestmark = [needs("chromium"), pytest.mark.timeout(180)]


async def opened(api: httpx.AsyncClient, application: str, **other: Any) -> str:
    said = body(application, **other)
    said["candidate"]["waking_hours"] = ["00:00", "23:59"]
    answer = await api.post("/v1/applications", json=said)
    assert answer.is_success, answer.text
    return str(said["candidate"]["id"])


async def facts(api: httpx.AsyncClient, application: str) -> list[str]:
    return [fact["type"] for fact in (await api.get(f"/v1/applications/{application}")).json()["facts"]]


async def indexed(stack: Stack, query: str, count: int = 1) -> None:
    async def found() -> bool:
        return (await stack.client.count_workflows(query)).count == count

    await eventually(found)


async def test_each_view_opens_a_list_with_our_columns(stack: Stack, api: httpx.AsyncClient, browser: Opens, application: str) -> None:
    """Those that ask about one thing are asked about ours, the others at least open without a complaint."""
    candidate = await opened(api, application)
    await stack.client.get_workflow_handle(names.workflow_id(application)).signal(names.HEARD, {"facts": "not a list"})
    await indexed(stack, f"CandidateId = '{candidate}' AND Attention = 'bug'")
    said = await typed(
        stack, "afterword", "views", "--candidate", candidate, "--policy", "industry 1", "--application", application, "--json"
    )
    views = {view["name"]: view for view in json.loads(said)["views"]}
    assert {"attention", "stuck", "overdue", "unclaimed", "paused", "events", "candidate", "policy", "application"} == views.keys()
    async with desk(stack, browser) as operator:
        for name in ("candidate", "attention", "policy"):
            shown = await operator.open(views[name]["link"], f"application/{application}")
            assert [column for column in COLUMNS if column not in shown] == []
            await operator.shot(f"ui-{name}")
        assert "bug" in shown
        for name in ("stuck", "overdue", "unclaimed", "paused", "events"):
            assert await operator.asks(views[name]["link"]) == (200, views[name]["query"])
        assert "JobApplication" in await operator.open(views["application"]["link"], f"application/{application}")


async def test_a_run_shows_where_it_stands_what_comes_and_why(
    stack: Stack, api: httpx.AsyncClient, browser: Opens, application: str
) -> None:
    await opened(api, application)
    async with desk(stack, browser) as operator:
        await operator.run(names.workflow_id(application))
        await operator.page.get_by_text("next step").first.wait_for()  # the timer of its one alarm
        await operator.page.get_by_role("tab", name="User Metadata").click()
        shown = await operator.reads("Policy industry 1.")
        await operator.shot("ui-run")
    for words in ("After the interview", "thanking", "thank-you/i1", "hours after your interview ended", "interview_held (platform)"):
        assert words in shown, words
    assert "Ada" not in shown


async def test_a_fact_is_recorded_through_the_form_of_the_update(
    stack: Stack, api: httpx.AsyncClient, browser: Opens, application: str
) -> None:
    """The form names the update with its description and an example; what is typed is a fact afterwards."""
    await opened(api, application)
    async with desk(stack, browser) as operator:
        await operator.run(names.workflow_id(application))
        await operator.sends("Update", names.RECORD, {"facts": [{"type": "employer_replied"}], "by": "platform"})
        await operator.shot("ui-update")

    async def recorded() -> bool:
        return "employer_replied" in await facts(api, application)

    await eventually(recorded)


async def test_an_application_is_paused_by_the_form_of_the_signal(
    stack: Stack, api: httpx.AsyncClient, browser: Opens, application: str
) -> None:
    await opened(api, application)
    async with desk(stack, browser) as operator:
        await operator.run(names.workflow_id(application))
        await operator.sends("Signal", names.HEARD, {"facts": [{"type": "paused"}], "by": "platform"})

    async def paused() -> bool:
        return (await api.get(f"/v1/applications/{application}")).json()["paused"]

    await eventually(paused)


async def test_a_batch_signal_pauses_all_that_a_query_finds_and_the_ui_shows_it(
    stack: Stack, api: httpx.AsyncClient, browser: Opens, application: str
) -> None:
    """And another one gives them another policy, and lets them go on."""
    candidate = await opened(api, application)
    whose = body(application)["candidate"]
    await opened(api, f"{application}.2", candidate=whose)
    both, query = (application, f"{application}.2"), f"WorkflowType = 'JobApplication' AND CandidateId = '{candidate}'"
    await indexed(stack, query, 2)

    async def says(*facts: dict[str, Any]) -> None:
        word = json.dumps({"facts": facts, "by": "platform"})
        await typed(
            stack, "temporal", "workflow", "signal", "--query", query, "--name", "heard", "--input", word, "--reason", "a test", "-y"
        )

    async def all_are(paused: bool, policy: str) -> bool:  # noqa: FBT001 -- as the view says it
        views = [(await api.get(f"/v1/applications/{one}")).json() for one in both]
        return all((view["paused"], view["policy"]["name"]) == (paused, policy) for view in views)

    await says({"type": "paused"})
    await eventually(lambda: all_are(paused=True, policy="industry"))
    await says({"type": "details_changed", "policy": "university"}, {"type": "resumed"})
    await eventually(lambda: all_are(paused=False, policy="university"))
    async with desk(stack, browser) as operator:
        await operator.page.goto(f"{stack.ui}/namespaces/default/batch-operations")
        await operator.page.get_by_text("Completed").first.wait_for()
        await operator.shot("ui-batch")
