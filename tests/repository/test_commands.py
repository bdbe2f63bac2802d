"""The commands that a person types first say what they are, and what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.parts import ROOT, needs

pytestmark = needs("make")


def make(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As typed by hand, also when these tests were started by make."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", *words], cwd=where, env=environment, capture_output=True, text=True, timeout=50, check=False)


def test_make_alone_lists_every_command() -> None:
    listed = re.findall(r"^  make (\w+)  +\S", make(ROOT).stdout, re.MULTILINE)
    assert listed == ["help", "demo", "serve", "test", "check", "bench", "format", "diagrams", "lock"]


def test_a_python_that_is_too_old_is_told_in_one_sentence(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    told = make(tmp_path, "demo", f"PYTHON={old}")
    assert told.returncode == 2
    assert told.stderr.splitlines()[0] == (
        "Afterword needs Python 3.11 or newer: install it, or name one: make demo PYTHON=/path/to/python3.12"
    )
    assert not (tmp_path / ".venv").exists()


def test_the_ci_run_is_check_test_and_demo() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert re.findall(r"^timed make (\w+)$", script, re.MULTILINE) == ["check", "test", "demo"]
    assert "export AFTERWORD_REQUIRE=all" in script
    subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)
