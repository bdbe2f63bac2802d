"""Who may read what is encrypted: bearer tokens, and sessions in a browser that one of them began.

Tokens are entries `name:token`, at least 32 characters; a name may come several times, so that its token can be rotated. They are compared
in constant time, kept as digests but for what signs sessions, and are in no log, which has the name. A session is signed with the token
that began it: it ends after twelve hours, or as soon as that token is gone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from itsdangerous import BadData, TimestampSigner

from client.entries import Entries

SHORTEST: Final = 32
LIFE: Final = 12 * 3600
"""Seconds of a session."""
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_RESERVED: Final = frozenset({"env", "file"})
_SALT: Final = "afterword codec session"


@dataclass(frozen=True)
class _Token:
    name: str
    digest: bytes = field(repr=False)
    signer: TimestampSigner = field(repr=False)


class Tokens:
    """The tokens as the setting, and the files that it names, have them now. ValueError, with the reason, where it makes no sense."""

    def __init__(self, setting: str) -> None:
        self._entries = Entries(setting, _tokens_in, kind="codec_tokens", told=lambda tokens: sorted({token.name for token in tokens}))

    def name(self, token: str) -> str | None:
        """Whose it is; every token is compared, whichever fits."""
        return found.name if (found := self._known(token)) else None

    def session(self, token: str) -> str | None:
        """A new one of whoever has that token."""
        return found.signer.sign(found.name).decode() if (found := self._known(token)) else None

    def name_of_session(self, session: str) -> str | None:
        for token in self._entries.current():
            try:
                if token.signer.unsign(session.encode("utf-8", "surrogateescape"), max_age=LIFE).decode() == token.name:
                    return token.name
            except (BadData, ValueError):
                continue
        return None

    def _known(self, token: str) -> _Token | None:
        said, found = _digest(token), None
        for one in self._entries.current():
            if hmac.compare_digest(one.digest, said):
                found = one
        return found


def _tokens_in(entries: tuple[str, ...]) -> tuple[_Token, ...]:
    if not entries:
        raise ValueError("give at least one token as name:token")
    return tuple(_token(entry, place) for place, entry in enumerate(entries, 1))


def _token(entry: str, place: int) -> _Token:
    name, colon, secret = entry.partition(":")
    if not colon or not _NAME.fullmatch(name) or name in _RESERVED:
        raise ValueError(f"entry {place}: write name:token, the name with 1 to 64 letters, digits, '_', '.' or '-'")
    if len(secret) < SHORTEST:
        raise ValueError(f"the token of {name} has {len(secret)} characters, and needs at least {SHORTEST}")
    return _Token(name, _digest(secret), TimestampSigner(secret, salt=_SALT, digest_method=hashlib.sha256))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
