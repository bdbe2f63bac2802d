"""A stack of its own on which things go wrong, and each way in which they do."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from client.applications import Applications
from client.clock import advance_run, time_of
from client.connections import Connections
from client.embedded import Ports
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from tests.boards.deliveries import sample, signed
from tests.durability.accidents import Fragile
from tests.encryption.sealing import entry
from tests.running import DEV, body
from tests.sending.post_office import PostOffice, post_office
from tests.server import eventually
from workflows import names
from workflows.facts import Word

SECRET: Final = "a-secret-of-this-test"
ANY_HOUR: Final = ["00:00", "23:59"]
YEAR: Final = 365 * 86_400


@dataclass
class Moody(PostOffice):
    """Each recipient meets what their address says."""

    moods: dict[str, str] = field(default_factory=dict[str, str])
    """By the address before its @; others are taken."""

    def towards(self, recipient: str) -> str:
        self.tried[recipient] += 1
        return self.moods.get(recipient.partition("@")[0], "takes it")


@dataclass(frozen=True)
class Trouble:
    stack: Fragile
    office: Moody
    api: httpx.AsyncClient
    connections: Path

    async def opened(self, application: str, to: str, **candidate: Any) -> None:
        who = {"id": f"cand-{application}", "name": "Ada Byron", "email": f"{to}@example.org", "timezone": "Europe/London"}
        said = body(application, candidate=who | {"waking_hours": ANY_HOUR} | candidate)
        answer = await self.api.post("/v1/applications", json=said)
        assert answer.is_success, answer.text

    async def says(self, application: str, **fact: Any) -> None:
        answer = await self.api.post(f"/v1/applications/{application}/facts", json=fact)
        assert answer.status_code == 200, answer.text

    async def advances(self, application: str, to: str = "next") -> None:
        answer = await self.api.post(f"/v1/applications/{application}/advance", json={"to": to})
        assert answer.status_code in (200, 202), answer.text

    async def prompted_late(self) -> None:
        """The mail server asks to come again for an hour, and takes it then."""
        await self.opened("late", "later")
        self.office.moods["later"] = "asks to come again"
        await self.advances("late")
        now = await time_of(self.stack.client, names.workflow_id("late"))
        await advance_run(self.stack.client, names.workflow_id("late"), now + timedelta(hours=1))
        await self.says("late", type="hiring_step", step="debrief")  # what was heard shows that it has waited

    async def taken_late(self) -> None:
        del self.office.moods["later"]
        now = await time_of(self.stack.client, names.workflow_id("late"))
        await advance_run(self.stack.client, names.workflow_id("late"), now + timedelta(hours=1))

    async def overdue(self) -> None:
        """Something is due to somebody who sleeps, and nobody speaks of it any more."""
        now = datetime.now(UTC)
        asleep = [f"{(now.hour + 4) % 24:02}:00", f"{(now.hour + 8) % 24:02}:00"]
        who = {"id": "cand-overdue", "email": "asleep@example.org", "timezone": "UTC", "waking_hours": asleep}
        said = body("overdue", candidate=who)
        said["facts"][0]["ended_at"] = (now - timedelta(hours=20)).isoformat()
        answer = await self.api.post("/v1/applications", json=said)
        assert answer.is_success, answer.text

    async def contradicted(self) -> None:
        await self.opened("conflict", "anybody")
        await self.says("conflict", type="withdrawn")
        board = Word.model_validate({"facts": [{"type": "offer_received", "in_writing": True, "id": "o"}], "by": "board:acme"})
        await Applications(self.stack.client).heard("conflict", board)

    async def unread(self) -> None:
        await self.opened("unread", "anybody")
        await self.stack.client.get_workflow_handle(names.workflow_id("unread")).signal(names.HEARD, {"facts": "not a list"})

    async def held(self) -> None:
        """What nothing here waits for."""
        until = datetime.now(UTC) + timedelta(hours=1)
        answer = await self.api.put("/v1/hold", json={"scope": "step/farewell", "until": until.isoformat()})
        assert answer.status_code == 200, answer.text

    async def poisoned(self) -> None:
        """By hand, as no part of the product would begin it."""
        await self.stack.client.start_workflow(
            names.WORKFLOW, "no application", id=names.workflow_id("poison"), task_queue=names.TASK_QUEUE, task_timeout=timedelta(seconds=1)
        )

    async def sealed(self) -> None:
        """Under a key that nobody here has."""
        await self.opened("sealed", "anybody")
        (payload,) = await Codec(KeyRing(entry("elsewhere"))).encode([Payload(metadata={"encoding": b"json/plain"}, data=b"{}")])
        await self.stack.client.get_workflow_handle(names.workflow_id("sealed")).signal(names.HEARD, RawValue(payload))

    async def forged(self) -> None:
        """As who has Temporal's own interface, and of our encryption only what it looks like."""
        await self.opened("forged", "anybody")
        (real,) = await Codec(KeyRing(entry("elsewhere"))).encode([Payload()])
        forged = RawValue(Payload(metadata=real.metadata, data=b""))
        await self.stack.client.get_workflow_handle(names.workflow_id("forged")).signal(names.HEARD, forged)

    async def board_unreached(self) -> None:
        """A delivery has to be asked about at a board that does not answer."""
        connection = Connections(self.connections).current()["acme"]
        sent = signed(connection.board, SECRET, sample("lever_candidateStageChange"), datetime.now(UTC))
        assert (await self.api.post("/hooks/lever/acme", content=sent.body, headers=sent.headers)).status_code == 200

        async def begun() -> list[str]:
            return [run.id async for run in self.stack.client.list_workflows(f"WorkflowType = '{names.INTAKE}'")]

        [intake] = await eventually(begun)
        now = await time_of(self.stack.client, intake)
        await advance_run(self.stack.client, intake, now + timedelta(minutes=15))

    async def forged_and_lost_deliveries(self) -> None:
        for _ in range(5):
            assert (await self.api.post("/hooks/lever/acme", content=b"{}")).status_code == 401
            assert (await self.api.post("/hooks/lever/nobody", content=b"{}")).status_code == 503


