"""`kill -9` in the middle of hundreds of deliveries: what was acknowledged is there once, what was not comes by the board's own retry."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from client.applications import Applications
from client.embedded import Part
from tests.boards.deliveries import secret_of, signed
from tests.durability.accidents import Fragile
from tests.server import eventually
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery

SECRET = secret_of(BOARDS["standard"])
DELIVERIES, APPLICATIONS, IN_FLIGHT = int(os.environ.get("AFTERWORD_DELIVERIES", "400")), 50, 20
ACCIDENTS: dict[Part, int] = {"api": DELIVERIES * 3 // 10, "worker": DELIVERIES * 6 // 10}
"""What is killed after how many acknowledged deliveries."""


@dataclass
class Sender:
    """A board that sends its deliveries, each until it was acknowledged."""

    url: str
    http: httpx.AsyncClient
    acknowledged: set[int] = field(default_factory=set[int])
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    told: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, number: int) -> bool:
        """One attempt. Whether it was acknowledged."""
        said = {"type": "hiring_step", "data": {"application": application_of(number), "step": "debrief"}}
        delivery = Delivery.of({"content-type": "application/json", "webhook-id": identity_of(number)}, json.dumps(said).encode())
        async with self.places:
            sent = signed(BOARDS["standard"], SECRET, delivery, datetime.now(UTC))
            try:
                status = (await self.http.post(self.url, content=sent.body, headers=sent.headers)).status_code
            except httpx.TransportError:
                return False
        if status == 200:
            self.acknowledged.add(number)
            async with self.told:
                self.told.notify_all()
        return status == 200

    async def has(self, acknowledged: int) -> None:
        """Returns as soon as so many were acknowledged."""
        async with self.told:
            await self.told.wait_for(lambda: len(self.acknowledged) >= acknowledged)

    async def send_all(self, numbers: Sequence[int]) -> list[int]:
        """One attempt each; those that were not acknowledged."""
        answers = await asyncio.gather(*map(self.send, numbers))
        return [number for number, well in zip(numbers, answers, strict=True) if not well]


def application_of(number: int) -> str:
    return f"a{number % APPLICATIONS}"


def identity_of(number: int) -> str:
    return f"delivery-{number}"


async def kept(applications: Applications, acknowledged: set[int]) -> Counter[tuple[str, str]]:
    """How often each delivery is in each application, once every acknowledged one has arrived."""
    wanted, found = right(acknowledged), Counter[tuple[str, str]]()
    for name in {application for application, _ in wanted}:

        async def whole(name: str = name) -> list[str]:
            ids = [str(fact["id"]) for fact in (await applications.view(name))["facts"]]
            return ids if {(name, one) for one in ids} >= {one for one in wanted if one[0] == name} else []

        found.update((name, one) for one in await eventually(whole, timedelta(seconds=60)))
    return found


def right(numbers: Sequence[int] | set[int]) -> set[tuple[str, str]]:
    return {(f"hooks.{application_of(number)}", identity_of(number)) for number in numbers}


@pytest.mark.timeout(180)
async def test_killed_amid_hundreds_of_deliveries_every_acknowledged_one_is_in_one_application_once(tmp_path: Path) -> None:
    """First the API, then the worker; and what neither of them acknowledged arrives when the board sends it again."""
    file = tmp_path / "connections.toml"
    file.write_text(f'[hooks]\nboard = "standard"\nsecrets = ["{SECRET}"]\n')
    async with (
        Fragile.start(environment={"AFTERWORD_CONNECTIONS": str(file)}, parts=("worker", "api")) as stack,
        httpx.AsyncClient(trust_env=False, timeout=20) as http,
    ):
        sender = Sender(f"{stack.api}/hooks/standard/hooks", http)
        applications = Applications(stack.client, patience=timedelta(seconds=30))
        sending = asyncio.create_task(sender.send_all(range(DELIVERIES)))
        await sender.has(ACCIDENTS["api"])
        await stack.kill("api")
        await stack.again("api")
        missed = await sending
        assert len(missed) + len(sender.acknowledged) == DELIVERIES
        before = await kept(applications, sender.acknowledged)
        assert set(before.values()) == {1}
        assert before.keys() <= right(range(DELIVERIES))

        sending = asyncio.create_task(sender.send_all(missed))
        await sender.has(ACCIDENTS["worker"])
        await stack.kill("worker")
        await stack.again("worker")
        missed = await sending
        while missed:
            missed = await sender.send_all(missed)
        after = await kept(applications, sender.acknowledged)
        assert (after.keys(), set(after.values())) == (right(range(DELIVERIES)), {1})
