"""A candidate with an application, an adviser with a key of their own, and the mail between them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from client.api.app import create_app
from client.embedded import Stack
from client.settings import Settings
from tests.page.visitor import Page, Visitor, links_in
from tests.running import body
from tests.server import eventually

SECRET = "an-advisers-secret-long-enough"


@dataclass
class Case:
    """Ids, names and addresses that nobody else has."""

    api: httpx.AsyncClient
    adviser: httpx.AsyncClient
    """With the key of that adviser alone."""
    visitor: Visitor
    application: str
    candidate: str
    coach: str
    email: str
    name: str = "Mary Somerville"
    waits: dict[str, str] = field(default_factory=dict[str, str])
    """The links of an ask that was made once, for tests that say many things of it."""

    @property
    def path(self) -> str:
        """The candidate, as the adviser asks for them."""
        return f"/v1/coaches/{self.coach}/candidates/{self.candidate}"

    async def ask(self, **other: Any) -> httpx.Response:
        said = {"id": self.coach, "name": self.name} | other
        return await self.api.post(f"/v1/candidates/{self.candidate}/coaches", json=said)

    async def asked(self, many: int = 1) -> dict[str, str]:
        """Asks; the links of the message that comes of it, the last of so many."""
        answer = await self.ask()
        assert answer.status_code == 200, answer.text

        async def arrived() -> list[str]:
            mail = (await self.api.get("/v1/messages")).json()["messages"]
            found = [m["text"] for m in mail if self.email in m["to"] and m["intent"] == f"coach/{self.coach}"]
            return found if len(found) == many else []

        return links_in((await eventually(arrived))[-1], self.visitor.links)

    async def asked_once(self) -> dict[str, str]:
        self.waits = self.waits or await self.asked()
        return self.waits

    async def agreed(self) -> dict[str, str]:
        """Asks, and the candidate agrees; the links of the message."""
        links = await self.asked()
        page = await self.visitor.send((await self.visitor.get(links["coach"])).form("coach"))
        assert page.status == 200, page.text
        return links

    async def end(self, link: str) -> Page:
        return await self.visitor.send((await self.visitor.get(link)).form("coach-end"))

    async def seen(self) -> int:
        return (await self.adviser.get(self.path)).status_code

    async def listed(self) -> list[str]:
        answer = await self.adviser.get(f"/v1/coaches/{self.coach}/candidates")
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["candidates"]]

    async def coaches(self) -> list[dict[str, Any]]:
        return (await self.api.get(f"/v1/candidates/{self.candidate}")).json()["coaches"]


@pytest.fixture
async def case(stack: Stack, api: httpx.AsyncClient, visitor: Visitor, application: str) -> AsyncGenerator[Case]:
    mark = application.removeprefix("app-")
    candidate, coach, email = f"cand-{mark}", f"coach-{mark}", f"ada-{mark}@example.org"
    whose = {"id": candidate, "name": "Ada Byron", "email": email, "timezone": "UTC", "waking_hours": ["00:00", "23:59"]}
    said = body(application, candidate=whose, metadata={"row": "secret-row"})
    said["facts"].append({"type": "reflection_noted", "interview": "i1", "takeaways": "secret-note"})
    assert (await api.post("/v1/applications", json=said)).is_success
    keys = SecretStr(f"mary:read+write@coach={coach}:{SECRET}")
    links = SecretStr((stack.home / "link-key").read_text())
    app = create_app(Settings(embedded=True, home=stack.home, api_keys=keys, link_keys=links, public_url=stack.api), stack.client)
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers, timeout=30) as adviser:
        yield Case(api, adviser, visitor, application, candidate, coach, email)
