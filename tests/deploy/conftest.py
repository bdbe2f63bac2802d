"""What the tests of the deployment share: the real image, built once."""

from __future__ import annotations

import pytest

from tests.deploy.containers import built


@pytest.fixture(scope="session")
def image() -> str:
    """The image of this checkout."""
    return built("this", build="this")
