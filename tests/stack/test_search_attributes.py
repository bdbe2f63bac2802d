"""The search attributes are registered by the program itself, and compared with what is there."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client

from client.embedded import Stack
from client.search_attributes import TYPES, register
from client.settings import CannotStart
from tests.stack.namespaces import another

KEYWORD, DOUBLE = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE


async def add(client: Client, **attributes: IndexedValueType.ValueType) -> None:
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=attributes)
    )


async def test_a_fresh_namespace_has_them_all_usable_once_they_are_registered(server: Stack) -> None:
    client = await another(server)
    await register(client)
    there = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    assert {name: there.custom_attributes[name] for name in TYPES} == TYPES
    assert (
        await client.count_workflows("Stage = 'waiting' AND Round = 2 AND NextDueAt < '2030-01-01T00:00:00Z' AND Paused = true")
    ).count == 0


async def test_several_that_start_at_once_and_again_change_nothing(server: Stack) -> None:
    client = await another(server)
    await asyncio.gather(*(register(client) for _ in range(4)))
    await register(client)


async def test_another_type_is_said_in_one_sentence_and_nothing_is_added(server: Stack) -> None:
    client = await another(server)
    await add(client, Round=KEYWORD, Paused=DOUBLE, Theirs=KEYWORD)
    with pytest.raises(CannotStart) as said:
        await register(client)
    assert str(said.value) == (
        f"Search attributes of namespace {client.namespace} have another type: Round is Keyword and must be Int and "
        "Paused is Double and must be Bool; remove them there, and start again."
    )
    there = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    assert {"Stage", "NextDueAt"} & set(there.custom_attributes) == set()


async def test_a_namespace_without_room_for_them_is_said_in_one_sentence(server: Stack) -> None:
    client = await another(server)
    await add(client, **{f"Theirs{n}": KEYWORD for n in range(6)})
    with pytest.raises(CannotStart) as said:
        await register(client)
    assert "lacks the search attributes Stage (Keyword)" in str(said.value)
    assert "\n" not in str(said.value)
