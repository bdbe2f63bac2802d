"""A real Temporal server for a whole test run, and what tests do with it: wait for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from client.embedded import Stack

T = TypeVar("T")
PATIENCE = timedelta(seconds=40)


@pytest.fixture(scope="session")
async def server() -> AsyncGenerator[Stack]:
    """The embedded stack's server alone: free ports, an empty folder, prepared as for the product."""
    async with Stack.start(parts=()) as stack:
        yield stack


async def eventually(look: Callable[[], Awaitable[T | None]], patience: timedelta = PATIENCE) -> T:
    """What `look` finds, as soon as it finds something true. Fails with what it found last."""
    deadline = time.monotonic() + patience.total_seconds()
    while not (found := await look()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {patience}: {look.__qualname__} found {found!r}")
        await asyncio.sleep(0.05)
    return found
