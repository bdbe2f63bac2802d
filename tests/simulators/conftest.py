"""One stack for the folder, whose connections are written as they are needed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.connections import Connection, Connections
from client.demonstration.board import SimulatedBoard, simulated
from client.embedded import Stack
from client.settings import variable
from tests.boards.deliveries import TERMS, secret_of
from tests.running import DEV
from tests.simulators.api import BoardApi, serving
from tests.simulators.harvest import KEY, Harvest
from workflows.boards import BOARDS


@dataclass
class Place:
    """The running stack, and the file of its connections."""

    stack: Stack
    file: Path
    http: httpx.AsyncClient
    tables: dict[str, str] = field(default_factory=dict[str, str])
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def connect(self, board: str, connection: str, api_url: str | None = None) -> Connection:
        """Writes the connection into the file, as an operator does."""
        lines = [f"[{connection}]", f'board = "{board}"', f'secrets = ["{secret_of(BOARDS[board])}"]']
        lines += [f'api_url = "{api_url}"', f'api_key = "{KEY}"'] if api_url else []
        lines += [f'token_url = "{api_url}/token"'] if api_url and BOARDS[board].token_url else []
        stages = [f"{json.dumps(stage)} = {json.dumps(meaning)}" for stage, meaning in TERMS.stages.items()]
        self.tables[connection] = "\n".join([*lines, f"[{connection}.stages]", *stages])
        whole = self.file.with_suffix(".part")
        whole.write_text("\n\n".join(self.tables.values()))
        whole.replace(self.file)
        return Connections(self.file).current()[connection]

    async def view(self, application: str) -> dict[str, Any]:
        return (await self.http.get(f"/v1/applications/{application}")).json()


@dataclass
class Hooked:
    """A simulated board, its API, and the name of its connection."""

    place: Place
    board: SimulatedBoard
    api: BoardApi
    interviews: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        return self.board.connection

    def connect(self) -> Connection:
        return self.place.connect(self.board.name, self.name, self.api.url)


@pytest.fixture(scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Place]:
    file = tmp_path_factory.mktemp("boards") / "connections.toml"
    file.write_text("")
    async with (
        Stack.start(environment={variable("connections"): str(file)}) as stack,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as http,
    ):
        yield Place(stack, file, http)


@pytest.fixture
async def boards(place: Place) -> AsyncGenerator[Any]:
    """Makes simulated boards that nobody else has."""
    async with AsyncExitStack() as after:

        async def begin(name: str) -> Hooked:
            api, harvest = await after.enter_async_context(serving(BoardApi())), Harvest()
            if name == "greenhouse":
                harvest.serve(api)
            connection = f"{name}-{uuid4().hex[:8]}"
            board = await after.enter_async_context(simulated(name, connection, secret_of(BOARDS[name]), place.stack.api))
            return Hooked(place, board, api, harvest.interviews)

        yield begin
