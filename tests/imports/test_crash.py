"""A file of past applications is imported while the worker and the API are killed: exact counts, and no prompt that helps nobody.

How many applications, AFTERWORD_IMPORT says; with a few it is done in half a minute, and with 10,000 in as long as they take.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from client.applications import Applications
from client.settings import PREFIX
from tests.durability.accidents import Fragile, doubled, letters
from tests.imports.posting import ago, lines, said
from tests.running import DEV
from tests.server import eventually
from workflows.application import Application
from workflows.facts import Fact, Prompted
from workflows.guide import every_step

MANY: Final = int(os.environ.get("AFTERWORD_IMPORT", "48"))
LONG: Final = timedelta(seconds=60 + MANY)
REFUSED: Final = 3
"""Rows with an id that another row has, with other content: known before anything is sent, and left out."""

AGES: Final = (0.1, 0.9, 3, 9, 15, 25, 40, 100)
"""Days since the interview; the first two may still be thanked for."""
ENDED: Final = ("rejected", "withdrawn", None, None)


def past(count: int) -> Iterator[dict[str, Any]]:
    """Three applications for each candidate, of every age, half of them with an outcome as soon as it may be."""
    for n in range(count):
        age, outcome = AGES[n % len(AGES)], ENDED[n // len(AGES) % len(ENDED)]
        held = {"type": "interview_held", "interview": "i1", "ended_at": ago(days=age)}
        ended = [{"type": outcome, "at": ago(days=age * 0.2)}] if outcome else []
        whole = said(f"past-{n}", facts=[held, *ended], metadata={"row": n})
        whole["candidate"] |= {"id": f"cand-{n // 3}"}
        yield whole


@pytest.mark.timeout(240 + 3 * MANY)
async def test_counts_are_exact_and_no_prompt_is_too_late_whatever_was_killed(tmp_path: Path) -> None:
    rows = list(past(MANY))
    wrong = [row | {"position": "Another"} for row in rows[:REFUSED]]
    file = tmp_path / "past.jsonl"
    file.write_bytes(lines([*rows, *wrong]))
    async with Fragile.start(home=tmp_path / "home") as stack:
        command = await imports(stack.api, file)
        async with httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api:

            async def half() -> bool:
                return await there(api, rows[MANY // 3]["id"])

            await eventually(half, LONG)
            await stack.kill("worker")
            await stack.kill("api")
            await stack.again("api")
            await stack.again("worker")
            printed, progress = await command.communicate()
        report = json.loads(printed)
        assert (report["openings"], [one["line"] for one in report["mistakes"]]) == (MANY, [MANY + n for n in range(1, REFUSED + 1)])
        assert report["imported"] == {"rows": MANY, "opened": MANY, "same": 0, "refused": []}
        assert command.returncode == 0
        shown = [int(line.split()[1]) for line in progress.decode().splitlines()]
        assert shown == sorted(shown)
        assert shown[-1] == MANY
        assert len(shown) > 1
        await no_prompt_is_too_late(stack, rows)
        assert doubled(stack.home) == []


async def imports(api: str, file: Path) -> asyncio.subprocess.Process:
    """The command, as a script uses it."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("afterword"),
        *("import", str(file), "--skip-mistakes", "--json"),
        env=theirs | {f"{PREFIX}API_URL": api},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def there(api: httpx.AsyncClient, application: str) -> bool:
    return (await api.get(f"/v1/applications/{application}")).status_code == 200


async def no_prompt_is_too_late(stack: Fragile, rows: list[dict[str, Any]]) -> None:
    """Each was made while the guide still had it, not after its end, at most one for an application; and as many mails left."""
    applications, prompts = Applications(stack.client), dict[str, list[Prompted]]()
    for row in rows:
        prompts[row["id"]] = await performed(applications, row["id"])
    for row in rows:
        held, *ended = (datetime.fromisoformat(fact.get("at") or fact["ended_at"]) for fact in row["facts"])
        for prompt in prompts[row["id"]]:
            assert prompt.at
            if prompt.intent.startswith("thank-you"):
                assert prompt.at - held < timedelta(hours=48), row
            if ended:
                assert prompt.at - ended[0] < timedelta(days=9), row  # five business days of any week
    counted = Counter({application: len(made) for application, made in prompts.items() if made})
    assert set(counted.values()) == {1}
    assert not [row["id"] for row in rows if len(row["facts"]) == 2 and row["facts"][1]["at"] < ago(days=9) and prompts[row["id"]]]
    mailed = Counter(application for application, *_ in letters(stack.home) if application in prompts)
    certain = Counter(application for application, made in prompts.items() for prompt in made if not prompt.uncertain)
    assert certain <= mailed <= counted, "what the killed worker had in its hands may have left or not, and is never sent again"


async def performed(applications: Applications, application: str) -> list[Prompted]:
    """The prompts so far, when nothing is under way any more; each judged by the guide as it was just before."""

    async def facts() -> tuple[Fact, ...]:
        app = await applications.application(application)
        return () if any(step.due <= datetime.now(UTC) for step in every_step(app.story) if step.ready) else app.facts

    told = await eventually(facts, LONG)  # a send that was cut off is noted only when its attempt has run out
    prompts = list[Prompted]()
    for n, fact in enumerate(told):
        if isinstance(fact, Prompted) and fact.at:
            before = Application(id=application).apply(*told[:n])
            (step,) = (s for s in every_step(before.story) if s.intent == fact.intent)
            assert step.due <= fact.at
            assert step.until is None or fact.at < step.until, (application, fact.intent)
            prompts.append(fact)
    return prompts
