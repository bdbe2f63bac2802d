"""How the rows of a file reach the API: in parts that are imports of their own, asked about until each is finished.

A part is named by its content, so whoever sends the same file again goes on where it was, whatever had crashed. While nobody answers it
waits; what was posted goes on meanwhile, and without whoever posted it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, TypeVar

from client.import_files import Row
from client.reach import Refusal, call

ROWS: Final = 500
BYTES: Final = 900_000
"""Of one part; the API takes somewhat more."""
AHEAD: Final = 3
"""Parts posted and not finished: the next one waits in the queue when one is done."""
LOOKS: Final = 0.3
"""Seconds between two looks."""
PATIENCE: Final = 300.0
"""Seconds without an answer, after which it is given up."""
_BUSY: Final = (0, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
T = TypeVar("T")


class StoppedError(Exception):
    """An operator ended a part."""


@dataclass(frozen=True)
class Count:
    """What became of the rows so far."""

    opened: int = 0
    same: int = 0
    refused: tuple[tuple[int, dict[str, Any]], ...] = ()
    """Line of the file, and the problem document."""

    @property
    def rows(self) -> int:
        return self.opened + self.same + len(self.refused)

    def __add__(self, other: Count) -> Count:
        return Count(self.opened + other.opened, self.same + other.same, self.refused + other.refused)


@dataclass
class _Part:
    rows: tuple[Row, ...]
    importing: str = ""
    count: Count = field(default_factory=Count)
    finished: bool = False

    @property
    def body(self) -> bytes:
        return b"\n".join(row.said for row in self.rows)


def parts(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """Consecutive rows, as many as fit into one call."""
    part, size = list[Row](), 0
    for row in rows:
        if part and (len(part) == ROWS or size + len(row.said) >= BYTES):
            yield tuple(part)
            part, size = [], 0
        part.append(row)
        size += len(row.said) + 1
    if part:
        yield tuple(part)


def send(rows: Iterable[Row], told: Callable[[Count], None] = lambda _: None, key: str | None = None) -> Count:
    """Returns once every row is opened or refused; `told` hears how far it is.

    With a key rows that were refused before are asked about once more. Refusal if nobody answers at first, or for too long, or if the API
    does not take imports from us; StoppedError.
    """
    waiting, under_way, done = deque(_Part(part) for part in parts(rows)), deque[_Part](), Count()
    persistent, number = _Persistent(), 0
    while waiting or under_way:
        while waiting and len(under_way) < AHEAD:
            part = waiting.popleft()
            begun = persistent.call("POST", part.body, key=f"{key}.{number}" if key else None)
            under_way.append(replace(part, importing=begun["import"]))
            number += 1
        for part in under_way:
            _look(part, persistent)
        while under_way and under_way[0].finished:
            done += under_way.popleft().count
        told(sum((part.count for part in under_way), done))
        if under_way:
            time.sleep(LOOKS)
    return done


def _look(part: _Part, persistent: _Persistent) -> None:
    if part.finished:
        return
    said = persistent.call("GET", None, part.importing)
    if said["status"] == "stopped":
        raise StoppedError(part.importing)
    part.count = Count(
        said["opened"], said["same"], tuple((part.rows[int(one["line"]) - 1].line, one["problem"]) for one in said["refused"])
    )
    part.finished = said["status"] == "finished"


class _Persistent:
    """Asks until it is answered. Where nobody has answered yet it gives up at once: then the address is wrong."""

    def __init__(self) -> None:
        self._answered: float | None = None

    def call(self, method: str, body: bytes | None, importing: str | None = None, *, key: str | None = None) -> dict[str, Any]:
        while True:
            try:
                said = call(method, f"/v1/imports/{importing}" if importing else "/v1/imports", body, key=key, lines=True)
            except Refusal as refusal:
                lost = self._answered is None or time.monotonic() - self._answered > PATIENCE
                if refusal.status not in _BUSY or (lost and refusal.status != HTTPStatus.TOO_MANY_REQUESTS):
                    raise
                time.sleep(2 if refusal.status == HTTPStatus.TOO_MANY_REQUESTS else LOOKS)
            else:
                self._answered = time.monotonic()
                return said
