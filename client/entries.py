"""A setting of secret entries, each by value, as `env:NAME` or as `file:path`: files are read again when they change.

A changed file that makes no sense changes nothing: the last good entries stay, and the log says so once. No entry is ever in a message or
a log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Generic, TypeVar

import structlog

from client.seen import Seen

T = TypeVar("T")

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Entries(Generic[T]):
    """What the entries amount to now. ValueError, with the reason, where they make no sense at the start.

    Entries are separated by commas or blanks, also within a variable and a file; a file's line that begins with # says nothing. `read`
    gets all of them in their order, and raises ValueError; `kind` is what they are, for the log, and `told` what the log may say of them.
    """

    def __init__(self, setting: str, read: Callable[[tuple[str, ...]], T], *, kind: str, told: Callable[[T], object]) -> None:
        self._setting, self._reader, self._kind, self._told = setting, read, kind, told
        self._seen: tuple[Seen, ...] = ()
        self._read = self._again()

    def current(self) -> T:
        """Cheap enough for every message: looks whether a file changed, and reads only then."""
        if all(Seen.now(seen.file) == seen for seen in self._seen):
            return self._read
        try:
            self._read = self._again()
        except ValueError as e:
            _log.error(f"{self._kind}_kept", mistake=str(e))
        else:
            _log.info(f"{self._kind}_read", **{self._kind: self._told(self._read)})
        return self._read

    def _again(self) -> T:
        self._seen = tuple(Seen.now(Path(part[5:])) for part in _parts(self._setting) if part.startswith("file:"))
        return self._reader(tuple(entry for part in _parts(self._setting) for entry in _entries(part)))


def _entries(part: str) -> Iterator[str]:
    if part.startswith("env:"):
        if not (said := os.environ.get(part[4:], "")):
            raise ValueError(f"the environment variable {part[4:][:80]} is not set")
        yield from _parts(said)
    elif part.startswith("file:"):
        try:
            lines = Path(part[5:]).read_text().splitlines()
        except (OSError, ValueError):
            raise ValueError(f"the file {part[5:][:200]} cannot be read") from None
        for line in lines:
            if not line.lstrip().startswith("#"):
                yield from _parts(line)
    else:
        yield part


def _parts(said: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", said) if part)
