"""Many letters, a mail server in a bad mood, and a worker that is killed: none leaves twice, none is lost silently."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from tests.durability.accidents import Fragile, persist
from tests.sending.approvals import approval, ended, talked
from tests.sending.post_office import PostOffice

SEED: Final = 20260302
LETTERS: Final = int(os.environ.get("AFTERWORD_LETTERS", "90"))
KILLS: Final = 3
NAMES: Final = tuple(f"letter-{n:03}" for n in range(LETTERS))
"""The same in every run, since the mail server's moods depend on them."""
AT_ONCE: Final = 12


async def each(names: Iterable[str], what: Callable[[str], Awaitable[Any]]) -> list[Any]:
    """What comes of it for each, a few at a time, in their order."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Any:
        async with room:
            return await what(name)

    return await asyncio.gather(*(one(name) for name in names))


@asynccontextmanager
async def killed_now_and_then(fragile: Fragile, letters: PostOffice) -> AsyncGenerator[None]:
    """The worker, when so many of the letters were tried as the seed says, and started again; on leaving it is there."""
    dice = random.Random(SEED)  # noqa: S311 -- to be the same again
    moments = sorted(dice.sample(range(10, LETTERS * 3 // 5), KILLS))

    before = len(letters.tried)

    async def kill() -> None:
        for moment in moments:
            await letters.has_tried(before + moment)
            await fragile.kill("worker")
            await fragile.again("worker")

    killing = asyncio.create_task(kill())
    yield
    await killing


@pytest.mark.timeout(300)
async def test_of_many_approved_letters_none_leaves_twice_and_each_ends_in_a_note(
    fragile: Fragile, api: httpx.AsyncClient, office: PostOffice
) -> None:
    """By the books of the mail server, which counts also what it could not acknowledge."""
    office.seed, office.mood = SEED, None

    async def approve(name: str) -> None:
        await persist(api, "/v1/applications", talked(name))
        await persist(api, f"/v1/applications/{name}/facts", approval())

    async with killed_now_and_then(fragile, office):
        await each(NAMES, approve)
    found: list[list[dict[str, Any]]] = await each(NAMES, lambda name: ended(api, name, timedelta(seconds=90)))

    taken: Counter[str] = Counter()
    for message, times in office.books.items():
        taken[office.headers[message]["X-Afterword-Application"]] += times
    ends: Counter[str] = Counter()
    for name, notes in zip(NAMES, found, strict=True):
        (note,) = notes
        end = "undeliverable" if note["type"] == "letter_undeliverable" else "uncertain" if note.get("uncertain") else "delivered"
        ends[end] += 1
        assert taken[name] in {"delivered": (1,), "uncertain": (0, 1), "undeliverable": (0,)}[end], (name, end, taken[name])
    story = f"seed {SEED}: {dict(ends)} in {sum(office.tried.values())} attempts, towards which the server {dict(office.seen)}"
    assert ends["delivered"] > LETTERS // 2, story
    assert ends["uncertain"] > 0, story
    assert ends["undeliverable"] > 0, story
    assert max(office.books.values()) == 1, story
