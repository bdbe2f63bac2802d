"""The job boards' connections: one TOML file, checked whole, read again when it or a secret's file changes; how, says `tables`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from pydantic import SecretStr, ValidationError

from client.seen import Seen
from client.tables import Check, FileInvalid, Watched, read_tables, shown
from workflows.boards import BOARDS
from workflows.boards.delivery import REASONS, STAGES, Board, Terms
from workflows.boards.signing import usable
from workflows.facts import Candidate, Employer

_FIELDS: Final = (
    "board", "secrets", "api_key", "api_user", "api_url", "token_url", "employer", "candidate", "unknown", "stages", "reasons",
)  # fmt: skip
_USER: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DEFAULTS: Final = ("timezone", "country", "waking_hours", "language")
"""What a connection may say about candidates whose payload does not."""


class ConnectionsInvalid(FileInvalid):
    """The file of connections cannot be used."""


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


class Connections(Watched[Connection]):
    """The connections as the file has them now.

    Raises ConnectionsInvalid where the file is wrong at the start; later the last good one stays. Without a file there are none.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__(path, read, "connections")


def read(path: Path) -> tuple[dict[str, Connection], tuple[Seen, ...]]:
    """The connections of a file by id, and the files that they were read from. Raises ConnectionsInvalid."""
    return read_tables(path, lambda identity, table: _Check(identity, table, path.parent), ConnectionsInvalid)


class _Check(Check[Connection]):
    """One table of the file being checked."""

    def __init__(self, identity: str, table: Any, folder: Path) -> None:
        super().__init__(identity, table, folder, kind="a connection", example="acme", fields=_FIELDS)

    def checked(self) -> Connection | None:
        self._known()
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

    def _meanings(self, name: str, meanings: tuple[str, ...]) -> dict[str, str]:
        given = self._table.get(name, {})
        if not isinstance(given, dict):
            self._wrong(f"{name} is a table of ids and what they mean")
            return {}
        table = cast("dict[str, Any]", given)
        for key, value in table.items():
            if value not in meanings:
                self._wrong(f"{name}.{shown(key)} means one of {', '.join(meanings)}")
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
                self._wrong(f"{name}.{shown(key)} is not known; {name} has {', '.join(known)}")
        return {key: value for key, value in table.items() if key in known}

    def _refused(self, name: str, error: ValidationError) -> None:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            place = ".".join((name, *(str(part) for part in fault["loc"])))
            reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
            self._wrong(f"{place}: {reason[0].lower()}{reason[1:]}")
