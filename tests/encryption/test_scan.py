"""The demonstration with encryption on: in every event, memo, search attribute, row and line of log no name, address, employer or letter.

That the scan would find them is shown by the same histories, decrypted: there they are.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from google.protobuf.json_format import MessageToJson
from rich.console import Console
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client

from client.demonstration import play
from client.demonstration.stories import STORIES
from client.embedded import Stack
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from client.sink import messages
from tests.encryption.sealing import entry, key_of, payloads

PERSONAL = frozenset({"name", "email", "value", "firstName", "lastName", "position", "reason"})
"""Fields of what is said that hold what belongs to somebody."""
SHORTEST = 6
"""Characters: anything shorter stands in ciphertext by chance."""


def said(value: Any, field: str = "") -> Iterator[str]:
    """What a story says of people and employers."""
    if isinstance(value, dict):
        for name, one in cast("dict[str, Any]", value).items():
            yield from said(one, name)
    elif isinstance(value, list | tuple):
        for one in cast("list[Any]", value):
            yield from said(one, field)
    elif isinstance(value, str) and field in PERSONAL and len(value) >= SHORTEST:
        yield value


def told() -> set[str]:
    bodies = (body for story in STORIES for one in story.said for body in (one.opening, *one.facts, one.delivery))
    return {text for body in bodies for text in said(body)} | {story.employer for story in STORIES}


def written(home: Path) -> set[str]:
    """What was written to candidates: subjects, and each line of a message or of a draft in it that is long enough to be somebody's."""
    mail = messages(home)
    return {one["subject"] for one in mail} | {line.strip() for one in mail for line in one["text"].splitlines() if len(line.strip()) > 40}


def found(text: bytes, those: Iterable[str]) -> set[str]:
    return {one for one in those if one.encode() in text}


def files(home: Path) -> dict[str, bytes]:
    """What the stack keeps, but for the mail that candidates got."""
    kept = (file for file in home.rglob("*") if file.is_file() and file.parent.name != "mail")
    return {str(file.relative_to(home)): file.read_bytes() for file in kept}


async def decrypted(history: History, codec: Codec) -> bytes:
    """The text of everything that is in it."""
    stored = [Payload.FromString(one.SerializeToString()) for one in payloads(history)]
    return Payloads(payloads=await codec.decode(stored)).SerializeToString()


async def everything(client: Client) -> list[tuple[str, bytes, History]]:
    """Every run there is: what the list shows of it, and its history."""
    runs = [run async for run in client.list_workflows()]
    histories = await asyncio.gather(*(client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history() for run in runs))
    return [
        (run.id, run.raw_info.SerializeToString(), History(events=history.events)) for run, history in zip(runs, histories, strict=True)
    ]


def plain(event: HistoryEvent) -> list[str]:
    return [one.data.decode(errors="replace") for one in payloads(event) if key_of(one) is None and one.data]


@pytest.mark.timeout(240)
async def test_nothing_of_anybody_is_readable_where_the_demonstration_was_kept(tmp_path: Path) -> None:
    home, keys = tmp_path / "home", entry("k1")
    printed = Console(file=io.StringIO(), width=200)
    assert await play(printed, home=home, environment={"AFTERWORD_ENCRYPTION_KEYS": keys}) == 0
    those, letters = told(), written(home)
    assert (len(those) > 50, len(letters) > 50) == (True, True)
    async with Stack.start(home=home, parts=(), environment={"AFTERWORD_ENCRYPTION_KEYS": keys}) as stack:
        runs = await everything(stack.client)
    codec = Codec(KeyRing(keys))
    readable = b"".join([await decrypted(history, codec) for _, _, history in runs])
    assert {name for story in STORIES for name in (story.candidate, story.employer)} <= found(readable, those)
    shown = b"".join(
        content
        for identity, row, history in runs
        for content in (identity.encode(), row, MessageToJson(history).encode(), history.SerializeToString())
    )
    in_the_open = [(name, found(content, those | letters)) for name, content in ({"runs": shown} | files(home)).items()]
    assert [(name, sorted(where)) for name, where in in_the_open if where] == []
    assert {name for name, _ in in_the_open} >= {"temporal.db", "logs/worker.log", "logs/api.log", "logs/temporal.log"}
    assert [
        (identity, EventType.Name(event.event_type), words)
        for identity, _, history in runs
        for event in history.events
        if (words := plain(event))
    ] == []
