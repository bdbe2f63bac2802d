"""The event stream's tests share one real server; each has a worker and an endpoint of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from client.embedded import Stack
from tests.events.platform import Platform, platform
from tests.server import server

__all__ = ["server", "world"]


@pytest.fixture
async def world(server: Stack, tmp_path: Path) -> AsyncGenerator[Platform]:
    async with platform(server.client, tmp_path) as made:
        yield made
