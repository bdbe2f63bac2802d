"""The command for operators: links to Temporal's web UI."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from client.command_line.terminal import Json, answer, out
from client.settings import Settings, read


def views(
    *,
    application: Annotated[str | None, typer.Option(help="Also the run of this application.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Also everything of this candidate.")] = None,
    connection: Annotated[str | None, typer.Option(help="Also what this connection spoke of first.")] = None,
    policy: Annotated[str | None, typer.Option(help="Also what is open by this policy, as in 'industry 1'.")] = None,
    as_json: Json = False,
) -> None:
    """Print links to Temporal's UI: what needs an operator, and whatever is named."""
    from client.connection import namespace_set  # noqa: PLC0415 -- Temporal's own configuration takes its SDK
    from client.views import Desk  # noqa: PLC0415 -- as above

    settings = read(Settings)
    desk = Desk(settings.temporal_ui_url or f"http://127.0.0.1:{settings.temporal_ui_port}", namespace_set())
    found = desk.views(datetime.now(UTC), application=application, candidate=candidate, connection=connection, policy=policy)

    def show(_: dict[str, Any]) -> None:
        for view in found:
            out.print(Text(f"{view.name:<12} {view.what}\n{'':<12} {view.link}"), soft_wrap=True)

    answer({"views": [asdict(view) for view in found]}, as_json, show)
