"""Moving one application's clock forward, on the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from client.clock import LEEWAY, advance, application_time, clock_of
from client.connection import DATA_CONVERTER
from client.embedded import Stack
from client.refusals import NoSuchApplication
from tests.stack.toys import QUEUE, Refused, Rounds, refuses, takes
from workflows import names
from workflows.application import Application

DAY = timedelta(days=1)
NEVER = 1_000
SLOW = timedelta(seconds=2)
"""How far a clock may go on by itself while a busy machine answers."""


@pytest.fixture(scope="module")
async def client(server: Stack) -> AsyncGenerator[Client]:
    sandbox = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_all_modules())
    async with Worker(server.client, task_queue=QUEUE, workflows=[Rounds, Refused], activities=[takes, refuses], workflow_runner=sandbox):
        yield server.client


async def rounds(
    client: Client, count: int, gap: timedelta, *, work: float = 0, a_run: int = NEVER, clock: datetime | None = None
) -> tuple[str, WorkflowHandle[Any, Any]]:
    name = f"toy-{uuid4()}"
    carried = {"clock": clock.isoformat()} if clock else None
    return name, await client.start_workflow(
        Rounds.run, args=[carried, count, gap, work, a_run], id=names.workflow_id(name), task_queue=QUEUE
    )


async def moments(handle: WorkflowHandle[Any, Any]) -> list[datetime]:
    return [datetime.fromisoformat(moment) for moment in await handle.query(Rounds.moments)]


async def test_an_ordinary_run_is_moved_and_everything_on_the_way_is_done(client: Client) -> None:
    name, handle = await rounds(client, 5, DAY, work=0.2)
    begun = datetime.now(UTC)
    assert await advance(client, name, begun + 3 * DAY + SLOW) == "there"
    assert [round((moment - begun) / DAY) for moment in await moments(handle)] == [1, 2, 3]


async def test_what_is_due_at_that_very_moment_is_done_when_it_is_there(client: Client) -> None:
    name, handle = await rounds(client, 2, DAY, work=0.3)
    first = (await handle.describe()).start_time
    assert await advance(client, name, first + DAY) == "there"
    assert len(await moments(handle)) == 1
    assert (await handle.describe()).raw_description.pending_activities == []


async def test_the_clock_shows_that_moment_and_goes_on_at_normal_speed(client: Client) -> None:
    name, _ = await rounds(client, 1, 300 * DAY)
    to = datetime.now(UTC) + 30 * DAY
    await advance(client, name, to)
    real = datetime.now(UTC)
    before = await application_time(client, name)
    after = await application_time(client, name)
    assert to <= before < after <= before + (datetime.now(UTC) - real)
    assert before <= to + LEEWAY + SLOW


async def test_a_moment_that_has_passed_is_there_at_once_and_nothing_moves(client: Client) -> None:
    name, _ = await rounds(client, 1, 300 * DAY)
    to = datetime.now(UTC) + 30 * DAY
    await advance(client, name, to)
    before = await application_time(client, name)
    assert [await advance(client, name, to), await advance(client, name, to - 10 * DAY)] == ["there", "there"]
    assert await application_time(client, name) - before < SLOW


async def test_a_run_that_ends_on_the_way_is_said_to_have_ended(client: Client) -> None:
    name, handle = await rounds(client, 2, DAY)
    begun = datetime.now(UTC)
    assert await advance(client, name, begun + 30 * DAY) == "ended"
    assert await advance(client, name, begun + 40 * DAY) == "ended"
    ended = datetime.fromisoformat(await handle.result())
    assert abs(await application_time(client, name) - ended) < SLOW


async def test_runs_that_go_on_as_new_are_moved_as_one(client: Client) -> None:
    name, _ = await rounds(client, 12, DAY, a_run=2)
    begun = datetime.now(UTC)
    assert await advance(client, name, begun + 7.5 * DAY) == "there"
    assert begun + 7.5 * DAY <= await application_time(client, name) <= begun + 7.5 * DAY + LEEWAY + SLOW
    assert await advance(client, name, begun + 8.5 * DAY) == "there"
    assert len(await moments(client.get_workflow_handle(names.workflow_id(name)))) <= 2


async def test_a_run_that_carries_a_clock_is_moved_by_that_clock(client: Client) -> None:
    carried = datetime(2033, 3, 1, 12, tzinfo=UTC)
    name, handle = await rounds(client, 3, DAY, clock=carried)
    assert carried <= await application_time(client, name) <= carried + SLOW
    assert await advance(client, name, carried + 1.5 * DAY) == "there"
    assert carried + 1.5 * DAY <= await application_time(client, name) <= carried + 1.5 * DAY + LEEWAY + SLOW
    assert [round((moment - carried) / DAY) for moment in await moments(handle)] == [1]


async def test_the_clock_of_a_carried_application_is_found_in_what_is_stored() -> None:
    carried = Application(id="app-1").at(datetime(2033, 3, 1, 12, 0, 0, 5, tzinfo=UTC))
    stored = await DATA_CONVERTER.decode(await DATA_CONVERTER.encode([carried]))
    assert clock_of(stored) == carried.clock
    assert [clock_of(await DATA_CONVERTER.decode(await DATA_CONVERTER.encode(said))) for said in ([], [None])] == [None, None]


async def test_ten_days_of_refused_mail_do_not_use_up_the_budget_of_skips(client: Client) -> None:
    name = f"toy-{uuid4()}"
    await client.start_workflow(Refused.run, 30, id=names.workflow_id(name), task_queue=QUEUE)
    to = datetime.now(UTC) + 10 * DAY
    assert await advance(client, name, to, patience=timedelta(seconds=50)) == "there"
    assert await application_time(client, name) >= to


async def test_patience_ends_but_the_clock_goes_on(client: Client) -> None:
    name, handle = await rounds(client, 2, DAY, work=2)
    to = datetime.now(UTC) + 1.5 * DAY
    assert await advance(client, name, to, patience=timedelta(seconds=0.5)) == "underway"
    assert await advance(client, name, to) == "there"
    assert len(await moments(handle)) == 1


async def test_of_two_callers_at_once_the_further_moment_is_reached(client: Client) -> None:
    name, handle = await rounds(client, 9, DAY, work=0.1)
    begun = datetime.now(UTC)
    told = await asyncio.gather(*(advance(client, name, begun + (n + 0.5) * DAY, timedelta(seconds=30)) for n in (2, 5, 3, 1)))
    assert told == ["there"] * 4
    assert len(await moments(handle)) == 5


async def test_an_application_that_nobody_knows_has_no_clock(client: Client) -> None:
    with pytest.raises(NoSuchApplication):
        await advance(client, "nobody", datetime.now(UTC))
