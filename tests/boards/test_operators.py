"""What an operator of the boards' connections has: a list, a check of their file, a way to try one out, and a word about mistakes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from client.api.app import create_app
from client.applications import Applications
from client.embedded import Stack
from client.settings import PREFIX, Settings
from tests.boards.deliveries import HERE
from tests.boards.served import served
from tests.running import DEV

SECRET = "a-secret-that-nobody-prints"
AFTERWORD = Path(sysconfig.get_path("scripts")) / "afterword"


@dataclass
class Operator:
    """The whole API with one connection that nobody else has, and the console script beside it."""

    address: str
    connection: str
    file: Path

    async def says(self, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors of `afterword …`."""
        settings = {"api_url": self.address, "connections": str(self.file)}
        return await run([str(AFTERWORD), *words], settings)

    async def asks(self, key: str = DEV["Authorization"]) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            return await http.get(f"{self.address}/v1/connections", headers={"Authorization": key})

    async def told(self) -> Any:
        return (await self.asks()).json()


async def run(command: list[str], settings: dict[str, str], **environment: str) -> tuple[int, str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "TEMPORAL_"))}
    said = {PREFIX + name.upper(): value for name, value in settings.items()}
    done = await asyncio.to_thread(
        subprocess.run, command, env=ours | said | environment, capture_output=True, text=True, timeout=40, check=False
    )
    return done.returncode, done.stdout, done.stderr


def written(file: Path, connection: str, board: str = "ashby") -> Path:
    file.write_text(f'[{connection}]\nboard = "{board}"\nsecrets = ["{SECRET}"]\n')
    return file


@pytest.fixture
async def operator(stack: Stack, tmp_path: Path) -> AsyncGenerator[Operator]:
    connection = f"acme-{uuid4().hex[:8]}"
    file = written(tmp_path / "connections.toml", connection)
    keys = SecretStr("reader:read:a-key-that-may-read writer:write:a-key-that-may-write")
    app = create_app(Settings(connections=file, api_keys=keys, embedded=True), stack.client)
    async with served(app) as address:
        yield Operator(address.rstrip("/"), connection, file)


async def test_a_sample_that_is_sent_by_hand_reaches_its_application_and_is_counted(operator: Operator, applications: Applications) -> None:
    """`afterword hook` signs and dates it as the board would; the list says what came and what was refused."""
    status, said, _ = await operator.says("hook", "ashby", operator.connection, str(HERE / "samples" / "ashby_candidateHire.json"))
    assert (status, said.strip()) == (0, "200")
    application = f"{operator.connection}.e9ed20fd-0000-4aad-8a00-a19bfba0083e"
    assert "offer_accepted" in [fact["type"] for fact in (await applications.view(application))["facts"]]
    await operator.says("hook", "ashby", operator.connection, str(HERE / "samples" / "ashby_ping.json"))
    async with httpx.AsyncClient(trust_env=False) as http:
        url = f"{operator.address}/hooks/ashby/{operator.connection}"
        assert (await http.post(url, content=b"{}", headers={"ashby-signature": "sha256=00"})).status_code == 401
    told = await operator.told()
    [one] = told["connections"]
    assert one.pop("last_delivery") > told["since"]
    assert one == {
        "id": operator.connection, "board": "ashby", "unknown": "unclaimed", "accepted": 1, "refused": 1, "without_effect": 1,
        "unavailable": 0, "events_without_effect": {"ping": 1},
    }  # fmt: skip
    status, listed, _ = await operator.says("connections", "list", "--json")
    assert (status, json.loads(listed)["connections"][0]["accepted"]) == (0, 1)


async def test_a_hook_that_is_wrong_by_hand_says_why(operator: Operator) -> None:
    sample = str(HERE / "samples" / "ashby_ping.json")
    for words in (("greenhouse", operator.connection, sample), ("ashby", "nobody", sample), ("ashby", operator.connection, "no-such-file")):
        status, _, why = await operator.says("hook", *words)
        assert (status, bool(why)) == (2, True)
    (operator.file.parent / "other.toml").write_text(operator.file.read_text().replace(SECRET, "another-secret"))
    settings = {"api_url": operator.address, "connections": str(operator.file.parent / "other.toml")}
    assert (await run([str(AFTERWORD), "hook", "ashby", operator.connection, sample], settings))[0] == 1


async def test_the_list_needs_a_key_that_may_read_and_shows_no_secret(operator: Operator) -> None:
    answers = [await operator.asks(f"Bearer {key}") for key in ("nobody's", "a-key-that-may-write", "a-key-that-may-read")]
    assert [answer.status_code for answer in answers] == [401, 403, 200]
    assert SECRET not in answers[-1].text


async def test_a_broken_file_keeps_the_last_good_one_and_says_so_once(operator: Operator) -> None:
    """In the log once, in the list as long as it lasts; deliveries are taken all the while."""
    written(operator.file, operator.connection, board="monster")
    told: Any = None
    with capture_logs() as log:
        for _ in range(3):
            told = await operator.told()
            assert [one["id"] for one in told["connections"]] == [operator.connection]
            assert [mistake.partition(" is needed")[0] for mistake in told["mistakes"]] == [f"[{operator.connection}] board"]
    assert [line["event"] for line in log if line["event"] != "request"] == ["connections_kept"]
    assert SECRET not in str((log, told))
    async with httpx.AsyncClient(trust_env=False) as http:
        unsigned = await http.post(f"{operator.address}/hooks/ashby/{operator.connection}", content=b"{}")
    assert unsigned.status_code == 401
    written(operator.file, "mended")
    told = await operator.told()
    assert ([one["id"] for one in told["connections"]], told["mistakes"]) == (["mended"], [])


async def test_a_check_says_every_mistake_in_a_sentence(operator: Operator, tmp_path: Path) -> None:
    """1 where there is one; the file that is set, or another."""
    assert await operator.says("connections", "check") == (0, f"{operator.connection}: ashby\n", "")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(f'[acme]\nboard = "monster"\nsecrets = ["{SECRET}"]\nunknown = "maybe"\n[globex]\nboard = "lever"\n')
    status, said, mistakes = await operator.says("connections", "check", str(wrong))
    assert (status, said) == (1, "")
    sentences = mistakes.splitlines()
    assert len(sentences) >= 3
    assert all(one.startswith("[") and one.endswith(".") for one in sentences)
    assert SECRET not in mistakes
    status, said, _ = await operator.says("connections", "check", str(wrong), "--json")
    assert (status, json.loads(said)) == (1, {"file": str(wrong), "connections": [], "mistakes": sentences})


async def test_a_wrong_file_stops_the_start_with_its_sentences(stack: Stack, tmp_path: Path) -> None:
    wrong = written(tmp_path / "wrong.toml", "acme", board="monster")
    temporal = {"TEMPORAL_ADDRESS": stack.temporal, "TEMPORAL_CONFIG_FILE": os.devnull}
    for part in ("client.api", "worker"):
        settings = {"connections": str(wrong), "embedded": "1", "public_url": "http://127.0.0.1:1", "link_keys": "a" * 64}
        status, _, why = await run([sys.executable, "-m", part], settings, **temporal)
        assert status == 1
        assert "[acme] board is needed" in why
        assert "Traceback" not in why
        assert SECRET not in why
