"""Test clocks and read mail: on the embedded server, and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from client.api.app import create_app
from client.embedded import Stack
from client.settings import Settings
from tests.running import body, slug

KEY = "a-secret-that-is-long-enough"


@pytest.fixture
async def elsewhere(stack: Stack) -> AsyncGenerator[httpx.AsyncClient]:
    """The API as it is in production: no test clock, and keys of its own."""
    keys = SecretStr(f"reader:read:{KEY}-r platform:read+write:{KEY}-w, platform:read+write:{KEY}-next")
    app = create_app(Settings(embedded=False, api_keys=keys), stack.client)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers={"Authorization": f"Bearer {KEY}-w"}) as http:
        yield http


async def test_next_moves_to_what_is_due_next(api: httpx.AsyncClient, application: str) -> None:
    """And what was due is done when the answer comes."""
    path = f"/v1/applications/{application}"
    view = (await api.post("/v1/applications", json=body(application))).json()
    done: list[str] = []
    for _ in range(len(view["agenda"])):
        view = (await api.post(f"{path}/advance", json={"to": "next"})).json()
        done += [f["type"] for f in view["facts"][len(done) + 3 :]]
    assert (view["stage"], view["outcome"], view["agenda"]) == ("closed", "ghosted", [])
    assert done == ["prompted", "prompted", "thank_you_lapsed", "prompted", "prompted", "prompted", "ghosted", "prompted"]


async def test_a_clock_moves_to_a_time_and_never_back(api: httpx.AsyncClient, application: str) -> None:
    """A fact without a time is heard at the application's own."""
    path, to = f"/v1/applications/{application}", datetime.now(UTC) + timedelta(days=3)
    await api.post("/v1/applications", json=body(application))
    for when in (to, to - timedelta(days=2)):
        assert (await api.post(f"{path}/advance", json={"to": when.isoformat()})).status_code == 200
    said = (await api.post(f"{path}/facts", json={"type": "paused"})).json()["facts"][-1]
    assert to <= datetime.fromisoformat(said["at"]) < to + timedelta(minutes=5)


async def test_messages_are_what_was_sent(api: httpx.AsyncClient, application: str) -> None:
    """Newest last, of one application, with both times."""
    await api.post("/v1/applications", json=body(application))
    for _ in range(2):
        await api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
    sent = (await api.get("/v1/messages", params={"application": application})).json()["messages"]
    assert [message["intent"] for message in sent] == ["thank-you/i1", "thank-you-nudge/i1"]
    assert {message["to"] for message in sent} == {"ada@example.org"}
    assert all(message["text"] and message["application_time"] for message in sent)
    assert (await api.get("/v1/messages", params={"application": "nobody"})).json() == {"messages": []}


async def test_elsewhere_no_clock_can_be_moved(elsewhere: httpx.AsyncClient, application: str) -> None:
    """501, whoever asks for whatever."""
    await elsewhere.post("/v1/applications", json=body(application))
    answer = await elsewhere.post(f"/v1/applications/{application}/advance", json={"to": "next"})
    assert (answer.status_code, slug(answer)) == (501, "no-test-clock")


async def test_elsewhere_the_development_key_is_nothing(elsewhere: httpx.AsyncClient, application: str) -> None:
    """And a key does what its scopes say: read, write, private."""

    async def status(method: str, path: str, secret: str) -> int:
        return (await elsewhere.request(method, path, json=body(application), headers={"Authorization": f"Bearer {secret}"})).status_code

    assert await status("GET", "/v1/applications", "dev-key") == 401
    assert await status("POST", "/v1/applications", f"{KEY}-r") == 403
    assert await status("POST", "/v1/applications", f"{KEY}-w") == 201
    assert await status("POST", "/v1/applications", f"{KEY}-next") == 200
    assert await status("GET", f"/v1/applications/{application}", f"{KEY}-r") == 200
    assert await status("GET", f"/v1/applications/{application}/letters", f"{KEY}-w") == 403
    assert await status("GET", "/v1/messages", f"{KEY}-w") == 403
