"""PostgreSQL and Temporal's server on it, as processes in a folder of their own: the cluster of deploy/, where nothing needs a container.

The server is the one that `tests/deploy/prepare programs` compiles, configured as deploy/compose.yaml has it. What is in the folder
already goes on where it was. CannotStart says what is missing.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import pwd
import random
import shutil
import socket
import sysconfig
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from client.children import Child, Children
from client.connection import connect
from client.embedded import DYNAMIC, FREE
from client.settings import CannotStart
from tests.parts import ROOT

HOST: Final = "127.0.0.1"
NAMESPACE: Final = "afterword"
PATIENCE: Final = timedelta(seconds=120)
DEBIAN: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps PostgreSQL's programs, which are not on the PATH."""
DATABASES: Final = {"temporal": "temporal", "visibility": "temporal_visibility"}
"""By the name of their schema."""
_PORTS: Final = (
    "FRONTEND_GRPC_PORT",
    "FRONTEND_HTTP_PORT",
    "FRONTEND_MEMBERSHIP_PORT",
    "HISTORY_GRPC_PORT",
    "HISTORY_MEMBERSHIP_PORT",
    "MATCHING_GRPC_PORT",
    "MATCHING_MEMBERSHIP_PORT",
    "WORKER_GRPC_PORT",
    "WORKER_MEMBERSHIP_PORT",
)


@dataclass(frozen=True)
class Postgres:
    """A server of its own, for nobody but this machine; its user `temporal` needs no password."""

    programs: Path
    port: int
    process: Child

    @property
    def url(self) -> str:
        """Of the database `postgres`."""
        return f"postgresql://temporal@{HOST}:{self.port}/postgres"

    async def ask(self, sql: str, database: str = "postgres") -> str:
        """The answer as psql has it: a row a line, columns separated by bars."""
        where = ("--no-psqlrc", "--tuples-only", "--no-align", f"--host={HOST}", f"--port={self.port}", "--username=temporal")
        return await said(self.programs / "psql", *where, f"--dbname={database}", f"--command={sql}")

    async def size(self) -> dict[str, int]:
        """Bytes of each of Temporal's databases, by the name of its schema, once everything is written."""
        await self.ask("CHECKPOINT")
        return {kind: int(await self.ask(f"SELECT pg_database_size('{name}')")) for kind, name in DATABASES.items()}


@dataclass(frozen=True)
class Cluster:
    """What runs."""

    children: Children
    """More of them may be started; they end before the cluster does."""
    postgres: Postgres
    server: Child
    address: str
    """Where Temporal answers, for namespace NAMESPACE."""


def can_stand() -> str | None:
    """What is missing on this machine, in one sentence; None: nothing."""
    try:
        _postgres()
        _temporal()
    except CannotStart as e:
        return str(e)
    return None


@asynccontextmanager
async def postgres(home: Path, children: Children, *settings: str) -> AsyncGenerator[Postgres]:
    """PostgreSQL in `home`/postgres. `settings` as in `fsync=off`. Its process ends with `children`, of which it must be the first."""
    programs, folder = _postgres(), home / "postgres"
    as_user = _nobody_else(home, folder)
    if not (folder / "PG_VERSION").exists():
        await said(*as_user, programs / "initdb", "--username=temporal", "--auth=trust", "--encoding=UTF8", "--locale=C", "-D", folder)
    (port,) = free_ports(1)
    options = (f"listen_addresses={HOST}", "unix_socket_directories=", "max_connections=150", *settings)
    program = [*as_user, programs / "postgres", "-D", folder, "-p", str(port), *itertools.chain(*(("-c", o) for o in options))]
    process = await children.start("postgres", program, {"PATH": os.environ["PATH"], "TZ": "UTC"})
    running = Postgres(programs, port, process)

    async def answers() -> bool:
        with suppress(CannotStart):
            return await running.ask("SELECT 1") == "1"
        return False

    await process.until(answers, PATIENCE)
    yield running


@asynccontextmanager
async def cluster(home: Path, *settings: str, skips_time: bool = False, shards: int | None = None) -> AsyncGenerator[Cluster]:
    """Both, until the block ends; then every process is gone. `settings`: PostgreSQL's. `shards`: None is as in deploy/compose.yaml."""
    tools, children = _temporal(), Children(home)
    try:
        await children.clear()
        async with postgres(home, children, *settings) as store:
            await _schema(tools, store)
            server, address = await _server(home, tools, children, store, skips_time=skips_time, shards=shards)
            yield Cluster(children, store, server, address)
    finally:
        await children.stop()


