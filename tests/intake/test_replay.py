"""Every kept history of an intake and of a poll replays on the code of today."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from client.connection import DATA_CONVERTER
from tests.intake.record import KEPT, LANDING, STORIES
from worker.registry import WORKFLOWS, runner

HISTORIES = sorted(KEPT.glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
async def test_a_kept_history_replays(file: Path) -> None:
    text = file.read_text(encoding="utf-8")  # noqa: ASYNC240 -- a small file
    replayer = Replayer(workflows=WORKFLOWS, data_converter=DATA_CONVERTER, workflow_runner=runner())
    await replayer.replay_workflow(WorkflowHistory.from_json(f"kept/{file.stem}", text))


def test_every_story_has_its_history() -> None:
    assert {f"{name}.{LANDING}" for name in STORIES} <= {file.stem for file in HISTORIES}
