"""The embedded stack as the chaos suite runs it: every way between its parts goes through a relay, and every part can be killed."""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

import httpx
from temporalio.service import RPCError

from activities.letters.links import Links, keys_in
from client.children import Child
from client.connections import Connection, Connections
from client.embedded import ALL, DYNAMIC, HOST, PATIENCE, Part, Ports, link_key
from client.settings import CannotStart
from tests.chaos.relay import MailRelay, Relay
from tests.durability.accidents import Fragile, is_over, written_down
from tests.running import DEV

SHORT_RUNS: Final = {"limit.historyCount.suggestContinueAsNew": "120"}
"""Long lives go on as new runs, which no real one of their length has to."""
SECRET: Final = "whsec_" + base64.b64encode(b"only for the tests of chaos").decode()
AT_REST: Final = 15.0
"""Seconds in which a stack starts on two cores that have nothing else to do."""
ATTEMPTS: Final = 5
"""So often a part is started again that could not start, as whatever supervises it would."""


class Shaken(Fragile):
    """Worker and API reach Temporal through a relay each, the port of which stands in their environment."""

    async def _start_temporal(self) -> None:
        with patch.dict(DYNAMIC, SHORT_RUNS):
            await super()._start_temporal()

    async def _start(self, name: str, module: str, ready: Callable[[], Awaitable[bool]]) -> None:
        way = self._environment.get(f"CHAOS_{name.upper()}")
        settings = dict(self._environment) | ({"TEMPORAL_ADDRESS": f"{HOST}:{way}"} if way else {})
        program = "tests.chaos.worker" if name == "worker" else module
        for left in reversed(range(ATTEMPTS)):
            child = await self._children.start(name, [sys.executable, "-m", program], settings)
            try:
                await child.until(_says(child, b"worker works") if name == "worker" else ready, PATIENCE)
            except (CannotStart, RPCError):
                child.kill()
                if not left:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    def fallen(self) -> set[Part]:
        """Parts whose process is over."""
        latest = dict(written_down(self.home))
        return {part for part in ALL if part in latest and is_over(latest[part])}


def _says(child: Child, words: bytes) -> Callable[[], Awaitable[bool]]:
    """Whether its log has these words: the server would still show the pollers of the one that was killed."""

    async def look() -> bool:
        return words in child.log.read_bytes()

    return look


@dataclass
class Scene:
    """Where everything happens."""

    stack: Shaken
    api: httpx.AsyncClient
    worker_way: Relay
    api_way: Relay
    mail_way: MailRelay
    connection: Connection
    links: Links
    pace: float = 1
    """How much slower than an idle one this machine is at the moment: faults then leave more time between them."""
    faults: int = 0
    """How many there were."""
    fell: list[Part] = field(default_factory=list[Part])
    """Parts that ended by themselves, and were started again."""
    processes: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever kills and starts has it."""
    _present: int = 0
    _calm_since: float = field(default_factory=time.monotonic)

    @contextmanager
    def disturbed(self) -> Generator[None]:
        """While a fault lasts."""
        self._present += 1
        self.faults += 1
        try:
            yield
        finally:
            self._present -= 1
            self._calm_since = time.monotonic()

    def calm_for(self) -> float:
        """Seconds since the last fault ended; 0 while there is one."""
        return 0.0 if self._present else time.monotonic() - self._calm_since


@asynccontextmanager
async def scene(home: Path | None = None) -> AsyncGenerator[Scene]:
    """All parts run, and nothing is wrong yet."""
    async with AsyncExitStack() as after:
        folder = home or Path(after.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True)))
        ports = Ports.free()
        ways = Relay(ports.temporal), Relay(ports.temporal), MailRelay(ports.smtp)
        for way in ways:
            await after.enter_async_context(way.open())
        connections = folder / "connections.toml"
        connections.write_text(f'[board]\nboard = "standard"\nsecrets = ["{SECRET}"]\n')
        environment = {
            "CHAOS_WORKER": str(ways[0].port),
            "CHAOS_API": str(ways[1].port),
            "AFTERWORD_SMTP_URL": f"smtp://{HOST}:{ways[2].port}",
            "AFTERWORD_CONNECTIONS": str(connections),
            "AFTERWORD_RATE_LIMIT": "off",
        }
        begun = time.monotonic()
        stack = await after.enter_async_context(Shaken.start(home=folder / "home", ports=ports, environment=environment))
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=20)
        api = httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=15, trust_env=False, limits=limits)
        await after.enter_async_context(api)
        links = Links(keys_in(link_key(stack.home)), stack.api)
        pace = min(max(1.0, (time.monotonic() - begun) / AT_REST), 3.0)
        yield Scene(stack, api, *ways, connection=Connections(connections).current()["board"], links=links, pace=pace)
