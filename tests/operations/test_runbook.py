"""The RUNBOOK works as it is written: its commands are typed, its JSON is what runs read, and every alert has its entry."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from client.embedded import Stack
from tests.operations.prometheus import RULES
from tests.parts import ROOT
from tests.repository.transcripts import missing, typed
from workflows.facts import Word
from workflows.person.facts import PersonWord

RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")
SPOKEN = re.findall(r"^```json\n(.*?)^```$", RUNBOOK, re.DOTALL | re.MULTILINE)
DONE = "== exit "


def anchors() -> set[str]:
    """As they are made of headings."""
    titles = re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "alert" in rule]


def test_every_alert_has_its_entry_and_every_entry_its_alert() -> None:
    told = {rule["annotations"]["runbook"] for rule in rules()}
    assert {link.partition("#")[0] for link in told} == {"deploy/RUNBOOK.md"}
    wanted = {link.partition("#")[2] for link in told}
    assert wanted == {anchor for anchor in anchors() if anchor.startswith("alert-")}


def test_every_link_within_it_leads_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK)) - anchors() == set()


def test_whatever_is_said_to_be_shown_by_a_test_is_shown_by_one_that_is_there() -> None:
    shown = re.findall(r'\]\(\.\./(tests/\S+\.py) "(\w+)"\)', RUNBOOK)
    assert len(shown) > 12
    assert [f"{file}: {name}" for file, name in shown if f"def {name}(" not in (ROOT / file).read_text()] == []


@pytest.mark.parametrize("said", SPOKEN)
def test_what_it_has_one_say_is_read_as_it_is_meant(said: str) -> None:
    """By the models that an application's or a candidate's run reads words with."""
    word = json.loads(said)
    kind = PersonWord if "profile_changed" in said else Word
    assert len(kind.model_validate(word).facts) == len(word["facts"]) >= 1


@pytest.mark.timeout(170)
async def test_its_commands_do_what_they_show(tmp_path: Path) -> None:
    """In their order, on a stack of its own with the application and the candidate that they speak of."""
    async with Stack.start(home=tmp_path / "home") as stack:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "AFTERWORD_API_URL": stack.api,
            "AFTERWORD_TEMPORAL_UI_URL": stack.ui,
            "AFTERWORD_HOME": str(stack.home),
            "TEMPORAL_ADDRESS": stack.temporal,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "COLUMNS": "200",
        }

        def run(script: str) -> str:
            command = ["bash", "-c", script]
            return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=150, check=True).stdout

        run("afterword example open > opening.json && afterword open opening.json")
        commands = list(typed(RUNBOOK))
        told = run("\n".join(f"{{ {one.command}\n}} 2>&1; echo; echo '{DONE}'$?" for one in commands))
    outputs = re.findall(rf"(.*?)^{DONE}(\d+)\n", told, re.DOTALL | re.MULTILINE)
    assert len(outputs) == len(commands) >= 15
    failed = [f"{one.command}: exit code {status}\n{said}" for one, (said, status) in zip(commands, outputs, strict=True) if status != "0"]
    wrong = [
        f"{one.command}: no {line!r} in\n{said}"
        for one, (said, _) in zip(commands, outputs, strict=True)
        if (line := missing(one.shown, said))
    ]
    assert failed + wrong == []
