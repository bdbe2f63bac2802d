"""The processes of the embedded stack: started on a leash, their output in a file each, stopped in order, and none left behind.

What was started is written down before anything else happens, so that a later start finds what an earlier one had to leave.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from client import leash
from client.settings import CannotStart, variable

LEASH: Final = Path(leash.__file__)
GRACE: Final = timedelta(seconds=12)
"""How long a child may take to finish what it is doing, before it is killed."""
_LOOK: Final = 0.03


class Child:
    """One running process."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name: Final = name
        self.log: Final = log
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ended(self) -> int:
        """Its exit code, once it has one; negative: the signal that ended it."""
        return await self._process.wait()

    async def until(self, ready: Callable[[], Awaitable[bool]], patience: timedelta) -> None:
        """Returns when it is ready. CannotStart if it ends before, or takes longer."""
        deadline, exit_code = time.monotonic() + patience.total_seconds(), asyncio.ensure_future(self.ended())
        try:
            while not await ready():
                if exit_code.done():
                    raise CannotStart(f"The {self.name} stopped while starting (exit code {exit_code.result()}): {self.last_words()}")
                if time.monotonic() > deadline:
                    raise CannotStart(f"The {self.name} did not start within {patience.total_seconds():g} s, see {self.log}.")
                await asyncio.wait((exit_code,), timeout=_LOOK)
        finally:
            exit_code.cancel()

    def last_words(self) -> str:
        """The end of its log, in one line."""
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return f"{lines[-1].strip()[:400]} (see {self.log})" if lines else f"see {self.log}."

    async def stop(self, grace: timedelta = GRACE) -> None:
        """Asks it to end, and ends it where it does not. Repeating is harmless."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(grace.total_seconds()):
                await self.ended()
        except TimeoutError:
            self.kill()
            await self.ended()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


class Children:
    """All children of one home. Only one starter at a time has a home: the lock goes with its process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._record = home / "children.json"
        self._started: list[Child] = []
        (home / "logs").mkdir(parents=True, exist_ok=True)
        self._lock = (home / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise CannotStart(f"Another embedded stack runs in {home}: stop it, or set {variable('home')} to another folder.") from None

    async def clear(self) -> None:
        """Ends what an earlier start left running here. Only the very processes that it started: their numbers may be others' by now."""
        for pid, born in self._written_down():
            if birth(pid) == born:
                for name, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 10.0)):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, name)
                    deadline = time.monotonic() + patience
                    while birth(pid) == born and time.monotonic() < deadline:  # noqa: ASYNC110 -- a process that is not our child ends without a word
                        await asyncio.sleep(_LOOK)

    async def start(self, name: str, program: Sequence[str | Path], environment: Mapping[str, str]) -> Child:
        """Starts it with that environment and no other; its output goes to `logs/<name>.log`, that of the time before beside it."""
        log = self._home / "logs" / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                LEASH,
                str(os.getpid()),
                *program,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C at the terminal is for the stack, which stops its children in order
            )
        self._started.append(child := Child(name, process, log))
        self._write_down()
        return child

    async def first_ended(self) -> tuple[Child, int]:
        """The first child to end, and its exit code."""
        waits = {asyncio.ensure_future(child.ended()): child for child in self._started}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        first = min(done, key=list(waits).index)
        return waits[first], first.result()

    async def stop(self) -> None:
        """Ends them all: the first one, which the others need, last. Repeating is harmless."""
        first, *rest = self._started or [None]
        try:
            await asyncio.gather(*(child.stop() for child in rest if child))
            if first:
                await first.stop()
        except asyncio.CancelledError:  # whoever waits has no patience left
            for child in self._started:
                child.kill()
            raise
        self._started.clear()
        self._record.unlink(missing_ok=True)
        self._lock.close()

    def _written_down(self) -> list[tuple[int, str]]:
        try:
            return [(int(row["pid"]), str(row["birth"])) for row in json.loads(self._record.read_text())]
        except (OSError, ValueError, KeyError, TypeError):  # never written, or the disk was full: then nobody can be known
            return []

    def _write_down(self) -> None:
        rows = [{"name": child.name, "pid": child.pid, "birth": birth(child.pid)} for child in self._started]
        part = self._record.with_suffix(".part")
        part.write_text(json.dumps(rows))
        part.replace(self._record)


def birth(pid: int) -> str | None:
    """What tells this process from a later one of the same number; None if it is over."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        if sys.platform == "linux":
            return None
        told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return told.stdout.strip() or None
    return None if stat[0] in "ZX" else stat[19]
