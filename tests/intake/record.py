"""Records the histories of intakes and polls that are missing: `python -m tests.intake.record`. One that exists is never touched."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import Client, WorkflowHandle

from activities.boards import SLOWLY
from client.embedded import Stack
from client.polling import keep
from tests.boards.deliveries import answers, fetched, sample
from tests.intake.receiving import receiving, working
from tests.server import eventually
from tests.simulators.harvest import KEY, Harvest
from workflows import names

Story = Callable[[Client, Path], Awaitable[WorkflowHandle[Any, Any]]]
KEPT: Final = Path(__file__).parent / "histories"
LANDING: Final = "2"
"""Of the code that is recorded: histories of an earlier landing stay beside those of a later one."""
_PLACES: Final = re.compile(r'("(?:stackTrace|identity|stickyName)": )"(?:[^"\\]|\\.)*"')
_WORKERS_OWN: Final = re.compile(r'"[^"]*-[0-9a-f]{32}"')
"""The queue that a worker keeps for itself is named by its identity."""


async def taken_in(client: Client, folder: Path) -> WorkflowHandle[Any, Any]:
    async with receiving(client, folder, "lever") as here:
        here.api.answers.update(answers("lever"))
        await here.delivers(sample("lever_interviewUpdated"))
        intake = await here.intake()
        await intake.result()
    return intake


async def mended(client: Client, folder: Path) -> WorkflowHandle[Any, Any]:
    """Refused until an operator mended the key and asked for another attempt."""
    async with receiving(client, folder, "lever", begun=False) as here, working(here, SLOWLY):
        here.api.answers.update(answers("lever"))
        here.api.credentials = ("authorization", "Basic a2V5LTE6")
        await here.delivers(sample("lever_candidateStageChange"))
        intake = await here.intake()

        async def second() -> bool:
            pending = (await intake.describe()).raw_description.pending_activities
            return any(one.activity_id == "2" and one.HasField("last_failure") for one in pending)

        await eventually(second)
        here.write('api_key = "key-1"\n')
        execution = WorkflowExecution(workflow_id=intake.id)
        await client.workflow_service.reset_activity(ResetActivityRequest(namespace=client.namespace, execution=execution, id="2"))
        await intake.result()
    return intake


async def looked(client: Client, folder: Path) -> WorkflowHandle[Any, Any]:
    """Several pages, after an earlier look."""
    async with receiving(client, folder, "greenhouse") as here:
        harvest = Harvest(per_page=2)
        harvest.serve(here.api)
        here.write(f'api_key = "{KEY}"\ntoken_url = "{here.api.url}/token"\n')
        changed = datetime.now(UTC) - timedelta(days=1)
        (record,) = fetched("greenhouse_GET_interviews")
        harvest.interviews.update({str(n): {**record, "id": n, "updated_at": changed.isoformat()} for n in range(3)})
        await keep(client, here.connections.current())
        schedule = client.get_schedule_handle(names.poll_id(here.name))
        await schedule.pause()
        found = ""
        for look in (1, 2):
            await schedule.trigger()

            async def begun(look: int = look) -> str | None:
                runs = [run async for run in client.list_workflows(f"WorkflowType = '{names.POLL}' AND Connection = '{here.name}'")]
                ended = sorted((run.start_time, run.id) for run in runs if run.close_time)
                return ended[-1][1] if len(ended) == look else None

            found = await eventually(begun)
        await keep(client, {})
    return client.get_workflow_handle(found)


STORIES: Final[dict[str, Story]] = {story.__name__: story for story in (taken_in, mended, looked)}


async def record() -> None:
    async with Stack.start(parts=()) as stack:
        for name, story in STORIES.items():
            file = KEPT / f"{name}.{LANDING}.json"
            if file.exists():
                continue
            with tempfile.TemporaryDirectory() as folder:
                run = await story(stack.client, Path(folder))
            text = json.dumps((await run.fetch_history()).to_json_dict())
            kept = json.loads(_WORKERS_OWN.sub('""', _PLACES.sub(r'\1""', text)))
            file.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record())
    sys.stdout.flush()
    os._exit(0)  # Temporal's threads now and then abort an interpreter that ends
