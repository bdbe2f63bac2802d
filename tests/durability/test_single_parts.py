"""`kill -9` of one part while the others go on: what was said is kept once, what was due is done once, whoever says it again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from client.connections import Connections
from client.embedded import Part
from client.hook_sender import send
from tests.boards.deliveries import HERE, sample
from tests.boards.recording import connections_file
from tests.durability.accidents import Fragile, doubled, letters, noted, persist, thanked_in, view_of, with_offer
from tests.running import body
from tests.server import eventually

SAMPLE = "standard_interview_held"

pytestmark = pytest.mark.timeout(180)


def step(name: str) -> dict[str, str]:
    return {"type": "hiring_step", "step": "debrief", "id": name}


async def heard(api: httpx.AsyncClient, application: str) -> list[str]:
    """The ids of the steps that it heard of, in order."""
    return sorted(fact["id"] for fact in (await view_of(api, application))["facts"] if fact["type"] == "hiring_step")


async def killed_and_back(fragile: Fragile, part: Part, calls: list[asyncio.Task[int]]) -> list[int]:
    """Kills that part as soon as some of the calls were answered; how often each had to be said."""
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    assert not all(call.done() for call in calls)
    await fragile.kill(part)
    await fragile.again(part)
    return await asyncio.gather(*calls)


@pytest.mark.parametrize("part", ["worker", "temporal"])
async def test_killed_amid_traffic_every_application_is_opened_once_and_thanked_for_once(
    fragile: Fragile, api: httpx.AsyncClient, application: str, part: Part
) -> None:
    """Callers that are not answered say the same again; the letters that were on their way are noted, and none leaves twice."""
    names = [f"{application}-{n}" for n in range(16)]
    openings = [asyncio.create_task(persist(api, "/v1/applications", with_offer(name))) for name in names]
    await killed_and_back(fragile, part, openings)
    for name in names:
        found = await noted(api, name, "offer-thanks/1")
        sent = [intent for of, intent, _ in letters(fragile.home) if of == name]
        assert sent == ["offer-thanks/1"] or (found["offer-thanks/1"] and not sent)
        assert [fact["type"] for fact in (await view_of(api, name))["facts"]].count("opened") == 1
    assert doubled(fragile.home) == []


async def test_the_api_killed_amid_200_calls_keeps_every_fact_once(fragile: Fragile, api: httpx.AsyncClient, application: str) -> None:
    """Each caller repeats its fact, by its id, until it is answered."""
    names = [f"{application}-{n}" for n in range(10)]
    await asyncio.gather(*(persist(api, "/v1/applications", body(name)) for name in names))
    said = [(name, f"{name}-{n}") for n in range(20) for name in names]
    calls = [asyncio.create_task(persist(api, f"/v1/applications/{name}/facts", step(fact))) for name, fact in said]
    times = await killed_and_back(fragile, "api", calls)
    assert max(times) > 1
    for name in names:
        assert await heard(api, name) == sorted(fact for of, fact in said if of == name)


async def test_the_mail_server_killed_amid_deliveries_gets_every_letter_once(
    fragile: Fragile, api: httpx.AsyncClient, application: str
) -> None:
    """What it refused or never saw is tried again; what it may have taken is noted as uncertain, and not repeated."""
    names = [f"{application}-{n}" for n in range(16)]
    openings = [asyncio.create_task(persist(api, "/v1/applications", with_offer(name))) for name in names]

    async def some() -> bool:
        return any(of in names for of, *_ in letters(fragile.home))

    await eventually(some)
    await fragile.kill("sink")
    await asyncio.gather(*openings)
    await fragile.again("sink")
    for name in names:
        found = await noted(api, name, "offer-thanks/1")
        sent = [intent for of, intent, _ in letters(fragile.home) if of == name]
        assert sent == ["offer-thanks/1"] or (found["offer-thanks/1"] and not sent)
    assert doubled(fragile.home) == []


async def test_what_is_due_while_nobody_works_is_done_as_soon_as_somebody_does(
    fragile: Fragile, api: httpx.AsyncClient, application: str
) -> None:
    due = datetime.now(UTC) + timedelta(seconds=6)
    await persist(api, "/v1/applications", thanked_in(application, timedelta(seconds=6)))
    await fragile.kill("worker")

    async def passed() -> bool:
        return datetime.now(UTC) > due

    await eventually(passed)
    await fragile.again("worker")
    assert await noted(api, application, "thank-you/i1") == {"thank-you/i1": False}
    assert [intent for of, intent, _ in letters(fragile.home) if of == application] == ["thank-you/i1"]


async def test_a_delivery_while_temporal_is_down_is_sent_again_and_has_one_effect(fragile: Fragile, api: httpx.AsyncClient) -> None:
    """503 with Retry-After, as the API's callers are told; then the same delivery is kept, once."""
    connection = Connections(connections_file(fragile.home)).current()["standard"]
    content, now = (HERE / "samples" / f"{SAMPLE}.json").read_bytes(), datetime.now(UTC)
    await fragile.kill("temporal")
    refused, unready = await asyncio.gather(send(connection, content, fragile.api, now), api.get("/readyz"))
    assert (refused.status_code, refused.headers["retry-after"], unready.status_code) == (503, "30", 503)
    await fragile.again("temporal")

    async def taken() -> bool:
        return (await send(connection, content, fragile.api, now)).status_code == connection.board.acknowledge

    await eventually(taken, timedelta(seconds=60))
    assert {(await send(connection, content, fragile.api, now)).status_code for _ in range(3)} == {connection.board.acknowledge}
    told = connection.board.read(sample(SAMPLE), connection.terms).said
    views = [await view_of(api, one.application) for one in told]
    assert [len(view["facts"]) for view in views] == [len(one.facts) for one in told]
