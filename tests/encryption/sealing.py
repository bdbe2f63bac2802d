"""Keys for tests, and every payload that is in a message of Temporal's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, SearchAttributes
from temporalio.api.history.v1 import MarkerRecordedEventAttributes

from client.encryption.codec import ENCODING, KEY

OF_CORE: Final = frozenset({"data", "patch-data"})
"""Details of a marker: which local activity or patch it is of, by ids, names and times."""


def entry(name: str, seed: str | None = None) -> str:
    """An entry of the setting: always the same key for one name, another for another seed."""
    secret = hashlib.sha256(f"of a test: {seed or name}".encode()).digest()
    return f"{name}:{base64.b64encode(secret).decode()}"


def payloads(message: Message) -> Iterator[Payload]:
    """All of them, however deep, but for what must be in the open: search attributes, and which step a marker is of."""
    if isinstance(message, Payload):
        yield message
        return
    if isinstance(message, SearchAttributes):
        return
    if isinstance(message, MarkerRecordedEventAttributes):
        yield from (found for name, one in message.details.items() if name not in OF_CORE for found in payloads(one))
        yield from payloads(message.failure)
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            yield from (found for one in value.values() if isinstance(one, Message) for found in payloads(one))
        elif field.is_repeated:
            yield from (found for one in value for found in payloads(one))
        else:
            yield from payloads(value)


def key_of(payload: Payload) -> str | None:
    """The id of the key that it was encrypted with; None: it is plain."""
    return payload.metadata[KEY].decode() if payload.metadata.get("encoding") == ENCODING else None
