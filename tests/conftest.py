"""What every test run has: the report of missing parts, and how long a property is looked for."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.parts"]

# Two busy cores make any deadline a coin toss; what takes too long is found by the timeout of the test.
settings.register_profile("laptop", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("laptop"), max_examples=5_000)
settings.load_profile(os.environ.get("AFTERWORD_PROPERTIES", "laptop"))
