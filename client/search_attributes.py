"""The search attributes that operators filter by: registered here, compared with what is there, waited for until queries may use them.

Temporal accepts a second registration under another type without a word and without effect, so what is listed is compared.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from client.settings import CannotStart
from workflows import names

TYPES: Final[dict[str, IndexedValueType.ValueType]] = {
    **dict.fromkeys(names.KEYWORDS, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD),
    **dict.fromkeys(names.KEYWORD_LISTS, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST),
    **dict.fromkeys(names.DATETIMES, IndexedValueType.INDEXED_VALUE_TYPE_DATETIME),
    **dict.fromkeys(names.INTS, IndexedValueType.INDEXED_VALUE_TYPE_INT),
    **dict.fromkeys(names.BOOLS, IndexedValueType.INDEXED_VALUE_TYPE_BOOL),
}
PATIENCE: Final = timedelta(seconds=60)
"""How long a cluster may take until every part of it has heard of a new attribute."""


async def register(client: Client, patience: timedelta = PATIENCE) -> None:
    """All of them are there, of the right type, and usable. Repeating changes nothing. CannotStart says what is in the way."""
    there = await _listed(client)
    wrong = [name for name, kind in TYPES.items() if there.get(name, kind) != kind]
    if wrong:
        said = " and ".join(f"{name} is {_named(there[name])} and must be {_named(TYPES[name])}" for name in wrong)
        raise CannotStart(
            f"Search attributes of namespace {client.namespace} have another type: {said}; remove them there, and start again."
        )
    if missing := {name: kind for name, kind in TYPES.items() if name not in there}:
        await _add(client, missing)
    await _usable(client, patience)


async def _listed(client: Client) -> dict[str, IndexedValueType.ValueType]:
    try:
        answer = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    except RPCError as e:
        raise CannotStart(f"The search attributes of namespace {client.namespace} cannot be listed: {e.message}.") from None
    return dict(answer.custom_attributes)


async def _add(client: Client, missing: dict[str, IndexedValueType.ValueType]) -> None:
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    except RPCError as e:
        if e.status == RPCStatusCode.ALREADY_EXISTS:  # another worker started at the same time
            return
        said = ", ".join(f"{name} ({_named(kind)})" for name, kind in missing.items())
        raise CannotStart(
            f"Namespace {client.namespace} lacks the search attributes {said}, and does not let us add them: {e.message}."
        ) from None


async def _usable(client: Client, patience: timedelta) -> None:
    """Being listed is not being known to the part that answers queries: ask it."""
    question, until = " AND ".join(f"{name} IS NULL" for name in TYPES), time.monotonic() + patience.total_seconds()
    while True:
        try:
            await client.count_workflows(question)
        except RPCError as e:
            if e.status != RPCStatusCode.INVALID_ARGUMENT:
                raise CannotStart(f"Namespace {client.namespace} cannot be searched: {e.message}.") from None
            if time.monotonic() >= until:
                raise CannotStart(f"The new search attributes of namespace {client.namespace} are not usable yet: {e.message}.") from None
        else:
            return
        await asyncio.sleep(0.2)


def _named(kind: IndexedValueType.ValueType) -> str:
    return IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_").capitalize()
