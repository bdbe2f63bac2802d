"""The demonstration, against a deployment."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from client.connections import Connection, read
from client.demonstration.board import simulated
from client.demonstration.comparison import differences
from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.player import KEY, PATIENCE, Player
from client.demonstration.stories import STORIES
from client.demonstration.table import TABLE
from client.http.applications import Applications


async def demonstrated(platform: str, boards: str) -> dict[str, tuple[str, ...]]:
    """Every story played against these addresses of an API; what is not as the table has it, by story."""
    async with AsyncExitStack() as after:
        applications = await after.enter_async_context(Applications(platform, KEY, patience=PATIENCE))
        hooks = {
            one.id: await after.enter_async_context(simulated(one.board.name, one.id, one.secrets[0].get_secret_value(), boards))
            for one in connections_in(CONNECTIONS)
        }
        assert all(await asyncio.gather(*(board.activates() for board in hooks.values())))
        player = Player(applications, hooks)
        performances = await asyncio.gather(*(player.play(story) for story in STORIES))
    found = {p.story.name: differences(TABLE[p.story.name], p.played) for p in performances}
    assert found.keys() == TABLE.keys()
    return {name: wrong for name, wrong in found.items() if wrong}


def connections_in(text: str) -> list[Connection]:
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return list(read(Path(file.name))[0].values())
