"""What every test run has: the report of missing parts, how long a property is looked for, and an end that is the tests' own."""

from __future__ import annotations

import atexit
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.parts"]

# Two busy cores make any deadline a coin toss; what takes too long is found by the timeout of the test.
settings.register_profile("laptop", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("laptop"), max_examples=5_000)
settings.load_profile(os.environ.get("AFTERWORD_PROPERTIES", "laptop"))

_status = pytest.StashKey[int]()

REAL = {"stack", "server", "fragile"}
"""Fixtures that start a real Temporal server."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that may take longest come first, and those of pure functions last, so that no process is left alone with a long one."""
    longest: dict[Path, float] = defaultdict(float)
    for item in items:
        limit = item.get_closest_marker("timeout")
        longest[item.path] = max(
            longest[item.path], limit.args[0] if limit else 0, 1 if REAL & set(getattr(item, "fixturenames", ())) else 0
        )
    items.sort(key=lambda item: -longest[item.path])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_status] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends here where Temporal's threads run: now and then they abort an interpreter that is ending, and with it a run that passed."""
    if "temporalio.bridge.runtime" in sys.modules and _status in config.stash:
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage] -- else temporary folders stay
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_status])
