"""The RUNBOOK's commands for a deployment do what they say, typed on what deploy/compose.yaml runs.

All of them are typed: those that start, upgrade, roll back and change a certificate in `test_compose`, the others here. Nothing of them is
left out; `Composed.types` says in which words they are put on this machine.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from client.connection import connect
from tests.deploy.composed import LONG, Composed, Load, typed
from tests.operations.trouble import ANY_HOUR
from tests.parts import needs
from tests.running import body
from tests.server import eventually
from workflows import names
from workflows.names.holding import HELD, HOLD_ID

pytestmark = [pytest.mark.containers, needs("docker", "images", "compose", "git", "openssl"), pytest.mark.timeout(400)]

ELSEWHERE = {"Start": 1, "Upgrade": 1, "Roll back": 1}
"""How many blocks `test_compose` types under a title; and of changing a certificate the second."""
HERE = {"Change a certificate": 2, "Back up and restore": 2, "Stuck run": 1, "Full disk": 1, "Hold": 1, "Erase request": 1}


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as caller:
        yield caller


@pytest.fixture
async def temporal(composed: Composed, monkeypatch: pytest.MonkeyPatch) -> Client:
    """As an operator of this machine has it."""
    for name, value in composed.temporal.items():
        monkeypatch.setenv(name, value)
    return await connect()


def test_every_block_of_commands_is_typed_by_a_test() -> None:
    assert {title: len(blocks) for title, blocks in typed().items()} == ELSEWHERE | HERE


async def test_it_tells_when_a_certificate_ends(composed: Composed) -> None:
    told = await composed.types(typed()["Change a certificate"][0], **composed.temporal)
    assert told.startswith("notAfter=")


def named(facts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Which facts they are, in their order: what came without its own time has the time of the reset."""
    return [(fact["id"], fact["type"]) for fact in facts]


async def test_a_stuck_run_is_looked_at_and_reset_and_loses_nothing(composed: Composed, http: httpx.AsyncClient) -> None:
    load, [block] = Load(composed, "stuck"), typed()["Stuck run"]
    said = body("app-1001")
    said["candidate"]["waking_hours"] = ANY_HOUR
    known = (await load.call(http, "POST", "/v1/applications", said))["facts"]
    told = await composed.types(block, **composed.temporal)
    assert "application/app-1001" in told
    again = (await load.call(http, "GET", "/v1/applications/app-1001"))["facts"]
    assert named(again)[: len(known)] == named(known)


async def test_with_a_full_disk_it_is_seen_what_is_full_and_the_database_is_started_again(
    composed: Composed, http: httpx.AsyncClient
) -> None:
    told = await composed.types(typed()["Full disk"][0])
    assert "/var/lib/postgresql/data" in told
    assert "temporal_visibility" in told
    load = Load(composed, "roomy")
    await load.opens(http)
    await load.arrived(http)


async def test_terminating_the_hold_lifts_everything(composed: Composed, http: httpx.AsyncClient) -> None:
    load = Load(composed, "held")
    until = "2031-03-04T16:00:00Z"
    held = await load.call(http, "PUT", "/v1/hold", {"scope": "step/farewell", "until": until})
    assert [one["scope"] for one in held["holds"]] == ["step/farewell"]
    await composed.types(typed()["Hold"][0], **composed.temporal)
    assert (await load.call(http, "GET", "/v1/hold"))["holds"] == []


async def test_rows_that_were_deleted_are_written_over(composed: Composed) -> None:
    told = await composed.types(typed()["Erase request"][0])
    assert 'vacuuming database "temporal"' in told


def rows(folder: Path) -> str:
    [file] = folder.glob("temporal-*.sql.gz")
    return gzip.decompress(file.read_bytes()).decode(errors="replace")


async def waits(temporal: Client, application: str) -> bool:
    """Whether its message is held."""
    description = await temporal.get_workflow_handle(names.workflow_id(application)).describe()
    failures = [one.last_failure.application_failure_info.type for one in description.raw_description.pending_activities]
    return failures == [HELD]


async def test_what_is_restored_is_as_it_was_and_nothing_leaves_until_the_hold_is_lifted(
    composed: Composed, http: httpx.AsyncClient, temporal: Client
) -> None:
    """What was said after the backup is not known; what was answered before it is all there, and goes on."""
    backup, restore = typed()["Back up and restore"]
    load = Load(composed, "restored")
    kept = await load.opens(http)
    await load.arrived(http)
    before = await load.call(http, "GET", f"/v1/applications/{kept}")
    await composed.types(backup)
    assert {"CREATE DATABASE temporal ", "CREATE DATABASE temporal_visibility "} <= {
        line.partition("WITH")[0] for line in rows(composed.folder).splitlines()
    }
    lost = await load.opens(http)
    await composed.types(restore, **composed.temporal)
    assert [one["scope"] for one in (await load.call(http, "GET", "/v1/hold"))["holds"]] == ["all"]
    known: list[dict[str, Any]] = (await load.call(http, "GET", "/v1/applications"))["applications"]
    assert (kept in [row["id"] for row in known], lost in [row["id"] for row in known]) == (True, False)
    assert await load.call(http, "GET", f"/v1/applications/{kept}") == before
    load.opened.remove(lost)
    after = Load(composed, "after-the-backup")
    await after.opens(http)

    async def held() -> bool:
        return await waits(temporal, after.opened[0])

    await eventually(held, LONG)
    await after.call(http, "PUT", "/v1/hold", {"scope": "all", "until": None})

    async def lifted() -> bool:
        return (await temporal.get_workflow_handle(HOLD_ID).describe()).status == WorkflowExecutionStatus.COMPLETED

    await eventually(lifted, timedelta(seconds=30))
    await after.arrived(http)
    for file in composed.folder.glob("temporal-*.sql.gz"):
        file.unlink()
