"""Who may do what: bearer keys with scopes. Keys are compared in constant time, kept only as digests, and never shown.

`AFTERWORD_API_KEYS` holds entries `name:scope+scope:secret`, separated by blanks, commas or semicolons; a name may come several times, so
that its key can be rotated: `platform:read+write+private:…, dashboard:read:…`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from client.api.problems import Turned
from client.settings import CannotStart, Settings

Scope = Literal["read", "write", "private", "erase", "operate"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
DEV_KEY: Final = "dev-key"
"""Opens the embedded server and no other."""
_SHORTEST: Final = 16

bearer: Final = HTTPBearer(auto_error=False, description="A key from AFTERWORD_API_KEYS; on the embedded server `dev-key`.")


@dataclass(frozen=True)
class Key:
    name: str
    scopes: frozenset[str]
    digest: bytes


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def keys_of(settings: Settings) -> tuple[Key, ...]:
    """The keys that are set, and on the embedded server the development key. CannotStart."""
    return keys_from(settings.api_keys.get_secret_value() if settings.api_keys else None, embedded=settings.embedded)


def keys_from(setting: str | None, *, embedded: bool) -> tuple[Key, ...]:
    """The keys of a deployment; CannotStart, without showing a secret, for an entry that makes no sense or when there is none."""
    keys = tuple(_key(entry, n) for n, entry in enumerate(re.split(r"[\s,;]+", (setting or "").strip()), 1) if entry)
    if embedded:
        keys = (*keys, Key("dev", frozenset(SCOPES), digest(DEV_KEY)))
    if not keys:
        raise CannotStart("AFTERWORD_API_KEYS is empty: give at least one key as name:scope+scope:secret.")
    return keys


def _key(entry: str, place: int) -> Key:
    name, _, rest = entry.partition(":")
    scopes, _, secret = rest.partition(":")
    asked = frozenset(scopes.split("+"))
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name) or not asked <= set(SCOPES):
        raise CannotStart(f"AFTERWORD_API_KEYS, entry {place}: write name:scope+scope:secret, the scopes out of {', '.join(SCOPES)}.")
    if len(secret) < _SHORTEST or secret == DEV_KEY:
        raise CannotStart(f"AFTERWORD_API_KEYS, entry {place} ({name}): a secret has at least {_SHORTEST} characters.")
    return Key(name, asked, digest(secret))


def known(keys: tuple[Key, ...], secret: str) -> Key | None:
    """The key of that secret; every one is compared, whichever fits."""
    said, found = digest(secret), None
    for key in keys:
        if hmac.compare_digest(key.digest, said):
            found = key
    return found


def allowed(*scopes: Scope) -> Callable[..., Key]:
    """A dependency that lets through who has any of these scopes. Turned: 401 without a known key, 403 with one that is not enough."""

    def check(request: Request, said: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Key:
        key = known(request.app.state.keys, said.credentials) if said else None
        if key is None:
            detail = "This key is not known." if said else "Send a key: Authorization: Bearer <key>."
            raise Turned("unauthorized", detail, {"WWW-Authenticate": "Bearer"})
        if not key.scopes & set(scopes):
            raise Turned("forbidden", f"The key {key.name} lacks the scope {' or '.join(scopes)}.")
        return key

    return check
