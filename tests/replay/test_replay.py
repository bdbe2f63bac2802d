"""Every kept history replays on the code of today: applications that began weeks ago go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from client.connection import DATA_CONVERTER
from tests.replay.record import KEPT, LANDING
from tests.replay.stories import STORIES
from worker.registry import WORKFLOWS, runner

HISTORIES = sorted(KEPT.glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.stem)
async def test_a_kept_history_replays(file: Path) -> None:
    """What this code does with the old events is what was done: else a release would stop that application for ever."""
    history = WorkflowHistory.from_json(f"application/{file.stem}", _text(file))
    replayer = Replayer(workflows=WORKFLOWS, data_converter=DATA_CONVERTER, workflow_runner=runner())
    await replayer.replay_workflow(history)


def test_every_story_has_its_history() -> None:
    assert {f"{name}.{LANDING}" for name in STORIES} <= {file.stem for file in HISTORIES}


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
