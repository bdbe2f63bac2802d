"""Lists come from Temporal's index: of each application its latest run, whatever became of the earlier ones."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.embedded import Stack
from tests.running import body, slug
from tests.server import eventually


@pytest.fixture
def candidate() -> str:
    return f"cand-{uuid4().hex[:12]}"


def of(candidate: str) -> dict[str, Any]:
    return {"id": candidate, "email": "c@example.org", "timezone": "Europe/London"}


async def found(api: httpx.AsyncClient, **query: str | int) -> list[dict[str, Any]]:
    """Every page of a list."""
    listed: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = await api.get("/v1/applications", params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        listed += answer.json()["applications"]
        if (cursor := answer.json()["next"]) is None:
            return listed


async def test_a_summary_is_what_the_index_holds(api: httpx.AsyncClient, application: str, candidate: str) -> None:
    """Ids, words and times; never a name or an address."""
    view = (await api.post("/v1/applications", json=body(application, candidate=of(candidate)))).json()
    [summary] = await eventually(lambda: found(api, candidate=candidate))
    assert summary | {"changed_at": None} == {
        "id": application,
        "candidate": candidate,
        "stage": "thanking",
        "outcome": None,
        "round": 1,
        "paused": False,
        "policy": "industry 1",
        "connection": None,
        "attention": None,
        "next": {"step": "thank-you", "due": view["agenda"][0]["due"]},
        "changed_at": None,
    }


async def test_filters_are_combined(api: httpx.AsyncClient, application: str, candidate: str) -> None:
    """By stage, by when something is due, by when something changed."""
    await api.post("/v1/applications", json=body(application, candidate=of(candidate)))
    await eventually(lambda: found(api, candidate=candidate))
    assert await found(api, candidate=candidate, stage="thanking", due_before="2190-01-01T00:00:00Z")
    assert not await found(api, candidate=candidate, stage="closed")
    assert not await found(api, candidate=candidate, due_before="2020-01-01T00:00:00Z")
    assert await found(api, candidate=candidate, changed_since="2020-01-01T00:00:00+05:30")
    assert (await api.get(f"/v1/applications?candidate={candidate}&changed_since=2020-01-01T00:00:00+05:30")).json()["applications"]
    assert not await found(api, candidate=candidate, outcome="ghosted")
    assert not await found(api, candidate=candidate, connection="acme")


async def test_pages_are_walked_by_their_cursor(api: httpx.AsyncClient, candidate: str) -> None:
    """Each application once; a cursor goes with its filters."""
    names = {f"{candidate}-{n}" for n in range(7)}
    for name in names:
        await api.post("/v1/applications", json=body(name, candidate=of(candidate)))

    async def all_of_them() -> bool:
        return {s["id"] for s in await found(api, candidate=candidate)} == names

    await eventually(all_of_them)
    assert sorted(s["id"] for s in await found(api, candidate=candidate, limit=2)) == sorted(names)
    cursor = (await api.get("/v1/applications", params={"candidate": candidate, "limit": 2})).json()["next"]
    other = await api.get("/v1/applications", params={"candidate": "other", "cursor": cursor})
    assert (other.status_code, slug(other)) == (422, "invalid")
    bent = await api.get("/v1/applications", params={"candidate": candidate, "cursor": cursor[:12] + "AAAA"})
    assert (bent.status_code, slug(bent)) == (422, "invalid")


async def test_a_resumed_application_is_listed_once(stack: Stack, api: httpx.AsyncClient, application: str, candidate: str) -> None:
    """Its ended run stays in the index and is no longer the application's."""
    path = f"/v1/applications/{application}"
    await api.post("/v1/applications", json=body(application, candidate=of(candidate)))
    await api.post(f"{path}/advance", json={"to": (await api.get(path)).json()["agenda"][-1]["due"]})
    await api.post(f"{path}/advance", json={"to": "2199-01-01T00:00:00Z"})
    await eventually(lambda: found(api, candidate=candidate, stage="closed"))
    await api.post(f"{path}/facts", json={"type": "employer_replied"})
    await eventually(lambda: found(api, candidate=candidate, stage="waiting"))
    assert [s["stage"] for s in await found(api, candidate=candidate)] == ["waiting"]
    assert await found(api, candidate=candidate, stage="closed") == []
    assert await stack.client.count_workflows(f"WorkflowId = 'application/{application}'")
