"""The commands for data subjects: everything that is held about a candidate, and its erasure."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from client.command_line.terminal import Json, answer, out, path, print_json
from client.reach import call

Candidate = Annotated[str, typer.Argument(help="The candidate's id.")]


def export(candidate: Candidate, *, as_json: Json = False) -> None:
    """Print everything that is held about a candidate, as JSON: `afterword export cand-7 > cand-7.json`."""
    print_json(call("GET", f"/v1/candidates/{path(candidate)}/export"))


def erase(
    candidate: Candidate,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Erase a candidate, for good: everything that is held is deleted, and nothing can be opened for them any more."""
    if not yes:
        typer.confirm(f"Everything about {candidate} will be deleted, for good. Go on?", abort=True, err=True)
    begun = call("DELETE", f"/v1/candidates/{path(candidate)}")
    answer(begun, as_json, lambda begun: out.print(Text(f"Erasure {begun['erasure']} has begun: afterword erasure {begun['erasure']}")))


def erasure(erasure: Annotated[str, typer.Argument(help="The erasure's id.")], *, as_json: Json = False) -> None:
    """Show how far an erasure is."""
    told = call("GET", f"/v1/erasures/{path(erasure)}")
    when = f", finished at {told['finished_at']}" if told["finished_at"] else ""
    answer(told, as_json, lambda told: out.print(Text(f"{told['status']}: {told['runs_deleted']} runs deleted{when}")))
