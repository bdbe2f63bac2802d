"""The way to Temporal: one sentence for whatever is in the way, and everything said comes back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from client.connection import DATA_CONVERTER, connect, retain
from client.embedded import Ports, Stack
from client.settings import CannotStart
from tests.stack.namespaces import another
from workflows import names
from workflows.application import Application
from workflows.facts import (
    FACT,
    Calendar,
    Candidate,
    Contact,
    Employer,
    Fact,
    Opened,
    Receipt,
    Unread,
    Word,
)
from workflows.policy import INDUSTRY

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
FACTS: tuple[Fact, ...] = (
    Opened(
        id="o",
        at=AT,
        by="platform",
        candidate=Candidate(id="c", email="ada@example.org", timezone="Europe/London"),
        employer=Employer(name="E"),
        position="P",
        policy=INDUSTRY,
    ),
    Calendar(id="c", at=AT, by="process", holidays={date(2026, 5, 25): "Memorial Day"}, first=date(2025, 1, 1), last=date(2029, 1, 1)),
    *(
        FACT.validate_python({"at": AT, "by": "board:acme", **said})
        for said in (
            {"type": "employer_replied", "id": "r", "from": {"name": "Grace 👩🏽‍💻"}},
            {"type": "employer_away", "id": "a", "from": "2026-03-03", "until": "2026-03-09"},
            {"type": "next_round_invited", "id": "n", "with": "the board"},
            {"type": "offer_received", "id": "f", "in_writing": True, "decide_by": "2026-04-01", "from": {"email": "hr@example.com"}},
            {"type": "offer_received", "id": "g", "in_writing": True, "decide_by": "2026-04-01T10:00:00-05:00"},
            {"type": "rejected", "id": "x", "from": {"name": "HR"}},
        )
    ),
    Unread(id="u", at=AT, by="process", raw={"type": "?", "from": [1, None, {"sender": 2}]}, reason="ValueError"),
)


async def told_and_read(value: Any, kind: Any) -> Any:
    return (await DATA_CONVERTER.decode(await DATA_CONVERTER.encode([value]), [kind]))[0]


async def written(value: Any) -> str:
    return (await DATA_CONVERTER.encode([value]))[0].data.decode()


async def test_what_is_said_comes_back_as_it_was() -> None:
    word, application = Word(facts=FACTS, by="candidate", key="k"), Application(id="app-1").apply(*FACTS)
    receipt = Receipt(revision=3, fresh=True)
    assert [await told_and_read(said, type(said)) for said in (word, application, receipt)] == [word, application, receipt]


async def test_what_was_said_and_what_was_not_are_told_apart_afterwards_too() -> None:
    word = Word(facts=FACTS)
    assert (await told_and_read(word, Word)).model_dump(exclude_unset=True) == word.model_dump(exclude_unset=True)


async def test_what_is_stored_has_the_names_of_the_contract_and_nothing_that_was_not_said() -> None:
    reply = FACT.validate_python({"type": "employer_replied", "id": "r", "from": {"name": "Grace"}})
    invited = FACT.validate_python({"type": "next_round_invited", "id": "n", "with": "the board"})
    assert await written(Word(facts=(reply,))) == '{"facts":[{"id":"r","type":"employer_replied","from":{"name":"Grace"}}]}'
    assert '"with":"the board"' in await written(invited)


async def test_a_signal_read_without_a_type_is_the_same_word() -> None:
    word = Word(facts=FACTS)
    assert Word.model_validate(await told_and_read(word, Any)) == word


async def test_a_request_to_send_comes_back_as_it_was() -> None:
    notice = names.Notice(
        application="app-1",
        intent="follow-up/1",
        intents=("follow-up/1",),
        key="k",
        due=AT,
        why="because",
        to=Contact(email="ada@example.org"),
        timezone="Europe/London",
        employer_timezone="America/New_York",
        employer="E",
        position="P",
    )
    request = names.NoticeRequest(notice=notice)
    assert await told_and_read(request, names.NoticeRequest) == request


async def test_a_server_that_is_not_there_is_one_sentence() -> None:
    where = f"127.0.0.1:{Ports.free().api}"
    with pytest.raises(CannotStart) as said:
        await connect(address=where)
    assert str(said.value) == f"Temporal does not answer at {where} (set TEMPORAL_ADDRESS): Connection refused."


async def test_a_namespace_that_is_not_there_is_one_sentence(server: Stack) -> None:
    with pytest.raises(CannotStart) as said:
        await connect(address=server.temporal, namespace="nowhere")
    assert str(said.value) == f"Temporal at {server.temporal} has no namespace nowhere: create it, or set TEMPORAL_NAMESPACE."


async def test_temporals_own_environment_says_where_it_is(server: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(f'[profile.there]\naddress = "{server.temporal}"\nnamespace = "default"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "there")
    client = await connect()
    assert (client.service_client.config.target_host, client.namespace) == (server.temporal, "default")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "TEMPORAL_CONFIG_FILE names no file."),
        ('[profile.default]\nadress = "here"\n', "TOML parse error"),
        ("not toml", "TOML parse error"),
    ],
)
async def test_a_configuration_that_cannot_be_read_is_one_sentence(
    content: str | None, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "temporal.toml"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    with pytest.raises(CannotStart) as said:
        await connect()
    assert str(said.value).startswith("Temporal's environment configuration cannot be read: ")
    assert sentence in str(said.value)
    assert "\n" not in str(said.value)


async def test_ended_runs_are_kept_for_a_year_and_never_for_less_than_was_set(server: Stack) -> None:
    async def kept(client: Client) -> timedelta:
        told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        return told.config.workflow_execution_retention_ttl.ToTimedelta()

    assert await kept(server.client) == names.RETENTION
    other = await another(server, retention=timedelta(days=500))
    assert await retain(other, names.RETENTION)
    assert await kept(other) == timedelta(days=500)
