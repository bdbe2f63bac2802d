"""The commands that a person types first say what they are, and what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.durability.accidents import is_over
from tests.parts import ROOT, needs

pytestmark = needs("make")


STRAY = "setsid sleep 60 >/dev/null 2>&1 & sleep 0.5"


def by_hand() -> dict[str, str]:
    """The environment of someone who types, also when these tests were started by make."""
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}


def make(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=where, env=by_hand(), capture_output=True, text=True, timeout=50, check=False)


def test_make_alone_lists_every_command() -> None:
    listed = re.findall(r"^  make (\w+)  +\S", make(ROOT).stdout, re.MULTILINE)
    assert listed == [
        "help",
        "demo",
        "serve",
        "test",
        "check",
        "bench",
        "floor",
        "fuzz",
        "scale",
        "soak",
        "model",
        "chaos",
        "format",
        "diagrams",
        "letters",
        "lock",
        "sbom",
        "audit",
    ]


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


def test_the_ci_run_is_check_test_and_demo_and_what_takes_too_long_for_a_test_run() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert re.findall(r"^timed make (\w+)$", script, re.MULTILINE) == ["check", "test", "containers", "demo"]
    assert "export AFTERWORD_REQUIRE=all" in script


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("demo", "status", "said"), [("true", 0, "nothing left running"), (STRAY, 1, "left running:\nsleep 60")])
def test_the_ci_run_fails_when_a_process_is_left_behind(tmp_path: Path, demo: str, status: int, said: str) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci")
    (tmp_path / "tests/deploy").mkdir(parents=True)
    (tmp_path / "tests/deploy/prepare").write_text("#!/bin/sh\n")  # what it makes is not for a run that tests nothing
    (tmp_path / "tests/deploy/prepare").chmod(0o755)
    (tmp_path / "Makefile").write_text(f"check test containers:\n\t@true\ndemo:\n\t@{demo}\n")
    told = subprocess.run([tmp_path / ".ci/run"], env=by_hand(), capture_output=True, text=True, timeout=50, check=False)
    assert told.returncode == status
    assert said in told.stdout + told.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_ci_run_that_fails_early_ends_what_it_began_beside(tmp_path: Path) -> None:
    """All of it: also what the compiling has begun itself."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "tests/deploy").mkdir(parents=True)
    (tmp_path / "tests/deploy/prepare").write_text("#!/bin/sh\n[ $1 = programs ] || exit 0\nsleep 300 &\necho $! >begun\nwait\n")
    (tmp_path / "tests/deploy/prepare").chmod(0o755)
    (tmp_path / "Makefile").write_text("check:\n\t@until [ -s begun ]; do sleep 0.05; done; false\n")
    told = subprocess.run([tmp_path / ".ci/run"], env=by_hand(), capture_output=True, text=True, timeout=50, check=False)
    assert told.returncode != 0
    begun, deadline = int((tmp_path / "begun").read_text()), time.monotonic() + 10
    while not is_over(begun):
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.05)
