"""The real parts that a machine may lack, and what becomes of the tests that need them. No part is replaced by a pretence of it.

`@needs("git")` on a test, or `pytestmark = needs("git")` for a file, runs it where the part is there. Elsewhere it is skipped, and the run
ends with one line `not run: …` per missing part. With AFTERWORD_REQUIRE=all a missing part is an error instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names of the browser's program."""


@dataclass(frozen=True)
class Part:
    """Something real that tests run against."""

    there: Callable[[], bool]
    otherwise: str
    """How to get it, for the line that says what was not run."""


def _history() -> bool:
    return shutil.which("git") is not None and (ROOT / ".git").exists()


def _answers(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


_IMAGES: Final = tuple(f"afterword-test/{name}" for name in ("base", "postgres", "temporal", "temporal-ui", "prometheus"))

PARTS: Final = {
    "git": Part(_history, "install git and work in a clone"),
    "openssl": Part(lambda: shutil.which("openssl") is not None, "install openssl, which makes the certificates of the tests"),
    "chromium": Part(
        lambda: any(shutil.which(name) for name in CHROMIUM), "install chromium, in which the candidate's page is read and used"
    ),
    "prometheus": Part(
        lambda: shutil.which("prometheus") is not None and shutil.which("promtool") is not None,
        "install prometheus, which evaluates the alert rules",
    ),
    "docker": Part(lambda: _answers("docker", "info"), "install docker, and start it"),
    "images": Part(
        lambda: _answers("docker", "image", "inspect", *_IMAGES),
        "run tests/deploy/prepare, which makes images of PostgreSQL, Temporal and Prometheus from Debian's packages and Go modules",
    ),
    "compose": Part(lambda: _answers("docker", "compose", "version"), "install docker compose"),
    "postgres": Part(
        lambda: shutil.which("postgres") is not None or any(Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres")),
        "install PostgreSQL's server, on which the benchmark's durable functions run",
    ),
    "make": Part(lambda: shutil.which("make") is not None, "install make"),
}

_NOT_RUN: Final = "not run"
"""Names what a test lacked in its report, which comes here also from a process beside."""


def needs(*parts: str) -> pytest.MarkDecorator:
    """Marks what runs only where these parts are; KeyError for a part that PARTS does not name."""
    for part in parts:
        PARTS[part]
    return pytest.mark.needs(*parts)


@cache
def is_there(part: str) -> bool:
    """Looks once in a run."""
    return PARTS[part].there()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*parts): real parts without which the test cannot run, see tests/parts.py")


def pytest_runtest_setup(item: pytest.Item) -> None:
    wanted = [str(part) for mark in item.iter_markers("needs") for part in mark.args]
    missing = [part for part in dict.fromkeys(wanted) if not is_there(part)]
    if not missing:
        return
    if os.environ.get("AFTERWORD_REQUIRE") == "all":
        pytest.fail(f"needs {', '.join(missing)}: {'; '.join(PARTS[part].otherwise for part in missing)}", pytrace=False)
    item.user_properties.extend((_NOT_RUN, f"{part} ({PARTS[part].otherwise})") for part in missing)
    pytest.skip(f"needs {', '.join(missing)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    lacked = Counter(str(part) for report in reports for name, part in getattr(report, "user_properties", ()) if name == _NOT_RUN)
    for part, count in lacked.items():
        tests = "1 test needs" if count == 1 else f"{count} tests need"
        terminalreporter.write_line(f"not run: {tests} {part}")
