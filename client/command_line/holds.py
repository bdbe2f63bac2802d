"""The commands for holds."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from client.command_line.terminal import Json, answer, out
from client.reach import call

Scope = Annotated[str, typer.Argument(help="all, connection/<id> or step/<kind>, as in step/thank-you.")]


def show(*, as_json: Json = False) -> None:
    """Show what is held."""
    answer(call("GET", "/v1/hold"), as_json, _say)


def begin(
    scope: Scope,
    *,
    until: Annotated[str, typer.Option("--until", help="When it is over at the latest, with its offset: 2030-03-04T16:00:00+00:00.")],
    as_json: Json = False,
) -> None:
    """Stop sending in that scope within five seconds. Nothing is lost."""
    answer(call("PUT", "/v1/hold", {"scope": scope, "until": until}), as_json, _say)


def lift(scope: Scope, *, as_json: Json = False) -> None:
    """Let sending in that scope go on, gently."""
    answer(call("PUT", "/v1/hold", {"scope": scope, "until": None}), as_json, _say)


def _say(told: dict[str, Any]) -> None:
    for one in told["holds"]:
        out.print(Text(f"{one['scope']} is held until {one['until']}"))
    if not told["holds"]:
        out.print(Text("Nothing is held."))
