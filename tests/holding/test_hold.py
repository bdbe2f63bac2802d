"""`PUT /v1/hold`: what is in its scope waits and is then sent once, and everything else goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import WorkflowUpdateFailedError

from client.embedded import Stack
from tests.running import body
from tests.server import eventually
from workflows import names
from workflows.names.holding import CHANGE_HOLD, HELD, HOLD_ID

pytestmark = pytest.mark.timeout(180)


def soon() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


async def held(api: httpx.AsyncClient, scope: str, until: str | None) -> list[dict[str, Any]]:
    answer = await api.put("/v1/hold", json={"scope": scope, "until": until})
    assert answer.status_code == 200, answer.text
    return answer.json()["holds"]


async def opened(api: httpx.AsyncClient, name: str, *facts: dict[str, Any]) -> None:
    who = {"id": f"cand-{name}", "email": "ada@example.org", "timezone": "UTC", "waking_hours": ["00:00", "23:59"]}
    answer = await api.post("/v1/applications", json=body(name, candidate=who, facts=facts))
    assert answer.is_success, answer.text


async def sent(api: httpx.AsyncClient, application: str) -> list[str]:
    return [one["intent"] for one in (await api.get("/v1/messages", params={"application": application})).json()["messages"]]


async def test_what_is_held_waits_and_is_sent_once_and_the_rest_goes_on(api: httpx.AsyncClient, stack: Stack, application: str) -> None:
    thanks = {"type": "interview_held", "interview": "i1", "ended_at": (datetime.now(UTC) - timedelta(hours=4)).isoformat()}
    lost = {"type": "rejected", "at": (datetime.now(UTC) - timedelta(hours=30)).isoformat()}
    await held(api, "step/thank-you", soon())
    try:
        await opened(api, f"{application}-held", thanks)
        await opened(api, f"{application}-free", {**thanks, "ended_at": (datetime.now(UTC) - timedelta(days=9)).isoformat()}, lost)

        async def waits() -> bool:
            run = await stack.client.get_workflow_handle(names.workflow_id(f"{application}-held")).describe()
            return any(one.last_failure.application_failure_info.type == HELD for one in run.raw_description.pending_activities)

        await eventually(waits, timedelta(seconds=30))
        await eventually(lambda: sent(api, f"{application}-free"), timedelta(seconds=30))
        assert await sent(api, f"{application}-held") == []
    finally:
        left = await held(api, "step/thank-you", None)
    assert left == []
    await eventually(lambda: sent(api, f"{application}-held"), timedelta(seconds=60))
    assert await sent(api, f"{application}-held") == ["thank-you/i1"]


async def test_its_run_is_there_while_something_is_held_and_ends_with_the_last(api: httpx.AsyncClient, stack: Stack) -> None:
    """Said twice, and ten times at once, it is one hold; the operator finds it by its word in the index."""
    until = soon()
    told = await asyncio.gather(*(held(api, "connection/nobody", until) for _ in range(10)))
    assert {tuple(one["scope"] for one in holds) for holds in told} == {("connection/nobody",)}
    shown = (await api.get("/v1/hold")).json()["holds"]
    assert [datetime.fromisoformat(one["until"]) for one in shown] == [datetime.fromisoformat(until)]

    async def found() -> list[str]:
        return [run.id async for run in stack.client.list_workflows("Attention = 'hold' AND ExecutionStatus = 'Running'")]

    assert await eventually(found) == [HOLD_ID]
    assert await held(api, "connection/nobody", None) == []
    assert await held(api, "connection/nobody", None) == []

    async def ended() -> bool:
        return (await stack.client.get_workflow_handle(HOLD_ID).describe()).close_time is not None

    await eventually(ended)
    assert (await api.get("/v1/hold")).json() == {"holds": []}


async def test_by_hand_too_nothing_is_held_that_there_is_not(api: httpx.AsyncClient, stack: Stack) -> None:
    """An operator who mistypes a kind of step would believe it held."""
    await held(api, "connection/nobody", soon())
    try:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await stack.client.get_workflow_handle(HOLD_ID).execute_update(  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
                CHANGE_HOLD, {"scope": "step/thanks", "until": soon()}
            )
        assert "no such kind of step" in str(refused.value.cause)
        assert [one["scope"] for one in (await api.get("/v1/hold")).json()["holds"]] == ["connection/nobody"]
    finally:
        assert await held(api, "connection/nobody", None) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"scope": "step/thanks", "until": "2199-01-01T00:00:00+00:00"}, "scope"),
        ({"scope": "everything", "until": "2199-01-01T00:00:00+00:00"}, "scope"),
        ({"scope": "connection/", "until": None}, "scope"),
        ({"scope": "all", "until": "2001-01-01T00:00:00+00:00"}, "until"),
        ({"scope": "all", "until": "2199-01-01T00:00:00"}, "until"),
        ({"scope": "all"}, "until"),
        ({"until": None}, "scope"),
        ({"scope": "all", "until": None, "why": "x"}, "why"),
    ],
)
async def test_what_makes_no_sense_holds_nothing(api: httpx.AsyncClient, said: dict[str, Any], field: str) -> None:
    answer = await api.put("/v1/hold", json=said)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert (await api.get("/v1/hold")).json() == {"holds": []}
