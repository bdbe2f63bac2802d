"""These tests share one stack, whose keys are in a file that a test may change; each begins with the key k1 alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.durability.accidents import Fragile
from tests.encryption.sealing import entry
from tests.page.browser import browser
from tests.running import DEV, application
from tests.server import server

__all__ = ["application", "browser", "server"]


@dataclass(frozen=True)
class Ring:
    """The file that the stack's processes read their keys from."""

    file: Path

    def holds(self, *names: str) -> None:
        """These keys, newest first, from this moment on: the file is whole at every moment."""
        part = self.file.with_suffix(".part")
        part.write_text("".join(f"{entry(name)}\n" for name in names))
        part.replace(self.file)

    @property
    def setting(self) -> str:
        return f"file:{self.file}"


@pytest.fixture(scope="package")
def shared_ring(tmp_path_factory: pytest.TempPathFactory) -> Ring:
    ring = Ring(tmp_path_factory.mktemp("ring") / "keys")
    ring.holds("k1")
    return ring


@pytest.fixture(scope="package")
async def fragile(shared_ring: Ring) -> AsyncGenerator[Fragile]:
    """Server, worker, sink and API, which encrypt."""
    async with Fragile.start(environment={"AFTERWORD_ENCRYPTION_KEYS": shared_ring.setting}) as running:
        yield running


@pytest.fixture
def ring(shared_ring: Ring) -> Ring:
    shared_ring.holds("k1")
    return shared_ring


@pytest.fixture(scope="package")
async def api(fragile: Fragile) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=fragile.api, headers=DEV, timeout=30, trust_env=False, limits=limits) as http:
        yield http
