"""The import contracts hold, and they notice when they are broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts import ROOT

ROOMS = ("workflows", "activities", "worker", "client")


def contracts(where: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": str(where)}
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=50, check=False)


def test_the_contracts_hold() -> None:
    told = contracts(ROOT)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("workflows/calendar.py", "import temporalio.workflow", "is pure"),
        ("workflows/application/__init__.py", "import workflows.guide", "The guide reads facts"),
        ("workflows/policy.py", "import workflows.facts", "know nobody"),
        ("activities/__init__.py", "import workflows.job_application", "Activities know a shell by name only"),
        ("client/__init__.py", "import worker", "Nothing points back"),
        ("worker/__init__.py", "import client.command_line", "The worker knows of the client only"),
        ("workflows/facts.py", "import tests.parts", "Nothing imports the tests"),
    ],
)
def test_an_import_that_points_back_breaks_a_contract(tmp_path: Path, file: str, line: str, contract: str) -> None:
    for room in (*ROOMS, "tests"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.eml"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as module:
        module.write(f"\n{line}\n")
    told = contracts(tmp_path)
    assert told.returncode == 1
    assert [kept for kept in told.stdout.replace("\n", " ").split("BROKEN")[:-1] if contract in kept], told.stdout
