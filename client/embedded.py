"""The embedded stack: a real Temporal server with its web UI, a worker, the HTTP API and a mail sink, each a process of its own.

Everything durable lies in one folder. The server may skip time. Nothing here is for production.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, Self, get_args

import httpx
from pydantic import SecretStr
from rich.console import Console
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from client.children import Child, Children
from client.connection import connect, retain
from client.search_attributes import register
from client.settings import PREFIX, CannotStart, Settings, ring_of, variable
from workflows import names
from workflows.names.events import EVENTS

Part = Literal["temporal", "sink", "worker", "api"]
ALL: Final[tuple[Part, ...]] = get_args(Part)
HOST: Final = "127.0.0.1"
TRACES: Final = "OTEL_"
"""What OpenTelemetry's own environment begins with."""
PATIENCE: Final = timedelta(seconds=60)
"""How long one part may take to start, on a machine that is busy."""
SKIPS_TIME: Final = (1, 32)
"""The first server that can move one workflow's clock."""
FREE: Final = range(20_000, 32_000)
"""Systems give none of these to a connection that asks for any, so that a port that is free stays so until it is taken."""
DYNAMIC: Final = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "history.timerProcessorMaxTimeShift": '"1ms"',  # else every skip waits for a second
    "history.workflowIdReuseMinimalInterval": '"0s"',  # else a run that goes on as new begins a second late, and a skip passes over it
    "history.transferProcessorEnsureCloseBeforeDelete": "false",  # else a run that ended is deleted half a minute later
    "matching.enableFairness": "true",  # else sends of candidates do not take turns
    "history.timerProcessorMaxPollRPS": "1000",  # 20 by default, which makes a skip take 0.2 s instead of 0.015
}


@dataclass(frozen=True)
class Ports:
    temporal: int
    temporal_ui: int
    api: int
    smtp: int
    metrics: int
    api_metrics: int

    @classmethod
    def set_in(cls, settings: Settings) -> Self:
        ours = (settings.api_port, settings.smtp_port, settings.metrics_port, settings.api_metrics_port)
        return cls(settings.temporal_port, settings.temporal_ui_port, *ours)

    @classmethod
    def free(cls) -> Self:
        """Ports that nobody has at this moment."""
        free = (port for port in random.sample(FREE, len(FREE)) if _is_free(port))
        return cls(*itertools.islice(free, 6))

    def check(self) -> None:
        """CannotStart names the setting of the first port that somebody has."""
        for name in ("temporal", "temporal_ui", "api", "smtp", "metrics", "api_metrics"):
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                port = getattr(self, name)
                try:
                    s.bind((HOST, port))
                except OSError as e:
                    raise CannotStart(f"Port {port} on {HOST} cannot be had (set {variable(name + '_port')}): {e.strerror}.") from None


def _is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.socket() as s:
        s.bind((HOST, port))
        return True
    return False


