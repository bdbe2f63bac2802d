"""What the tests of the deployment share: the real image, built once from the checkout as it was when they began, and what compose runs."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deploy.composed import Composed, earlier, prepared, typed
from tests.deploy.containers import built
from tests.deploy.demonstrating import demonstrated
from tests.operations.dashboard import imported
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


@pytest.fixture(scope="session")
def before() -> str:
    """The image of an older commit."""
    return earlier()


@pytest.fixture(scope="session")
async def composed(before: str, image: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Composed]:
    """Started as the RUNBOOK says, with the older image."""
    with prepared(tmp_path_factory.mktemp("compose"), before, image) as running:
        [start] = typed()["Start"]
        await running.types(start)
        yield running


@dataclass(frozen=True)
class Shown:
    """The demonstration, on the image of this checkout; it can be played once only."""

    composed: Composed
    wrong: dict[str, tuple[str, ...]]
    """What is not as the table has it, by story."""
    began: datetime


@pytest.fixture(scope="session")
async def shown(composed: Composed, image: str) -> Shown:
    await composed.runs(image)
    began = datetime.now(UTC)
    platform, boards = composed.ports("api", 8080)
    wrong = await demonstrated(platform, boards)
    await imported(platform)
    return Shown(composed, wrong, began)
