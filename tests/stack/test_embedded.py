"""The embedded stack starts, stops and survives as a whole."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from client.children import Children, birth
from client.connection import connect
from client.embedded import Ports, Stack, link_key
from client.settings import CannotStart
from tests.server import eventually

pytestmark = pytest.mark.timeout(240)  # a whole stack needs its time on a machine that is busy

SERVE = """
import asyncio, sys
from rich.console import Console
from client.embedded import serve
from client.settings import CannotStart, Settings, read
try:
    sys.exit(asyncio.run(serve(read(Settings), Console(width=200))))
except CannotStart as e:
    sys.exit(f"{e}")
"""


def set_to(ports: Ports, home: Path) -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("AFTERWORD_", "TEMPORAL_"))}
    return {
        **ours,
        "PYTHONUNBUFFERED": "1",
        "AFTERWORD_HOME": str(home),
        "AFTERWORD_API_PORT": str(ports.api),
        "AFTERWORD_SMTP_PORT": str(ports.smtp),
        "AFTERWORD_METRICS_PORT": str(ports.metrics),
        "AFTERWORD_API_METRICS_PORT": str(ports.api_metrics),
        "AFTERWORD_TEMPORAL_PORT": str(ports.temporal),
        "AFTERWORD_TEMPORAL_UI_PORT": str(ports.temporal_ui),
    }


class Served:
    """`serve` in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, ports: Ports, home: Path) -> None:
        self.process = process
        self.ports = ports
        self.home = home

    async def says(self, words: str) -> str:
        """Everything said until those words."""
        assert self.process.stdout
        said = ""
        while words not in said:
            line = await asyncio.wait_for(self.process.stdout.readline(), 50)
            if not line:
                pytest.fail(f"ended without {words!r}: {said}")
            said += line.decode()
        return said

    def children(self) -> dict[str, int]:
        return {row["name"]: row["pid"] for row in json.loads((self.home / "children.json").read_text())}

    async def temporal(self) -> Client:
        return await connect(address=f"127.0.0.1:{self.ports.temporal}", namespace="default")


@asynccontextmanager
async def served(home: Path, ports: Ports | None = None) -> AsyncGenerator[Served]:
    ports = ports or Ports.free()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, env=set_to(ports, home), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        yield Served(process, ports, home)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def gone(pids: list[int]) -> None:
    async def all_gone() -> bool:
        return not any(birth(pid) for pid in pids)

    await eventually(all_gone)


OPENING: dict[str, Any] = {
    "id": "app-1",
    "candidate": {"id": "cand-7", "email": "ada@example.org", "timezone": "Europe/London", "waking_hours": ["00:00", "23:59"]},
    "employer": {"name": "Analytical Engines", "timezone": "America/New_York"},
    "position": "Staff Engineer",
    "facts": [{"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00:00+00:00"}],
}


def api(ports: Ports) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{ports.api}", headers={"Authorization": "Bearer dev-key"}, trust_env=False, timeout=20
    )


async def test_it_starts_whole_on_free_ports_and_leaves_no_process_behind(tmp_path: Path) -> None:
    heard: list[str] = []
    async with Stack.start(home=tmp_path, say=heard.append) as stack:
        pids = [row["pid"] for row in json.loads((tmp_path / "children.json").read_text())]
        assert len(pids) == 4
        async with httpx.AsyncClient(trust_env=False) as http:
            answers = [await http.get(url) for url in (f"{stack.api}/healthz", stack.ui, f"http://127.0.0.1:{stack.ports.metrics}/metrics")]
        assert [a.status_code for a in answers] == [200, 200, 200]
        assert "temporal_" in answers[2].text
    await gone(pids)
    assert not (tmp_path / "children.json").exists()
    assert heard == ["Temporal starts", "the sink starts", "the worker starts", "the api starts"]


async def test_everything_killed_at_once_is_as_before_after_a_restart(tmp_path: Path) -> None:
    async with served(tmp_path) as first:
        await first.says("Ctrl-C stops it.")
        async with api(first.ports) as http:
            opened = (await http.post("/v1/applications", json=OPENING)).json()

            async def sent() -> list[Any]:
                return (await http.get("/v1/messages")).json()["messages"]

            mail = await eventually(sent)
            before = (await http.get("/v1/applications/app-1")).json()
        assert before["revision"] > opened["revision"]
        pids = [*first.children().values()]
        first.process.kill()
        await gone(pids)
    async with served(tmp_path, first.ports) as second:
        await second.says("Ctrl-C stops it.")
        async with api(second.ports) as http:
            assert (await http.get("/v1/applications/app-1")).json() == before
            assert (await http.get("/v1/messages")).json()["messages"] == mail


