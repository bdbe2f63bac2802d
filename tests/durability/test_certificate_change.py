"""The certificates between Temporal and us are changed while applications are opened: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.durability.accidents import Fragile, doubled, letters, noted, persist, with_offer
from tests.running import DEV
from tests.stack.test_certificates import Authority, before, tomorrow

pytestmark = pytest.mark.timeout(240)


class Behind(Fragile):
    """The embedded stack, whose parts may be led to Temporal by TLS."""

    async def begin(self, where: str, trusted: Path) -> None:
        """Worker and API, one after the other, as their environment now has it."""
        self._environment = {
            **self._environment,
            "TEMPORAL_ADDRESS": where,
            "TEMPORAL_TLS": "true",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(trusted),
        }
        await self.again("worker")
        await self.again("api")

    async def begin_again(self) -> None:
        for part in ("worker", "api"):
            await self.kill(part)
            await self.again(part)


async def test_certificate_and_authority_are_changed_under_load(tmp_path: Path) -> None:
    """First another certificate, which is met as soon as a connection breaks; then another authority, known to who was begun again."""
    first, second = Authority.new(), Authority.new()
    trusted = first.trusted(tmp_path)
    context, callers = first.issue(tmp_path, tomorrow()), set[asyncio.StreamWriter]()
    context.num_tickets = 0  # no session is taken up again, which would need no certificate
    opened: list[str] = []

    def shows_another(authority: Authority) -> None:
        """From now on, to everybody: who is connected has to connect anew."""
        authority.issue(tmp_path, tomorrow())
        context.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
        while callers:
            callers.pop().transport.abort()

    async with (
        Behind.start(home=tmp_path / "home", parts=("sink",)) as stack,
        before(stack, context, callers) as where,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
    ):
        await stack.begin(where, trusted)

        async def opens(ended: asyncio.Event) -> None:
            while not ended.is_set():
                application = f"certified-{len(opened)}"
                await persist(api, "/v1/applications", with_offer(application))
                opened.append(application)

        async def some_more() -> None:
            ended, had = asyncio.Event(), len(opened)
            opening = asyncio.create_task(opens(ended))
            while len(opened) < had + 3 and not opening.done():
                await asyncio.wait((opening,), timeout=0.05)
            ended.set()
            await opening

        await some_more()
        load = asyncio.Event()
        opening = asyncio.create_task(opens(load))
        shows_another(first)
        trusted.write_bytes(trusted.read_bytes() + second.trusted(tmp_path / "home").read_bytes())
        await stack.begin_again()
        shows_another(second)
        load.set()
        await opening
        await some_more()
        for application in opened:
            found = await noted(api, application, "offer-thanks/1")
            sent = [intent for of, intent, _ in letters(stack.home) if of == application]
            assert sent == ["offer-thanks/1"] or (found["offer-thanks/1"] and not sent)  # a killed worker may have had it in its hands
        assert doubled(stack.home) == []
