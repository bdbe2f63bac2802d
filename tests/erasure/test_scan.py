"""After an erasure nothing of the candidate is in anything that Afterword keeps: database, mail, logs, metrics. The other one keeps all.

Every fact was announced to a platform whose endpoint takes nothing, so that events still wait; of these not even the ids stay. The server
is stopped and its database vacuumed before it is read: rows that were deleted stay in free pages otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client

from client.connections import Connections
from client.embedded import Stack
from tests.boards.deliveries import altered, answers, sample, signed
from tests.erasure.finishing import finished
from tests.running import DEV, body
from tests.server import eventually
from tests.simulators.api import BoardApi, serving
from tests.simulators.serving import listening
from workflows import names
from workflows.names.events import STREAM

SECRET = "a-secret-of-this-test"
OPPORTUNITY = "3410c8b9-0000-4bab-b7e9-9f710206d647"
"""Of the sample delivery."""
IDS = ("cand-1.1", "cand-1.2")
HERS = ("Zephyrine", "Marigoldsen")
"""What somebody is called is in every string that is theirs."""


def strings(mark: str) -> dict[str, str]:
    """Everything that is known of one candidate and of nobody else."""
    return {
        "name": f"{mark} Quillfeather",
        "later name": f"{mark} Quillfeather-Oakes",
        "address": f"{mark.lower()}@quill.example.org",
        "employer": f"{mark} Engines",
        "position": f"Keeper of the {mark} Wheels",
        "interviewer": f"Grace {mark}",
        "her address": f"grace.{mark.lower()}@example.com",
        "note": f"the {mark} mill runs on two shifts",
        "point": f"how {mark} cards are sorted",
        "metadata": f"row-of-{mark}",
        "letter": f"Thank you for showing me the {mark} mill",
        "reason": f"{mark} moved abroad",
    }


def opening(mark: str, application: str, candidate: str, **other: Any) -> dict[str, Any]:
    said = strings(mark)
    whole = body(
        application,
        candidate={
            "id": candidate, "name": said["name"], "email": said["address"], "timezone": "Europe/London", "preferences": {"digest": True},
        },
        employer={"name": said["employer"], "timezone": "America/New_York", "country": "US"},
        position=said["position"],
        metadata=dict.fromkeys(("row", "again", "once more"), said["metadata"]),  # one copy may lie across two pages of the file
        **other,
    )  # fmt: skip
    whole["facts"][0]["interviewers"] = [{"id": "g", "name": said["interviewer"], "email": said["her address"]}]
    return whole


async def lived(api: httpx.AsyncClient, mark: str, candidate: str, refs: Iterable[str] = ()) -> None:
    """Two applications with everything that a person writes; messages, a letter, a changed profile; one application ended."""
    said, first, second = strings(mark), f"{candidate}.1", f"{candidate}.2"
    for one, more in ((first, {"refs": list(refs)}), (second, {})):
        answer = await api.post("/v1/applications", json=opening(mark, one, candidate, **more))
        assert answer.is_success, answer.text
    note = {"type": "reflection_noted", "interview": "i1", "takeaways": said["note"], "points": {"g": said["point"]}}
    letter = {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": said["letter"], "body": f"{said['letter']}."}
    told: tuple[tuple[str, dict[str, Any]], ...] = ((first, note), (second, {"type": "withdrawn", "reason": said["reason"]}))
    for one, fact in told:
        answer = await api.post(f"/v1/applications/{one}/facts", json=fact)
        assert answer.status_code == 200, answer.text
    await api.post(f"/v1/applications/{first}/advance", json={"to": "next"})
    answer = await api.post(f"/v1/applications/{first}/facts", json=letter | {"by": "candidate", "anyway": True})
    assert answer.status_code == 200, answer.text
    answer = await api.patch(f"/v1/candidates/{candidate}", json={"profile": {"name": said["later name"]}})
    assert answer.status_code == 200, answer.text
    for _ in range(3):
        await api.post(f"/v1/candidates/{candidate}/advance", json={"to": "next"})


def found(home: Path, said: Iterable[str], also: str = "") -> set[str]:
    """Which of these are in any file of that folder, or in that text."""
    contents = [file.read_bytes() for file in home.rglob("*") if file.is_file()]
    contents.append(also.encode())
    return {one for one in said if any(one.encode() in content for content in contents)}


async def takes_nothing(_: Request) -> Response:
    """A platform that is down."""
    return Response(status_code=503)


async def announced(client: Client, ids: Iterable[str]) -> set[str]:
    """Which of these are in the history of any run that carries events."""
    runs = [run async for run in client.list_workflows(f"WorkflowType = '{STREAM}'")]
    histories = [str((await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()).events) for run in runs]
    return {one for one in ids if any(one in history for history in histories)}


def vacuumed(home: Path) -> None:
    with sqlite3.connect(home / "temporal.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("VACUUM")
    database.close()


async def view_of(api: httpx.AsyncClient, candidate: str) -> list[Any]:
    paths = (f"/v1/candidates/{candidate}", f"/v1/applications/{candidate}.1", f"/v1/applications/{candidate}.2")
    return [(await api.get(path)).json() for path in paths]


@pytest.mark.timeout(240)
async def test_nothing_is_left_of_who_was_erased_and_everything_of_the_other(tmp_path: Path) -> None:
    """Also nothing of the deliveries that a board sent about them, which are asked about at the board."""
    home, file, events = tmp_path / "home", tmp_path / "connections.toml", tmp_path / "webhooks.toml"
    hers, his = (strings(mark) for mark in HERS)
    async with serving(BoardApi()) as board, listening(Starlette(routes=[Route("/", takes_nothing, methods=["POST"])])) as platform:
        events.write_text(f'[backend]\nurl = "{platform}/"\nsecrets = ["c2VjcmV0"]\nprivate = true\n')
        board.answers.update(answers("lever"))
        board.credentials = ("authorization", "Basic a2V5LTE6")
        stages = '[acme.stages]\n"7c2690d8-0000-4ed9-ae2a-cbfe7db26593" = "debrief"\n'
        file.write_text(f'[acme]\nboard = "lever"\nsecrets = ["{SECRET}"]\napi_url = "{board.url}"\napi_key = "key-1"\n{stages}')
        async with (
            Stack.start(home=home, environment={"AFTERWORD_CONNECTIONS": str(file), "AFTERWORD_WEBHOOKS": str(events)}) as stack,
            httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=60, trust_env=False) as api,
        ):
            theirs, intakes = f"acme.{OPPORTUNITY}", f"WorkflowType = '{names.INTAKE}'"
            hint = sample("lever_candidateStageChange")
            hint = altered(hint, {**hint.payload, "data": {**hint.payload["data"], "reason": hers["note"]}})
            sent = signed(Connections(file).current()["acme"].board, SECRET, hint, datetime.now(UTC))
            assert (await api.post("/hooks/lever/acme", content=sent.body, headers=sent.headers)).status_code == 200

            async def heard() -> bool:
                return bool((await api.get(f"/v1/applications/{theirs}")).json().get("facts"))

            async def kept() -> bool:
                return bool([run async for run in stack.client.list_workflows(intakes)])

            await eventually(heard)
            await eventually(kept)
            await lived(api, HERS[0], "cand-1", [theirs])
            await lived(api, HERS[1], "cand-2")
            before, paths = await view_of(api, "cand-2"), (await api.get("/openapi.json")).json()["paths"]
            assert found(home, {*hers.values(), *his.values()}) == {*hers.values(), *his.values()}  # it can be found
            assert await announced(stack.client, {*IDS, "cand-2.1"}) == {*IDS, "cand-2.1"}
            erasure = (await api.delete("/v1/candidates/cand-1")).json()["erasure"]
            receipt = await finished(stack.client, erasure)
            assert receipt.runs_deleted >= 5  # two applications, the board's, the candidate, the intake
            assert [run async for run in stack.client.list_workflows(intakes)] == []
            assert await view_of(api, "cand-2") == before
            assert await announced(stack.client, {*IDS, "cand-2.1"}) == {"cand-2.1"}
            await nothing_is_reached(api, paths, hers.values())
            metrics = (await api.get(f"http://127.0.0.1:{stack.ports.metrics}/metrics")).text
            assert "temporal_" in metrics
    vacuumed(home)
    assert found(home, hers.values(), metrics) == set()
    assert found(home, his.values(), metrics) == set(his.values())


async def nothing_is_reached(api: httpx.AsyncClient, paths: dict[str, Any], said: Iterable[str]) -> None:
    """By any call that the API has, with every id that she had, whatever a call says."""
    ids = {"candidate": ["cand-1"], "application": ["cand-1.1", "cand-1.2", f"acme.{OPPORTUNITY}"]}
    asked = [(method, path) for path, calls in paths.items() for method in calls if "{" not in path]
    for name, known in ids.items():
        for path, calls in paths.items():
            if f"{{{name}}}" in path:
                asked += [(method, path.replace(f"{{{name}}}", one)) for method in calls for one in known]
            elif "{" not in path and "get" in calls:
                asked += [("get", f"{path}?{name}={one}") for one in known]
    assert len({path for _, path in asked}) > 20
    for method, path in asked:
        answer = await api.request(method, path, json=None if method == "get" else {"type": "paused"})
        assert answer.status_code < 500, path
        assert not [one for one in said if one in answer.text], path
