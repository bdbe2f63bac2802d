"""What Greenhouse does not announce is read from it, by schedules that are operated in Temporal."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.responses import Response
from temporalio.client import (
    ScheduleActionExecutionStartWorkflow,
    ScheduleBackfill,
    ScheduleHandle,
    ScheduleOverlapPolicy,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from client.embedded import Stack
from client.polling import keep
from tests.boards.deliveries import fetched, sample
from tests.intake.receiving import Received, receiving
from tests.server import eventually
from tests.simulators.api import TokenPlace
from tests.simulators.harvest import KEY, Harvest
from workflows import names

NOW = datetime.now(UTC)


def at(starts: datetime) -> dict[str, Any]:
    """When an interview takes place."""
    return {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=45)).isoformat()}


class Polling:
    """A schedule of a connection that nobody else has, and the interviews at its board."""

    def __init__(self, here: Received) -> None:
        self.here = here
        self.harvest = Harvest(per_page=2)
        self.harvest.serve(here.api)
        self.looks = 0
        self.key(KEY)

    def key(self, key: str) -> None:
        """The connection's from now on."""
        self.here.write(f'api_key = "{key}"\ntoken_url = "{self.here.api.url}/token"\n')

    @property
    def token(self) -> TokenPlace:
        assert self.here.api.token
        return self.here.api.token

    @property
    def schedule(self) -> ScheduleHandle:
        return self.here.client.get_schedule_handle(names.poll_id(self.here.name))

    def has(self, number: int, changed: datetime, **more: Any) -> str:
        """The interview as it is from now on; its application."""
        about = {"id": number, "application_id": 1000 + number, "created_at": (changed - timedelta(hours=1)).isoformat()}
        times = {"updated_at": changed.isoformat(), **at(NOW + timedelta(days=3))}
        (record,) = fetched("greenhouse_GET_interviews")
        self.harvest.interviews[str(number)] = {**record, **about, **times, **more}
        return self.here.own(str(1000 + number))

    async def keep(self) -> None:
        await keep(self.here.client, self.here.connections.current())

    async def look(self) -> names.Cursor:
        """Triggers the schedule; the cursor that it comes to."""
        await self.schedule.trigger()
        return await self.result()

    async def result(self) -> names.Cursor:
        """Of the next run that was not waited for yet."""
        self.looks += 1

        async def begun() -> str | None:
            recent = (await self.schedule.describe()).info.recent_actions
            ids = [one.action.workflow_id for one in recent if isinstance(one.action, ScheduleActionExecutionStartWorkflow)]
            return ids[self.looks - 1] if len(ids) >= self.looks else None

        run = self.here.client.get_workflow_handle(await eventually(begun), result_type=names.Cursor)
        found: names.Cursor = await run.result()

        async def noted() -> bool:
            return not (await self.schedule.describe()).info.running_actions

        await eventually(noted)
        return found


@pytest.fixture
async def polling(server: Stack, tmp_path: Path) -> AsyncGenerator[Polling]:
    async with receiving(server.client, tmp_path, "greenhouse") as here:
        found = Polling(here)
        await found.keep()
        await found.schedule.pause(note="looks only when it is told to")
        yield found
        await keep(here.client, {})


async def test_everything_that_changed_is_read_page_by_page_and_heard(polling: Polling) -> None:
    applications = [polling.has(n, NOW - timedelta(hours=n)) for n in range(1, 6)]
    cursor = await polling.look()
    assert (cursor.since, cursor.facts) == (NOW - timedelta(hours=1), 5)
    for application in applications:
        await polling.here.comes_to(application, ["interview_rescheduled"])
    asked = [urlsplit(path) for path in polling.here.api.asked]
    pages = [set(parse_qs(one.query)) for one in asked if one.path == "/v3/interviews"]
    assert pages == [{"per_page", "updated_at"}, {"cursor"}, {"cursor"}]
    assert polling.token.asked == 1


async def test_an_interview_is_heard_with_its_name_and_the_people_who_interview(polling: Polling) -> None:
    record = polling.harvest.interviewers["88001"]
    polling.harvest.interviewers.update({str(n): {**record, "id": n, "interview_id": 1, "user_id": 2000 + n} for n in range(3)})
    person = polling.harvest.users["2622"]
    polling.harvest.users.update({str(2000 + n): {**person, "id": 2000 + n, "name": f"Number {n}"} for n in range(3)})
    application = polling.has(1, NOW - timedelta(hours=1))
    await polling.look()
    (fact,) = await polling.here.comes_to(application, ["interview_rescheduled"])
    assert (fact["kind"], sorted(one["name"] for one in fact["interviewers"])) == ("Portfolio review", ["Number 0", "Number 1", "Number 2"])


async def test_what_is_changed_while_it_looks_is_read_by_the_next_look(polling: Polling) -> None:
    """The pages go from the newest id to the oldest: one that was passed already is not come back to."""
    passed = polling.has(9, NOW - timedelta(days=35))
    later = polling.has(1, NOW - timedelta(days=1))
    polling.has(2, NOW - timedelta(days=1))
    polling.has(3, NOW - timedelta(days=1))
    whole = polling.here.api.pages["/v3/interviews"]

    def meanwhile(query: dict[str, str]) -> Response:
        if "cursor" in query:
            ahead = datetime.now(UTC) + timedelta(minutes=10)  # as if the page had taken so long
            polling.has(9, ahead - timedelta(minutes=5))
            polling.has(1, ahead)
        return whole(query)

    polling.here.api.pages["/v3/interviews"] = meanwhile
    cursor = await polling.look()
    assert cursor.since == NOW - timedelta(days=1)
    assert await polling.here.facts(passed) == []
    assert await polling.here.facts(later) == []


