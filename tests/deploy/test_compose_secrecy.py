"""The demonstration on a real cluster, with encryption on: no container's log, no history, memo, search attribute or row has anybody in it.

That the scan would find them is shown by the same histories, decrypted: there they are.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from google.protobuf.json_format import MessageToDict, MessageToJson, Parse
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History

from client.connection import connect
from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.stories import STORIES
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from tests.deploy.composed import OTHERS, OURS, Composed, typed
from tests.deploy.conftest import Shown
from tests.deploy.demonstrating import connections_in
from tests.durability.accidents import with_offer
from tests.encryption.sealing import payloads
from tests.encryption.test_scan import decrypted, everything, found, plain, said, told, written
from tests.parts import needs
from workflows import names
from workflows.names.holding import HOLD_ID

pytestmark = [pytest.mark.containers, needs("docker", "images", "compose", "git"), pytest.mark.timeout(400)]

BYTES = re.compile(rb"\\\\x([0-9a-f]{2,})")
"""As PostgreSQL writes what is no text."""


def wanted(composed: Composed) -> set[str]:
    """Names, addresses, employers and what they said; every line of every letter; and what only boards and we know."""
    secrets = {secret.get_secret_value() for one in connections_in(CONNECTIONS) for secret in one.secrets}
    return told() | written(composed.home) | set(said(with_offer("anybody"))) | secrets


async def decoded(http: httpx.AsyncClient, composed: Composed, history: History) -> bytes:
    """What an operator's browser reads of it."""
    token = (composed.folder / "secrets" / "codec-tokens").read_text().strip().partition(":")[2]
    stored = [Payload.FromString(one.SerializeToString()) for one in payloads(history)]
    headers = {"Authorization": f"Bearer {token}"}
    answer = await http.post(f"{composed.ports('codec', 8089)[0]}/decode", json=MessageToDict(Payloads(payloads=stored)), headers=headers)
    assert answer.status_code == 200, answer.text
    return Parse(answer.text, Payloads()).SerializeToString()


async def test_nothing_of_anybody_is_readable_in_what_the_cluster_keeps_or_says(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    composed, those = shown.composed, wanted(shown.composed)
    assert len(those) > 150
    for name, value in composed.temporal.items():
        monkeypatch.setenv(name, value)
    runs = await everything(await connect())
    codec = Codec(KeyRing((composed.folder / "secrets" / "encryption-keys").read_text()))
    readable = b"".join([await decrypted(history, codec) for _, _, history in runs])
    assert {name for story in STORIES for name in (story.candidate, story.employer)} <= found(readable, those)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        demonstrated = [history for identity, _, history in runs if identity == names.workflow_id(STORIES[0].application)]
        assert STORIES[0].employer.encode() in await decoded(http, composed, demonstrated[0])
    kept = b"".join(
        content
        for identity, row, history in runs
        for content in (identity.encode(), row, MessageToJson(history).encode(), history.SerializeToString())
    )
    places = {"runs": kept, "rows": await stored_rows(composed)} | dict(logs(composed))
    assert STORIES[0].application.encode() in places["rows"]  # bytes of a history are read here
    assert [(name, sorted(where)) for name, content in places.items() if (where := found(content, those))] == []
    assert [
        (identity, EventType.Name(event.event_type), words)
        for identity, _, history in runs
        if identity != HOLD_ID  # which an operator may begin by hand
        for event in history.events
        if (words := plain(event))
    ] == []


async def stored_rows(composed: Composed) -> bytes:
    """Every row of the database: what was written to its backup, with bytes as they are."""
    backup, _ = typed()["Back up and restore"]
    await composed.types(backup)
    [file] = composed.folder.glob("temporal-*.sql.gz")
    unpacked = await asyncio.create_subprocess_exec("gunzip", "--stdout", file, stdout=asyncio.subprocess.PIPE)
    content, _ = await unpacked.communicate()
    file.unlink()
    return content + b"\n".join(bytes.fromhex(one.decode()) for one in BYTES.findall(content) if len(one) % 2 == 0)


def logs(composed: Composed) -> Iterator[tuple[str, bytes]]:
    """What each container said so far."""
    for service in (*OURS, *OTHERS):
        content = composed.compose("logs", "--no-color", "--no-log-prefix", service)
        assert content or service not in OURS, service
        yield f"log of {service}", content.encode()


async def test_every_line_that_our_parts_log_is_json(shown: Shown) -> None:
    for name, content in logs(shown.composed):
        if name.removeprefix("log of ") in OURS:
            assert [line for line in content.decode().splitlines() if not isinstance(json.loads(line), dict)] == []
