"""What is counted and measured, on the running stack."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from client.embedded import Stack
from client.watching import key_files
from tests.durability.accidents import Fragile
from tests.operations.trouble import ANY_HOUR
from tests.parts import ROOT
from tests.running import DEV, body
from tests.server import eventually
from workflows.names import metrics

SAMPLE = re.compile(r"^(\w+)(?:{(.*)})? (\S+)$", re.MULTILINE)
YEAR = 365 * 86_400


async def counted(api: httpx.AsyncClient, port: int) -> Counter[tuple[str, str, str]]:
    """Values by metric, kind of step and last label that matters."""
    found: Counter[tuple[str, str, str]] = Counter()
    for name, labels, value in SAMPLE.findall((await api.get(f"http://127.0.0.1:{port}/metrics")).text):
        told = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        if name.startswith("afterword_"):
            what = told.get("outcome") or told.get("reason") or told.get("le") or told.get("status") or ""
            found[name, told.get("step") or told.get("board") or "", what] += float(value)  # pyright: ignore[reportArgumentType] -- whole numbers as Prometheus writes them
    return found


async def test_a_message_is_counted_once_by_kind_and_outcome_and_what_is_imported_is_not_late(
    stack: Stack, api: httpx.AsyncClient, application: str
) -> None:
    """Its interview was 20 hours ago: the nudge leaves at once, the prompt before it is left out, and both are as they should be."""
    before = await counted(api, stack.ports.metrics)
    said = body(application)
    said["candidate"]["waking_hours"] = ANY_HOUR
    said["facts"][0]["ended_at"] = (datetime.now(UTC) - timedelta(hours=20)).isoformat()
    assert (await api.post("/v1/applications", json=said)).is_success

    async def noted() -> Counter[tuple[str, str, str]] | None:
        now = await counted(api, stack.ports.metrics) - before
        return now if now[metrics.PROMPTS, "thank-you-nudge", "sent"] else None

    now = await eventually(noted)
    assert now[metrics.PROMPTS, "thank-you-nudge", "sent"] == 1
    assert now[metrics.SKIPPED, "thank-you", "superseded"] == 1
    assert now[metrics.HANDOVERS, "", "taken"] == 1
    assert now[f"{metrics.LATENESS}_bucket", "thank-you-nudge", "900"] == now[f"{metrics.LATENESS}_count", "thank-you-nudge", ""] == 1


@pytest.mark.timeout(120)
async def test_what_was_due_while_no_worker_worked_is_as_late_as_it_was(tmp_path: Path) -> None:
    """Killed before the moment, and begun again three seconds after it."""
    async with (
        Fragile.start(home=tmp_path) as stack,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
    ):
        due = datetime.now(UTC) + timedelta(seconds=6)
        said = body("late")
        said["candidate"]["waking_hours"] = ANY_HOUR
        said["facts"][0]["ended_at"] = (due - timedelta(hours=2)).isoformat()
        assert (await api.post("/v1/applications", json=said)).is_success
        await stack.kill("worker")
        assert datetime.now(UTC) < due

        async def is_over() -> bool:
            return datetime.now(UTC) > due + timedelta(seconds=3)

        await eventually(is_over)
        await stack.again("worker")

        async def measured() -> Counter[tuple[str, str, str]] | None:
            try:
                now = await counted(api, stack.ports.metrics)
            except httpx.ConnectError:  # it begins
                return None
            return now if now[f"{metrics.LATENESS}_count", "thank-you", ""] else None

        now = await eventually(measured)
    assert now[f"{metrics.LATENESS}_count", "thank-you", ""] == now[f"{metrics.LATENESS}_bucket", "thank-you", "900"] == 1
    assert now[f"{metrics.LATENESS}_bucket", "thank-you", "1"] == 0
    assert now[f"{metrics.LATENESS}_sum", "thank-you", ""] >= 3


async def test_deliveries_and_answers_are_counted_by_what_became_of_them(stack: Stack, api: httpx.AsyncClient) -> None:
    before = await counted(api, stack.ports.api_metrics)
    assert (await api.post("/hooks/greenhouse/no-such-connection", content=b"{}")).status_code == 503
    assert (await api.get("/v1/applications/nobody-has-this")).status_code == 404
    now = await counted(api, stack.ports.api_metrics) - before
    assert (now[metrics.WEBHOOKS_TAKEN, "?", "unavailable"], now[metrics.ANSWERS, "", "5xx"], now[metrics.ANSWERS, "", "4xx"]) == (1, 1, 1)


def test_a_key_is_as_old_as_the_oldest_file_of_its_setting(tmp_path: Path) -> None:
    for name, age in (("old", YEAR), ("new", 60)):
        (tmp_path / name).write_text("a key")
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    environment = {
        "AFTERWORD_LINK_KEYS": f"file:{tmp_path / 'new'},file:{tmp_path / 'old'},by-value",
        "AFTERWORD_API_KEYS": f"file:{tmp_path / 'not-there'}",
        "ELSEWHERE": f"file:{tmp_path / 'old'}",
    }
    [(setting, changed)] = key_files(environment)
    assert setting == "link_keys"
    assert abs(time.time() - changed - YEAR) < 60


def test_every_metric_of_ours_is_explained() -> None:
    ours = {value for name, value in vars(metrics).items() if name.isupper() and isinstance(value, str)}
    assert {name for name in ours if f"`{name}`" not in (ROOT / "docs" / "observability.md").read_text()} == set()
