"""What every command has: where it prints, what it is given, and how it says that it was used wrongly."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, cast
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

_WIDE: Final = 200
out: Final = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)  # what a program reads is not folded
err: Final = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Id = Annotated[str, typer.Argument(help="The application's id.")]
File = Annotated[str, typer.Argument(help="A file with JSON, or - for standard input.")]


def answer(said: dict[str, Any], as_json: bool, show: Callable[[dict[str, Any]], None]) -> None:  # noqa: FBT001 -- the option itself
    if as_json:
        print_json(said)
    else:
        show(said)


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as e:
        refuse_usage(f"{file} cannot be read: {e.strerror}.")


def parsed(content: bytes) -> dict[str, Any]:
    try:
        value: Any = json.loads(content)
    except ValueError as e:
        refuse_usage(f"This is not JSON: {e}.")
    return cast("dict[str, Any]", value) if isinstance(value, dict) else refuse_usage("This is not a JSON object.")


def field(said: str) -> tuple[str, Any]:
    """FIELD=VALUE; a value that is no JSON is text, and so is one that would be a number where no fact has one."""
    name, equals, value = said.partition("=")
    if not equals or not name:
        refuse_usage(f"{said!r} is not FIELD=VALUE.")
    try:
        parsed: Any = json.loads(value)
    except ValueError:
        return name, value
    return name, value if isinstance(parsed, int | float) and not isinstance(parsed, bool) else parsed


def path(application: str) -> str:
    return quote(application, safe="")


def refuse_usage(why: str) -> NoReturn:
    err.print(Text(why))
    raise typer.Exit(2)
