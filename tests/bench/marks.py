"""Marks of what was sent, and when, in a file that outlives the worker which sent it."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Final

MARKS: Final = "BENCH_MARKS"
"""Environment variable: the file. Unset: nothing is marked."""


def mark(application: str) -> None:
    """A message of that application is sent now."""
    if file := os.environ.get(MARKS):
        with contextlib.suppress(OSError), Path(file).open("a") as marks:
            marks.write(f"{time.time()} {application}\n")


def marked(file: Path) -> dict[str, float]:
    """When the first message of each application was sent, in seconds since the epoch."""
    found: dict[str, float] = {}
    for line in file.read_text().splitlines() if file.exists() else ():
        at, application = line.split()
        found.setdefault(application, float(at))
    return found
