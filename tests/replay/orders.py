"""The stories of what is ordered for many at once: imports, migrations, holds, and an erasure that takes long. Every end, and open ones."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory

from client.holds import HoldRuns
from tests.events.platform import Platform
from tests.replay.carriers import gone_on
from tests.running import body
from tests.server import eventually
from workflows import names
from workflows.names.holding import HOLD_ID, HoldChange
from workflows.names.importing import packed
from workflows.names.migrating import MANY, MIGRATION, Chosen, MigrationOrder, MigrationProgress, migration_id
from workflows.policy import POLICIES

Run = WorkflowHandle[Any, Any]
DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
LONG: Final = 200
"""Rows, which take a while."""


def first_of(world: Platform, run: Run) -> Run:
    return world.client.get_workflow_handle(run.id, run_id=run.first_execution_run_id)


async def to_its_end(run: Run) -> WorkflowHistory:
    """Read while it is there: the run that goes on from it deletes it."""
    return WorkflowHistory(run.id, [event async for event in run.fetch_history_events(wait_new_event=True)])


# -- imports --


async def imported(world: Platform, many: int) -> Run:
    """That many rows, and one that is no opening."""
    name = f"app-{uuid4().hex[:8]}"
    rows = [json.dumps(body(f"{name}-{n}")) for n in range(many)] + ["{}"]
    order = names.ImportOrder(rows=packed("\n".join(rows).encode()))
    return await world.client.start_workflow(
        names.IMPORT, order, id=names.import_id(uuid4().hex), task_queue=names.TASK_QUEUE, result_type=names.ImportReport
    )


async def import_opens(world: Platform) -> WorkflowHistory:
    """The run that had the rows."""
    return await to_its_end(first_of(world, await imported(world, 2)))


async def import_report(world: Platform) -> Run:
    """What stays of it in the end: the run that has none of them."""
    run = await imported(world, 2)
    await run.result()
    return world.client.get_workflow_handle(run.id)


async def import_stopped(world: Platform) -> Run:
    """Ended by an operator while rows are being opened."""
    run = await imported(world, LONG)

    async def opening() -> bool:
        return bool((await run.describe()).raw_description.pending_activities)

    await eventually(opening)
    await run.terminate()
    return run


# -- migrations --


async def migrating(world: Platform, **order: Any) -> Run:
    said = MigrationOrder(policy=POLICIES["university"], **order)
    return await world.client.start_workflow(
        MIGRATION, said, id=migration_id(uuid4().hex), task_queue=names.TASK_QUEUE, result_type=MigrationProgress
    )


async def candidate_in_index(world: Platform) -> Chosen:
    """Somebody with one open application."""
    name = await world.opened()
    query = f"WorkflowType = '{names.WORKFLOW}' AND CandidateId = 'cand-{name}' AND Stage = 'thanking'"

    async def indexed() -> bool:
        return (await world.client.count_workflows(query)).count == 1

    await eventually(indexed)
    return Chosen(candidate=f"cand-{name}")


async def migration_ends(world: Platform) -> Run:
    """After a look that found one, and one that found none."""
    run = await migrating(world, where=await candidate_in_index(world), of=1, again=SECOND)
    assert (await run.result()).moved == 1
    return run


async def migration_of_named_ends(world: Platform) -> Run:
    """One is moved, one stays because there is none."""
    run = await migrating(world, applications=(await world.opened(), "nobody"))
    assert (await run.result()).refusals == 1
    return run


async def migration_open(world: Platform) -> Run:
    """After one look, with the next one a day away."""
    run = await migrating(world, where=await candidate_in_index(world), again=DAY)

    async def looked() -> bool:
        return (await run.query(names.VIEW, result_type=MigrationProgress)).moved == 1

    await eventually(looked)
    return run


async def migration_goes_on_as_new(world: Platform) -> Run:
    """Of many who are nobody, so that it has many pages."""
    run = await migrating(world, applications=tuple(f"nobody-{n}" for n in range(MANY)))
    return await gone_on(world, run)


# -- holds --


def until(later: timedelta = DAY) -> datetime:
    return datetime.now(UTC) + later


async def held(world: Platform, scope: str, end: datetime | None) -> Run:
    await HoldRuns(world.client).change(HoldChange(scope=scope, until=end))
    return world.client.get_workflow_handle(HOLD_ID)


async def over(run: Run) -> None:
    async def ended() -> bool:
        return (await run.describe()).status == WorkflowExecutionStatus.COMPLETED

    await eventually(ended)


async def hold_lifted(world: Platform) -> Run:
    """Two holds, one of them prolonged, both lifted."""
    await held(world, "step/digest", until())
    await held(world, "connection/nobody", until())
    await held(world, "step/digest", until(2 * DAY))
    await held(world, "step/digest", None)
    run = await held(world, "connection/nobody", None)
    await over(run)
    return run


async def hold_passes(world: Platform) -> Run:
    """Two holds, whose times are over one after the other."""
    await held(world, "step/digest", until(2 * SECOND))
    run = await held(world, "connection/nobody", until(4 * SECOND))
    await over(run)
    return run


async def hold_open(world: Platform) -> WorkflowHistory:
    run = await held(world, "step/digest", until())
    history = await run.fetch_history()
    await run.terminate()
    return history


async def hold_goes_on_as_new(world: Platform) -> Run:
    """Changed often."""
    run = await held(world, "step/digest", until())
    gone = asyncio.ensure_future(gone_on(world, run))
    while not gone.done():
        await held(world, "connection/nobody", until())
    await run.terminate()
    return await gone


# -- an erasure --


async def erasure_goes_on_as_new(world: Platform) -> WorkflowHistory:
    """A migration that names the candidate goes on, so that it looks again and again, until the migration ends."""
    chosen = await candidate_in_index(world)
    holds_up = await migrating(world, where=chosen, again=DAY)
    order = names.ErasureOrder(candidate=chosen.candidate, apart=SECOND)
    run = await world.client.start_workflow(
        names.ERASURE, order, id=names.erasure_id(uuid4().hex), task_queue=names.TASK_QUEUE, result_type=names.ErasureReceipt
    )
    history = await to_its_end(first_of(world, run))
    await holds_up.terminate()
    await run.result()
    return history


OF_ORDERS: Final = (
    import_opens, import_report, import_stopped, migration_ends, migration_of_named_ends, migration_open, migration_goes_on_as_new,
    hold_lifted, hold_passes, hold_open, hold_goes_on_as_new, erasure_goes_on_as_new,
)  # fmt: skip
