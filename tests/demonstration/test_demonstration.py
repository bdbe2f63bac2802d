"""The demonstration itself, as its command runs it: the whole stack, eight applications, every date."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from client.demonstration.comparison import dates
from client.demonstration.table import TABLE

PATIENCE = 200
"""Seconds on a machine that is busy; alone it takes a tenth of that."""


def left_behind(folder: Path) -> list[Path]:
    return list(folder.glob("afterword-demo-*"))


@pytest.mark.timeout(PATIENCE + 30)
async def test_the_demonstration_is_as_the_table_has_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "client.command_line", "demo", "--json")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await running.communicate()
    finally:
        if running.returncode is None:
            running.terminate()
            await running.wait()
    told: dict[str, Any] = json.loads(out) if out else {}
    applications: list[dict[str, Any]] = told.get("applications", [])
    found = [difference for one in applications for difference in one["differences"]]
    assert (running.returncode, found) == (0, []), err.decode()
    assert told["equal"] is True
    assert [(one["outcome"], one["messages"], one["dates"]) for one in applications] == [
        (expected.outcome, expected.messages, dates(expected)) for expected in TABLE.values()
    ]
    assert sum("webhook" in line.get("detail", "") for one in applications for line in one["lines"]) >= 3
    assert all(line["why"] for one in applications for line in one["lines"] if line["kind"] == "sent")
    assert left_behind(tmp_path) == []
