"""The tests of policies share the stack of the other folders; what a file says is asked of an API in this process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from client.api.app import create_app
from client.applications import Applications
from client.embedded import Stack
from client.policies import Policies
from client.settings import Settings
from tests.running import DEV, application, stack
from tests.simulators.serving import listening

__all__ = ["application", "stack"]

FILE = """
[patient]
extends = "industry"
version = 3
first = 9
last = 12
[patient.sources]
first = "our survey of 2029"
last = "as for first"
"""


@dataclass
class Platform:
    """A platform with a file of its own policies."""

    file: Path
    http: httpx.AsyncClient
    """Of its API, with the development key."""
    url: str
    applications: Applications


@pytest.fixture
async def platform(stack: Stack, tmp_path: Path) -> AsyncGenerator[Platform]:
    file = tmp_path / "policies.toml"
    file.write_text(FILE)
    app = create_app(Settings(policies=file, embedded=True, home=stack.home), stack.client)
    facade = Applications(stack.client, policies=Policies(file).by_name)
    with capture_logs():  # this process would print them between what commands say
        async with listening(app) as where, httpx.AsyncClient(base_url=where, headers=DEV, timeout=30, trust_env=False) as http:
            yield Platform(file, http, where, facade)
