"""`kill -9` of all that `afterword serve` runs, and a restart on the same home: as before, nothing doubled, nothing forgotten."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from client.connections import Connections
from client.embedded import Ports
from client.hook_sender import send
from tests.boards.deliveries import HERE
from tests.boards.recording import connections_file
from tests.durability.accidents import doubled, letters, noted, persist, served, thanked_in, view_of, with_offer
from tests.running import body
from tests.server import eventually

pytestmark = pytest.mark.timeout(240)

QUIET = tuple(f"quiet-{n}" for n in range(4))
BUSY = tuple(f"busy-{n}" for n in range(16))


async def test_killed_in_the_midst_of_sends_all_is_as_before_and_what_was_due_meanwhile_is_done(tmp_path: Path) -> None:
    """Parent and children at once. Each letter left once or is noted as uncertain; every answered word is there, in its place."""
    home, ports = tmp_path / "home", Ports.free()
    openings = {name: with_offer(name) for name in BUSY}
    async with served(home, ports) as before:
        for name in QUIET:
            assert (await before.api.post("/v1/applications", json=body(name))).is_success
        views = {name: await view_of(before.api, name) for name in QUIET}
        due = datetime.now(UTC) + timedelta(seconds=20)
        assert (await before.api.post("/v1/applications", json=thanked_in("soon", timedelta(seconds=20)))).is_success
        calls = [asyncio.create_task(before.api.post("/v1/applications", json=said)) for said in openings.values()]

        async def some() -> bool:
            return len(letters(home)) >= 3

        await eventually(some)
        await before.kill(children=True)
        said = dict(zip(BUSY, await asyncio.gather(*calls, return_exceptions=True), strict=True))
    answered = {name: answer.json() for name, answer in said.items() if isinstance(answer, httpx.Response) and answer.is_success}
    kept = letters(home)
    assert len(kept) >= 3
    assert ("soon", "thank-you/i1") not in {(application, intent) for application, intent, _ in kept}

    async def passed() -> bool:
        return datetime.now(UTC) > due

    await eventually(passed, timedelta(seconds=30))
    async with served(home, ports) as after:
        assert {name: await view_of(after.api, name) for name in QUIET} == views
        for name, opening in openings.items():
            await persist(after.api, "/v1/applications", opening)
            known = answered.get(name, {"facts": []})["facts"]
            assert (await view_of(after.api, name))["facts"][: len(known)] == known
        uncertain = {name: (await noted(after.api, name, "offer-thanks/1"))["offer-thanks/1"] for name in BUSY}
        assert await noted(after.api, "soon", "thank-you/i1") == {"thank-you/i1": False}
        listed = (await after.api.get("/v1/applications", params={"limit": 200})).json()["applications"]
        assert sorted(row["id"] for row in listed) == sorted((*QUIET, *BUSY, "soon"))
    sent = {(application, intent) for application, intent, _ in letters(home)}
    assert doubled(home) == []
    assert letters(home)[: len(kept)] == kept
    assert {(name, "offer-thanks/1") for name, unknown in uncertain.items() if not unknown} | {("soon", "thank-you/i1")} <= sent


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a child outlives its parent until the next start")
async def test_of_a_killed_parent_no_child_is_left_and_a_delivery_sent_again_has_one_effect(tmp_path: Path) -> None:
    """The board sends ten times at once while the stack dies, and ten times more to the one that is there afterwards."""
    home, ports, file = tmp_path / "home", Ports.free(), connections_file(tmp_path)
    connection = Connections(file).current()["ashby"]
    content, now = (HERE / "samples" / "ashby_interviewScheduleCreate.json").read_bytes(), datetime.now(UTC)
    url = f"http://127.0.0.1:{ports.api}"
    settings = {"AFTERWORD_CONNECTIONS": str(file)}
    async with served(home, ports, settings) as before:
        calls = [asyncio.create_task(send(connection, content, url, now)) for _ in range(10)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        await before.kill(children=False)
        told = await asyncio.gather(*calls, return_exceptions=True)
    assert any(isinstance(answer, httpx.Response) and answer.is_success for answer in told)
    async with served(home, ports, settings) as after:
        application = "ashby.e9ed20fd-0000-4aad-8a00-a19bfba0083e"
        kept = await view_of(after.api, application)
        assert {a.status_code for a in await asyncio.gather(*(send(connection, content, url, now) for _ in range(10)))} == {200}
        assert await view_of(after.api, application) == kept
        assert [fact["type"] for fact in kept["facts"]] == ["interview_scheduled"]
