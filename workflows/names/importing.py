"""What `Import` begins with, and what its activity is asked and answers. The rows are personal and go when it ends; the report stays."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator
from typing import Final, Literal

from workflows.facts import Frozen

IMPORT: Final = "Import"
IMPORT_OPENINGS: Final = "import_openings"
IMPORTS: Final = "afterword-imports"
"""The queue of imports alone: however much is imported, it takes turns with nobody else's activities."""
ROWS: Final = 1_000
"""Openings of one import: its report fits into one answer, whatever is wrong with them."""


def import_id(importing: str) -> str:
    return f"import/{importing}"


def import_of(content: bytes, key: str | None = None) -> str:
    """The import of this content, always the same, so that posting twice is importing once; with a key, the key's."""
    said = b"content\0" + content if key is None else b"key\0" + key.encode()
    return hashlib.sha256(said).hexdigest()[:32]


class Fault(Frozen):
    """One thing that is wrong with a row. It has no value of the row."""

    path: tuple[str | int, ...]
    detail: str


class RefusedRow(Frozen):
    """A row that was not opened, and why."""

    line: int
    """Of the body, from 1; empty lines count."""
    slug: str
    detail: str
    faults: tuple[Fault, ...] = ()


Outcome = Literal["opened", "same"] | RefusedRow
"""What became of a row. `same`: it was opened before, with the same content."""


class ImportReport(Frozen):
    """What became of the rows, in their order. It names nobody."""

    status: Literal["running", "finished", "stopped"] = "finished"
    """`stopped`: an operator ended it; posted again it goes on."""
    opened: int = 0
    same: int = 0
    refused: tuple[RefusedRow, ...] = ()

    @property
    def rows(self) -> int:
        return self.opened + self.same + len(self.refused)

    def and_(self, outcome: Outcome) -> ImportReport:
        """With one row more."""
        match outcome:
            case "opened":
                return self.model_copy(update={"opened": self.opened + 1})
            case "same":
                return self.model_copy(update={"same": self.same + 1})
            case _:
                return self.model_copy(update={"refused": (*self.refused, outcome)})


class ImportOrder(Frozen):
    """What `Import` begins with and `import_openings` is asked. Once it is done, what became of the rows, and none of them."""

    rows: str = ""
    """The body as it came, packed: text with many quotes would outgrow what Temporal keeps in one piece."""
    report: ImportReport | None = None
    """None: it is not done."""


def packed(body: bytes) -> str:
    return base64.b64encode(zlib.compress(body)).decode()


def rows_of(order: ImportOrder) -> Iterator[tuple[int, str]]:
    """Each row with the number of its line. ValueError for what was not packed here."""
    if order.rows:
        yield from lines_of(zlib.decompress(base64.b64decode(order.rows)))


def lines_of(body: bytes) -> Iterator[tuple[int, str]]:
    """Every line that is not empty, with its number. UnicodeDecodeError for what is not UTF-8; a byte order mark is none of it."""
    for number, line in enumerate(body.decode("utf-8-sig").split("\n"), 1):
        if row := line.strip(" \t\r"):
            yield number, row
