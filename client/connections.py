"""The job boards' connections: one TOML file, checked whole, read again when it or a secret's file changes.

Every mistake is one sentence, and all of them are told at once. A changed file that is wrong changes nothing: the last good one stays, and
the log says so once. No secret is ever in a message, a log or the text of an object.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr, ValidationError

from client.settings import CannotStart
from workflows.boards import BOARDS
from workflows.boards.delivery import REASONS, STAGES, Board, Terms
from workflows.boards.signing import usable
from workflows.facts import Candidate, Employer

_ID: Final = re.compile(r"[A-Za-z0-9_~-]{1,64}", re.ASCII)
"""No dot: it separates the connection from the board's id in an application's id."""
_FIELDS: Final = (
    "board", "secrets", "api_key", "api_user", "api_url", "token_url", "employer", "candidate", "unknown", "stages", "reasons",
)  # fmt: skip
_USER: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DEFAULTS: Final = ("timezone", "country", "waking_hours", "language")
"""What a connection may say about candidates whose payload does not."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Seen(NamedTuple):
    """A file as it was just before it was read."""

    file: Path
    state: tuple[int, int, int] = (0, 0, 0)
    """Nanoseconds of its last change, size, inode; zeros where it is not there."""

    @classmethod
    def now(cls, file: Path) -> Seen:
        try:
            seen = file.stat()
        except OSError:
            return cls(file)
        return cls(file, (seen.st_mtime_ns, seen.st_size, seen.st_ino))


