"""The commands that say and ask over HTTP what a platform would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from client import example, printing
from client.command_line.terminal import File, Id, Json, answer, content, field, out, parsed, path, print_json, refuse_usage
from client.reach import call


def open_(file: File, *, key: Annotated[str | None, typer.Option(help="Idempotency-Key.")] = None, as_json: Json = False) -> None:
    """Open an application."""
    answer(call("POST", "/v1/applications", content(file), key=key), as_json, lambda view: printing.show_view(out, view))


def record(
    application: Id,
    fact: Annotated[str, typer.Argument(metavar="TYPE|FILE|-", help="A fact's type, or JSON with one fact or several.")],
    fields: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE…", help="The fact's fields; values are JSON or text.")] = None,
    *,
    anyway: Annotated[bool, typer.Option(help="Keep it even where the guide speaks against it.")] = False,
    as_json: Json = False,
) -> None:
    """Say a fact: `afterword record app-1001 timeline_stated respond_by=2030-03-13`."""
    said: Any = content(fact) if fact == "-" or Path(fact).is_file() else {"type": fact}
    if isinstance(said, bytes):
        if fields or anyway:
            refuse_usage("Fields and --anyway go with a fact's type, not with a file.")
    else:
        said |= dict(field(said) for said in fields or ()) | ({"anyway": True} if anyway else {})
    answer(call("POST", f"/v1/applications/{path(application)}/facts", said), as_json, lambda view: printing.show_view(out, view))


def show(application: Id, *, as_json: Json = False) -> None:
    """Show an application: where it stands, what is ahead and why, what was said."""
    answer(call("GET", f"/v1/applications/{path(application)}"), as_json, lambda view: printing.show_view(out, view))


def list_(
    *,
    candidate: Annotated[str | None, typer.Option()] = None,
    stage: Annotated[str | None, typer.Option()] = None,
    outcome: Annotated[str | None, typer.Option()] = None,
    connection: Annotated[str | None, typer.Option()] = None,
    policy: Annotated[str | None, typer.Option(help="Its name, or its name and version: 'industry 1'.")] = None,
    due_before: Annotated[str | None, typer.Option(help="RFC 3339.")] = None,
    changed_since: Annotated[str | None, typer.Option(help="RFC 3339.")] = None,
    cursor: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option()] = 50,
    as_json: Json = False,
) -> None:
    """List applications, a second or so behind."""
    page = call(
        "GET", "/v1/applications", candidate=candidate, stage=stage, outcome=outcome, connection=connection, policy=policy,
        due_before=due_before, changed_since=changed_since, cursor=cursor, limit=limit,
    )  # fmt: skip
    answer(page, as_json, lambda page: printing.show_summaries(out, page))


def letters(application: Id, *, as_json: Json = False) -> None:
    """Show the drafts of what is prompted and not done."""
    made = call("GET", f"/v1/applications/{path(application)}/letters")
    answer(made, as_json, lambda made: printing.show_letters(out, made["letters"]))


def preview(
    file: File,
    *,
    as_of: Annotated[str | None, typer.Option(help="What is said by then is known then. RFC 3339.")] = None,
    until: Annotated[str | None, typer.Option(help="How far to look. RFC 3339.")] = None,
    as_json: Json = False,
) -> None:
    """Play an opening at once, and start nothing."""
    said: Any = content(file)
    if as_of or until:
        said = parsed(said) | {name: value for name, value in (("as_of", as_of), ("until", until)) if value}
    made = call("POST", "/v1/preview", said)
    answer(made, as_json, lambda made: printing.show_steps(out, "What would happen", made["steps"]))


def advance(
    application: Id, to: Annotated[str, typer.Argument(help="next, or a time in RFC 3339.")] = "next", *, as_json: Json = False
) -> None:
    """Move an application's clock forward (embedded stack only)."""
    view = call("POST", f"/v1/applications/{path(application)}/advance", {"to": to})
    answer(view, as_json, lambda view: printing.show_view(out, view))


def mail(
    application: Annotated[str | None, typer.Argument(help="Of one application.")] = None,
    *,
    whole: Annotated[bool, typer.Option("--whole", help="With their texts.")] = False,
    as_json: Json = False,
) -> None:
    """Show what was sent (embedded stack only), newest last."""
    sent = call("GET", "/v1/messages", application=application)
    answer(sent, as_json, lambda sent: printing.show_messages(out, sent["messages"], whole=whole))


def example_open(
    application: Annotated[str, typer.Option("--id", help="The application's id.")] = "app-1001",
    *,
    as_json: Json = False,
) -> None:
    """Print a body that can be opened, its dates relative to now: `afterword example open > open.json`."""
    print_json(example.opening(datetime.now(UTC), application))
