"""Keys are rotated while facts come: nothing is lost, nothing is doubled; and what lacks its key waits for it without disturbing others."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.api.history.v1 import History

from client.applications import Applications
from tests.durability.accidents import Fragile
from tests.encryption.conftest import Ring
from tests.encryption.sealing import key_of, payloads
from tests.running import body
from tests.server import eventually
from workflows import names
from workflows.facts import FACT, Word

LONG = timedelta(seconds=60)


def some(count: int) -> list[str]:
    mark = uuid4().hex[:8]
    return [f"app-{mark}-{n}" for n in range(count)]


async def opened(api: httpx.AsyncClient, *applications: str) -> None:
    """As a platform does it: asked again while it is not known whether it was done."""

    async def done(application: str) -> bool:
        answer = await api.post("/v1/applications", json=body(application))
        assert answer.status_code in (200, 201, 202, 503), answer.text
        return answer.status_code in (200, 201)

    await asyncio.gather(*(eventually(partial(done, application), LONG) for application in applications))


async def said(api: httpx.AsyncClient, application: str, fact: str) -> int:
    """The status: 202 means that it is kept, 503 that it is not known."""
    return (await api.post(f"/v1/applications/{application}/facts", json={"type": "employer_replied", "id": fact})).status_code


async def tells(api: httpx.AsyncClient, application: str, fact: str) -> None:
    """The same fact until it is taken, as a platform does."""

    async def taken() -> bool:
        status = await said(api, application, fact)
        assert status in (200, 202, 503)
        return status == 200

    await eventually(taken, LONG)


async def facts(api: httpx.AsyncClient, application: str) -> Counter[str]:
    async def answered() -> httpx.Response | None:
        answer = await api.get(f"/v1/applications/{application}")
        assert answer.status_code in (200, 503), answer.text
        return answer if answer.status_code == 200 else None

    answer = await eventually(answered, LONG)
    return Counter(fact["id"] for fact in answer.json()["facts"] if fact["type"] == "employer_replied")


async def keys_used(fragile: Fragile, application: str) -> set[str | None]:
    history = await fragile.client.get_workflow_handle(names.workflow_id(application)).fetch_history()
    return {key_of(payload) for payload in payloads(History(events=history.events))} - {None}


def without_key(fragile: Fragile, part: str, key: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (fragile.home / "logs" / f"{part}.log").read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "payload_without_key" and line["key"] == key]


async def restarted(fragile: Fragile) -> None:
    """A worker that has no run in its memory, and reads every history from its beginning."""
    await fragile.kill("worker")
    await fragile.again("worker")


@pytest.mark.timeout(180)
async def test_a_rotation_under_load_loses_nothing_and_doubles_nothing(fragile: Fragile, api: httpx.AsyncClient, ring: Ring) -> None:
    applications, taken = some(5), Counter[tuple[str, str]]()
    await opened(api, *applications)
    rotated = asyncio.Event()

    async def speaks(application: str) -> None:
        """Until some facts after the rotation."""
        after = 0
        for n in itertools.count():
            await tells(api, application, f"r{n}")
            taken[application, f"r{n}"] += 1
            after += rotated.is_set()
            if after > 5:
                return

    async with asyncio.TaskGroup() as group:
        for application in applications:
            group.create_task(speaks(application))

        async def each_has(count: int) -> bool:
            return all(sum(one == application for one, _ in taken) >= count for application in applications)

        await eventually(lambda: each_has(3), LONG)
        ring.holds("k1", "k2")
        await eventually(lambda: each_has(6), LONG)
        ring.holds("k2", "k1")
        rotated.set()
    for application in applications:
        assert await facts(api, application) == Counter(fact for one, fact in taken if one == application)
        assert await keys_used(fragile, application) == {"k1", "k2"}
    await restarted(fragile)
    for application in applications:
        assert await facts(api, application) == Counter(fact for one, fact in taken if one == application)
        await tells(api, application, "afterwards")


@pytest.mark.timeout(180)
async def test_what_lacks_its_key_fails_naming_it_disturbs_nobody_and_goes_on_once_it_is_back(
    fragile: Fragile, api: httpx.AsyncClient, ring: Ring
) -> None:
    old, new = some(2)
    await opened(api, old)
    await tells(api, old, "before")
    ring.holds("k2")
    await restarted(fragile)
    assert (await api.get(f"/v1/applications/{old}")).status_code == 503
    reply = FACT.validate_python({"type": "employer_replied", "id": "meanwhile"})
    await Applications(fragile.client).heard(old, Word(facts=(reply,)))
    await opened(api, new)
    await tells(api, new, "by-the-way")
    assert await facts(api, new) == Counter(["by-the-way"])

    async def named() -> list[dict[str, Any]]:
        return without_key(fragile, "worker", "k1")

    lines = await eventually(named)
    assert {(line["level"], line["problem"]) for line in lines} == {
        ("error", "This was encrypted with the key k1, which is not among AFTERWORD_ENCRYPTION_KEYS: give it back.")
    }
    ring.holds("k2", "k1")

    async def again() -> bool:
        return (await api.get(f"/v1/applications/{old}")).status_code == 200

    await eventually(again, LONG)

    async def heard() -> bool:
        return await facts(api, old) == Counter(["before", "meanwhile"])

    await eventually(heard, LONG)
    await tells(api, old, "afterwards")
