"""AES-256-GCM around every payload: what it was encoded as is inside, and the key's id, which is outside, is authenticated with it.

What is not encrypted passes as it is, so that what was kept before there were keys can be read. What nobody can ever read, because it is
no ciphertext of ours, passes too, and is refused by whoever reads it, as any malformed payload is: one such signal must not stop a run.
What lacks a key raises: whoever reads it tries again, and goes on once the key is back.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.common import MetricMeter
from temporalio.converter import PayloadCodec

from client.encryption.keys import Key, KeyRing
from client.encryption.missing import KeyMissing
from workflows.names import metrics

ENCODING: Final = b"binary/encrypted"
KEY: Final = "encryption-key-id"
CHECK: Final = "encryption-key-check"
_NONCE: Final = 12
"""Bytes, random: a key is good for four billion payloads."""
_FORM: Final = b"afterword payload 1"
"""Authenticated with every payload, so that ciphertext for another use is none here."""
_WITHOUT_KEY: Final = "without-key"
_REFUSED: Final = "refused"

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Codec(PayloadCodec):
    def __init__(self, keys: KeyRing, meter: MetricMeter = MetricMeter.noop) -> None:
        """`meter`: where what cannot be read is counted; by default nowhere."""
        self._keys = keys
        self._unreadable = meter.create_counter(metrics.UNREADABLE, "Payloads that could not be decrypted.")
        for reason in (_WITHOUT_KEY, _REFUSED):  # what was never at zero does not seem to grow when it begins
            self._unreadable.add(0, {"reason": reason})

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        active = self._keys.current().active
        return [_sealed(payload, active) for payload in payloads] if active else list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """KeyMissing."""
        return [self._opened(payload) if payload.metadata.get("encoding") == ENCODING else payload for payload in payloads]

    def _opened(self, payload: Payload) -> Payload:
        said, check = (payload.metadata.get(name, b"").decode(errors="replace") for name in (KEY, CHECK))
        if not said or not check or len(payload.data) <= _NONCE:
            return self._refused(payload, said)
        key = (known := self._keys.current().known).get(said)
        if key is None or key.check != check:
            missing = KeyMissing(said, another=key is not None)
            self._unreadable.add(1, {"reason": _WITHOUT_KEY})
            _log.error("payload_without_key", key=missing.key, problem=str(missing), known=list(known))
            raise missing
        try:
            plain = key.cipher.decrypt(payload.data[:_NONCE], payload.data[_NONCE:], _bound(key))
            return Payload.FromString(plain)
        except (InvalidTag, DecodeError):
            return self._refused(payload, key.id)

    def _refused(self, payload: Payload, key: str) -> Payload:
        self._unreadable.add(1, {"reason": _REFUSED})
        problem = "it says that it is encrypted, and is no ciphertext of this key"
        _log.error("payload_refused", key=key[:64], problem=problem, size=len(payload.data))
        return payload


def _sealed(payload: Payload, key: Key) -> Payload:
    nonce = os.urandom(_NONCE)
    metadata = {"encoding": ENCODING, KEY: key.id.encode(), CHECK: key.check.encode()}
    return Payload(metadata=metadata, data=nonce + key.cipher.encrypt(nonce, payload.SerializeToString(), _bound(key)))


def _bound(key: Key) -> bytes:
    return b"\0".join((_FORM, key.id.encode(), key.check.encode()))