async def test_the_next_look_begins_where_the_last_ended_and_tells_nothing_twice(polling: Polling) -> None:
    polling.has(1, NOW - timedelta(hours=1))
    first = await polling.look()
    again = await polling.look()
    assert (first.facts, again.facts, again.since) == (1, 0, first.since)
    late = polling.has(2, NOW - timedelta(hours=1, seconds=60))
    assert (await polling.look()).facts == 1  # dated before the cursor, and readable only now
    await polling.here.comes_to(late, ["interview_rescheduled"])
    moved = polling.has(1, NOW, **at(NOW + timedelta(days=4)))
    cursor = await polling.look()
    assert (cursor.facts, cursor.since) == (1, NOW)
    await polling.here.comes_to(moved, ["interview_rescheduled", "interview_rescheduled"])


async def test_an_interview_that_took_place_was_held_and_one_that_the_webhook_deletes_is_cancelled(polling: Polling) -> None:
    held = polling.has(1, NOW - timedelta(hours=2), status="complete", **at(NOW - timedelta(hours=3)))
    deleted = polling.has(31087450, NOW - timedelta(hours=2))
    await polling.look()
    await polling.here.comes_to(held, ["interview_held"])
    assert await polling.here.delivers(sample("greenhouse_interview_deleted")) == 200
    await polling.here.comes_to(deleted, ["interview_rescheduled", "interview_cancelled"])


async def test_a_backfill_reads_once_more_what_changed_since_then(polling: Polling) -> None:
    polling.has(1, NOW - timedelta(hours=1))
    cursor = await polling.look()
    forgotten = polling.has(2, NOW - timedelta(days=40))
    assert (await polling.look()).facts == 0
    then = NOW - timedelta(days=41)
    await polling.schedule.backfill(ScheduleBackfill(then, then + timedelta(minutes=9), overlap=ScheduleOverlapPolicy.BUFFER_ALL))
    found = await polling.result()
    assert (found.facts, found.since) == (1, cursor.since)
    await polling.here.comes_to(forgotten, ["interview_rescheduled"])


async def test_a_refused_key_is_seen_in_temporal_and_nothing_is_passed_over(polling: Polling) -> None:
    application = polling.has(1, NOW - timedelta(hours=1))
    polling.key("client-id:wrong")
    await polling.schedule.trigger()

    async def refused() -> bool:
        query = f"WorkflowType = '{names.POLL}' AND Connection = '{polling.here.name}'"
        async for run in polling.here.client.list_workflows(query):
            pending = (await polling.here.client.get_workflow_handle(run.id).describe()).raw_description.pending_activities
            return any(one.last_failure.application_failure_info.type == names.BOARD_REFUSES for one in pending)
        return False

    await eventually(refused)
    polling.key(KEY)
    assert (await polling.result()).facts == 1
    await polling.here.comes_to(application, ["interview_rescheduled"])


async def test_a_list_that_no_page_can_read_changes_nothing(polling: Polling) -> None:
    polling.here.api.next.append(Response('{"not": "a list"}'))
    assert (await polling.look()).facts == 0
    polling.here.api.next.append(Response('[null, 7, {"id": "x"}, {"updated_at": "yesterday"}]'))
    before = await polling.look()
    assert (before.facts, before.seen) == (0, ())


async def test_a_further_page_that_has_no_name_is_waited_for_and_not_passed_over(polling: Polling) -> None:
    application = polling.has(1, NOW - timedelta(hours=1))
    polling.here.api.next.append(Response("[]", headers={"Link": '</v3/interviews?page=2>; rel="next"'}))
    assert (await polling.look()).facts == 1
    await polling.here.comes_to(application, ["interview_rescheduled"])


async def test_a_schedule_that_is_as_it_should_be_is_not_touched_so_that_a_pause_stays(polling: Polling) -> None:
    await polling.schedule.pause(note="for the night")
    await polling.keep()
    state = (await polling.schedule.describe()).schedule.state
    assert (state.paused, state.note) == (True, "for the night")


async def test_a_schedule_that_somebody_changed_is_mended_and_stays_paused(polling: Polling) -> None:
    await polling.schedule.pause()

    def rarer(found: ScheduleUpdateInput) -> ScheduleUpdate:
        found.description.schedule.spec.intervals[0].every = timedelta(days=7)
        return ScheduleUpdate(found.description.schedule)

    await polling.schedule.update(rarer)
    await polling.keep()
    found = (await polling.schedule.describe()).schedule
    assert (found.spec.intervals[0].every, found.state.paused) == (timedelta(minutes=5), True)


async def test_a_connection_that_is_gone_or_has_no_key_has_no_schedule(polling: Polling) -> None:
    async def gone() -> bool:
        try:
            await polling.schedule.describe()
        except RPCError as e:
            return e.status == RPCStatusCode.NOT_FOUND
        return False

    async def known() -> bool:
        return polling.schedule.id in {one.id async for one in await polling.here.client.list_schedules()}

    await eventually(known)
    polling.here.write("")
    await polling.keep()
    assert await gone()
