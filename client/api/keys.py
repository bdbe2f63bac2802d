"""Who may do what: bearer keys with scopes. Keys are compared in constant time, kept only as digests, and never shown.

`AFTERWORD_API_KEYS` holds entries `name:scope+scope:secret`, separated by blanks, commas or semicolons; a name may come several times, so
that its key can be rotated: `platform:read+write+private:…, dashboard:read:…`. With `@` and a candidate's id after its scopes a key reaches
that candidate alone: `ada:read@cand-7:…`; with `@coach=` and an adviser's id it reads what candidates agreed to show that adviser, and
nothing else: `grace:read@coach=coach-9:…`. The setting may be `file:` and a path: then the entries are in that file, where a line that
begins with # says nothing; it is read again when it changes, and one that makes no sense changes nothing and is logged.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast, get_args

import structlog
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from client.api.bounds import advising, within
from client.api.envelope import tell
from client.api.limits import Limits
from client.api.problems import Turned
from client.seen import Seen
from client.settings import CannotStart, Settings

Scope = Literal["read", "write", "private", "erase", "operate"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
OF_ONE_CANDIDATE: Final = frozenset({"read", "write", "private"})
"""What a key of one candidate can have: to erase and to operate is the platform's."""
OF_ONE_COACH: Final = frozenset({"read", "write"})
"""What a key of one adviser can have: `write` to resign, and for nothing else."""
DEV_KEY: Final = "dev-key"
"""Opens the embedded server and no other."""
_SHORTEST: Final = 16
_FILE: Final = "file:"
_COACH: Final = "coach="
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)

bearer: Final = HTTPBearer(auto_error=False, description="A key from AFTERWORD_API_KEYS; on the embedded server `dev-key`.")
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Key:
    name: str
    scopes: frozenset[str]
    digest: bytes
    candidate: str | None = None
    """The only one it reaches; None: all."""
    coach: str | None = None
    """The adviser who has it: it reaches what candidates agreed to show them, and nothing else."""


class Keys:
    """The keys as the setting, or the file that it names, has them now. CannotStart where that is wrong at the start."""

    def __init__(self, setting: str | None, *, embedded: bool) -> None:
        self._setting = setting
        self._embedded = embedded
        self._seen: Seen | None = None
        self._keys = self._read()

    def known(self, secret: str) -> Key | None:
        """The key of that secret."""
        return known(self.current(), secret)

    def current(self) -> tuple[Key, ...]:
        """Cheap enough for every request: looks whether the file changed, and reads only then. A wrong one leaves the last good keys."""
        if self._seen is not None and Seen.now(self._seen.file) != self._seen:
            try:
                self._keys = self._read()
            except CannotStart as e:
                _log.error("keys_kept", mistake=str(e))
            else:
                _log.info("keys_read", names=sorted({key.name for key in self._keys}))
        return self._keys

    def _read(self) -> tuple[Key, ...]:
        said = self._setting
        if said and said.startswith(_FILE):
            self._seen = Seen.now(Path(said.removeprefix(_FILE)))
            said = _entries(self._seen.file)
        return keys_from(said, embedded=self._embedded)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def keys_of(settings: Settings) -> Keys:
    """The keys that are set, and on the embedded server the development key. CannotStart."""
    return Keys(settings.api_keys.get_secret_value() if settings.api_keys else None, embedded=settings.embedded)


def keys_from(setting: str | None, *, embedded: bool) -> tuple[Key, ...]:
    """The keys of a deployment; CannotStart, without showing a secret, for an entry that makes no sense or when there is none."""
    keys = tuple(_key(entry, n) for n, entry in enumerate(re.split(r"[\s,;]+", (setting or "").strip()), 1) if entry)
    if embedded:
        keys = (*keys, Key("dev", frozenset(SCOPES), digest(DEV_KEY)))
    if not keys:
        raise CannotStart("AFTERWORD_API_KEYS is empty: give at least one key as name:scope+scope:secret.")
    return keys


def _entries(file: Path) -> str:
    try:
        lines = file.read_text().splitlines()
    except (OSError, ValueError):
        raise CannotStart(f"AFTERWORD_API_KEYS: the file {str(file)[:200]} cannot be read.") from None
    said = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    if not said.strip():
        raise CannotStart(f"AFTERWORD_API_KEYS: the file {str(file)[:200]} has no key: write name:scope+scope:secret.")
    return said


def _key(entry: str, place: int) -> Key:
    name, _, rest = entry.partition(":")
    scopes, _, secret = rest.partition(":")
    scopes, bound, whose = scopes.partition("@")
    coach = whose.removeprefix(_COACH) if whose.startswith(_COACH) else None
    asked = frozenset(scopes.split("+"))
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name) or not asked <= set(SCOPES):
        raise CannotStart(f"AFTERWORD_API_KEYS, entry {place}: write name:scope+scope:secret, the scopes out of {', '.join(SCOPES)}.")
    can = OF_ONE_CANDIDATE if coach is None else OF_ONE_COACH
    if bound and (not _ID.fullmatch(whose if coach is None else coach) or not asked <= can):
        kind, shape = ("candidate", "candidate") if coach is None else ("adviser", "coach=adviser")
        raise CannotStart(
            f"AFTERWORD_API_KEYS, entry {place} ({name}): a key of one {kind} is name:scope+scope@{shape}:secret, "
            f"the scopes out of {', '.join(s for s in SCOPES if s in can)}."
        )
    if len(secret) < _SHORTEST or secret == DEV_KEY:
        raise CannotStart(f"AFTERWORD_API_KEYS, entry {place} ({name}): a secret has at least {_SHORTEST} characters.")
    return Key(name, asked, digest(secret), whose if bound and coach is None else None, coach)


def known(keys: tuple[Key, ...], secret: str) -> Key | None:
    """The key of that secret; every one is compared, whichever fits."""
    said, found = digest(secret), None
    for key in keys:
        if hmac.compare_digest(key.digest, said):
            found = key
    return found


def allowed(*scopes: Scope, looks: bool = False, advises: bool = False) -> Callable[..., Coroutine[Any, Any, Key]]:
    """A dependency that lets through who has any of these scopes, and has not asked too much.

    `looks`: the call itself sees to it that a key of one candidate reaches no other. `advises`: it is open to the key of the adviser whom
    its path names, and sees to it that they are shown only what was agreed to. Turned: 401 without a known key, 403 with one that is not
    enough, 429; what `within` raises.
    """

    async def check(request: Request, said: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Key:
        key = cast("Keys", request.app.state.keys).known(said.credentials) if said else None
        if key is None:
            detail = "This key is not known." if said else "Send a key: Authorization: Bearer <key>."
            raise Turned("unauthorized", detail, {"WWW-Authenticate": "Bearer"})
        _charge(request, key)
        if not key.scopes & set(scopes):
            raise Turned("forbidden", f"The key {key.name} lacks the scope {' or '.join(scopes)}.")
        if key.candidate is not None:
            await within(request, key.candidate, looks=looks)
        if key.coach is not None:
            advising(request, key.coach, advises=advises)
        return key

    return check


def _charge(request: Request, key: Key) -> None:
    """Once for a call, however many of its parts ask for the key. Turned: 429."""
    if request.scope.setdefault("afterword.charged", False):
        return
    request.scope["afterword.charged"] = True
    standing = cast("Limits", request.app.state.limits).charge(key.name, request.scope["route"].path)
    if standing is None:
        return
    tell(request.scope, standing.headers)
    if not standing.taken:
        raise Turned("too-many", f"The key {key.name} has asked too much.", {"Retry-After": str(standing.again)})
