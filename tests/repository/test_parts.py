"""What becomes of a test whose real part is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts import ROOT, needs

STORY = """
import pytest
from tests import parts

parts.PARTS["anvil"] = parts.Part(lambda: False, "ask a smith")

@parts.needs("anvil")
def test_forging(): pass

@parts.needs("anvil")
def test_shoeing(): pass

def test_walking(): pass
"""


def run(tmp_path: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "test_story.py").write_text(STORY)
    environment = {name: value for name, value in os.environ.items() if name != "AFTERWORD_REQUIRE"} | {"PYTHONPATH": str(ROOT)} | extra
    command = [sys.executable, "-m", "pytest", "-p", "tests.parts", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", ".", "."]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_missing_part_is_one_line_however_many_tests_need_it(tmp_path: Path, processes: str) -> None:
    """Also where the tests run in several processes."""
    told = run(tmp_path, PYTEST_ADDOPTS=f"--numprocesses {processes}")
    assert [line for line in told.stdout.splitlines() if line.startswith("not run")] == ["not run: 2 tests need anvil (ask a smith)"]
    assert told.returncode == 0


def test_a_missing_part_is_an_error_where_all_are_required(tmp_path: Path) -> None:
    told = run(tmp_path, AFTERWORD_REQUIRE="all")
    assert "needs anvil: ask a smith" in told.stdout
    assert "2 failed, 1 passed" in told.stdout or "1 passed, 2 errors" in told.stdout
    assert told.returncode == 1


def test_a_part_that_nobody_described_cannot_be_needed() -> None:
    with pytest.raises(KeyError):
        needs("unicorn")
