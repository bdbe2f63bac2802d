"""The keys that payloads are encrypted with, newest first: the first encrypts, all of them decrypt.

An entry is `id:key`, the key 32 random bytes in base64. The word `off` in the first place encrypts nothing, and the keys after it still
decrypt. Keys are in no message, no log and no text of an object.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.entries import Entries

OFF: Final = "off"
LENGTH: Final = 32
"""Bytes of a key: AES-256."""
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_RESERVED: Final = frozenset({OFF, "env", "file"})
_PERSON: Final = b"aw check"


@dataclass(frozen=True)
class Key:
    id: str
    check: str
    """Tells it from another key that was given the same id, and tells nothing else of it."""
    cipher: AESGCM = field(repr=False, compare=False)


@dataclass(frozen=True)
class Keys:
    """The keys at one moment."""

    active: Key | None
    """None: nothing is encrypted."""
    known: dict[str, Key]
    """By id, newest first."""


class KeyRing:
    """The keys as the setting, and the files that it names, have them now. ValueError, with the reason, where it makes no sense."""

    def __init__(self, setting: str) -> None:
        self._entries = Entries(setting, keys_in, kind="encryption_keys", told=lambda keys: list(keys.known))
        self.encrypts: Final = self.current().active is not None
        """Whether payloads were encrypted when this process began."""

    def current(self) -> Keys:
        return self._entries.current()


def keys_in(entries: tuple[str, ...]) -> Keys:
    """ValueError, without showing a key, for an entry that makes no sense."""
    if not entries:
        raise ValueError("give at least one key as id:key, or the word off")
    off = entries[0] == OFF
    keys = [_key(entry, place) for place, entry in enumerate(entries[off:], 1 + off)]
    known = {key.id: key for key in keys}
    if len(known) < len(keys):
        twice = next(key.id for n, key in enumerate(keys) if key.id in {earlier.id for earlier in keys[:n]})
        raise ValueError(f"the id {twice} is given to two keys")
    return Keys(None if off else keys[0], known)


def _key(entry: str, place: int) -> Key:
    identity, colon, said = entry.partition(":")
    if entry == OFF:
        raise ValueError("off stands before every key")
    if not colon or not _ID.fullmatch(identity) or identity in _RESERVED:
        raise ValueError(f"entry {place}: write id:key, the id with 1 to 64 letters, digits, '_', '.' or '-'")
    try:
        secret = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"the key {identity} is not base64") from None
    if len(secret) != LENGTH:
        raise ValueError(f"the key {identity} has {len(secret)} bytes, and needs {LENGTH}")
    check = hashlib.blake2s(key=secret, person=_PERSON, digest_size=4).hexdigest()
    return Key(identity, check, AESGCM(secret))
