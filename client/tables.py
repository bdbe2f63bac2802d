"""Files of settings in TOML, one table for each thing: checked whole, and read again when the file or a secret's file changes.

Every mistake is one sentence, and all of them are told at once. A changed file that is wrong changes nothing: the last good one stays, and
the log says so once. No secret is ever in a message, a log or the text of an object.
"""

from __future__ import annotations

import os
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from client.seen import Seen
from client.settings import CannotStart

_ID: Final = re.compile(r"[A-Za-z0-9_~-]{1,64}", re.ASCII)
"""No dot: it separates a connection from the board's id in an application's id."""
T = TypeVar("T")

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class FileInvalid(CannotStart):
    """The file cannot be used. `mistakes` has a sentence for each reason, `seen` the files that were looked at."""

    def __init__(self, mistakes: tuple[str, ...], seen: tuple[Seen, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes: Final = mistakes
        self.seen: Final = seen


class Watched(Generic[T]):
    """The tables as the file has them now. Without a file there are none.

    Raises FileInvalid where the file is wrong at the start. `kind`: what they are, for the log.
    """

    def __init__(self, path: Path | None, read: Callable[[Path], tuple[dict[str, T], tuple[Seen, ...]]], kind: str) -> None:
        self._path, self._reader, self._kind = path, read, kind
        self._read, self._seen = read(path) if path else ({}, ())
        self._mistakes: tuple[str, ...] = ()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Why the file as it is now is not used, and the last good one is: a sentence for each reason. Empty: it is used."""
        self.current()
        return self._mistakes

    def current(self) -> Mapping[str, T]:
        """Cheap enough for every request: looks whether a file changed, and reads only then."""
        if self._path is None or all(Seen.now(seen.file) == seen for seen in self._seen):
            return self._read
        try:
            self._read, self._seen = self._reader(self._path)
        except FileInvalid as e:
            self._seen, self._mistakes = e.seen, e.mistakes
            _log.error(f"{self._kind}_kept", path=str(self._path), mistakes=list(e.mistakes))
        else:
            self._mistakes = ()
            _log.info(f"{self._kind}_read", path=str(self._path), **{self._kind: sorted(self._read)})
        return self._read


class Check(ABC, Generic[T]):
    """One table of the file being checked: collects a sentence for every mistake."""

    def __init__(self, identity: str, table: Any, folder: Path, *, kind: str, example: str, fields: tuple[str, ...]) -> None:
        self._id = identity if _ID.fullmatch(identity) else "?"
        self._folder, self._kind, self._fields_known = folder, kind, fields
        self._table: dict[str, Any] = {}
        self.mistakes: list[str] = []
        self.seen: list[Seen] = []
        if self._id == "?":
            self._wrong(f"{kind}'s id has 1 to 64 letters, digits, '_', '~' or '-'")
        if isinstance(table, dict):
            self._table = cast("dict[str, Any]", table)
        else:
            self._wrong(f"{kind} is a table, such as [{example}]")

    @property
    def id(self) -> str:
        return self._id

    @abstractmethod
    def checked(self) -> T | None:
        """What the table says; None where there is a mistake in it."""

    def _wrong(self, sentence: str) -> None:
        self.mistakes.append(f"[{self._id}] {sentence}.")

    def _known(self) -> None:
        for name in self._table:
            if name not in self._fields_known:
                self._wrong(f"{shown(name)} is not known; {self._kind} has {', '.join(self._fields_known)}")

    def _secrets(self) -> tuple[SecretStr, ...]:
        given = self._table.get("secrets")
        if not isinstance(given, list) or not given:
            self._wrong("secrets is a list of at least one")
            return ()
        found = (self._secret("secrets", one) for one in cast("list[Any]", given))
        return tuple(one for one in found if one)

    def _secret(self, name: str, value: Any) -> SecretStr | None:
        """By value, or where it is: `env:NAME`, or `file:path`, relative to the file of tables."""
        if not isinstance(value, str) or not value:
            self._wrong(f"{name}: a secret is text that is not empty")
            return None
        if value.startswith("env:"):
            secret = os.environ.get(value[4:], "")
            missing = f"the environment variable {shown(value[4:])} is not set"
        elif value.startswith("file:"):
            file = self._folder / value[5:]
            self.seen.append(Seen.now(file))
            try:
                secret = file.read_text().strip()
                missing = f"the file {shown(value[5:])} is empty"
            except (OSError, ValueError):
                secret, missing = "", f"the file {shown(value[5:])} cannot be read"
        else:
            return SecretStr(value)
        if not secret:
            self._wrong(f"{name}: {missing}")
        return SecretStr(secret) if secret else None

    def _address(self, name: str, otherwise: str | None) -> str | None:
        url = self._table.get(name)
        if url is None:
            return otherwise
        try:
            parts = urlsplit(url) if isinstance(url, str) else None
            right = (
                parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.password)
            )
        except ValueError:
            right = False
        if not right:
            self._wrong(f"{name} is an http or https address without a password in it")
        return url.rstrip("/") if right and isinstance(url, str) else None


def read_tables(path: Path, check: Callable[[str, Any], Check[T]], invalid: type[FileInvalid]) -> tuple[dict[str, T], tuple[Seen, ...]]:
    """What the tables say by id, and the files that they were read from. Raises `invalid`."""
    seen = Seen.now(path)
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except OSError as e:
        raise invalid((f"{path} cannot be read: {e.strerror}.",), (seen,)) from None
    except (ValueError, RecursionError) as e:  # also for a number of too many digits, and for nesting without end
        place = re.search(r" \(at [^)]*\)", str(e))  # and no more of it: the words around the place may be a secret
        raise invalid((f"{path} is not TOML{place[0] if place else ''}.",), (seen,)) from None
    checks = [check(identity, table) for identity, table in tables.items()]
    found = [(one.id, one.checked()) for one in checks]
    files = (seen, *(file for one in checks for file in one.seen))
    if mistakes := tuple(mistake for one in checks for mistake in one.mistakes):
        raise invalid(mistakes, files)
    return {identity: one for identity, one in found if one is not None}, files


def shown(name: str) -> str:
    """A name from the file as a sentence may hold it."""
    return "".join(c if c.isprintable() else "?" for c in name[:80])
