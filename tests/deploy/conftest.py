"""What the tests of the deployment share: the real image, built once from the checkout as it was when they began."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.deploy.containers import built
from tests.parts import ROOT


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image is made of."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("workflows", "activities", "worker", "client", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "secrets"))
    for name in (".dockerignore", "pyproject.toml", "README.md", "LICENSE", "requirements.production.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="session")
def image(sources: Path) -> str:
    """The image of this checkout."""
    return built("this", context=sources, build="this")
