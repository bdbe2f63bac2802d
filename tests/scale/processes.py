"""What a process of ours has used and holds, as the system tells it (/proc, so only on Linux)."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KIB: Final = 1024


def can_tell() -> bool:
    """Whether this system tells of another process."""
    return (_PROCESSES / "self" / "smaps_rollup").exists()


@dataclass(frozen=True)
class Held:
    """What a process holds at a moment."""

    rss: int
    """Bytes of memory that are resident."""
    peak: int
    """The most of them so far."""
    files: int
    """Open files, sockets among them."""
    threads: int


def held(pid: int) -> Held:
    """ProcessLookupError if it is over."""
    try:
        lines = (_PROCESSES / str(pid) / "status").read_text().splitlines()
        files = len(os.listdir(_PROCESSES / str(pid) / "fd"))  # noqa: PTH208 -- names are enough
    except FileNotFoundError:
        raise ProcessLookupError(pid) from None
    said = dict(line.split(":", 1) for line in lines)
    return Held(
        rss=int(said["VmRSS"].split()[0]) * _KIB, peak=int(said["VmHWM"].split()[0]) * _KIB, files=files, threads=int(said["Threads"])
    )


def cpu(pid: int) -> float:
    """Seconds of CPU of a process and of all its children, those that are over included, in steps of 10 ms."""
    children: dict[int, list[int]] = defaultdict(list)
    spent: dict[int, int] = {}
    for folder in _PROCESSES.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                children[int(after_name[1])].append(int(folder.name))
                spent[int(folder.name)] = sum(map(int, after_name[11:15]))
    if pid not in spent:
        raise ProcessLookupError(pid)
    left, total = [pid], 0
    while left:
        one = left.pop()
        total += spent[one]
        left += children[one]
    return total / _TICKS
