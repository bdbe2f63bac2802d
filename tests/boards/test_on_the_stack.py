"""Boards' deliveries over real HTTP into real applications: what is acknowledged is there, once, and where it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.applications import Applications
from client.connections import Connection, Connections
from client.hooks import Hooks
from client.refusals import NoSuchApplication
from tests.boards.deliveries import altered, sample, signed
from tests.boards.served import served
from tests.running import opening
from tests.server import eventually
from workflows.boards.delivery import Delivery
from workflows.facts import Linked, Word

SECRET = "a-secret-of-this-test"
MORE = """
unknown = "open"
employer = {name = "Acme", timezone = "Europe/Berlin", country = "DE"}
candidate = {timezone = "America/New_York", country = "US"}
"""


@dataclass
class Board:
    """One connection of a board to the running applications, that nobody else has."""

    connection: Connection
    address: str
    applications: Applications

    async def delivers(self, delivery: Delivery) -> int:
        sent = signed(self.connection.board, SECRET, delivery, datetime.now(UTC))
        url = f"{self.address}hooks/{self.connection.board.name}/{self.connection.id}"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            return (await http.post(url, content=sent.body, headers=sent.headers)).status_code

    def own(self, board_id: str) -> str:
        return self.connection.terms.own(board_id)

    async def kinds(self, application: str) -> list[str]:
        try:
            view = await self.applications.view(application)
        except NoSuchApplication:
            return []
        return [fact["type"] for fact in view["facts"]]

    async def comes_to(self, application: str, kinds: list[str]) -> bool:
        async def look() -> bool:
            return await self.kinds(application) == kinds

        return await eventually(look)


@pytest.fixture
async def board(request: pytest.FixtureRequest, tmp_path: Path, applications: Applications) -> AsyncGenerator[Board]:
    name, more = request.param
    path = tmp_path / "connections.toml"
    identity = f"{name}-{uuid4().hex[:8]}"
    path.write_text(f'[{identity}]\nboard = "{name}"\nsecrets = ["{SECRET}"]\n{more}')
    connections = Connections(path)
    async with served(Hooks(applications, connections)) as address:
        yield Board(connections.current()[identity], address, applications)


def connected(name: str, more: str = "") -> pytest.MarkDecorator:
    return pytest.mark.parametrize("board", [(name, more)], indirect=True, ids=[name])


def changed(name: str, **changes: Any) -> Delivery:
    delivery = sample(name)
    return altered(delivery, {**delivery.payload, "payload": {**delivery.payload["payload"], **changes}})


@connected("ashby")
async def test_one_delivery_ten_times_at_once_is_one_fact_of_an_application_that_nobody_opened(board: Board) -> None:
    delivery = sample("ashby_interviewScheduleUpdate")
    assert set(await asyncio.gather(*(board.delivers(delivery) for _ in range(10)))) == {200}
    application = board.own("e9ed20fd-0000-4aad-8a00-a19bfba0083e")
    assert await board.comes_to(application, ["interview_rescheduled"])
    assert (await board.applications.view(application))["stage"] == "unclaimed"


@connected("ashby", MORE)
async def test_an_application_is_opened_from_what_the_board_knows_and_is_opened_once(board: Board) -> None:
    stage = sample("ashby_candidateStageChange")
    assert [await board.delivers(stage) for _ in range(3)] == [200, 200, 200]
    application = board.own("e9ed20fd-0000-4aad-8a00-a19bfba0083e")
    assert await board.comes_to(application, ["opened", "calendar"])
    view = await board.applications.view(application)
    assert (view["candidate"]["email"], view["employer"]["name"], view["position"]) == (
        "imani.okafor@example.com",
        "Acme",
        "Senior Product Designer",
    )


@connected("greenhouse", MORE)
async def test_rejected_unrejected_and_rejected_again_is_rejected_whatever_comes_twice(board: Board) -> None:
    rejected, taken_back = sample("greenhouse_reject_candidate"), sample("greenhouse_unreject_candidate")
    application = board.own("265277")

    async def outcome() -> Any:
        return (await board.applications.view(application))["outcome"]

    assert await board.delivers(taken_back) == 503  # too early: to be sent again
    assert await board.delivers(rejected) == 200
    assert await eventually(outcome) == "rejected"
    assert [await board.delivers(taken_back) for _ in range(2)] == [200, 200]

    async def reopened() -> bool:
        return await outcome() is None

    assert await eventually(reopened)
    again = {**rejected.payload["payload"]["application"], "rejected_at": "2026-11-20T09:00:00Z"}
    assert await board.delivers(changed("greenhouse_reject_candidate", application=again)) == 200
    assert await eventually(outcome) == "rejected"
    assert await board.delivers(taken_back) == 200
    assert await outcome() == "rejected"


@connected("calcom")
async def test_what_names_a_booking_alone_reaches_the_application_that_the_booking_named(board: Board) -> None:
    application = f"app-{uuid4().hex[:12]}"
    await board.applications.open(opening(application))
    booked = changed("calcom_BOOKING_CREATED", uid="a-booking", metadata={"applicationRef": application})
    assert await board.delivers(booked) == 200
    assert await board.delivers(changed("calcom_BOOKING_CANCELLED", uid="a-booking")) == 200

    async def cancelled() -> bool:
        return "interview_cancelled" in await board.kinds(application)

    assert await eventually(cancelled)


@connected("greenhouse")
async def test_what_the_board_deletes_is_gone(board: Board) -> None:
    application = board.own("265277")
    assert await board.delivers(sample("greenhouse_reject_candidate")) == 200
    assert await board.comes_to(application, ["rejected"])
    assert await board.delivers(sample("greenhouse_delete_application")) == 200
    assert await board.comes_to(application, [])


@connected("ashby")
async def test_a_run_that_was_linked_passes_on_what_it_hears(board: Board) -> None:
    ours, theirs = f"app-{uuid4().hex[:12]}", board.own("e9ed20fd-0000-4aad-8a00-a19bfba0083e")
    await board.applications.open(opening(ours))
    link = Linked(id=f"linked:{ours}", by="process", to=ours)
    await board.applications.heard(theirs, Word(facts=(link,), by="process"))
    assert await board.delivers(sample("ashby_interviewScheduleUpdate")) == 200

    async def arrived() -> bool:
        return "interview_rescheduled" in await board.kinds(ours)

    assert await eventually(arrived)
