"""The command that imports a file of applications: it reads all of it and says what is wrong, and only then sends anything."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import uuid4

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from client.command_line.terminal import Json, content, err, out, print_json, refuse_usage

if TYPE_CHECKING:
    from client.import_files import ImportFile, Mistake
    from client.import_parts import Count

SHOWN: Final = 50
"""Mistakes in a report for a person; as JSON it has all."""
_TENTHS: Final = 10
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab"}


def import_(
    file: Annotated[str, typer.Argument(help="A table (CSV) or JSON Lines, or - for standard input.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check the file, and import nothing.")] = False,
    skip_mistakes: Annotated[bool, typer.Option("--skip-mistakes", help="Leave out rows with mistakes.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also ask once more for rows that were refused before.")] = False,
    encoding: Annotated[str | None, typer.Option(help="Of the file, where it does not tell: cp1252, utf-16, …")] = None,
    separator: Annotated[str | None, typer.Option(help="Of a table: comma, semicolon or tab; by default what its header has.")] = None,
    as_json: Json = False,
) -> None:
    """Import applications from a file. Run again after whatever crash it goes on where it was."""
    from client.import_files import Unreadable, read  # noqa: PLC0415 -- reading openings takes the holidays of every country
    from client.import_parts import StoppedError, send  # noqa: PLC0415 -- as above

    raw = content(file)
    try:
        with _progress("read", raw.count(b"\n") + 1, for_logs=False) as told:
            found = read(raw, file, encoding=encoding, separator=separator, told=told)
    except Unreadable as e:
        refuse_usage(f"{file}: {e}")
    if not as_json:
        _show_file(file, found)
    if dry_run or not found.rows or (found.mistakes and not skip_mistakes):
        _end(file, found, None, as_json, "Nothing was imported, as was asked." if dry_run else _CORRECT)
    try:
        with _progress("imported", len(found.rows)) as told:
            count = send(found.rows, lambda count: told(count.rows), uuid4().hex if again else None)
    except StoppedError as e:
        err.print(Text(f"An operator ended the import {e}. Run the same command again to go on."))
        raise typer.Exit(1) from None
    _end(file, found, count, as_json)


_CORRECT: Final = "Nothing was imported: correct these lines, or leave them out with --skip-mistakes."


def _show_file(file: str, found: ImportFile) -> None:
    people, repeated = len({row.candidate for row in found.rows}), sum(row.repeats is not None for row in found.rows)
    kind = found.form + (f" with {_NAMES[found.separator]}" if found.separator else "")
    again = f", {repeated} of them said twice" if repeated else ""
    out.print(Text(f"{file}: {kind}, read as {found.encoding}: {len(found.rows)} openings{again}, {people} candidates."), soft_wrap=True)
    _show_lines("cannot be opened", [(one.line, one.detail) for one in found.mistakes])


def _show_lines(what: str, lines: list[tuple[int, str]]) -> None:
    if lines:
        out.print(Text(f"{len(lines)} {'row' if len(lines) == 1 else 'rows'} {what}:", style="bold red"))
    for line, detail in lines[:SHOWN]:
        out.print(Text(f"  line {line}: {detail}"), soft_wrap=True)
    if len(lines) > SHOWN:
        out.print(Text(f"  and {len(lines) - SHOWN} more; --json shows all of them"))


def _end(file: str, found: ImportFile, count: Count | None, as_json: bool, nothing: str = "") -> None:  # noqa: FBT001 -- the option itself
    """Exits: 1 where a row is wrong or was refused, and was not left out on purpose."""
    if as_json:
        print_json(_report(file, found, count))
    elif count is None:
        out.print(Text(nothing))
    else:
        told = f"{count.rows} rows: {count.opened} opened, {count.same} opened before, {len(count.refused)} refused."
        out.print(Text(told, style="bold"))
        _show_lines("refused", [(line, problem["detail"]) for line, problem in count.refused])
    raise typer.Exit(1 if (found.mistakes if count is None else count.refused) else 0)


def _report(file: str, found: ImportFile, count: Count | None) -> dict[str, Any]:
    def told(one: Mistake) -> dict[str, Any]:
        return {"line": one.line, "detail": one.detail}

    return {
        "file": file,
        "form": found.form,
        "encoding": found.encoding,
        "separator": _NAMES[found.separator] if found.separator else None,
        "openings": len(found.rows),
        "candidates": len({row.candidate for row in found.rows}),
        "mistakes": [told(one) for one in found.mistakes],
        "imported": count
        and {
            "rows": count.rows,
            "opened": count.opened,
            "same": count.same,
            "refused": [{"line": line, "problem": problem} for line, problem in count.refused],
        },
    }


@contextmanager
def _progress(what: str, total: int, *, for_logs: bool = True) -> Generator[Callable[[int], None]]:
    """A bar for a person; for a log a line at every tenth. On standard error, so that the report is alone."""
    if not err.is_terminal:
        yield _Lines(what, total) if for_logs else lambda _: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


class _Lines:
    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._told = what, total, 0

    def __call__(self, done: int) -> None:
        tenth = done * _TENTHS // max(self._total, 1)
        if tenth > self._told:
            self._told = tenth
            print(f"{self._what}: {done} of {self._total}", file=sys.stderr, flush=True)  # noqa: T201 -- no console folds it
