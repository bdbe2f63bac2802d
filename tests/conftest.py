"""What every test run has: the report of missing parts, how long a property is looked for, and an end that is the tests' own."""

from __future__ import annotations

import atexit
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.parts"]

# Two busy cores make any deadline a coin toss; what takes too long is found by the timeout of the test.
settings.register_profile("laptop", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("laptop"), max_examples=5_000)
settings.load_profile(os.environ.get("AFTERWORD_PROPERTIES", "laptop"))

_status = pytest.StashKey[int]()


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
