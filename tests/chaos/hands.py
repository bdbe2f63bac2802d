"""The world's hands: what it says and hears as platform, board and candidate, and how it moves clocks. Whatever fails is done again."""

# pyright: reportPrivateUsage=false
# The clock is moved with the product's own steps, but without reading the history each time, which it does for callers who know less.

from __future__ import annotations

import asyncio
import json
import re
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, Final, Literal

import httpx
from temporalio.client import Client
from temporalio.service import RPCError

from client import clock
from client.hook_sender import hook_url
from tests.chaos.life import LINKED, Life, Telling
from tests.chaos.shaken import Scene
from workflows import names
from workflows.boards.signing import sign

AGAIN: Final = 1.0
"""Seconds until the same is said once more."""
MEMBERS: Final = ("type", "id", "at", "by")
"""Members of a fact that a board says elsewhere than in the content."""
Spoken = Literal["kept", "unknown"]
"""`unknown`: nobody answered, or that it could not be kept now."""
ASTRAY: Final = timedelta(minutes=15)
"""What is said between two moves, and how long that takes, explains no more."""
NEVER: Final = 300.0
"""Seconds in which a clock comes where it is sent, if it does at all."""
_LONGEST: Final = timedelta(seconds=5)


class Refused(Exception):  # noqa: N818 -- what it is
    """It was answered as it must not be."""


class Astray(Exception):  # noqa: N818 -- what it is
    """The server's test clock went beyond where it was sent, or stays, as after a kill amid a skip: nothing can be said of that life."""


class Hands:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.said = 0
        """How often anything was said."""
        self.unknown: set[str] = set()
        """Applications of which it was once said that nobody knows them."""
        self.followed: set[str] = set()
        """Links that were used."""
        self._ahead: dict[str, timedelta] = {}

    # -- what is said --

    async def open(self, life: Life) -> None:
        while True:
            if await self._post("/v1/applications", life.opening) == "kept":
                return
            await asyncio.sleep(AGAIN)

    async def say(self, life: Life, telling: Telling) -> str | None:
        """The id of the fact once it was acknowledged; None: it was given up, and may have been kept."""
        if telling.channel == "link" and (link := self._link(life, telling)):
            return await self._follow(*link)
        while await self.once(life, telling) == "unknown":
            if telling.given_up:
                return None
            await asyncio.sleep(AGAIN)
        return telling.name

    async def once(self, life: Life, telling: Telling) -> Spoken:
        """Says it once. Refused."""
        if telling.channel == "hook":
            return await self._deliver(life, telling)
        return await self._post(f"/v1/applications/{life.id}/facts", telling.said)

    async def _post(self, path: str, said: dict[str, Any]) -> Spoken:
        self.said += 1
        try:
            answer = await self.scene.api.post(path, json=said)
        except httpx.TransportError:
            return "unknown"
        return _spoken(answer, path)

    async def _deliver(self, life: Life, telling: Telling) -> Spoken:
        """As its board does: signed anew for every attempt."""
        self.said += 1
        connection = self.scene.connection
        content = {name: value for name, value in telling.said.items() if name not in MEMBERS}
        body = {"type": telling.said["type"], "timestamp": telling.said["at"], "data": {"application": life.there, **content}}
        headers = {"content-type": "application/json", "webhook-id": telling.name}
        secret = connection.secrets[0].get_secret_value()
        signed, raw = sign(connection.board.scheme, secret, headers, json.dumps(body).encode(), datetime.now(UTC))
        try:
            answer = await self.scene.api.post(hook_url("", connection.board, connection.id), content=raw, headers=signed)
        except httpx.TransportError:
            return "unknown"
        return _spoken(answer, "hook")

    def _link(self, life: Life, telling: Telling) -> tuple[str, str] | None:
        """Token and form of a link in the latest message that can say this; None where no message has one that was not used."""
        what = LINKED[telling.said["type"]]
        for raw in reversed(self.scene.mail_way.taken[life.address]):
            mail = message_from_bytes(raw, policy=policy.default)
            text = mail.get_body(("plain",))
            if mail["X-Afterword-Application"] != life.id or text is None:
                continue
            for token in re.findall(rf"/act/({what}\.[\w.~-]+)", str(text.get_content())):
                if token not in self.followed:
                    self.followed.add(token)
                    return token, what
        return None

    async def _follow(self, token: str, what: str) -> str:
        """Clicks until it is confirmed; the id of the fact that the link says."""
        asked = False
        while True:
            self.said += 1
            try:
                answer = await self.scene.api.post(f"/act/{token}", data={"what": what})
            except httpx.TransportError:
                asked = True
            else:
                if answer.is_success or (answer.status_code == 409 and asked):
                    return self.scene.links.read(token, datetime(2026, 1, 1, tzinfo=UTC)).identity
                if answer.status_code != 503:
                    raise Refused(f"a link for {what} was answered with {answer.status_code}")
                asked = True
            await asyncio.sleep(AGAIN)

    # -- what is seen --

    async def view(self, application: str) -> dict[str, Any]:
        """As soon as somebody tells."""
        while True:
            try:
                answer = await self.scene.api.get(f"/v1/applications/{application}")
            except httpx.TransportError:
                pass
            else:
                if answer.is_success:
                    return answer.json()
                if answer.status_code == 404 and application not in self.unknown:
                    self.unknown.add(application)  # a discrepancy, and the life goes on
                elif answer.status_code != 503:
                    raise Refused(f"the view was answered with {answer.status_code}: {answer.text[:200]}")
            await asyncio.sleep(AGAIN)

    async def is_over(self, application: str) -> bool:
        """Whether its run ended and nothing is under way."""
        described = await self._described(self.scene.stack.client, names.workflow_id(application))
        return described.workflow_execution_info.status not in clock._OPEN

    # -- the clock --

    async def move(self, application: str, to: datetime) -> bool:
        """Its clock shows that moment, or its run ended before: then False. It is nobody's part that is tested, and is never disturbed."""
        workflow, begun = names.workflow_id(application), seconds()
        while True:
            client = self.scene.stack.client
            try:
                described = await self._described(client, workflow)
                info = described.workflow_execution_info
                if info.status not in clock._OPEN:
                    return False
                run = info.execution.run_id
                if run not in self._ahead:
                    self._ahead[run] = (await clock._run(client, described)).ahead
                look = clock._Run(described, self._ahead[run])
                if look.now >= to:
                    if look.now - to > ASTRAY + timedelta(seconds=seconds() - begun):
                        raise Astray(f"its clock was to show {to} and shows {look.now}")
                    return True
                if seconds() - begun > NEVER:
                    raise Astray(f"its clock was to show {to} and stays at {look.now}")
                name = look.fast_forward or await clock._fast_forward(client, workflow, to + clock.LEEWAY - look.now)
                if name:
                    await clock._arrival(client, workflow, name, 3)
            except (RPCError, RuntimeError):  # the server is not there just now
                await asyncio.sleep(AGAIN)

    async def _described(self, client: Client, workflow: str) -> Any:
        while True:
            try:
                return (await client.get_workflow_handle(workflow).describe(rpc_timeout=_LONGEST)).raw_description
            except (RPCError, RuntimeError):
                await asyncio.sleep(AGAIN)
                client = self.scene.stack.client


def _spoken(answer: httpx.Response, what: str) -> Spoken:
    if answer.is_success:
        return "kept"
    if answer.status_code == 503:
        return "unknown"
    raise Refused(f"{what} was answered with {answer.status_code}: {answer.text[:300]}")


def seconds() -> float:
    return time.monotonic()
