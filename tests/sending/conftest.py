"""These tests share one stack, whose mail goes to a mail server of theirs that can be in any mood; those of the outbox share a server."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.durability.accidents import Fragile
from tests.running import DEV, application
from tests.sending.post_office import PostOffice, post_office
from tests.server import server
from tests.shell.world import world

__all__ = ["application", "server", "world"]


@pytest.fixture(scope="package")
async def open_office() -> AsyncGenerator[PostOffice]:
    async with post_office(PostOffice()) as office:
        yield office


@pytest.fixture
def office(open_office: PostOffice) -> PostOffice:
    """Good-natured until a test makes it otherwise."""
    open_office.mood = "takes it"
    return open_office


@pytest.fixture(scope="package")
async def fragile(open_office: PostOffice) -> AsyncGenerator[Fragile]:
    """Server, worker and API; no sink, for the mail goes elsewhere."""
    async with Fragile.start(parts=("worker", "api"), environment={"AFTERWORD_SMTP_URL": open_office.url}) as running:
        yield running


@pytest.fixture(scope="package")
async def api(fragile: Fragile) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=fragile.api, headers=DEV, timeout=30, trust_env=False, limits=limits) as http:
        yield http
