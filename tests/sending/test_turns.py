"""Sends wait for their turn: so many a second, and of candidates in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from client.embedded import Stack
from tests.running import DEV, body
from tests.sending.post_office import PostOffice, post_office
from tests.server import eventually

A_SECOND: Final = 1
MANY: Final = 30
FEW: Final = 12
"""Sends that are already on their way to the worker when somebody else's comes."""
pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
async def postman() -> AsyncGenerator[PostOffice]:
    async with post_office(PostOffice()) as office:
        yield office


@pytest.fixture(scope="module")
async def slow(postman: PostOffice) -> AsyncGenerator[httpx.AsyncClient]:
    """The API of a stack whose worker may send one message a second."""
    environment = {"AFTERWORD_SMTP_URL": postman.url, "AFTERWORD_SENDS_PER_SECOND": str(A_SECOND)}
    async with (
        Stack.start(parts=("worker", "api"), environment=environment) as stack,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
    ):
        yield api


async def due(api: httpx.AsyncClient, application: str, candidate: str) -> None:
    """Opened, with a prompt to thank that leaves at once."""
    who: dict[str, Any] = {
        "id": candidate,
        "email": f"{candidate}@example.org",
        "timezone": "UTC",
        "waking_hours": ["00:00", "23:59"],
    }
    held = {"type": "interview_held", "interview": "i1", "ended_at": (datetime.now(UTC) - timedelta(hours=4)).isoformat()}
    answer = await api.post("/v1/applications", json=body(application, candidate=who, facts=[held]))
    assert answer.is_success, answer.text


async def taken(postman: PostOffice, candidate: str) -> int:
    return len(postman.letters_to(f"{candidate}@example.org"))


async def test_no_more_leaves_in_a_second_than_was_set(postman: PostOffice, slow: httpx.AsyncClient) -> None:
    began, all_of_them = time.monotonic(), 8
    await asyncio.gather(*(due(slow, f"rate-{n}", f"rate-{n}") for n in range(all_of_them)))

    async def left() -> bool:
        return sum([await taken(postman, f"rate-{n}") for n in range(all_of_them)]) == all_of_them

    await eventually(left, timedelta(seconds=60))
    assert time.monotonic() - began > (all_of_them - 2) / A_SECOND  # the server saves up a turn or two


async def test_one_with_many_waiting_messages_delays_nobody_elses(postman: PostOffice, slow: httpx.AsyncClient) -> None:
    """Who comes last has their message in the next turns, and not when all that came before have left."""
    await asyncio.gather(*(due(slow, f"many-{n}", "many") for n in range(MANY)))
    before = await taken(postman, "many")
    await due(slow, "single", "single")
    await eventually(lambda: taken(postman, "single"), timedelta(seconds=60))
    assert await taken(postman, "many") <= before + FEW < MANY