class Stack:
    """What runs. Made by `start`."""

    def __init__(self, home: Path, ports: Ports, children: Children, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.home: Final = home
        self.ports: Final = ports
        self.client: Client
        """Of the embedded server; there once `start` has returned."""
        self._children = children
        self._environment = environment
        self._say = say

    @property
    def temporal(self) -> str:
        return f"{HOST}:{self.ports.temporal}"

    @property
    def ui(self) -> str:
        return f"http://{HOST}:{self.ports.temporal_ui}"

    @property
    def api(self) -> str:
        return f"http://{HOST}:{self.ports.api}"

    def addresses(self) -> dict[str, str]:
        """For people: what runs, and where."""
        return {
            "API": f"{self.api}/docs",
            "Temporal UI": self.ui,
            "Temporal": self.temporal,
            "mail": f"smtp://{HOST}:{self.ports.smtp}, kept in {self.home / 'mail'}",
            "metrics": f"http://{HOST}:{self.ports.metrics}/metrics, http://{HOST}:{self.ports.api_metrics}/metrics",
            "logs": str(self.home / "logs"),
        }

    @classmethod
    @contextlib.asynccontextmanager
    async def start(
        cls,
        *,
        home: Path | None = None,
        ports: Ports | Literal["free"] = "free",
        parts: Collection[Part] = ALL,
        environment: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> AsyncGenerator[Self]:
        """Runs until the block ends; then every process is gone. CannotStart says what is in the way.

        `home`: None is a folder of its own that is removed afterwards. `environment`: settings for the children; those that surround us
        do not count, so that tests and demonstrations do not depend on them. `say` hears of progress.
        """
        async with contextlib.AsyncExitStack() as after:
            if home is None:
                home = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="afterword-", ignore_cleanup_errors=True)))
            home = home.resolve()
            home.mkdir(parents=True, exist_ok=True)
            children = Children(home)
            after.push_async_callback(children.stop)
            await children.clear()
            if ports == "free":
                ports = Ports.free()
            ports.check()
            stack = cls(home, ports, children, _environment(home, ports, environment or {}), say)
            await stack._start_temporal()
            await asyncio.gather(*(start() for part, start in stack._others().items() if part in parts))
            yield stack

    async def first_ended(self) -> tuple[Child, int]:
        """The first child to end, and its exit code. While all is well it does not return."""
        return await self._children.first_ended()

    def _others(self) -> Mapping[Part, Callable[[], Awaitable[None]]]:
        return {"sink": self._start_sink, "worker": self._start_worker, "api": self._start_api}

    async def _start_temporal(self) -> None:
        self._say("Temporal starts")
        program = [_temporal(), "server", "start-dev", "--ip", HOST, "--port", str(self.ports.temporal)]
        program += ["--ui-port", str(self.ports.temporal_ui), "--ui-disable-news-fetch", "--db-filename", str(self.home / "temporal.db")]
        program += ["--log-level", "warn", "--log-format", "json"]
        for key, value in DYNAMIC.items():
            program += ["--dynamic-config-value", f"{key}={value}"]
        child = await self._children.start(
            "temporal", program, {k: v for k, v in self._environment.items() if not k.startswith("TEMPORAL_")}
        )

        said = self._environment.get(variable("encryption_keys"))
        keys = ring_of(SecretStr(said) if said else None, embedded=True)

        async def answers() -> bool:
            try:
                self.client = await connect(address=self.temporal, patience=timedelta(seconds=1), configured=False, keys=keys)
            except CannotStart:
                return False
            return True

        await child.until(answers, PATIENCE)
        await retain(self.client, names.RETENTION)
        await register(self.client)

    async def _start_sink(self) -> None:
        await self._start("sink", "client.sink", self._takes_mail)

    async def _start_worker(self) -> None:
        await self._start("worker", "worker", self._takes_work)

    async def _start_api(self) -> None:
        await self._start("api", "client.api", self._takes_calls)

    async def _start(self, name: str, module: str, ready: Callable[[], Awaitable[bool]]) -> None:
        self._say(f"the {name} starts")
        child = await self._children.start(name, [sys.executable, "-m", module], self._environment)
        await child.until(ready, PATIENCE)

    async def _takes_mail(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(HOST, self.ports.smtp)
        except OSError:
            return False
        try:
            return (await reader.readline()).startswith(b"220")
        except OSError:
            return False
        finally:
            writer.close()

    async def _takes_work(self) -> bool:
        wanted = (
            (names.TASK_QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
            (names.TASK_QUEUE, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
            (names.NOTICES, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
            (names.BOARDS, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
            (EVENTS, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
            (names.IMPORTS, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
        )
        for queue, kind in wanted:
            request = DescribeTaskQueueRequest(namespace=self.client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
            if not (await self.client.workflow_service.describe_task_queue(request)).pollers:
                return False
        return True

    async def _takes_calls(self) -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
            try:
                return (await http.get(f"{self.api}/healthz")).is_success
            except httpx.HTTPError:
                return False


async def serve(settings: Settings, console: Console, announce: Callable[[dict[str, str]], None] | None = None) -> int:
    """The stack on the ports that are set, durable in its home, until Ctrl-C or SIGTERM: 0; 1 if a part of it ends by itself.

    `announce` is told what runs where, once it does; by default the console is. CannotStart says what is in the way.
    """
    running, loop = asyncio.ensure_future(_run(settings, console, announce)), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, running.cancel)  # a second one ends the children at once
    try:
        return await running
    except asyncio.CancelledError:
        if (ours := asyncio.current_task()) and ours.cancelling():
            raise
        console.print("Stopped.")
        return 0


async def _run(settings: Settings, console: Console, announce: Callable[[dict[str, str]], None] | None) -> int:
    async with contextlib.AsyncExitStack() as after:
        with console.status("Starting …") as status:
            ours = {k: v for k, v in os.environ.items() if k.startswith((PREFIX, TRACES))}
            starting = Stack.start(
                home=settings.home, ports=Ports.set_in(settings), environment=ours, say=lambda what: status.update(f"Starting … {what}")
            )
            stack = await after.enter_async_context(starting)
        if announce:
            announce(stack.addresses())
        else:
            for what, where in stack.addresses().items():
                console.print(f"{what:<12} {where}", highlight=False, soft_wrap=True)
            console.print("Ctrl-C stops it.")
        child, exit_code = await stack.first_ended()
        console.print(f"The {child.name} stopped by itself (exit code {exit_code}): {child.last_words()}", markup=False, soft_wrap=True)
        return 1


def _environment(home: Path, ports: Ports, settings: Mapping[str, str]) -> dict[str, str]:
    """The children's: nothing of the Temporal, the Afterword or the traces that surround us, but what is given."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith((PREFIX, TRACES, "TEMPORAL_"))}
    return {
        **ours,
        "PYTHONUNBUFFERED": "1",
        variable("smtp_url"): f"smtp://{HOST}:{ports.smtp}",
        variable("public_url"): f"http://{HOST}:{ports.api}",
        variable("link_keys"): link_key(home),
        **settings,
        "TEMPORAL_ADDRESS": f"{HOST}:{ports.temporal}",
        "TEMPORAL_NAMESPACE": "default",
        "TEMPORAL_CONFIG_FILE": os.devnull,
        variable("embedded"): "1",
        variable("home"): str(home),
        variable("api_port"): str(ports.api),
        variable("smtp_port"): str(ports.smtp),
        variable("metrics_port"): str(ports.metrics),
        variable("api_metrics_port"): str(ports.api_metrics),
        variable("temporal_port"): str(ports.temporal),
        variable("temporal_ui_port"): str(ports.temporal_ui),
    }


def link_key(home: Path) -> str:
    """What links are signed with here: made once and kept, so that yesterday's mail can be answered; for nobody else to read."""
    kept = home / "link-key"
    with contextlib.suppress(FileExistsError):
        made = os.open(part := home / f"link-key.{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(part, kept)  # whole or not at all, and never in place of one that is there
        finally:
            part.unlink()
    return kept.read_text()


def _temporal() -> str:
    """The `temporal` on the PATH, if it can skip time, else the one that is installed beside us."""
    beside = Path(sysconfig.get_path("scripts")) / "temporal"
    for found in (shutil.which("temporal"), str(beside)):
        if found and _server_of(found) >= SKIPS_TIME:
            return found
    raise CannotStart("The embedded stack needs the Temporal command line 1.9.1 or newer on the PATH, or the extra: afterword[embedded].")


def _server_of(program: str) -> tuple[int, ...]:
    """The version of the server that this command line brings; empty if it does not say."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(r"Server (\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else ()
