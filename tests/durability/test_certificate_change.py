"""The certificates between Temporal and us are changed while applications are opened: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from client.connection import connect
from client.settings import CannotStart
from tests.durability.accidents import Fragile, doubled, letters, noted, persist, with_offer
from tests.running import DEV
from tests.stack.test_certificates import PEM, Authority, before, tomorrow

pytestmark = pytest.mark.timeout(240)


class Behind(Fragile):
    """The embedded stack, whose parts are led to Temporal by TLS, and show who they are."""

    async def begin(self, where: str, folder: Path) -> None:
        """Worker and API, one after the other, as their environment now has it."""
        self._environment = {**self._environment, "TEMPORAL_ADDRESS": where, **shown(folder)}
        await self.again("worker")
        await self.again("api")

    async def begin_again(self) -> None:
        for part in ("worker", "api"):
            await self.kill(part)
            await self.again(part)


def shown(folder: Path) -> dict[str, str]:
    """Temporal's environment: whom we trust, and what we show."""
    return {
        "TEMPORAL_TLS": "true",
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(folder / "authority.pem"),
        "TEMPORAL_TLS_CLIENT_CERT_PATH": str(folder / "client.pem"),
        "TEMPORAL_TLS_CLIENT_KEY_PATH": str(folder / "client.key"),
    }


class Door:
    """TLS before Temporal, which asks everybody for a certificate."""

    def __init__(self, folder: Path) -> None:
        self.callers = set[asyncio.StreamWriter]()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.verify_mode = ssl.CERT_REQUIRED  # which a connection takes from here, and all else from what is so now
        self.context.num_tickets = 0  # no session is taken up again, which would need no certificate
        self.context.sni_callback = self._now
        self._folder = folder
        self._current = self.context

    def _now(self, tls: ssl.SSLObject, _name: str, _first: ssl.SSLContext) -> None:
        tls.context = self._current

    def becomes(self, signed_by: Authority, *known: Authority) -> None:
        """From now on, to everybody: who is connected has to connect anew."""
        self._current = signed_by.issue(self._folder, tomorrow())
        self._current.load_verify_locations(cadata=pem(*known))
        while self.callers:
            self.callers.pop().transport.abort()


def pem(*authorities: Authority) -> str:
    return "".join(one.certificate.public_bytes(PEM).decode() for one in authorities)


async def test_certificates_of_both_sides_and_their_authority_are_changed_under_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First another one of the server's, which is met as soon as a connection breaks; then another authority for both sides.

    Each side trusts both until all have begun again. In the end the first one opens no door.
    """
    first, second = Authority.new("first"), Authority.new("second")
    door, opened = Door(tmp_path), list[str]()
    (tmp_path / "authority.pem").write_text(pem(first))
    first.certify(tmp_path, tomorrow())
    door.becomes(first, first)
    async with (
        Behind.start(home=tmp_path / "home", parts=("sink",)) as stack,
        before(stack, door.context, door.callers) as where,
        httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=30, trust_env=False) as api,
    ):
        await stack.begin(where, tmp_path)

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
        door.becomes(first, first, second)
        (tmp_path / "authority.pem").write_text(pem(first, second))
        second.certify(tmp_path, tomorrow())
        await stack.begin_again()
        door.becomes(second, second)
        load.set()
        await opening
        await some_more()
        for application in opened:
            found = await noted(api, application, "offer-thanks/1")
            sent = [intent for of, intent, _ in letters(stack.home) if of == application]
            assert sent == ["offer-thanks/1"] or (found["offer-thanks/1"] and not sent)  # a killed worker may have had it in its hands
        assert doubled(stack.home) == []
        first.certify(tmp_path, tomorrow())
        for name, value in shown(tmp_path).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(CannotStart, match="closes the connection: it may not know the authority of the certificate"):
            await connect(address=where, patience=timedelta(seconds=5))
