"""What the repository holds, for the tests that read it as text."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.parts import ROOT

ROOMS = ("workflows", "activities", "worker", "client", "tests", "docs")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked or about to be, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(sorted(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


def python() -> tuple[Path, ...]:
    return tuple(path for path in files() if path.suffix == ".py" and path.parts[0] in ROOMS)


def documents() -> tuple[Path, ...]:
    return tuple(path for path in files() if path.suffix == ".md")


def text(path: Path) -> str:
    """Its text; what is not UTF-8 reads as replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
