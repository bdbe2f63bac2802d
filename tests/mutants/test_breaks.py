"""Breaking a rule on purpose makes tests fail: one break at a time, in a copy, with the tests that keep the rule."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

import pytest

from tests.mutants.breaks import BREAKS, Break
from tests.parts import ROOT

COPIED: Final = ("workflows", "activities", "worker", "client", "tests")
FAILED: Final = 1
"""What pytest ends with when tests ran and some failed; a break that cannot even be imported ends otherwise, and proves nothing."""

OPTIONS: Final = ("-q", "--tb=line", "-rf", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:anyio")

each = pytest.mark.parametrize("broken", BREAKS, ids=lambda b: b.name)


class Copy:
    """The project's packages, where they may be broken, and a process that runs tests there and knows no others."""

    def __init__(self, folder: Path, forge: subprocess.Popen[str]) -> None:
        self.folder: Final = folder
        self._forge = forge

    def run(self, *tests: str) -> tuple[int, str]:
        """Exit code and output of these tests."""
        assert self._forge.stdin
        assert self._forge.stdout
        self._forge.stdin.write(json.dumps([*OPTIONS, *tests]) + "\n")
        self._forge.stdin.flush()
        status, told = json.loads(self._forge.stdout.readline())
        return status, told


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("copy")
    for room in COPIED:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_", "PYTEST_"))}
    command = [sys.executable, "-m", "tests.mutants.forge"]
    alone = theirs | {"PYTHONPATH": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forge:
        try:
            yield Copy(folder, forge)
        finally:
            forge.kill()


@contextmanager
def applied(broken: Break, folder: Path) -> Generator[None]:
    """The copy with the break, and without it afterwards. What Python keeps compiled goes by seconds and sizes, so it is not kept."""
    files = {edit.file: (folder / edit.file).read_text() for edit in broken.edits}
    try:
        for edit in broken.edits:
            path = folder / edit.file
            path.write_text(path.read_text().replace(edit.text, edit.instead))
            forget(path)
        yield
    finally:
        for file, text in files.items():
            (folder / file).write_text(text)
            forget(folder / file)


def forget(source: Path) -> None:
    Path(cache_from_source(str(source))).unlink(missing_ok=True)


def failed(told: str) -> set[str]:
    """The node ids of what failed."""
    return set(re.findall(r"^FAILED (.+?)(?: - .*)?$", told, re.MULTILINE))


def test_there_is_a_break_of_every_kind_of_rule() -> None:
    assert len({b.name for b in BREAKS}) == len(BREAKS) >= 14


@each
def test_what_is_broken_is_still_there(broken: Break) -> None:
    """A row whose text is gone, or stands twice, breaks nothing or something else: it is to be written anew."""
    for edit in broken.edits:
        assert ((ROOT / edit.file).read_text().count(edit.text), edit.file) == (1, edit.file)
        assert edit.instead != edit.text


@pytest.mark.timeout(120)
def test_unbroken_the_copy_passes_every_test_that_finds_a_break(copy: Copy) -> None:
    status, told = copy.run(*dict.fromkeys(test for broken in BREAKS for test in broken.found_by))
    assert status == 0, told


@pytest.mark.timeout(120)
@each
def test_broken_its_tests_fail(broken: Break, copy: Copy) -> None:
    with applied(broken, copy.folder):
        status, told = copy.run(*broken.found_by)
    assert status == FAILED, told
    assert [test for test in broken.found_by if not any(one.startswith(test) for one in failed(told))] == [], told
