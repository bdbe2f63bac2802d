"""Each alert fires on a real Prometheus once what it is for has happened to the real stack, and not before."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.operations.prometheus import RULES, Prometheus, alerts, prometheus
from tests.operations.trouble import SECRET, Trouble, trouble
from tests.parts import needs
from tests.server import eventually
from workflows import names

pytestmark = needs("prometheus")
ELSEWHERE = {"AfterwordCertificateEnds"}
"""Shown with the dashboard, where a certificate is."""
LONG = timedelta(seconds=60)
PERSONAL = ("Ada", "Byron", "Grace", "Hopper", "Analytical", "Staff Engineer", "@example", "anybody", "not a list", SECRET)
IDS = {"late", "gone", "unsure", "overdue", "conflict", "unread", "poison", "waits", "sealed", "forged"}
"""Of the applications that are in trouble."""


def test_promtool_finds_the_rules_well_made() -> None:
    program = shutil.which("promtool")
    assert program
    told = subprocess.run([program, "check", "rules", str(RULES)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_promtool_finds_that_the_rules_say_what_they_shall() -> None:
    """Over hours of made-up figures: when each begins to fire, and what must not make it fire."""
    program = shutil.which("promtool")
    assert program
    told = subprocess.run([program, "test", "rules", "alerts.yaml"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


async def fires(watching: Prometheus, wanted: set[str]) -> None:
    async def all_of_them() -> bool:
        return wanted <= await watching.firing()

    try:
        await eventually(all_of_them, LONG)
    except BaseException as e:
        raise AssertionError(f"silent: {sorted(wanted - await watching.firing())}") from e


@pytest.mark.timeout(280)
async def test_each_alert_fires_once_its_cause_is_there(tmp_path: Path) -> None:
    """First what goes wrong while all runs, then worker, Temporal and API are killed one after the other."""
    async with trouble(tmp_path) as world:
        ports = world.stack.ports
        async with prometheus(tmp_path, {"afterword-worker": ports.metrics, "afterword-api": ports.api_metrics}) as watching:
            await watching.reads(2)
            await fires(watching, {"AfterwordKeyOld"})

            async def nothing_else() -> bool:
                """Once all has been read: on a busy machine a worker may seem to be down until then."""
                return await watching.firing() == {"AfterwordKeyOld"}

            await eventually(nothing_else)
            seen = await watching.firing() | await while_all_runs(world, watching)
            nobody_is_told_of((await world.api.get(f"http://127.0.0.1:{ports.metrics}/metrics")).text)
            nobody_is_told_of((await world.api.get(f"http://127.0.0.1:{ports.api_metrics}/metrics")).text)
            seen |= await killed(world, watching)
            for part in ("worker", "api"):
                logged(world.stack.home / "logs" / f"{part}.log")
    assert seen == alerts() - ELSEWHERE


async def while_all_runs(world: Trouble, watching: Prometheus) -> set[str]:
    """What goes wrong, and whom it alarms."""
    await world.poisoned()
    await world.opened("gone", "gone")
    world.office.moods |= {"gone": "knows no such person", "unsure": "takes it, and is lost before it says so"}
    await world.advances("gone")
    await world.opened("unsure", "unsure")
    await world.advances("unsure")
    await world.overdue()
    await world.contradicted()
    await world.unread()
    await world.held()
    await world.sealed()
    await world.forged()
    await world.prompted_late()
    await fires(watching, {"AfterwordMailFails", "AfterwordSendFailing"})
    assert "AfterwordLatePrompts" not in await watching.firing()
    await world.taken_late()
    await world.forged_and_lost_deliveries()
    await world.board_unreached()
    wanted = {
        "AfterwordLatePrompts", "AfterwordUndeliverable", "AfterwordUncertain", "AfterwordOverdue", "AfterwordBoardConflict",
        "AfterwordBug", "AfterwordRunsStuck", "AfterwordWebhooksUnavailable", "AfterwordWebhooksRefused", "AfterwordBoardFails",
        "AfterwordEndpointFailing", "AfterwordHoldActive", "AfterwordKeyMissing", "AfterwordPayloadRefused",
        "AfterwordClockSkewed",  # those whose time was skipped are ahead of the worker
    }  # fmt: skip
    await fires(watching, wanted)
    return wanted | {"AfterwordMailFails", "AfterwordSendFailing"}


async def killed(world: Trouble, watching: Prometheus) -> set[str]:
    await world.stack.kill("worker")
    await world.stack.client.start_workflow(names.WORKFLOW, id=names.workflow_id("waits"), task_queue=names.TASK_QUEUE)
    await fires(watching, {"AfterwordWorkerDown", "AfterwordBacklog"})
    await world.stack.kill("temporal")
    await until_failing(world.api)
    await fires(watching, {"AfterwordTemporalUnreachable", "AfterwordApiFails"})
    await world.stack.kill("api")
    await fires(watching, {"AfterwordApiDown"})
    return {"AfterwordWorkerDown", "AfterwordBacklog", "AfterwordTemporalUnreachable", "AfterwordApiFails", "AfterwordApiDown"}


def logged(file: Path) -> None:
    """Whatever went wrong, each line is JSON, and none has anybody's name, address or text."""
    lines = file.read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert {line["level"] for line in told} >= {"warning"}
    assert all(line["event"] and line["timestamp"] for line in told)
    found = [line for line in lines if any(word in line for word in PERSONAL)]
    assert found == []


def nobody_is_told_of(metrics: str) -> None:
    """No label has an id, a name or an address."""
    labels = set(re.findall(r'="([^"]*)"', metrics))
    assert [label for label in labels if "/" in label or "@" in label or label in IDS or label.startswith("cand-")] == []
    assert [word for word in PERSONAL if word in metrics] == []


async def until_failing(api: httpx.AsyncClient) -> None:
    for _ in range(8):
        assert (await api.get("/readyz")).status_code == 503
