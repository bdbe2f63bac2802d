"""The benchmark measures what it says: all sides do the same. Nothing here is about speed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from temporalio.client import WorkflowHistory

from activities.letters import render
from client.children import Children
from client.connection import DATA_CONVERTER
from tests.bench import hooks, replay
from tests.bench.__main__ import tables
from tests.bench.costs import cost
from tests.bench.durable_caller import Durable
from tests.bench.lifecycle import CHEAPEST, HAND_WRITTEN, OURS, Case, Handle, live
from tests.bench.measure import QUICK, measure
from tests.bench.report import report
from tests.bench.stand import Stand, can_stand, stand
from tests.bench.usage import COUNTS_STATEMENTS, count_statements, written
from tests.parts import needs
from tests.scale.cluster import postgres
from workflows import names

pytestmark = [pytest.mark.timeout(180), pytest.mark.skipif(not can_stand(), reason="what a process uses is read from /proc")]

WAKES = ("timer_started", "timer_fired", "timer_canceled", "activity_task_scheduled", "activity_task_completed",
         "workflow_execution_update_accepted")  # fmt: skip
"""Events that a lifecycle is made of."""


@pytest.fixture(scope="module")
async def ready() -> AsyncGenerator[Stand]:
    async with stand() as made:
        yield made


@pytest.fixture(scope="module")
async def lived(ready: Stand) -> tuple[Handle, Handle, Handle]:
    """The same application, to its end, by each side, within one minute of the day: their texts and times are compared by minutes."""
    while True:
        case = Case.now()
        ours, theirs, cheapest = [await live(ready.client, side, case) for side in (OURS, HAND_WRITTEN, CHEAPEST)]
        if datetime.now(UTC).minute == case.held.ended_at.minute:
            return ours, theirs, cheapest


async def test_both_send_the_same_messages_at_the_same_moments(lived: tuple[Handle, ...]) -> None:
    ours, theirs = [await _mails(await handle.fetch_history()) for handle in lived[:2]]
    assert [kind for kind, *_ in ours] == ["thank-you", "waiting", "follow-up", "ghosted"]
    assert ours == theirs


async def test_both_show_the_same_index_at_the_same_moments(lived: tuple[Handle, ...]) -> None:
    ours, theirs = [_index(await handle.fetch_history()) for handle in lived[:2]]
    assert len(theirs) == 7
    assert ours == theirs


async def test_both_keep_the_same_facts_in_the_same_order(lived: tuple[Handle, ...]) -> None:
    ours, theirs = [(await handle.query(names.VIEW))["facts"] for handle in lived[:2]]
    with_the_opening = ("calendar", "interview_held")
    assert [fact["type"] for fact in ours if fact["type"] not in with_the_opening] == [what for what, _ in theirs]


@needs("postgres")
async def test_durable_functions_send_and_show_the_same(ready: Stand) -> None:
    with TemporaryDirectory(prefix="afterword-") as home:  # PostgreSQL's own user must be able to look into it
        children = Children(Path(home))
        try:
            async with postgres(Path(home), children, *COUNTS_STATEMENTS, "fsync=off") as store:
                await count_statements(store)
                durable = Durable(store, children, Path(home))
                await durable.start()
                traced, history = await _by_both(ready, durable)
                wrote = await written(store)
                await durable.close()
        finally:
            await children.stop()
    assert _sent(traced) == [mail[:4] for mail in await _mails(history)]
    assert _shown(traced) == list(_index(history).values())
    assert wrote.rows > len(traced)


async def test_the_cheapest_wakes_when_the_others_do_and_shows_nothing(lived: tuple[Handle, ...]) -> None:
    _, theirs, cheapest = [await handle.fetch_history() for handle in lived]
    assert _wakes(cheapest) == _wakes(theirs)
    assert len(_wakes(cheapest)) == 4 * 2 + 7 * 2 + 3
    assert _index(cheapest) == {}


async def test_ours_has_no_more_events_than_by_hand_and_few_more_than_the_cheapest(lived: tuple[Handle, ...]) -> None:
    ours, theirs, cheapest = [cost(await handle.fetch_history()).events for handle in lived]
    assert ours <= theirs
    assert ours <= 1.15 * cheapest


async def test_moving_the_clock_costs_nothing_of_what_is_counted(lived: tuple[Handle, ...]) -> None:
    for handle in lived:
        history = await handle.fetch_history()
        counted = cost(history)
        assert len(history.events) > counted.events > 60
        assert sum(event.ByteSize() for event in history.events) > counted.bytes


async def test_a_tiny_run_tells_every_figure(ready: Stand) -> None:
    told = report(await measure(ready, QUICK), QUICK)
    assert json.loads(json.dumps(told)) == told
    figures = {"lifecycles_per_second", "each_round", "cpu_ms", "events", "bytes", "billable_actions"}
    called = {"open_ms", "update_ms", "query_ms"}
    assert figures == set(told["sides"]["cheapest"])
    assert figures | called == set(told["sides"]["hand_written"])
    assert figures | called | {"view_ms", "record_ms", "preview_ms"} == set(told["sides"]["ours"])
    assert {"hand_written", "cheapest"} == set(told["ratios"])
    assert all(value > 0 for value in _numbers({**told, "measured": {}}))
    assert [len(shown.rows) for shown in tables(told)] == [8, 6]


async def test_both_entrances_take_the_same_deliveries_and_are_compared(ready: Stand) -> None:
    told = await hooks.measure(ready, hooks.QUICK)
    assert told.keys() == {"ours", "raw", "ratio", "rounds", "deliveries", "applications", "in_flight"}
    assert all(value > 0 for value in _numbers(told))


async def test_a_kept_lifecycle_replays_in_less_time_than_anybody_notices() -> None:
    assert 0 < (await replay.measure(3))["p50"] < 1_000


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


async def _by_both(ready: Stand, durable: Durable) -> tuple[list[dict[str, Any]], WorkflowHistory]:
    """One application by durable functions and by hand, within one minute of the day."""
    while True:
        case = Case.now()
        handle = await live(ready.client, HAND_WRITTEN, case)
        traced = (await durable.ask("trace", [case]))["traced"]
        if datetime.now(UTC).minute == case.held.ended_at.minute:
            return traced, await handle.fetch_history()


def _sent(traced: list[dict[str, Any]]) -> list[tuple[str, str, str, str | None]]:
    """As `_mails`, without the minute."""
    notices = [names.Notice.model_validate(what["sent"]) for what in traced if "sent" in what]
    return [(notice.intent.partition("/")[0], (said := render(notice)).subject, said.text, said.calendar) for notice in notices]


def _shown(traced: list[dict[str, Any]]) -> list[dict[str, str]]:
    """As `_index`, without the minutes: what is written twice in one minute counts once."""
    states: dict[str, dict[str, str]] = {}
    now: dict[str, str] = {}
    for what in traced:
        if "shown" in what:
            now = now | {name: "" if value is None else json.dumps(value) for name, value in what["shown"].items() if name != "ChangedAt"}
            states[what["at"][:16]] = now
    return list(states.values())


def _wakes(history: WorkflowHistory) -> list[tuple[str, str]]:
    """What wakes a run, what it waits for then, and the minute. Of one minute in any order."""
    found = [
        (event.event_time.ToDatetime().isoformat(timespec="minutes"), kind)
        for event in history.events
        if (kind := (event.WhichOneof("attributes") or "").removesuffix("_event_attributes")) in WAKES
    ]
    return sorted(found)


def _numbers(told: dict[str, Any]) -> list[float]:
    found: list[float] = []
    for value in told.values():
        if isinstance(value, dict):
            found += _numbers(cast("dict[str, Any]", value))
        elif isinstance(value, list):
            found += cast("list[float]", value)
        elif not isinstance(value, str):
            found.append(value)
    return found
