"""The tests that kill single parts share one stack, which is nobody else's."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.boards.recording import connections_file
from tests.durability.accidents import Fragile
from tests.running import DEV, application

__all__ = ["application"]


@pytest.fixture(scope="package")
async def fragile(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Fragile]:
    """Server, worker, sink and API, with a connection of every board, named as the board."""
    connections = connections_file(tmp_path_factory.mktemp("connections"))
    async with Fragile.start(environment={"AFTERWORD_CONNECTIONS": str(connections)}) as running:
        yield running


@pytest.fixture(scope="package")
async def api(fragile: Fragile) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=fragile.api, headers=DEV, timeout=30, trust_env=False, limits=limits) as http:
        yield http