@asynccontextmanager
async def trouble(folder: Path) -> AsyncGenerator[Trouble]:
    """The stack with a mail server that we own, endpoints and boards that do not answer, and keys that are old."""
    nowhere = Ports.free().api
    connections, webhooks, keys = folder / "connections.toml", folder / "webhooks.toml", folder / "keys"
    stages = '[acme.stages]\n"7c2690d8-0000-4ed9-ae2a-cbfe7db26593" = "debrief"\n'
    connections.write_text(
        f'[acme]\nboard = "lever"\nsecrets = ["{SECRET}"]\napi_url = "http://127.0.0.1:{nowhere}"\napi_key = "key-1"\n{stages}'
    )
    webhooks.write_text(f'[backend]\nurl = "http://127.0.0.1:{nowhere}/events"\nsecrets = ["whsec_{"A" * 32}"]\nprivate = true\n')
    keys.write_text("platform:read+write+private+operate:a-key-of-this-test\n")
    os.utime(keys, (time.time() - YEAR, time.time() - YEAR))
    office = Moody()
    async with post_office(office):
        settings = {
            "AFTERWORD_SMTP_URL": office.url,
            "AFTERWORD_CONNECTIONS": str(connections),
            "AFTERWORD_WEBHOOKS": str(webhooks),
            "AFTERWORD_API_KEYS": f"file:{keys}",
            "AFTERWORD_WATCH_EVERY": "0.5",
            "AFTERWORD_OVERDUE_AFTER": "0",
        }
        async with (
            Fragile.start(home=folder / "home", environment=settings) as stack,
            httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
        ):
            yield Trouble(stack, office, api, connections)
