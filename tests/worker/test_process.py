"""`python -m worker` as a process: it starts, says what is in the way, and ends when it is asked to."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from client.embedded import Ports, Stack
from tests.stack.namespaces import another
from tests.stack.test_search_attributes import KEYWORD, add
from workflows import names

LINKS = {"AFTERWORD_LINK_KEYS": "0123456789abcdef" * 2, "AFTERWORD_PUBLIC_URL": "https://afterword.example.com"}
KEYS = {"AFTERWORD_ENCRYPTION_KEYS": "k1:" + "A" * 43 + "="}


@asynccontextmanager
async def worker(**settings: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("AFTERWORD_", "TEMPORAL_"))}
    environment = {**ours, **LINKS, **KEYS, "AFTERWORD_METRICS_PORT": str(Ports.free().metrics), **settings}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", env=environment, stderr=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ends_saying(process: asyncio.subprocess.Process) -> tuple[int, str]:
    assert process.stderr
    said = (await asyncio.wait_for(process.stderr.read(), 50)).decode()
    return await process.wait(), said


async def test_it_works_until_it_is_asked_to_end_and_logs_json(server: Stack) -> None:
    async with worker(TEMPORAL_ADDRESS=server.temporal) as process:
        assert process.stderr
        first = json.loads(await asyncio.wait_for(process.stderr.readline(), 50))
        assert first["event"] == "worker works"
        assert {names.TASK_QUEUE, names.NOTICES} <= set(first["task_queues"])
        process.terminate()
        status, said = await ends_saying(process)
    assert (status, json.loads(said.splitlines()[0])["event"]) == (0, "worker ends")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"AFTERWORD_SMTP_URL": "nowhere"}, "AFTERWORD_SMTP_URL: the mail server must be said as smtp://"),
        ({"AFTERWORD_LINK_KEYS": "short"}, "AFTERWORD_LINK_KEYS: a link key has at least 32 characters;"),
        ({"AFTERWORD_ENCRYPTION_KEYS": "k1:c2hvcnQ="}, "AFTERWORD_ENCRYPTION_KEYS: the key k1 has 5 bytes, and needs 32.\n"),
        ({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, "Temporal does not answer at 127.0.0.1:1 (set TEMPORAL_ADDRESS): Connection refused.\n"),
    ],
)
async def test_what_is_in_the_way_is_one_sentence(settings: dict[str, str], sentence: str) -> None:
    async with worker(**settings) as process:
        status, said = await ends_saying(process)
    assert (status, said[: len(sentence)], said.count("\n")) == (1, sentence, 1)


async def test_a_namespace_that_is_not_there_is_one_sentence(server: Stack) -> None:
    async with worker(TEMPORAL_ADDRESS=server.temporal, TEMPORAL_NAMESPACE="nowhere") as process:
        told = await ends_saying(process)
    assert told == (1, f"Temporal at {server.temporal} has no namespace nowhere: create it, or set TEMPORAL_NAMESPACE.\n")


async def test_search_attributes_of_another_type_are_one_sentence(server: Stack) -> None:
    client = await another(server)
    await add(client, Round=KEYWORD)
    async with worker(TEMPORAL_ADDRESS=server.temporal, TEMPORAL_NAMESPACE=client.namespace) as process:
        status, said = await ends_saying(process)
    sentence = f"Search attributes of namespace {client.namespace} have another type: Round is Keyword and must be Int;"
    assert (status, said[: len(sentence)], said.count("\n")) == (1, sentence, 1)


@pytest.mark.parametrize("missing", LINKS)
async def test_without_links_nobody_could_answer_or_unsubscribe_so_it_does_not_start(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(LINKS, missing)
    async with worker() as process:
        told = await ends_saying(process)
    assert told == (1, "AFTERWORD_LINK_KEYS and AFTERWORD_PUBLIC_URL are needed, for the links in messages.\n")


async def test_without_a_word_about_encryption_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(KEYS, "AFTERWORD_ENCRYPTION_KEYS")
    async with worker() as process:
        status, said = await ends_saying(process)
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith("AFTERWORD_ENCRYPTION_KEYS is needed, as id:key with 32 random bytes in base64")


async def test_with_the_word_off_it_works_and_warns(server: Stack) -> None:
    async with worker(TEMPORAL_ADDRESS=server.temporal, AFTERWORD_ENCRYPTION_KEYS="off") as process:
        assert process.stderr
        lines = [json.loads(await asyncio.wait_for(process.stderr.readline(), 50)) for _ in range(2)]
    assert [(line["level"], line["event"]) for line in lines] == [
        ("warning", "what Temporal keeps is not encrypted"),
        ("info", "worker works"),
    ]


async def test_a_port_of_metrics_that_somebody_has_is_one_sentence(server: Stack) -> None:
    taken = str(server.ports.temporal)
    async with worker(TEMPORAL_ADDRESS=server.temporal, AFTERWORD_METRICS_PORT=taken) as process:
        status, said = await ends_saying(process)
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith(f"Metrics cannot be offered on 127.0.0.1:{taken} (set AFTERWORD_METRICS_PORT): ")
