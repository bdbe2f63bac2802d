"""The stack's processes, as accidents leave them: killed without a word and started again on the same home; and callers that persist."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import httpx

from client.embedded import Part, Ports, Stack
from client.settings import PREFIX
from tests.parts import ROOT
from tests.running import DEV, body
from tests.server import eventually

LONG: Final = timedelta(seconds=90)
"""A send whose worker was killed is given up by the server after half a minute."""
START: Final = 60.0
"""Seconds in which the stack is there."""


class Fragile(Stack):
    """The embedded stack, whose parts can be killed and started again."""

    async def kill(self, part: Part) -> None:
        """`kill -9`; returns when it is gone."""
        pid = [pid for name, pid in written_down(self.home) if name == part][-1]
        os.kill(pid, signal.SIGKILL)
        await gone(pid)

    async def again(self, part: Part) -> None:
        """Starts it as it was; returns when it is ready."""
        await {"temporal": self._start_temporal, **self._others()}[part]()


@dataclass(frozen=True)
class Served:
    """What `afterword serve` runs."""

    home: Path
    process: asyncio.subprocess.Process
    api: httpx.AsyncClient

    async def kill(self, *, children: bool) -> None:
        """`kill -9` of the program that was started, and of its children or not; returns when none of them is left."""
        pids = [self.process.pid, *(pid for _, pid in written_down(self.home))]
        for pid in pids if children else pids[:1]:
            os.kill(pid, signal.SIGKILL)
        await self.process.wait()
        for pid in pids:
            await gone(pid)


@asynccontextmanager
async def served(home: Path, ports: Ports, settings: Mapping[str, str] | None = None) -> AsyncGenerator[Served]:
    """`afterword serve` on that home and those ports; stopped in order if it still runs."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "TEMPORAL_"))}
    ours = {f"{PREFIX}{name.upper()}_PORT": str(port) for name, port in vars(ports).items()}
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("afterword"),
        "serve",
        cwd=ROOT,
        env={**theirs, **ours, f"{PREFIX}HOME": str(home), **(settings or {})},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(START):
            printed = [line async for line in _until_ready(process.stdout)]
        assert printed[-1:] == ["Ctrl-C stops it."], printed
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.api}", headers=DEV, timeout=30, trust_env=False) as api:
            yield Served(home, process, api)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _until_ready(output: asyncio.StreamReader) -> AsyncGenerator[str]:
    async for line in output:
        yield line.decode().strip()
        if line.startswith(b"Ctrl-C"):
            return


def written_down(home: Path) -> list[tuple[str, int]]:
    """Name and process of every child that was started in that home."""
    return [(row["name"], row["pid"]) for row in json.loads((home / "children.json").read_text())]


def is_over(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


async def gone(pid: int) -> None:
    async def look() -> bool:
        return is_over(pid)

    await eventually(look)


def letters(home: Path) -> list[tuple[str, str, str]]:
    """Of everything that the mail server took: application, intent, Message-ID."""
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted((home / "mail").glob("*.eml"))]
    return [(str(mail["X-Afterword-Application"]), str(mail["X-Afterword-Intent"]), str(mail["Message-ID"])) for mail in found]


def doubled(home: Path) -> list[str]:
    """Message-IDs, and intents of one application, of which there is more than one message."""
    kept = letters(home)
    counts = Counter([message_id for *_, message_id in kept] + [f"{application} {intent}" for application, intent, _ in kept])
    return [name for name, count in counts.items() if count > 1]


async def persist(api: httpx.AsyncClient, path: str, said: Any) -> int:
    """Says it, unchanged, until it is answered for good; how often it had to be said. No answer, and 503, mean: again."""
    times = 0

    async def attempt() -> bool:
        nonlocal times
        times += 1
        try:
            answer = await api.post(path, json=said)
        except httpx.TransportError:
            return False
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            return False
        assert answer.status_code in (200, 201), answer.text
        return True

    await eventually(attempt, LONG)
    return times


async def view_of(api: httpx.AsyncClient, application: str) -> dict[str, Any]:
    """Its view, as soon as somebody works who can tell."""

    async def look() -> httpx.Response | None:
        answer = await api.get(f"/v1/applications/{application}")
        return None if answer.status_code == 503 else answer

    answer = await eventually(look, LONG)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def noted(api: httpx.AsyncClient, application: str, *intents: str) -> dict[str, bool]:
    """Intent -> whether its sending was uncertain, once each of these is noted as prompted."""

    async def look() -> dict[str, bool] | None:
        facts = (await view_of(api, application))["facts"]
        found = {fact["intent"]: bool(fact.get("uncertain")) for fact in facts if fact["type"] == "prompted"}
        return found if set(intents) <= found.keys() else None

    return await eventually(look, LONG)


def noon() -> dict[str, Any]:
    """A candidate for whom it is about noon, so that nothing waits for the morning."""
    ahead = 12 - datetime.now(UTC).hour
    return {"id": "cand-7", "name": "Ada Byron", "email": "ada@example.org", "timezone": f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"}


def with_offer(application: str, *more: dict[str, Any]) -> dict[str, Any]:
    """An opening with a spoken offer of five minutes ago, for which thanks are due at once."""
    came = datetime.now(UTC) - timedelta(minutes=5)
    return body(application, candidate=noon(), facts=[{"type": "offer_received", "in_writing": False, "at": came.isoformat()}, *more])


def thanked_in(application: str, left: timedelta) -> dict[str, Any]:
    """An opening whose thank-you prompt is due in that time: two hours after the interview ended."""
    ended = datetime.now(UTC) + left - timedelta(hours=2)
    return body(application, candidate=noon(), facts=[{"type": "interview_held", "interview": "i1", "ended_at": ended.isoformat()}])
