"""What a machine and a database spend, read before and after: CPU seconds and memory of processes, and what was written. Linux only."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

from tests.scale.cluster import Postgres

_PROCESSES: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_WRITING: Final = r"^\s*(with\s.*\s)?(insert|update|delete)\s"
_WRITTEN: Final = f"""
    SELECT coalesce(sum(calls) FILTER (WHERE query ~* '{_WRITING}'), 0), coalesce(sum(rows) FILTER (WHERE query ~* '{_WRITING}'), 0),
           coalesce(sum(wal_bytes), 0)
    FROM pg_stat_statements"""  # noqa: S608 -- nothing of it comes from outside
COUNTS_STATEMENTS: Final = ("shared_preload_libraries=pg_stat_statements", "pg_stat_statements.max=10000")
"""Settings of a PostgreSQL whose writes are read."""


def can_read() -> bool:
    """Whether this system tells what another process has used."""
    return (_PROCESSES / "self" / "smaps_rollup").exists()


@dataclass(frozen=True)
class Spent:
    """Each figure only grows; the difference of two is what was spent between them."""

    def since(self, before: Self) -> Self:
        return type(self)(**{f.name: getattr(self, f.name) - getattr(before, f.name) for f in fields(self)})

    def each(self, count: int) -> Self:
        """Its share of one of so many."""
        return type(self)(**{f.name: getattr(self, f.name) / count for f in fields(self)})


@dataclass(frozen=True)
class Cpu(Spent):
    """Seconds, user and system."""

    worker: float
    caller: float
    """Zero where caller and worker are one process."""
    server: float
    database: float
    machine: float
    """Everything that this machine did, whoever wanted it."""

    @property
    def ours(self) -> float:
        return self.worker + self.caller + self.server + self.database


@dataclass(frozen=True)
class Written(Spent):
    """By a database, for its clients."""

    statements: float
    """That insert, update or delete."""
    rows: float
    log_bytes: float
    """Of the write-ahead log."""


async def count_statements(store: Postgres) -> None:
    """Begins to."""
    await store.ask("CREATE EXTENSION pg_stat_statements")


async def written(store: Postgres) -> Written:
    return Written(*map(float, (await store.ask(_WRITTEN)).split("|")))


def cpu(pid: int, *, family: bool = False) -> float:
    """Seconds of CPU, in steps of 10 ms. `family`: with its children, and with those that it has outlived."""
    own = _stat(pid)
    used = int(own[11]) + int(own[12])
    if family:
        used += int(own[13]) + int(own[14]) + sum(int(s[11]) + int(s[12]) for s in map(_stat, children(pid)) if s)
    return used / _TICKS


def memory(pid: int, *, family: bool = False) -> int:
    """Bytes; what several processes share counts once, a part to each."""
    return sum(_proportional(each) for each in (pid, *(children(pid) if family else ())))


def machine() -> float:
    """Seconds of CPU that all cores together were busy, since the machine started."""
    user, nice, system, _idle, _waiting, *rest = map(int, (_PROCESSES / "stat").read_text().splitlines()[0].split()[1:9])
    return (user + nice + system + sum(rest)) / _TICKS


def children(pid: int) -> list[int]:
    try:
        return [int(child) for task in (_PROCESSES / str(pid) / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    try:
        return (_PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return ["0"] * 20


def _proportional(pid: int) -> int:
    try:
        lines = (_PROCESSES / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