async def test_ctrl_c_stops_everything_in_order(tmp_path: Path) -> None:
    async with served(tmp_path) as stack:
        said = await stack.says("Ctrl-C stops it.")
        assert f"http://127.0.0.1:{stack.ports.api}/docs" in said
        assert f"http://127.0.0.1:{stack.ports.temporal_ui}" in said
        pids = [*stack.children().values()]
        stack.process.send_signal(signal.SIGINT)
        assert await stack.process.wait() == 0
        await gone(pids)
    assert '"event": "worker ends"' in (tmp_path / "logs" / "worker.log").read_text()


async def test_a_part_that_dies_is_named_and_ends_the_rest(tmp_path: Path) -> None:
    async with served(tmp_path) as stack:
        await stack.says("Ctrl-C stops it.")
        children = stack.children()
        os.kill(children["worker"], signal.SIGKILL)
        assert "The worker stopped by itself (exit code -9)" in await stack.says("worker.log")
        assert await stack.process.wait() == 1
        await gone([*children.values()])


async def test_a_second_stack_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    async with Stack.start(home=tmp_path, parts=()):
        with pytest.raises(CannotStart) as said:
            async with Stack.start(home=tmp_path, parts=()):
                pass
    assert str(said.value) == f"Another embedded stack runs in {tmp_path}: stop it, or set AFTERWORD_HOME to another folder."


@pytest.mark.parametrize("name", ["temporal", "temporal_ui", "api", "smtp", "metrics"])
async def test_a_port_that_somebody_has_is_named_by_its_setting(name: str, tmp_path: Path) -> None:
    ports = Ports.free()
    with socket.create_server(("127.0.0.1", getattr(ports, name))), pytest.raises(CannotStart) as said:
        async with Stack.start(home=tmp_path, ports=ports):
            pass
    assert str(said.value) == (
        f"Port {getattr(ports, name)} on 127.0.0.1 cannot be had (set AFTERWORD_{name.upper()}_PORT): Address already in use."
    )


async def test_a_part_that_cannot_start_says_why_and_ends_the_rest(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as said:
        async with Stack.start(home=tmp_path, parts=("worker",), environment={"AFTERWORD_MAIL_FROM": "nobody"}):
            pass
    assert "The worker stopped while starting (exit code 1): AFTERWORD_MAIL_FROM: the sender of messages must be" in str(said.value)
    assert not (tmp_path / "children.json").exists()


async def test_what_surrounds_it_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_MAIL_FROM", "nobody")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "elsewhere")
    monkeypatch.setenv("TEMPORAL_TLS", "true")
    async with Stack.start(home=tmp_path, parts=("worker",)) as stack:
        assert stack.client.namespace == "default"


def test_its_links_are_signed_with_a_key_that_is_kept_and_nobody_else_reads(tmp_path: Path) -> None:
    """Made once: yesterday's mail can be answered after a restart."""
    other = tmp_path / "other"
    other.mkdir()
    key = link_key(tmp_path)
    assert (link_key(tmp_path), len(key) >= 32, link_key(other) == key) == (key, True, False)
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir() if file.is_file()] == [("link-key", 0o600)]


async def test_what_an_earlier_start_left_is_ended_but_nobody_else(tmp_path: Path) -> None:
    left, other = [await asyncio.create_subprocess_exec("sleep", "600") for _ in range(2)]
    rows = [{"name": "a", "pid": left.pid, "birth": birth(left.pid)}, {"name": "b", "pid": other.pid, "birth": "another time"}]
    (tmp_path / "children.json").write_text(json.dumps(rows))
    children = Children(tmp_path)
    try:
        await children.clear()
        assert (birth(left.pid), birth(other.pid) is None) == (None, False)
    finally:
        other.kill()
        await asyncio.gather(left.wait(), other.wait())
        await children.stop()


@pytest.mark.parametrize("record", ["", "{", '{"pid": 1}', '[{"pid": "x", "birth": "y"}]', "[1]"])
async def test_a_broken_record_of_children_stops_nothing(tmp_path: Path, record: str) -> None:
    (tmp_path / "children.json").write_text(record)
    children = Children(tmp_path)
    await children.clear()
    await children.stop()


async def test_runs_outlive_the_server(tmp_path: Path) -> None:
    ports = Ports.free()
    async with Stack.start(home=tmp_path, ports=ports, parts=()) as stack:
        await stack.client.start_workflow("Anything", id="kept", task_queue="nobody")
    async with Stack.start(home=tmp_path, ports=ports, parts=()) as stack:
        assert (await stack.client.get_workflow_handle("kept").describe()).status == WorkflowExecutionStatus.RUNNING