async def _schema(tools: Path, store: Postgres) -> None:
    """As deploy/temporal/schema.sh."""
    known = (await store.ask("SELECT datname FROM pg_database")).splitlines()
    for kind, name in DATABASES.items():
        way = ("--plugin", "postgres12", "--endpoint", HOST, "--port", str(store.port), "--user", "temporal", "--password", "any")
        tool = (tools / "temporal-sql-tool", *way, "--database", name)
        if name not in known:
            await said(*tool, "create-database")
            await said(*tool, "setup-schema", "--version", "0.0")
        await said(*tool, "update-schema", "--schema-dir", tools / "postgresql" / "v12" / kind / "versioned")


async def _server(
    home: Path, tools: Path, children: Children, store: Postgres, *, skips_time: bool, shards: int | None
) -> tuple[Child, str]:
    """As deploy/temporal/server.sh, then deploy/temporal/namespace.sh."""
    written: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "temporal" / "dynamic.yaml").read_text())
    ours = {key: [{"value": yaml.safe_load(value)}] for key, value in DYNAMIC.items()} if skips_time else {}
    (home / "dynamic.yaml").write_text(yaml.safe_dump(written | ours))
    compose: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    ports = dict(zip(_PORTS, map(str, free_ports(len(_PORTS))), strict=True))
    environment = {
        **{name: str(value) for name, value in compose["services"]["temporal"]["environment"].items()},
        **ports,
        "DB_PORT": str(store.port),
        "POSTGRES_SEEDS": HOST,
        "POSTGRES_PWD": "any",
        "DYNAMIC_CONFIG_FILE_PATH": str(home / "dynamic.yaml"),
        "PROMETHEUS_ENDPOINT": f"{HOST}:{free_ports(1)[0]}",
        "BIND_ON_IP": HOST,
        "TEMPORAL_BROADCAST_ADDRESS": HOST,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
    }
    if shards:
        environment["NUM_HISTORY_SHARDS"] = str(shards)
    process = await children.start("temporal", [tools / "temporal-server", "start"], environment)
    address = f"{HOST}:{ports['FRONTEND_GRPC_PORT']}"
    path = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"  # the command line that is installed beside us
    space = {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": NAMESPACE, "HOME": str(home), "PATH": path}
    preparing = asyncio.create_task(said("sh", ROOT / "deploy" / "temporal" / "namespace.sh", environment=space))

    async def answers() -> bool:
        if not preparing.done():
            return False
        preparing.result()
        with suppress(CannotStart):
            await connect(address=address, namespace=NAMESPACE, patience=timedelta(seconds=2), configured=False)
            return True
        return False

    try:
        await process.until(answers, PATIENCE)
    finally:
        preparing.cancel()
    return process, address


async def said(*program: str | Path, environment: dict[str, str] | None = None) -> str:
    """What a program that ends by itself printed. CannotStart with its last words where it failed."""
    ran = await asyncio.create_subprocess_exec(
        *program, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await ran.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            ran.kill()
        await ran.wait()
        raise
    if ran.returncode:
        raise CannotStart(f"{Path(program[0]).name} failed: {(err or out).decode(errors='replace').strip()[-400:]}")
    return out.decode().strip()


def free_ports(count: int) -> Sequence[int]:
    """Ports that nobody has at this moment."""

    def is_free(port: int) -> bool:
        with suppress(OSError), socket.socket() as s:
            s.bind((HOST, port))
            return True
        return False

    return list(itertools.islice((port for port in random.sample(FREE, len(FREE)) if is_free(port)), count))


def _nobody_else(home: Path, folder: Path) -> list[str]:
    """PostgreSQL refuses to be root: then it is `postgres`, or `nobody`, whose the folder becomes."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() != 0:
        return []
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    home.chmod(0o755)
    os.chown(folder, user.pw_uid, user.pw_gid)
    leash = ("--pdeathsig", "KILL")  # a change of user takes the process off the one that it had
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *leash]


def _postgres() -> Path:
    on_path = shutil.which("postgres")
    kept = sorted((int(folder.parent.name), folder) for folder in DEBIAN.glob("[0-9]*/bin"))
    for place in ([Path(on_path).parent] if on_path else []) + [folder for _, folder in reversed(kept)]:
        if all((place / program).exists() for program in ("postgres", "initdb", "psql")):
            return place
    raise CannotStart("PostgreSQL is missing: install its server, which Debian's package postgresql has.")


def _temporal() -> Path:
    kept = Path(os.environ.get("AFTERWORD_PARTS") or Path.home() / ".cache" / "afterword-parts")
    found = sorted(kept.glob("*/done"), key=lambda done: done.stat().st_mtime)
    if not found:
        raise CannotStart("Temporal's server is missing: run `tests/deploy/prepare programs`, which compiles it.")
    return found[-1].parent
