"""The commands about the job boards' connections."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.text import Text

from client import printing, reach
from client.command_line.terminal import File, Json, answer, content, err, out, print_json, refuse_usage
from client.reach import Refusal, call
from client.settings import Settings, read


def hook(
    board: Annotated[str, typer.Argument(help="The board's name, as in connections.toml.")],
    connection: Annotated[str, typer.Argument(help="The connection's id.")],
    file: File,
    *,
    redate: Annotated[bool, typer.Option(help="Move its dates to today.")] = True,
    as_json: Json = False,
) -> None:
    """Sign a sample as the board would, and post it."""
    from client.connections import Connections  # noqa: PLC0415 -- reading connections takes every board's adapter
    from client.hook_sender import send  # noqa: PLC0415 -- as above

    settings = read(Settings)
    if settings.connections is None:
        refuse_usage("Set AFTERWORD_CONNECTIONS to the TOML file of the connections.")
    known = Connections(settings.connections).current().get(connection)
    if known is None or known.board.name != board:
        refuse_usage(f"{settings.connections} has no connection {connection} of the board {board}.")
    try:
        told = asyncio.run(send(known, content(file), reach.url(), datetime.now(UTC), redate=redate))
    except httpx.HTTPError as e:
        raise Refusal(0, {"type": "/problems/unreached", "title": f"Nobody answers at {reach.url()}", "detail": str(e)}) from None
    except ValueError as e:
        refuse_usage(str(e))
    said = {"status": told.status_code, "body": told.text}
    answer(said, as_json, lambda said: out.print(Text(f"{said['status']} {said['body']}".strip())))
    raise typer.Exit(0 if told.is_success else 3 if told.status_code == 503 else 1)


def check_connections(
    file: Annotated[Path | None, typer.Argument(help="The TOML file; by default AFTERWORD_CONNECTIONS.")] = None, *, as_json: Json = False
) -> None:
    """Check a file of connections, and say every mistake in a sentence; 1 if there is one."""
    from client import connections  # noqa: PLC0415 -- as in `hook`

    path = file or read(Settings).connections
    if path is None:
        refuse_usage("Name the TOML file of the connections, or set AFTERWORD_CONNECTIONS to it.")
    mistakes: tuple[str, ...] = ()
    known: list[dict[str, str]] = []
    try:
        known = [{"id": one.id, "board": one.board.name} for one in connections.read(path)[0].values()]
    except connections.ConnectionsInvalid as e:
        mistakes = e.mistakes
    if as_json:
        print_json({"file": str(path), "connections": known, "mistakes": list(mistakes)})
    else:
        for mistake in mistakes:
            err.print(Text(mistake), soft_wrap=True)
        for one in known:
            out.print(Text(f"{one['id']}: {one['board']}"))
    raise typer.Exit(1 if mistakes else 0)


def list_connections(*, as_json: Json = False) -> None:
    """List the connections of the running API, and what became of their deliveries since it started."""
    answer(call("GET", "/v1/connections"), as_json, lambda told: printing.show_connections(out, told))
