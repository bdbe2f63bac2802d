"""How a worker knows what is held: read now and then, and where it cannot be read nothing leaves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from client.refusals import Unavailable
from tests.holding.test_scopes import notice
from worker.holding import FRESH, Holding
from workflows.names import REFUSED
from workflows.names.holding import HELD, Holds
from workflows.names.holding import Holding as One


class Said:
    """What is held, as somebody else sees to it."""

    def __init__(self) -> None:
        self.holds = Holds()
        self.reads = 0
        self.silent = False
        self.now = 0.0

    async def read(self) -> Holds:
        self.reads += 1
        if self.silent:
            raise Unavailable
        return self.holds


@pytest.fixture
def said() -> Said:
    return Said()


async def checked(holding: Holding) -> ApplicationError | None:
    try:
        await ActivityEnvironment().run(holding.check, notice("waiting/1"))
    except ApplicationError as e:
        return e
    return None


async def test_what_was_read_counts_for_five_seconds(said: Said) -> None:
    holding = Holding(said.read, lambda: said.now)
    assert await checked(holding) is None
    said.holds = Holds(holds=(One(scope="all", until=datetime.now(UTC) + timedelta(hours=1)),))
    said.now = FRESH
    assert await checked(holding) is None
    said.now = FRESH + 0.1
    assert await checked(holding)
    assert said.reads == 2


async def test_what_was_read_slowly_counts_from_when_it_was_asked_for(said: Said) -> None:
    """It may be as old as that: a hold that was said meanwhile would else be heard of later than in five seconds."""

    async def slowly() -> Holds:
        found = await said.read()
        said.now += 3
        return found

    holding = Holding(slowly, lambda: said.now)
    assert await checked(holding) is None
    said.holds = Holds(holds=(One(scope="all", until=datetime.now(UTC) + timedelta(hours=1)),))
    said.now = FRESH + 0.1
    assert await checked(holding)


async def test_a_held_send_is_tried_again_and_not_later_than_the_hold_lasts(said: Said) -> None:
    holding = Holding(said.read, lambda: said.now)
    said.holds = Holds(holds=(One(scope="all", until=datetime.now(UTC) + timedelta(seconds=4)),))
    refused = await checked(holding)
    assert refused
    assert refused.type == HELD
    assert not refused.non_retryable
    assert refused.next_retry_delay
    assert refused.next_retry_delay <= timedelta(seconds=6)


async def test_nothing_leaves_where_it_cannot_be_known(said: Said) -> None:
    """It is asked again at the next attempt, also where something was read before."""
    holding = Holding(said.read, lambda: said.now)
    said.silent = True
    refused = await checked(holding)
    assert refused
    assert refused.type == HELD
    said.silent = False
    assert await checked(holding) is None


async def test_a_read_that_fails_answers_all_who_waited_for_it() -> None:
    """One after the other they would wait until their attempts time out, and a message whose attempt did is never repeated."""
    reading, reads = asyncio.Event(), 0

    async def fails() -> Holds:
        nonlocal reads
        reads += 1
        await reading.wait()
        raise Unavailable

    holding = Holding(fails)
    waiting = [asyncio.create_task(checked(holding)) for _ in range(50)]
    for _ in range(10):  # until all of them wait
        await asyncio.sleep(0)
    reading.set()
    refused = await asyncio.gather(*waiting)
    assert {one.type for one in refused if one} == {HELD}
    assert len([one for one in refused if one]) == 50
    assert reads == 1


async def test_whatever_keeps_it_from_being_read_the_send_is_tried_again() -> None:
    """A failure that says of itself that it is for good would end the message as one that may have left."""

    async def fails() -> Holds:
        raise ApplicationError("no such key", non_retryable=True)

    refused = await checked(Holding(fails))
    assert refused
    assert (refused.type, refused.non_retryable) == (HELD, False)


async def test_a_worker_that_shuts_down_while_it_reads_leaves_the_send_to_another() -> None:
    reading = asyncio.Event()

    async def never() -> Holds:
        reading.set()
        return await asyncio.Future[Holds]()

    here = ActivityEnvironment()
    attempt = asyncio.create_task(here.run(Holding(never).check, notice("waiting/1")))
    await reading.wait()
    here.cancel(ActivityCancellationDetails(worker_shutdown=True))
    with pytest.raises(ApplicationError) as refused:
        await attempt
    assert (refused.value.type, refused.value.non_retryable) == (REFUSED, False)
