"""The benchmark measures what it says: both of the two do the same. Nothing here is about speed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from temporalio.client import WorkflowHistory

from activities.letters import render
from client.connection import DATA_CONVERTER
from tests.bench import hooks
from tests.bench.__main__ import table
from tests.bench.costs import cost
from tests.bench.lifecycle import HAND_WRITTEN, OURS, Case, Handle, live
from tests.bench.measure import QUICK, measure, report
from tests.bench.stand import Stand, can_stand, stand
from workflows import names

pytestmark = [pytest.mark.timeout(180), pytest.mark.skipif(not can_stand(), reason="the CPU time of a worker is read from /proc")]


@pytest.fixture(scope="module")
async def ready() -> AsyncGenerator[Stand]:
    async with stand() as made:
        yield made


@pytest.fixture(scope="module")
async def both(ready: Stand) -> tuple[Handle, Handle]:
    """The same application, to its end, by each of the two, within one minute of the day: their texts and times are compared by minutes."""
    while True:
        case = Case.now()
        lived = await live(ready.client, OURS, case), await live(ready.client, HAND_WRITTEN, case)
        if datetime.now(UTC).minute == case.held.ended_at.minute:
            return lived


async def test_both_send_the_same_messages_at_the_same_moments(both: tuple[Handle, Handle]) -> None:
    ours, theirs = [await _mails(await handle.fetch_history()) for handle in both]
    assert [kind for kind, *_ in ours] == ["thank-you", "waiting", "follow-up", "ghosted"]
    assert ours == theirs


async def test_both_show_the_same_index_at_the_same_moments(both: tuple[Handle, Handle]) -> None:
    ours, theirs = [_index(await handle.fetch_history()) for handle in both]
    assert len(theirs) == 7
    assert ours == theirs


async def test_both_keep_the_same_facts_in_the_same_order(both: tuple[Handle, Handle]) -> None:
    ours, theirs = [(await handle.query(names.VIEW))["facts"] for handle in both]
    with_the_opening = ("calendar", "interview_held")
    assert [fact["type"] for fact in ours if fact["type"] not in with_the_opening] == [what for what, _ in theirs]


async def test_moving_the_clock_costs_nothing_of_what_is_counted(both: tuple[Handle, Handle]) -> None:
    for handle in both:
        history = await handle.fetch_history()
        counted = cost(history)
        assert len(history.events) > counted.events > 60
        assert sum(event.ByteSize() for event in history.events) > counted.bytes


async def test_a_tiny_run_tells_every_figure(ready: Stand) -> None:
    told = report(await measure(ready, QUICK), QUICK)
    assert json.loads(json.dumps(told)) == told
    figures = {"lifecycles_per_second", "cpu_ms", "events", "bytes", "billable_actions", "open_ms", "update_ms", "query_ms"}
    assert figures == set(told["hand_written"])
    assert figures | {"preview_ms"} == set(told["ours"])
    assert {"events", "bytes", "lifecycles_per_second", "cpu", "billable_actions"} == set(told["ratios"])
    assert all(value > 0 for value in _numbers(told))
    assert table(told).row_count == 9


async def test_both_entrances_take_the_same_deliveries_and_are_compared(ready: Stand) -> None:
    told = report(await measure(ready, QUICK), QUICK) | {"hooks": await hooks.measure(ready, hooks.QUICK)}
    assert told["hooks"].keys() == {"ours", "raw", "ratio", "rounds", "deliveries", "applications", "in_flight"}
    assert all(value > 0 for value in _numbers(told))
    assert table(told).row_count == 10


async def _mails(history: WorkflowHistory) -> list[tuple[str, str, str, str | None, str]]:
    """Kind, subject, words and attached dates of every message sent, and the minute."""
    asked = [e for e in history.events if e.HasField("activity_task_scheduled_event_attributes")]
    found: list[tuple[str, str, str, str | None, str]] = []
    for event in asked:
        payloads = event.activity_task_scheduled_event_attributes.input.payloads
        [request] = await DATA_CONVERTER.decode(payloads, [names.NoticeRequest])
        said = render(request.notice)
        kind = request.notice.intent.partition("/")[0]
        found.append((kind, said.subject, said.text, said.calendar, event.event_time.ToDatetime().isoformat(timespec="minutes")))
    return found


def _index(history: WorkflowHistory) -> dict[str, dict[str, str]]:
    """What the search attributes were once everything of a minute was done, for every minute that changed them. When is not compared."""
    states: dict[str, dict[str, str]] = {}
    now: dict[str, str] = {}
    for event in history.events:
        if event.HasField("upsert_workflow_search_attributes_event_attributes"):
            said = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
            now = now | {name: payload.data.decode() for name, payload in said.items() if name != "ChangedAt"}
            states[event.event_time.ToDatetime().isoformat(timespec="minutes")] = now
    before = [{}, *states.values()]
    return {minute: state for (minute, state), earlier in zip(states.items(), before, strict=False) if state != earlier}


def _numbers(told: dict[str, Any]) -> list[float]:
    found: list[float] = []
    for value in told.values():
        if isinstance(value, dict):
            found += _numbers(cast("dict[str, Any]", value))
        elif not isinstance(value, str):
            found.append(value)
    return found
