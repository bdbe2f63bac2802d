"""A file of applications as it is read: what it was taken for, the openings that it has, and the rows that are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final, Literal

from client.import_files.columns import CellError, Place, column_at, opening_of
from client.import_files.encodings import decoded
from client.import_files.mistakes import Mistake, Unreadable
from client.import_files.tables import rows as rows_of_table
from client.import_files.tables import separator_of
from client.opening import Opening, digest, named, opened, read_opening
from client.refusals import Invalid
from workflows.application import Application, objection
from workflows.policy import DEFAULT, POLICIES

__all__ = ["ImportFile", "Mistake", "Row", "Unreadable", "read"]

Form = Literal["CSV", "JSON Lines"]
LONGEST: Final = 262_144
"""Bytes of one opening; several share a call."""
_FORMS: Final[Mapping[str, Form]] = {".csv": "CSV", ".tsv": "CSV", ".txt": "CSV", ".jsonl": "JSON Lines", ".ndjson": "JSON Lines"}
_FAULTS: Final = 5
_SAID: Final = 400


@dataclass(frozen=True)
class Row:
    """An opening as it can be posted."""

    line: int
    """Where it begins in the file, from 1."""
    said: bytes
    """JSON, on one line."""
    application: str
    candidate: str
    repeats: int | None = None
    """The line of an earlier row that says the same."""


@dataclass(frozen=True)
class ImportFile:
    form: Form
    encoding: str
    separator: str | None
    rows: tuple[Row, ...]
    """In the order of the file."""
    mistakes: tuple[Mistake, ...]
    """Likewise."""


def read(
    content: bytes,
    name: str = "-",
    *,
    encoding: str | None = None,
    separator: str | None = None,
    now: datetime | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> ImportFile:
    """Everything in the file. Unreadable where that cannot be known, as for a wrong encoding or header.

    `name`: of the file, whose ending says its form. `now`: the facts' own times lie before it. `told` hears how many rows were read.
    """
    text, taken = decoded(content, encoding)
    if not text.strip():
        raise Unreadable("The file is empty.")
    form = _FORMS.get(PurePath(name).suffix.lower()) or ("JSON Lines" if text.lstrip()[:1] in ("{", "[") else "CSV")
    parted = separator_of(text, separator) if form == "CSV" else None
    door, found = _Door(now or datetime.now(UTC)), list[Row | Mistake]()
    for one in _table(text, parted) if parted else _lines(text):
        found.append(one if isinstance(one, Mistake) else door.opening(*one))
        told(len(found))
    rows, mistakes = [one for one in found if isinstance(one, Row)], [one for one in found if isinstance(one, Mistake)]
    if not found:
        raise Unreadable("The file has no rows.")
    return ImportFile(form, taken, parted, tuple(rows), tuple(mistakes))


Said = tuple[int, bytes, dict[Place, str]]
"""Line, JSON, and the columns of its places."""


def _table(text: str, separator: str) -> Iterator[Said | Mistake]:
    for one in rows_of_table(text, separator):
        if isinstance(one, Mistake):
            yield one
            continue
        line, cells = one
        try:
            said, places = opening_of(cells)
        except CellError as e:
            yield Mistake(line, str(e))
        else:
            yield line, json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"), places


def _lines(text: str) -> Iterator[Said | Mistake]:
    if text.lstrip().startswith("["):
        raise Unreadable("This is a JSON array: write JSON Lines, one opening per line, without brackets and commas around them.")
    for number, line in enumerate(text.split("\n"), 1):
        if row := line.strip(" \t\r"):
            yield number, row.encode("utf-8", "surrogatepass"), {}


class _Door:
    """What can be known of a row before a server is asked: whether it is an opening, and what the guide says to its facts."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._seen: dict[str, tuple[int, str]] = {}

    def opening(self, line: int, said: bytes, places: dict[Place, str]) -> Row | Mistake:
        if len(said) > LONGEST:
            return Mistake(line, f"this row has more than {LONGEST} bytes")
        try:
            opening = named(read_opening(said))
        except Invalid as e:
            return Mistake(line, _sentence(e, places))
        if against := self._objection(opening):
            return Mistake(line, against)
        application, content = opening.id or "", digest(opening)
        first, known = self._seen.setdefault(application, (line, content))
        if known != content:
            return Mistake(line, f"id: the application {application} is on line {first} with other content")
        return Row(line, said, application, opening.candidate.id, first if first != line else None)

    def _objection(self, opening: Opening) -> str | None:
        """What the guide says to the facts, by the platform's own policies too: no policy decides what may be said."""
        if opening.policy not in POLICIES:
            opening = opening.model_copy(update={"policy": DEFAULT})
        try:
            found = objection(Application(id=opening.id or ""), opened(opening, self._now), self._now)
        except Invalid:  # a policy of the platform in one of the facts: the server knows it, or refuses it
            return None
        return found.detail if found else None


def _sentence(why: Invalid, places: Mapping[Place, str]) -> str:
    said = [f"{column_at(places, fault.path)}: {fault.detail}" if fault.path else fault.detail for fault in why.faults[:_FAULTS]]
    more = [f"and {len(why.faults) - _FAULTS} more"] if len(why.faults) > _FAULTS else []
    return "; ".join((*said, *more))[:_SAID] or _about_the_row(why.detail)


def _about_the_row(detail: str) -> str:
    return detail.rstrip(".").replace("The body", "this line")
