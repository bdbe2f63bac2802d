"""Kept histories replay when their payloads are encrypted, with whichever keys of the ring: rotation changes nothing that was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToJson
from structlog.testing import capture_logs
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.common import HeaderCodecBehavior
from temporalio.worker import Replayer, WorkflowReplayResult

from client.connection import converter
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from tests.encryption.sealing import entry, key_of, payloads
from tests.replay.test_replay import HISTORIES
from worker.registry import WORKFLOWS, runner
from workflows import names

NEW, OLD = entry("new"), entry("old")


async def encrypted(file: Path) -> WorkflowHistory:
    """One payload with the old key, the next with the new one, and so on."""
    events = WorkflowHistory.from_json("any", read(file)).events
    history, rings = History(events=events), (KeyRing(OLD), KeyRing(NEW))
    for number, payload in enumerate(payloads(history)):
        (stored,) = await Codec(rings[number % 2]).encode([payload])
        payload.CopyFrom(stored)
    whose = "candidate" if events[0].workflow_execution_started_event_attributes.workflow_type.name == names.CANDIDATE else "application"
    return WorkflowHistory.from_json(f"{whose}/{file.stem}", MessageToJson(history))


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


async def replayed(history: WorkflowHistory, *entries: str) -> WorkflowReplayResult:
    there = converter(KeyRing(",".join(entries)))
    replayer = Replayer(
        workflows=WORKFLOWS, data_converter=there, workflow_runner=runner(), header_codec_behavior=HeaderCodecBehavior.CODEC
    )
    return await replayer.replay_workflow(history, raise_on_replay_failure=False)


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.stem)
async def test_a_history_of_two_keys_replays(file: Path) -> None:
    history = await encrypted(file)
    used = {key_of(payload) for event in history.events for payload in payloads(event)}
    assert used == {"new", "old"}
    assert (await replayed(history, NEW, OLD)).replay_failure is None


async def test_without_one_of_its_keys_a_replay_fails_and_the_log_names_it() -> None:
    history = await encrypted(HISTORIES[0])
    with capture_logs() as logs:
        failed = await replayed(history, NEW)
    assert failed.replay_failure is not None
    assert {(line["event"], line["key"]) for line in logs if line["log_level"] == "error"} == {("payload_without_key", "old")}


async def test_with_no_key_at_all_it_fails_and_names_one() -> None:
    failed = await replayed(await encrypted(HISTORIES[0]), "off")
    assert "encrypted with the key old, which is not among" in str(failed.replay_failure)
