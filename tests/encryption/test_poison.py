"""Payloads that somebody wrote by hand into a run: it goes on or waits for its key, the log says so, and others never notice."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.common import RawValue

from client.applications import Applications
from client.connection import connect
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from client.encryption.missing import KeyMissing
from tests.durability.accidents import Fragile
from tests.encryption.conftest import Ring
from tests.encryption.sealing import entry
from tests.encryption.test_rotation import facts, opened, restarted, said, some, tells, without_key
from tests.server import eventually
from workflows import names
from workflows.facts import Unread

TEMPORAL: Final = Path(sysconfig.get_path("scripts")) / "temporal"
NOWHERE: Final = {**os.environ, "TEMPORAL_CONFIG_FILE": os.devnull}


async def signalled(fragile: Fragile, application: str, payload: Payload) -> None:
    """As who has nothing but Temporal's own interface."""
    request = SignalWorkflowExecutionRequest(
        namespace=fragile.client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=names.workflow_id(application)),
        signal_name=names.HEARD,
        input=Payloads(payloads=[payload]),
    )
    await fragile.client.workflow_service.signal_workflow_execution(request)


async def forged(data: bytes) -> Payload:
    """Under the name of a key that is there, and no ciphertext of it."""
    (real,) = await Codec(KeyRing(entry("k1"))).encode([Payload()])
    return Payload(metadata=real.metadata, data=data)


def refused(fragile: Fragile) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (fragile.home / "logs" / "worker.log").read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "payload_refused"]


@pytest.mark.parametrize("data", [b"", b"x" * 12, b"x" * 3000], ids=("nothing", "no text", "a text"))
async def test_a_signal_that_is_no_ciphertext_is_dropped_and_logged_and_the_run_goes_on(
    fragile: Fragile, api: httpx.AsyncClient, ring: Ring, data: bytes
) -> None:
    (application,) = some(1)
    await opened(api, application)
    await signalled(fragile, application, await forged(data))
    await tells(api, application, "after-it")
    lines = refused(fragile)
    assert {(line["level"], line["size"]) for line in lines if line["size"] == len(data)} == {("error", len(data))}
    await restarted(fragile)
    assert list(await facts(api, application)) == ["after-it"]


async def test_words_in_the_open_that_make_no_sense_are_kept_as_unread(fragile: Fragile, api: httpx.AsyncClient, ring: Ring) -> None:
    """What is not encrypted is heard as before, so that an operator may speak by hand."""
    (application,) = some(1)
    await opened(api, application)
    await signalled(fragile, application, Payload(metadata={"encoding": b"json/plain"}, data=b'{"poison": true}'))

    async def kept() -> bool:
        known = await Applications(fragile.client).application(application)
        return [fact.raw for fact in known.facts if isinstance(fact, Unread)] == [{"poison": True}]

    await eventually(kept)


async def test_a_signal_under_a_key_that_nobody_has_stops_its_own_run_alone_and_the_log_names_the_key(
    fragile: Fragile, api: httpx.AsyncClient, ring: Ring
) -> None:
    """Perhaps the key comes back, so nothing is decided; here it does."""
    poisoned, other = some(2)
    await opened(api, poisoned, other)
    (payload,) = await Codec(KeyRing(entry("ghost"))).encode([Payload(metadata={"encoding": b"json/plain"}, data=b'{"poison": 1}')])
    await signalled(fragile, poisoned, payload)

    async def named() -> bool:
        return bool(without_key(fragile, "worker", "ghost"))

    await eventually(named)
    for n in range(3):
        await tells(api, other, f"n{n}")
    assert await said(api, poisoned, "waits") in (202, 503)
    ring.holds("k1", "ghost")
    await tells(api, poisoned, "goes-on")


async def test_a_run_that_a_lost_key_stopped_goes_on_once_it_is_reset_to_before_the_signal(
    fragile: Fragile, api: httpx.AsyncClient, ring: Ring
) -> None:
    """As the runbook says it for a key that is nowhere any more; what was said before the signal stays."""
    (application,) = some(1)
    await opened(api, application)
    await tells(api, application, "before")
    (payload,) = await Codec(KeyRing(entry("lost"))).encode([Payload(metadata={"encoding": b"json/plain"}, data=b'{"poison": 1}')])
    await signalled(fragile, application, payload)

    async def stopped() -> bool:
        return bool(without_key(fragile, "worker", "lost"))

    await eventually(stopped)
    reset = ["reset", "--workflow-id", names.workflow_id(application), "--type", "LastWorkflowTask", "--reapply-exclude", "Signal"]
    command = [TEMPORAL, "workflow", *reset, "--reason", "a signal that nobody can read", "--address", fragile.temporal]
    done = await asyncio.to_thread(subprocess.run, command, env=NOWHERE, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    await tells(api, application, "after")
    assert list(await facts(api, application)) == ["before", "after"]


async def test_an_update_that_is_no_ciphertext_is_refused_and_leaves_no_trace(fragile: Fragile, api: httpx.AsyncClient, ring: Ring) -> None:
    (application,) = some(1)
    await opened(api, application)
    stranger = await connect(address=fragile.temporal, configured=False)
    run = stranger.get_workflow_handle(names.workflow_id(application))
    with pytest.raises(KeyMissing):  # why it was refused is encrypted too
        await run.execute_update(names.RECORD, RawValue(await forged(b"x" * 99)), id="poison")  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK
    await tells(api, application, "after-it")
    updates = [event.workflow_execution_update_accepted_event_attributes for event in (await run.fetch_history()).events]
    accepted = [update.accepted_request.meta.update_id for update in updates if update.HasField("accepted_request")]
    assert (len(accepted) > 0, "poison" in accepted) == (True, False)


async def test_who_has_no_key_learns_nothing_but_the_name_of_the_one_that_is_needed(
    fragile: Fragile, api: httpx.AsyncClient, ring: Ring
) -> None:
    (application,) = some(1)
    await opened(api, application)
    stranger = await connect(address=fragile.temporal, configured=False)
    with pytest.raises(RuntimeError, match=r"^This was encrypted with the key k1, which is not among AFTERWORD_ENCRYPTION_KEYS: "):
        await stranger.get_workflow_handle(names.workflow_id(application)).query(names.VIEW)
