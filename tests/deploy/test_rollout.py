"""deploy/rollout, said again after it was interrupted. What it asks of Docker is answered from a file; `test_compose` has the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.parts import ROOT

DOCKER: Final = """#!{python} -IS
import json, os, sys

with open({file!r}) as file:
    known = json.load(file)
said = sys.argv[1:]
image = os.environ.get("AFTERWORD_IMAGE", said[-1])

def running(service):
    return [name for name, one in known["containers"].items() if one["service"] == service]

match said:
    case ["image", "inspect", "--format", what, name]:
        print(f"build-{{name}}" if "Labels" in what else f"id-{{name}}")
    case ["compose", *_, "ps", "--quiet", service]:
        print("\\n".join(running(service)))
    case ["compose", *_, "up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--scale", scale, service]:
        while len(running(service)) < int(scale.partition("=")[2]):
            known["begun"] += 1
            known["containers"][f"begun-{{known['begun']}}"] = {{"service": service, "image": f"id-{{image}}", "state": known["state"]}}
    case ["inspect", "--format", "{{{{.Image}}}}", name]:
        print(known["containers"][name]["image"])
    case ["inspect", "--format", _, name]:
        print(known["containers"][name]["state"])
    case ["rm", *names]:
        for name in names:
            del known["containers"][name]
    case ["exec", _, *_, "promote", build]:
        known["current"] = build
    case ["exec", *_]:
        print(json.dumps({{"current": known["current"]}}))
with open({file!r}, "w") as file:
    json.dump(known, file)
"""
HEALTHY: Final = "running healthy 0"


@dataclass(frozen=True)
class Machine:
    """What runs on it, and a program `docker` that knows it."""

    folder: Path

    @property
    def _file(self) -> Path:
        return self.folder / "known.json"

    def runs(self, workers: dict[str, str], *, begins: str = HEALTHY) -> None:
        """Workers by name, each with its image, and one API process of the image `old`; what is started then is in the state `begins`."""
        containers = {name: {"service": "worker", "image": f"id-{image}", "state": HEALTHY} for name, image in workers.items()}
        containers["api-1"] = {"service": "api", "image": "id-old", "state": HEALTHY}
        self._file.write_text(json.dumps({"containers": containers, "begun": 0, "state": begins, "current": "build-old"}))
        program = self.folder / "docker"
        program.write_text(DOCKER.format(python=sys.executable, file=str(self._file)))
        program.chmod(0o755)

    def rollout(self, image: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        return subprocess.run([ROOT / "deploy/rollout", image], env=environment, capture_output=True, text=True, timeout=50, check=False)

    def workers(self) -> dict[str, int]:
        """How many there are of each image."""
        images = [one["image"] for one in json.loads(self._file.read_text())["containers"].values() if one["service"] == "worker"]
        return {image.removeprefix("id-"): images.count(image) for image in images}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    "workers",
    [
        {"w1": "old", "w2": "old"},
        {"w1": "old", "w2": "old", "w3": "new", "w4": "new"},
        {"w2": "old", "w3": "new", "w4": "new"},
    ],
    ids=("not at all", "before the switch", "after it"),
)
def test_wherever_it_was_interrupted_saying_it_again_ends_with_as_many_workers_as_before(machine: Machine, workers: dict[str, str]) -> None:
    machine.runs(workers)
    told = machine.rollout("new")
    assert told.returncode == 0, told.stderr
    assert machine.workers() == {"new": 2}


def test_workers_that_had_the_work_before_are_not_ended_where_others_do_not_start(machine: Machine) -> None:
    """Those of the same image, from a rollout before, may be the ones that work."""
    machine.runs({"w1": "old", "w2": "old", "w3": "new"}, begins="exited unhealthy 3")
    told = machine.rollout("new")
    assert (told.returncode, "nothing has changed" in told.stderr) == (1, True)
    assert machine.workers() == {"old": 2, "new": 1}


def test_where_no_worker_runs_that_is_said(machine: Machine) -> None:
    machine.runs({})
    told = machine.rollout("new")
    assert (told.returncode, told.stderr) == (1, "rollout: no worker runs: start what compose runs first\n")
