"""The HTTP client's tests share the running stack."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from client.embedded import Stack
from client.http.applications import Applications
from tests.coach.advising import case
from tests.page.visitor import visitor
from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "case", "ours", "stack", "visitor"]


@pytest.fixture(scope="session")
async def ours(stack: Stack) -> AsyncGenerator[Applications]:
    """The façade over HTTP, with the stack's development key."""
    async with Applications(stack.api, "dev-key") as made:
        yield made
