"""The product's own worker and entrance, a board's API beside them, and a connection to it that nobody else has."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from temporalio.client import Client, WorkflowExecution, WorkflowHandle

from activities.boards import Boards
from client.applications import Applications
from client.connections import Connection, Connections
from client.hooks import Hooks
from client.intake import Intakes
from client.refusals import NoSuchApplication
from client.telling import tell
from tests.boards.deliveries import signed
from tests.boards.served import served
from tests.server import eventually
from tests.simulators.api import BoardApi, serving
from worker.registry import workers
from worker.settings import Settings
from workflows import names
from workflows.boards.delivery import Delivery

SECRET = "a-secret-of-this-test"
SOON = timedelta(seconds=0.2)
"""In the place of a quarter of an hour."""


@dataclass
class Received:
    """What was delivered, and what became of it."""

    client: Client
    applications: Applications
    connections: Connections
    file: Path
    name: str
    address: str
    api: BoardApi

    @property
    def connection(self) -> Connection:
        return self.connections.current()[self.name]

    def write(self, more: str, board: str = "") -> None:
        """The connection as the file has it from now on."""
        board = board or self.connection.board.name
        self.file.write_text(f'[{self.name}]\nboard = "{board}"\nsecrets = ["{SECRET}"]\napi_url = "{self.api.url}"\n{more}')

    async def delivers(self, delivery: Delivery) -> int:
        sent = signed(self.connection.board, SECRET, delivery, datetime.now(UTC))
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            url = f"{self.address}hooks/{self.connection.board.name}/{self.name}"
            return (await http.post(url, content=sent.body, headers=sent.headers)).status_code

    def own(self, board_id: str) -> str:
        return self.connection.terms.own(board_id)

    async def facts(self, application: str) -> list[dict[str, Any]]:
        try:
            return (await self.applications.view(application))["facts"]
        except NoSuchApplication:
            return []

    async def comes_to(self, application: str, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """The facts, as soon as they are of these kinds."""

        async def look() -> bool:
            return [fact["type"] for fact in await self.facts(application)] == list(kinds)

        await eventually(look)
        return await self.facts(application)

    async def intakes(self, number: int) -> list[WorkflowExecution]:
        """The intakes of this connection, as soon as the index knows so many of them."""

        async def look() -> list[WorkflowExecution]:
            query = f"WorkflowType = '{names.INTAKE}' AND Connection = '{self.name}'"
            found = [run async for run in self.client.list_workflows(query)]
            return found if len(found) >= number else []

        return await eventually(look)

    async def intake(self) -> WorkflowHandle[Any, Any]:
        (run,) = await self.intakes(1)
        return self.client.get_workflow_handle(run.id, result_type=names.Taken)


@asynccontextmanager
async def receiving(client: Client, folder: Path, board: str, more: str = "", begun: bool = True) -> AsyncGenerator[Received]:  # noqa: FBT001, FBT002 -- reads as said
    """An entrance for one connection of that board. Its worker asks again soon where the product asks slowly."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(serving(BoardApi()))
        name, file = f"{board}-{uuid4().hex[:8]}", folder / "connections.toml"
        applications = Applications(client)
        here = Received(client, applications, Connections(None), file, name, "", api)
        here.write(more, board)
        here.connections = connections = Connections(file)
        hooks = Hooks(applications, connections, Intakes(client, connections))
        here.address = await stack.enter_async_context(served(hooks))
        if begun:
            await stack.enter_async_context(working(here))
        yield here


@asynccontextmanager
async def working(here: Received, slowly: timedelta = SOON) -> AsyncGenerator[None]:
    """The worker runs."""
    asking = Boards(here.connections.current, partial(tell, here.applications), slowly=slowly, doubts=(0.05, 0.05))
    async with AsyncExitStack() as stack:
        for worker in workers(here.client, Settings(shutdown_grace=1), asking):
            await stack.enter_async_context(worker)
        yield
