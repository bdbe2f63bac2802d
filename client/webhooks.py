"""The platform's own endpoints, which events are sent to: one TOML file, checked whole, read again when it or a secret's file changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from client.seen import Seen
from client.tables import Check, FileInvalid, Watched, read_tables
from workflows.boards import BOARDS
from workflows.boards.signing import usable

_FIELDS: Final = ("url", "secrets", "private", "prompts")


class WebhooksInvalid(FileInvalid):
    """The file of endpoints cannot be used."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the platform takes its events."""

    id: str
    url: str
    secrets: tuple[SecretStr, ...]
    """Every event is signed with each of them, so that they can be rotated."""
    private: bool = False
    """Whether it may be in a private network, and without TLS."""
    prompts: bool = False
    """Whether it also takes the prompts for candidates whom the platform reaches itself."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The secrets in the clear, for signing."""
        return tuple(secret.get_secret_value() for secret in self.secrets)


class Webhooks(Watched[Endpoint]):
    """The endpoints as the file has them now.

    Raises WebhooksInvalid where the file is wrong at the start; later the last good one stays. Without a file there are none.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__(path, read, "webhooks")

    def prompting(self) -> Endpoint | None:
        """The one that takes prompts; None: there is none."""
        return next((one for one in self.current().values() if one.prompts), None)


def read(path: Path) -> tuple[dict[str, Endpoint], tuple[Seen, ...]]:
    """The endpoints of a file by id, and the files that they were read from. Raises WebhooksInvalid."""
    found, seen = read_tables(path, lambda identity, table: _Check(identity, table, path.parent), WebhooksInvalid)
    prompting = sorted(one.id for one in found.values() if one.prompts)
    if len(prompting) > 1:
        raise WebhooksInvalid((f"prompts = true is for one endpoint, and {', '.join(prompting)} have it.",), seen)
    return found, seen


class _Check(Check[Endpoint]):
    """One table of the file being checked."""

    def __init__(self, identity: str, table: Any, folder: Path) -> None:
        super().__init__(identity, table, folder, kind="an endpoint", example="backend", fields=_FIELDS)

    def checked(self) -> Endpoint | None:
        self._known()
        url = str(self._table["url"]) if self._address("url", None) else None  # to the letter: a slash at its end may matter
        secrets = self._secrets()
        private = self._table.get("private", False)
        prompts = self._table.get("prompts", False)
        if "url" not in self._table:
            self._wrong("url is needed: where events are sent to")
        if not isinstance(private, bool):
            self._wrong("private is true or false")
        if not isinstance(prompts, bool):
            self._wrong("prompts is true or false")
        if url and urlsplit(url).scheme != "https" and private is not True:
            self._wrong("url must begin with https, unless private = true")
        for secret in secrets:
            if not usable(BOARDS["standard"].scheme, secret.get_secret_value()):
                self._wrong("secrets are base64, as after 'whsec_'")
        if self.mistakes or url is None:
            return None
        return Endpoint(self._id, url, secrets, private is True, prompts is True)
