"""A table in the form CSV: its separator, its header, and its rows with the lines where they begin."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from client.import_files.columns import METADATA, OF_FACTS, PLAIN, REQUIRED, is_known
from client.import_files.mistakes import Mistake, Unreadable

SEPARATORS: Final[Mapping[str, str]] = {",": "comma", ";": "semicolon", "\t": "tab"}
"""With what they are called."""
_BY_NAME: Final = {name: separator for separator, name in SEPARATORS.items()}


def separator_of(text: str, said: str | None = None) -> str:
    """The one that parts the header into the most columns that are known. Unreadable."""
    if said is not None:
        if (separator := _BY_NAME.get(said, said)) not in SEPARATORS:
            raise Unreadable(f"The separator is one of {', '.join(SEPARATORS.values())}.")
        return separator
    known = {separator: sum(map(is_known, _header(text, separator))) for separator in SEPARATORS}
    most = max(known.values())
    best = [separator for separator, count in known.items() if count == most]
    if not most:
        raise Unreadable(f"The first line names no column that is known. A table begins with the names of its columns, {_first_columns()}.")
    if len(best) > 1:
        raise Unreadable(f"The first line has one column only: {_first_columns()} are needed at least.")
    return best[0]


def rows(text: str, separator: str) -> Iterator[tuple[int, dict[str, str]] | Mistake]:
    """Each row's cells by column, none empty and all without blanks around them; empty rows are left out. Unreadable for its header."""
    columns: list[str] | None = None
    for found in _records(text, separator):
        if isinstance(found, Mistake):
            yield found
            continue
        line, cells = found
        if columns is None:
            columns = _checked(cells)
        elif any(cell.strip() for cell in cells):
            if len(cells) != len(columns):
                yield Mistake(line, f"this row has {len(cells)} cells, and the header {len(columns)}")
            else:
                yield line, {column: cell.strip() for column, cell in zip(columns, cells, strict=True) if column and cell.strip()}
    if columns is None:
        raise Unreadable("The file is empty.")


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]] | Mistake]:
    """With the line on which each begins. What follows on a quote that never ends cannot be read."""
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            yield Mistake(begins, f"from here on the table cannot be read: {_plain(str(e))}")
            return
        if cells:
            yield begins, cells
        begins = reader.line_num + 1


def _header(text: str, separator: str) -> list[str]:
    first = next(_records(text, separator), None)
    return [] if first is None or isinstance(first, Mistake) else [cell.strip() for cell in first[1]]


def _checked(cells: list[str]) -> list[str]:
    """The header's names. A column without one is left out, if it is the last of all: spreadsheets add such. Unreadable."""
    columns = [cell.strip() for cell in cells]
    faults = [f"{column[:60]!r} is no column" + _meant(column) for column in columns if column and not is_known(column)]
    faults += [f"{column[:60]} is there {count} times" for column, count in Counter(columns).items() if column and count > 1]
    faults += [f"column {n} has no name" for n, column in enumerate(columns, 1) if not column and any(columns[n:])]
    missing = [column for column in REQUIRED if column not in columns]
    if missing and not (missing == ["candidate.email"] and "candidate.channels" in columns):
        faults.append(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if faults:
        raise Unreadable(f"The header: {'; '.join(faults[:10])}.")
    return columns


def _meant(column: str) -> str:
    """The known column of the same letters, if there is one."""
    plain = column.casefold().replace(" ", "_")
    like = next((known for known in (*PLAIN, *OF_FACTS) if plain in (known, known.replace(".", "_"))), None)
    return f" (is it {like}?)" if like else f" (what is yours alone is {METADATA}…)"


def _plain(error: str) -> str:
    if "field limit" in error:
        return f"a cell has more than {csv.field_size_limit()} characters, or a quote never ends"
    if "unexpected end" in error:
        return "a quote never ends"
    if "expected after" in error:
        return "after the quote that ends a cell comes something else; quotes within a cell are doubled"
    return "it is no CSV"


def _first_columns() -> str:
    return ", ".join(REQUIRED[:-1]) + f" and {REQUIRED[-1]}"
