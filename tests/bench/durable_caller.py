"""How the benchmark speaks to the process of durable functions: one order at a time, over a socket in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from client.children import Child, Children
from tests.bench.lifecycle import Case, plain
from tests.bench.marks import MARKS
from tests.parts import ROOT
from tests.scale.cluster import Postgres

DATABASE: Final = "durable"
READY: Final = timedelta(seconds=60)
_THANKED, _FOLLOWED_UP = "thank_you_sent", "follow_up_sent"


def ordered(case: Case) -> dict[str, Any]:
    """One application as the process takes it: its opening, and what is told later."""
    told = [(_THANKED, case.thanked_at.isoformat()), (_FOLLOWED_UP, case.followed_up_at.isoformat())]
    return {"opening": plain(case).model_dump(mode="json"), "told": told}


class Durable:
    """The process. Holds one connection to it, made anew when it was started anew."""

    def __init__(self, store: Postgres, children: Children, home: Path) -> None:
        self._store, self._children, self._socket = store, children, home / "durable.sock"
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.process: Child

    async def start(self, marks: Path | None = None) -> None:
        """Returns when it takes orders. What was open before is being recovered meanwhile. `marks`: as in `marks`."""
        if DATABASE not in (await self._store.ask("SELECT datname FROM pg_database")).splitlines():
            await self._store.ask(f"CREATE DATABASE {DATABASE}")
        self._socket.unlink(missing_ok=True)
        told = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "AFTERWORD_", "DBOS_", "PG"))}
        environment = told | {"PYTHONPATH": str(ROOT)} | ({MARKS: str(marks)} if marks else {})
        url = self._store.url.removesuffix("/postgres") + f"/{DATABASE}"
        program = [sys.executable, "-m", "tests.bench.durable_process", str(self._socket), url]
        await self.close()
        self.process = await self._children.start("durable", program, environment)
        await self.process.until(self._connected, READY)

    async def ask(self, do: str, cases: Sequence[Case], in_flight: int = 1) -> dict[str, Any]:
        """What it answers to one order. ConnectionError if it ends meanwhile."""
        if not self._connection:
            raise ConnectionError("the process of durable functions was not started")
        reader, writer = self._connection
        order = {"do": do, "orders": [ordered(case) for case in cases], "in_flight": in_flight}
        writer.write(json.dumps(order).encode() + b"\n")
        await writer.drain()
        if not (line := await reader.readline()):
            raise ConnectionError(self.process.last_words())
        return json.loads(line)

    async def close(self) -> None:
        """Hangs up. The process goes on."""
        if self._connection:
            _, writer = self._connection
            self._connection = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def waiting(self) -> int:
        """Applications that wait for their first moment."""
        return int(await self._store.ask("SELECT count(*) FROM dbos.operation_outputs WHERE function_name = 'DBOS.sleep'", DATABASE))

    async def _connected(self) -> bool:
        with contextlib.suppress(OSError):
            self._connection = await asyncio.open_unix_connection(self._socket, limit=64 * 2**20)
        return self._connection is not None
