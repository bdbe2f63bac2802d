"""`afterword …`: starts the parts, and says and asks over HTTP what a platform would.

Exit codes: 0 done; 1 refused, or a part failed; 2 wrong usage; 3 nobody answered, so that trying again may help.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, cast
from urllib.parse import quote

import httpx
import typer
from rich.console import Console
from rich.text import Text

from client import example, printing, reach
from client.reach import Refusal, call
from client.settings import CannotStart, Settings, read

app: Final = typer.Typer(name="afterword", help="The time after a job interview, kept.", no_args_is_help=True, add_completion=False)
examples: Final = typer.Typer(help="Bodies to begin with.", no_args_is_help=True)
app.add_typer(examples, name="example")
boards: Final = typer.Typer(help="The job boards' connections.", no_args_is_help=True)
app.add_typer(boards, name="connections")

_WIDE: Final = 200
out: Final = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)  # what a program reads is not folded
err: Final = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Id = Annotated[str, typer.Argument(help="The application's id.")]
File = Annotated[str, typer.Argument(help="A file with JSON, or - for standard input.")]


@app.command()
def serve(*, as_json: Json = False) -> None:
    """Run the embedded stack, durable in AFTERWORD_HOME, until Ctrl-C."""
    from client import embedded  # noqa: PLC0415 -- only the embedded stack needs what it imports

    console, announce = (err, _print_json) if as_json else (out, None)
    raise typer.Exit(asyncio.run(embedded.serve(read(Settings), console, announce)))


@app.command()
def demo(*, as_json: Json = False) -> None:
    """Play eight applications on fast-forwarded clocks, and check every date."""
    from client import demonstration  # noqa: PLC0415 -- as above

    raise typer.Exit(asyncio.run(demonstration.play(out, as_json=as_json)))


@app.command()
def worker(*, as_json: Json = False) -> None:
    """Run a worker alone, for production."""
    _become("worker")


@app.command()
def api(*, as_json: Json = False) -> None:
    """Run the HTTP API alone."""
    _become("client.api")


@app.command("open")
def open_(file: File, *, key: Annotated[str | None, typer.Option(help="Idempotency-Key.")] = None, as_json: Json = False) -> None:
    """Open an application."""
    _show(call("POST", "/v1/applications", _content(file), key=key), as_json, lambda view: printing.show_view(out, view))


@app.command()
def record(
    application: Id,
    fact: Annotated[str, typer.Argument(metavar="TYPE|FILE|-", help="A fact's type, or JSON with one fact or several.")],
    fields: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE…", help="The fact's fields; values are JSON or text.")] = None,
    *,
    anyway: Annotated[bool, typer.Option(help="Keep it even where the guide speaks against it.")] = False,
    as_json: Json = False,
) -> None:
    """Say a fact: `afterword record app-1001 timeline_stated respond_by=2030-03-13`."""
    said: Any = _content(fact) if fact == "-" or Path(fact).is_file() else {"type": fact}
    if isinstance(said, bytes):
        if fields or anyway:
            _refuse_usage("Fields and --anyway go with a fact's type, not with a file.")
    else:
        said |= dict(_field(field) for field in fields or ()) | ({"anyway": True} if anyway else {})
    _show(call("POST", f"/v1/applications/{_path(application)}/facts", said), as_json, lambda view: printing.show_view(out, view))


@app.command()
def show(application: Id, *, as_json: Json = False) -> None:
    """Show an application: where it stands, what is ahead and why, what was said."""
    _show(call("GET", f"/v1/applications/{_path(application)}"), as_json, lambda view: printing.show_view(out, view))


@app.command("list")
def list_(
    *,
    candidate: Annotated[str | None, typer.Option()] = None,
    stage: Annotated[str | None, typer.Option()] = None,
    outcome: Annotated[str | None, typer.Option()] = None,
    connection: Annotated[str | None, typer.Option()] = None,
    due_before: Annotated[str | None, typer.Option(help="RFC 3339.")] = None,
    changed_since: Annotated[str | None, typer.Option(help="RFC 3339.")] = None,
    cursor: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option()] = 50,
    as_json: Json = False,
) -> None:
    """List applications, a second or so behind."""
    page = call(
        "GET", "/v1/applications", candidate=candidate, stage=stage, outcome=outcome, connection=connection, due_before=due_before,
        changed_since=changed_since, cursor=cursor, limit=limit,
    )  # fmt: skip
    _show(page, as_json, lambda page: printing.show_summaries(out, page))


@app.command()
def letters(application: Id, *, as_json: Json = False) -> None:
    """Show the drafts of what is prompted and not done."""
    made = call("GET", f"/v1/applications/{_path(application)}/letters")
    _show(made, as_json, lambda made: printing.show_letters(out, made["letters"]))


@app.command()
def preview(
    file: File,
    *,
    as_of: Annotated[str | None, typer.Option(help="What is said by then is known then. RFC 3339.")] = None,
    until: Annotated[str | None, typer.Option(help="How far to look. RFC 3339.")] = None,
    as_json: Json = False,
) -> None:
    """Play an opening at once, and start nothing."""
    said: Any = _content(file)
    if as_of or until:
        said = _parsed(said) | {name: value for name, value in (("as_of", as_of), ("until", until)) if value}
    made = call("POST", "/v1/preview", said)
    _show(made, as_json, lambda made: printing.show_steps(out, "What would happen", made["steps"]))


@app.command()
def advance(
    application: Id, to: Annotated[str, typer.Argument(help="next, or a time in RFC 3339.")] = "next", *, as_json: Json = False
) -> None:
    """Move an application's clock forward (embedded stack only)."""
    view = call("POST", f"/v1/applications/{_path(application)}/advance", {"to": to})
    _show(view, as_json, lambda view: printing.show_view(out, view))


