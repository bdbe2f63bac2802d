"""Nothing that is committed knows the machine it was written on, or where packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.parts import ROOT, needs
from tests.repository.tracked import files, text

# Written in halves, so that this file does not hold what it looks for.
REGISTRIES = [
    host + end
    for host, end in [
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("proxy.golang", ".org"),
        ("crates", ".io"),
        ("ghcr", ".io"),
        ("quay", ".io"),
        ("deb.debian", ".org"),
        ("repo", ".maven.apache.org"),
    ]
]
REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)) + "|--(?:extra-)?index-url|--find-links")
MACHINE = re.compile(r"(?<![\w.:/-])/(?:root|work|home/\w+|Users/\w+)/\w")
IDENTITY = re.compile(r'"identity":\s*"\d+@')
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==(\S+)(?: ; .+?)? \\$")


def told(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path}:{n}" for path in files() for n, line in enumerate(text(path).splitlines(), 1) if pattern.search(line)]


def lock() -> list[str]:
    return Path(ROOT / "requirements.lock").read_text().splitlines()


def pins() -> dict[str, str]:
    return {found[1]: found[2] for line in lock() if (found := PIN.match(line))}


@needs("git")
def test_no_file_names_a_package_registry() -> None:
    assert [place for place in told(REGISTRY) if not place.startswith("tests/repository/test_places.py")] == []


@needs("git")
def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    assert told(MACHINE) == [], "a recorded history is kept without its stack traces; anything else names places relative to the checkout"


@needs("git")
def test_no_recorded_history_names_the_process_and_host_that_made_it() -> None:
    assert told(IDENTITY) == [], "give client and worker an identity of their own when recording, or rewrite it before the file is written"


def test_the_lock_is_pins_and_hashes_and_nothing_else() -> None:
    others = [line for line in lock() if not PIN.match(line) and not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line)]
    assert others == []


def test_the_lock_names_everything_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["embedded"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in asked}
    assert names - pins().keys() == set()
