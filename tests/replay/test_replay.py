"""Every kept history replays on the code of today: applications and candidates from weeks ago go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from client.connection import DATA_CONVERTER
from tests.replay.record import KEPT, LANDING
from tests.replay.stories import CARRIERS, STORIES
from worker.registry import WORKFLOWS, runner
from workflows import names

HISTORIES = sorted(KEPT.glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.stem)
async def test_a_kept_history_replays(file: Path) -> None:
    """What this code does with the old events is what was done: else a release would stop that application for ever."""
    text = _text(file)
    whose = "candidate" if _workflow_type(text) == names.CANDIDATE else "application"
    history = WorkflowHistory.from_json(f"{whose}/{file.stem}", text)
    replayer = Replayer(workflows=WORKFLOWS, data_converter=DATA_CONVERTER, workflow_runner=runner())
    await replayer.replay_workflow(history)


@pytest.mark.parametrize(
    ("story", "path"),
    [
        ("thanked_late", ("TIMER_STARTED", "WORKFLOW_EXECUTION_COMPLETED")),
        ("letter_delivered", ("send_letter",)),
        ("letter_uncertain", ("send_letter", "SendUncertain")),
        ("deferred", ("defer_notice",)),
        ("candidate_told", ("core_patch",)),
        ("candidate_digest", ("send_candidate_notice",)),
        ("candidate_changed", ("push_profile",)),
        ("candidate_undeliverable", ("BadAddress", "forward_facts")),
        ("candidate_goes_on_as_new", ("WORKFLOW_EXECUTION_CONTINUED_AS_NEW",)),
        ("stream_open", ("EndpointUnreached", "deliver_events")),
        ("stream_gives_up_open", ("RETRY_STATE_TIMEOUT", "Attention")),
        ("stream_gone_open", ("TIMER_STARTED", "Attention")),
        ("stream_ends", ("WORKFLOW_EXECUTION_COMPLETED",)),
        ("stream_forgets", ("forget", "ACTIVITY_TASK_CANCELED", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")),
        ("stream_goes_on_as_new", ("WORKFLOW_EXECUTION_CONTINUED_AS_NEW",)),
        ("replay_ends", ("replay_page", "WORKFLOW_EXECUTION_COMPLETED")),
        ("replay_fails", ("NoSuchEndpoint", "WORKFLOW_EXECUTION_FAILED")),
        ("replay_goes_on_as_new", ("WORKFLOW_EXECUTION_CONTINUED_AS_NEW",)),
        ("erasure_erases", ("seek_held", "delete_held", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")),
        ("erasure_receipt", ("forget_erased", "WORKFLOW_EXECUTION_COMPLETED")),
        ("erasure_open", ("seek_held", "delete_held", "TIMER_STARTED")),
        ("erasure_goes_on_as_new", ("seek_held", "delete_held", "TIMER_FIRED", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")),
        ("import_opens", ("import_openings", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")),
        ("import_report", ("forget_erased", "WORKFLOW_EXECUTION_COMPLETED")),
        ("import_stopped", ("import_openings", "WORKFLOW_EXECUTION_TERMINATED")),
        ("migration_ends", ("migrate_page", "TIMER_FIRED", "WORKFLOW_EXECUTION_COMPLETED")),
        ("migration_of_named_ends", ("migrate_page", "WORKFLOW_EXECUTION_COMPLETED")),
        ("migration_open", ("migrate_page", "TIMER_STARTED")),
        ("migration_goes_on_as_new", ("WORKFLOW_EXECUTION_CONTINUED_AS_NEW",)),
        ("hold_lifted", ("Attention", "WORKFLOW_PROPERTIES_MODIFIED", "TIMER_CANCELED", "WORKFLOW_EXECUTION_COMPLETED")),
        ("hold_passes", ("TIMER_FIRED", "WORKFLOW_EXECUTION_COMPLETED")),
        ("hold_open", ("WORKFLOW_PROPERTIES_MODIFIED", "TIMER_STARTED")),
        ("hold_goes_on_as_new", ("WORKFLOW_EXECUTION_CONTINUED_AS_NEW",)),
    ],
)
def test_a_history_holds_the_path_that_its_story_tells(story: str, path: tuple[str, ...]) -> None:
    """Kept for that: one that no longer has it proves nothing of it."""
    text = _text(KEPT / f"{story}.{LANDING}.json")

    assert [name for name in path if f'"{name}"' not in text and f"EVENT_TYPE_{name}" not in text] == []


def test_every_story_has_its_history() -> None:
    assert {f"{name}.{LANDING}" for name in (*STORIES, *CARRIERS)} <= {file.stem for file in HISTORIES}


def _workflow_type(text: str) -> str:
    return json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]["workflowType"]["name"]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