@app.command()
def mail(
    application: Annotated[str | None, typer.Argument(help="Of one application.")] = None,
    *,
    whole: Annotated[bool, typer.Option("--whole", help="With their texts.")] = False,
    as_json: Json = False,
) -> None:
    """Show what was sent (embedded stack only), newest last."""
    sent = call("GET", "/v1/messages", application=application)
    _show(sent, as_json, lambda sent: printing.show_messages(out, sent["messages"], whole=whole))


@app.command()
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
        _refuse_usage("Set AFTERWORD_CONNECTIONS to the TOML file of the connections.")
    known = Connections(settings.connections).current().get(connection)
    if known is None or known.board.name != board:
        _refuse_usage(f"{settings.connections} has no connection {connection} of the board {board}.")
    try:
        answer = asyncio.run(send(known, _content(file), reach.url(), datetime.now(UTC), redate=redate))
    except httpx.HTTPError as e:
        raise Refusal(0, {"type": "/problems/unreached", "title": f"Nobody answers at {reach.url()}", "detail": str(e)}) from None
    except ValueError as e:
        _refuse_usage(str(e))
    said = {"status": answer.status_code, "body": answer.text}
    _show(said, as_json, lambda said: out.print(Text(f"{said['status']} {said['body']}".strip())))
    raise typer.Exit(0 if answer.is_success else 3 if answer.status_code == 503 else 1)


@boards.command("check")
def check_connections(
    file: Annotated[Path | None, typer.Argument(help="The TOML file; by default AFTERWORD_CONNECTIONS.")] = None, *, as_json: Json = False
) -> None:
    """Check a file of connections, and say every mistake in a sentence; 1 if there is one."""
    from client import connections  # noqa: PLC0415 -- as in `hook`

    path = file or read(Settings).connections
    if path is None:
        _refuse_usage("Name the TOML file of the connections, or set AFTERWORD_CONNECTIONS to it.")
    mistakes: tuple[str, ...] = ()
    known: list[dict[str, str]] = []
    try:
        known = [{"id": one.id, "board": one.board.name} for one in connections.read(path)[0].values()]
    except connections.ConnectionsInvalid as e:
        mistakes = e.mistakes
    if as_json:
        _print_json({"file": str(path), "connections": known, "mistakes": list(mistakes)})
    else:
        for mistake in mistakes:
            err.print(Text(mistake), soft_wrap=True)
        for one in known:
            out.print(Text(f"{one['id']}: {one['board']}"))
    raise typer.Exit(1 if mistakes else 0)


@boards.command("list")
def list_connections(*, as_json: Json = False) -> None:
    """List the connections of the running API, and what became of their deliveries since it started."""
    _show(call("GET", "/v1/connections"), as_json, lambda told: printing.show_connections(out, told))


@examples.command("open")
def example_open(
    application: Annotated[str, typer.Option("--id", help="The application's id.")] = "app-1001",
    *,
    as_json: Json = False,
) -> None:
    """Print a body that can be opened, its dates relative to now: `afterword example open > open.json`."""
    _print_json(example.opening(datetime.now(UTC), application))


def main() -> NoReturn:
    """The console script."""
    try:
        run()
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 0)  # Temporal's threads may abort an interpreter that is taken down


def run() -> NoReturn:
    """One command; SystemExit with its exit code."""
    try:
        app()
    except Refusal as refusal:
        if "--json" in sys.argv:
            _print_json(refusal.problem)
        else:
            printing.show_problem(err, refusal.problem)
        sys.exit(3 if refusal.unanswered else 1)
    except CannotStart as e:
        err.print(Text(str(e)), soft_wrap=True)
        sys.exit(1)
    sys.exit(0)


def _become(module: str) -> NoReturn:
    """This process becomes that part, so that signals reach it."""
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 -- our own module


def _show(answer: dict[str, Any], as_json: bool, show: Callable[[dict[str, Any]], None]) -> None:  # noqa: FBT001 -- the option itself
    if as_json:
        _print_json(answer)
    else:
        show(answer)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as e:
        _refuse_usage(f"{file} cannot be read: {e.strerror}.")


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        value: Any = json.loads(content)
    except ValueError as e:
        _refuse_usage(f"This is not JSON: {e}.")
    return cast("dict[str, Any]", value) if isinstance(value, dict) else _refuse_usage("This is not a JSON object.")


def _field(said: str) -> tuple[str, Any]:
    """FIELD=VALUE; a value that is no JSON is text, and so is one that would be a number where no fact has one."""
    name, equals, value = said.partition("=")
    if not equals or not name:
        _refuse_usage(f"{said!r} is not FIELD=VALUE.")
    try:
        parsed: Any = json.loads(value)
    except ValueError:
        return name, value
    return name, value if isinstance(parsed, int | float) and not isinstance(parsed, bool) else parsed


def _path(application: str) -> str:
    return quote(application, safe="")


def _refuse_usage(why: str) -> NoReturn:
    err.print(Text(why))
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
