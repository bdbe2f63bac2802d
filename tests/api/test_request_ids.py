"""The id of a call is found again in what it made Temporal write, and costs nothing there."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import structlog
from temporalio.api.enums.v1 import EventType

from client.api.request_ids import HEADER, logged, under_way
from client.embedded import Stack
from tests.running import body
from workflows import names

UPDATED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED


def header(attributes: Any) -> str | None:
    found = attributes.header.fields.get(HEADER)
    return json.loads(found.data) if found else None


async def test_an_operator_finds_a_call_in_the_history_of_what_it_changed(stack: Stack, api: httpx.AsyncClient, application: str) -> None:
    """In the update's id, which Temporal's UI shows, and in a header; on a start, an update, and the signal to the candidate."""
    asked, told = f"ask-{uuid4().hex[:8]}", f"tell-{uuid4().hex[:8]}"
    path = f"/v1/applications/{application}"
    await api.post("/v1/applications", json=body(application), headers={"Request-Id": asked})
    said = await api.post(f"{path}/facts", json={"type": "follow_up_sent", "anyway": True}, headers={"Request-Id": told})
    assert (said.status_code, said.headers["request-id"]) == (200, told)
    history = await stack.client.get_workflow_handle(names.workflow_id(application)).fetch_history()
    updates = [event.workflow_execution_update_accepted_event_attributes for event in history.events if event.event_type == UPDATED]
    assert [update.accepted_request.meta.update_id.partition(".")[0] for update in updates] == [asked, told]
    assert [header(update.accepted_request.input) for update in updates] == [asked, told]
    assert header(history.events[0].workflow_execution_started_event_attributes) == asked
    person = await stack.client.get_workflow_handle(names.candidate_id(f"cand-{application}")).fetch_history()
    assert header(person.events[0].workflow_execution_started_event_attributes) == asked


async def test_one_id_for_several_calls_hides_none_of_them(api: httpx.AsyncClient, application: str) -> None:
    """A caller may send the same every time; each word is heard."""
    path, same = f"/v1/applications/{application}", {"Request-Id": "the-same"}
    await api.post("/v1/applications", json=body(application), headers=same)
    for day in ("2031-03-03", "2031-03-04"):
        said = {"type": "timeline_stated", "respond_by": day}
        assert (await api.post(f"{path}/facts", json=said, headers=same)).status_code == 200
    facts = (await api.get(path)).json()["facts"]
    assert [fact["respond_by"] for fact in facts if fact["type"] == "timeline_stated"] == ["2031-03-03", "2031-03-04"]


def test_every_line_that_is_logged_during_a_call_has_its_id() -> None:
    """And none outside of one."""
    token = under_way.set("r-1")
    try:
        assert logged(structlog.get_logger(), "info", {"event": "x"}) == {"event": "x", "request_id": "r-1"}
    finally:
        under_way.reset(token)
    assert logged(structlog.get_logger(), "info", {"event": "x"}) == {"event": "x"}