class ConnectionsInvalid(CannotStart):
    """The file cannot be used. `mistakes` has a sentence for each reason, `seen` the files that were looked at."""

    def __init__(self, mistakes: tuple[str, ...], seen: tuple[Seen, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes: Final = mistakes
        self.seen: Final = seen


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection: a board, whose signatures to believe, and what its words mean here."""

    id: str
    board: Board
    secrets: tuple[SecretStr, ...]
    """Any of them verifies; the first one signs."""
    terms: Terms
    api_key: SecretStr | None = None
    api_url: str | None = None
    """Where the board's API is: never taken from a payload."""
    api_user: str | None = None
    """Whose rights its API is asked with, where a token has to be had first: the board's id of a user."""
    token_url: str | None = None
    """Where that token is had. None: the API takes the key itself."""
    employer: Mapping[str, Any] | None = None
    """Fields of `facts.Employer`, checked."""
    candidate: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields of `facts.Candidate` for where a payload does not say them, checked."""

    @property
    def opens(self) -> bool:
        """Whether an unknown application is opened from what the payload knows; else it waits unclaimed."""
        return self.terms.opens


class Connections:
    """The connections as the file has them now.

    Raises ConnectionsInvalid where the file is wrong at the start; later the last good one stays. Without a file there are none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read, self._seen = read(path) if path else ({}, ())
        self._mistakes: tuple[str, ...] = ()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Why the file as it is now is not used, and the last good one is: a sentence for each reason. Empty: it is used."""
        self.current()
        return self._mistakes

    def current(self) -> Mapping[str, Connection]:
        """Cheap enough for every request: looks whether a file changed, and reads only then."""
        if self._path is None or all(Seen.now(seen.file) == seen for seen in self._seen):
            return self._read
        try:
            self._read, self._seen = read(self._path)
        except ConnectionsInvalid as e:
            self._seen, self._mistakes = e.seen, e.mistakes
            _log.error("connections_kept", path=str(self._path), mistakes=list(e.mistakes))
        else:
            self._mistakes = ()
            _log.info("connections_read", path=str(self._path), connections=sorted(self._read))
        return self._read


def read(path: Path) -> tuple[dict[str, Connection], tuple[Seen, ...]]:
    """The connections of a file by id, and the files that they were read from. Raises ConnectionsInvalid."""
    seen = Seen.now(path)
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except OSError as e:
        raise ConnectionsInvalid((f"{path} cannot be read: {e.strerror}.",), (seen,)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        place = re.search(r" \(at [^)]*\)", str(e))  # and no more of it: the words around the place may be a secret
        raise ConnectionsInvalid((f"{path} is not TOML{place[0] if place else ''}.",), (seen,)) from None
    checks = [_Check(identity, table, path.parent) for identity, table in tables.items()]
    found = [check.connection() for check in checks]
    files = (seen, *(file for check in checks for file in check.seen))
    if mistakes := tuple(mistake for check in checks for mistake in check.mistakes):
        raise ConnectionsInvalid(mistakes, files)
    return {one.id: one for one in found if one}, files


class _Check:
    """One table of the file being checked: collects a sentence for every mistake."""

    def __init__(self, identity: str, table: Any, folder: Path) -> None:
        self._id = identity if _ID.fullmatch(identity) else "?"
        self._folder = folder
        self._table: dict[str, Any] = {}
        self.mistakes: list[str] = []
        self.seen: list[Seen] = []
        if self._id == "?":
            self._wrong("a connection's id has 1 to 64 letters, digits, '_', '~' or '-'")
        if isinstance(table, dict):
            self._table = cast("dict[str, Any]", table)
        else:
            self._wrong("a connection is a table, such as [acme]")

    def connection(self) -> Connection | None:
        for name in self._table:
            if name not in _FIELDS:
                self._wrong(f"{_shown(name)} is not known; a connection has {', '.join(_FIELDS)}")
        board, secrets, opens = self._board(), self._secrets(), self._opens()
        employer, candidate = self._employer(), self._candidate()
        terms = Terms(self._id, self._meanings("stages", STAGES), self._meanings("reasons", REASONS), opens)
        api_key, api_user = self._api_key(board), self._api_user(board)
        api_url = self._address("api_url", board.api_url if board else None)
        token_url = self._address("token_url", board.token_url if board else None)
        if board:
            if board.token_url is None and "token_url" in self._table:
                self._wrong(f"token_url is not needed: {board.name} takes the key itself")
            for secret in secrets:
                if not usable(board.scheme, secret.get_secret_value()):
                    self._wrong(f"secrets: {board.name} needs them in base64, as after 'whsec_'")
        if opens and not candidate.get("timezone"):
            self._wrong('candidate.timezone is needed for unknown = "open"')
        if opens and not employer:
            self._wrong('employer is needed for unknown = "open"')
        if self.mistakes or board is None:
            return None
        return Connection(self._id, board, secrets, terms, api_key, api_url, api_user, token_url, employer, candidate)

    def _wrong(self, sentence: str) -> None:
        self.mistakes.append(f"[{self._id}] {sentence}.")

    def _board(self) -> Board | None:
        name = self._table.get("board")
        board = BOARDS.get(name) if isinstance(name, str) else None
        if board is None:
            self._wrong(f"board is needed, one of {', '.join(BOARDS)}")
        return board

    def _opens(self) -> bool:
        value = self._table.get("unknown", "unclaimed")
        if value not in ("unclaimed", "open"):
            self._wrong('unknown is "unclaimed" or "open"')
        return value == "open"

    def _secrets(self) -> tuple[SecretStr, ...]:
        given = self._table.get("secrets")
        if not isinstance(given, list) or not given:
            self._wrong("secrets is a list of at least one")
            return ()
        found = (self._secret("secrets", one) for one in cast("list[Any]", given))
        return tuple(one for one in found if one)

    def _secret(self, name: str, value: Any) -> SecretStr | None:
        """By value, or where it is: `env:NAME`, or `file:path`, relative to the connections' file."""
        if not isinstance(value, str) or not value:
            self._wrong(f"{name}: a secret is text that is not empty")
            return None
        if value.startswith("env:"):
            secret = os.environ.get(value[4:], "")
            missing = f"the environment variable {_shown(value[4:])} is not set"
        elif value.startswith("file:"):
            file = self._folder / value[5:]
            self.seen.append(Seen.now(file))
            try:
                secret = file.read_text().strip()
                missing = f"the file {_shown(value[5:])} is empty"
            except (OSError, ValueError):
                secret, missing = "", f"the file {_shown(value[5:])} cannot be read"
        else:
            return SecretStr(value)
        if not secret:
            self._wrong(f"{name}: {missing}")
        return SecretStr(secret) if secret else None

    def _api_key(self, board: Board | None) -> SecretStr | None:
        key = self._table.get("api_key")
        found = self._secret("api_key", key) if key is not None else None
        if found and board and board.token_url and not all(found.get_secret_value().partition(":")):
            self._wrong(f"api_key: {board.name} needs a client id and a client secret, as 'id:secret'")
        return found

    def _api_user(self, board: Board | None) -> str | None:
        user = self._table.get("api_user")
        if user is None:
            return None
        if board and board.token_url is None:
            self._wrong(f"api_user is not needed: {board.name} takes the key itself")
        text = str(user) if type(user) is int else user
        if not isinstance(text, str) or not _USER.fullmatch(text):
            self._wrong("api_user is the board's id of a user: 1 to 64 letters, digits, '_' or '-'")
            return None
        return text

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

    def _meanings(self, name: str, meanings: tuple[str, ...]) -> dict[str, str]:
        given = self._table.get(name, {})
        if not isinstance(given, dict):
            self._wrong(f"{name} is a table of ids and what they mean")
            return {}
        table = cast("dict[str, Any]", given)
        for key, value in table.items():
            if value not in meanings:
                self._wrong(f"{name}.{_shown(key)} means one of {', '.join(meanings)}")
        return {key: value for key, value in table.items() if value in meanings}

    def _employer(self) -> dict[str, Any] | None:
        given = self._table.get("employer")
        if given is None:
            return None
        fields = self._fields("employer", given, tuple(Employer.model_fields))
        try:
            Employer.model_validate(fields)
        except ValidationError as e:
            self._refused("employer", e)
        return fields

    def _candidate(self) -> dict[str, Any]:
        fields = self._fields("candidate", self._table.get("candidate", {}), _DEFAULTS)
        try:
            Candidate.model_validate({"timezone": "UTC", **fields, "id": "anybody", "email": "anybody@example.org"})
        except ValidationError as e:
            self._refused("candidate", e)
        return fields

    def _fields(self, name: str, given: Any, known: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._wrong(f"{name} is a table of {', '.join(known)}")
            return {}
        table = cast("dict[str, Any]", given)
        for key in table:
            if key not in known:
                self._wrong(f"{name}.{_shown(key)} is not known; {name} has {', '.join(known)}")
        return {key: value for key, value in table.items() if key in known}

    def _refused(self, name: str, error: ValidationError) -> None:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            place = ".".join((name, *(str(part) for part in fault["loc"])))
            reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
            self._wrong(f"{place}: {reason[0].lower()}{reason[1:]}")


def _shown(name: str) -> str:
    """A name from the file as a sentence may hold it."""
    return "".join(c if c.isprintable() else "?" for c in name[:80])
