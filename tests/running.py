"""The whole embedded stack for a test run, a caller of its API, and what to say to it."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from client.applications import Applications
from client.embedded import Stack
from client.opening import Opening, read_opening

DEV: Final = {"Authorization": "Bearer dev-key"}


_running: list[Stack] = []


@pytest.fixture(scope="session")
async def stack() -> AsyncGenerator[Stack]:
    """Server, worker, sink and API, on free ports, in a folder of its own; one for all folders of tests that import this fixture."""
    if _running:
        yield _running[0]
        return
    async with Stack.start() as running:
        _running.append(running)
        yield running
        _running.clear()


@pytest.fixture(scope="session")
async def api(stack: Stack) -> AsyncGenerator[httpx.AsyncClient]:
    """Calls the stack's API with its development key, as callers are told to: after a 503 again."""
    async with Patient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as http:
        yield http


class Patient(httpx.AsyncClient):
    """Says unchanged what found no answer in time, as on a busy machine: what was done meanwhile is 200 then, not 201. Boards retry."""

    async def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        for _ in range(3):
            answer = await super().send(request, **how)
            if answer.status_code != 503 or not request.url.path.startswith("/v1/"):
                return answer
            await asyncio.sleep(int(answer.headers["Retry-After"]))
        return await super().send(request, **how)


@pytest.fixture(scope="session")
def applications(stack: Stack) -> Applications:
    """The façade of the stack's server."""
    return Applications(stack.client)


@pytest.fixture
def application() -> str:
    """An id that nobody had before."""
    return f"app-{uuid4().hex[:12]}"


def body(application: str | None = None, **other: Any) -> dict[str, Any]:
    """An opening with one interview that was held an hour ago, and whatever is said instead."""
    ended = (datetime.now(UTC) - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    said: dict[str, Any] = {
        "id": application,
        "candidate": {
            "id": f"cand-{application or 'unnamed'}",
            "name": "Ada Byron",
            "email": "ada@example.org",
            "timezone": "Europe/London",
        },
        "employer": {"name": "Analytical Engines", "timezone": "America/New_York", "country": "US", "subdivision": "NY"},
        "position": "Staff Engineer",
        "facts": [
            {
                "type": "interview_held",
                "interview": "i1",
                "ended_at": ended.isoformat(),
                "interviewers": [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}],
            }
        ],
    }
    return {name: value for name, value in copy.deepcopy(said | other).items() if value is not None}


def opening(application: str, **other: Any) -> Opening:
    """The same as the façade takes it."""
    return read_opening(json.dumps(body(application, **other)).encode())


def slug(answer: httpx.Response) -> str:
    """The problem that an answer names."""
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"]).removeprefix("/problems/")
