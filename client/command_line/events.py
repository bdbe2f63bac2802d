"""The commands about the events to the platform."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.text import Text

from client import printing
from client.command_line.terminal import Json, answer, out
from client.reach import call


def list_webhooks(*, as_json: Json = False) -> None:
    """List the endpoints of the platform, and how their events stand."""
    answer(call("GET", "/v1/webhooks"), as_json, lambda told: printing.show_webhooks(out, told))


def replay(
    name: Annotated[str, typer.Argument(help="The endpoint's id.")],
    *,
    since: Annotated[str, typer.Option(help="RFC 3339.")],
    until: Annotated[str | None, typer.Option(help="RFC 3339; by default now.")] = None,
    as_json: Json = False,
) -> None:
    """Send an endpoint once more what happened in a time."""
    said = {"since": since} | ({"until": until} if until else {})
    begun = call("POST", f"/v1/webhooks/{quote(name, safe='')}/replay", said)
    answer(begun, as_json, lambda begun: out.print(Text(f"Begun: {begun['replay']}")))
