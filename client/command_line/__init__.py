"""`afterword …`: starts the parts, and says and asks over HTTP what a platform would.

Exit codes: 0 done; 1 refused, or a part failed; 2 wrong usage; 3 nobody answered, so that trying again may help.
"""

from __future__ import annotations

import os
import sys
from typing import Final, NoReturn

import typer
from rich.text import Text

from client import printing
from client.command_line import applications, boards, events, holds, imports, listening, parts, policies, subjects
from client.command_line.terminal import err, print_json
from client.command_line.views import views
from client.logs import log_to
from client.reach import Refusal
from client.settings import CannotStart

app: Final = typer.Typer(name="afterword", help="The time after a job interview, kept.", no_args_is_help=True, add_completion=False)
_examples: Final = typer.Typer(help="Bodies to begin with.", no_args_is_help=True)
_connections: Final = typer.Typer(help="The job boards' connections.", no_args_is_help=True)
_policies: Final = typer.Typer(help="By which numbers applications go.", no_args_is_help=True)
_holds: Final = typer.Typer(help="Stopping all sending, or some of it.", no_args_is_help=True)
_webhooks: Final = typer.Typer(help="The platform's own endpoints.", no_args_is_help=True)

for _command in (parts.serve, parts.demo, parts.worker, parts.api, parts.codec):
    app.command()(_command)
app.command("open")(applications.open_)
for _command in (applications.record, applications.show):
    app.command()(_command)
app.command("list")(applications.list_)
for _command in (applications.letters, applications.preview, applications.advance, applications.mail, boards.hook):
    app.command()(_command)
app.add_typer(_policies, name="policy")
for _name, _command in (
    ("list", policies.list_policies),
    ("show", policies.show),
    ("check", policies.check),
    ("diff", policies.diff),
    ("preview", policies.preview),
    ("migrate", policies.migrate),
    ("migration", policies.migration),
):
    _policies.command(_name)(_command)
app.command()(listening.listen)
app.add_typer(_webhooks, name="webhooks")
_webhooks.command("list")(events.list_webhooks)
_webhooks.command("replay")(events.replay)
app.command()(views)
app.add_typer(_holds, name="hold")
_holds.command("show")(holds.show)
_holds.command("begin")(holds.begin)
_holds.command("lift")(holds.lift)
for _command in (subjects.export, subjects.erase, subjects.erasure):
    app.command()(_command)
app.command("import")(imports.import_)
app.add_typer(_examples, name="example")
_examples.command("open")(applications.example_open)
app.add_typer(_connections, name="connections")
_connections.command("check")(boards.check_connections)
_connections.command("list")(boards.list_connections)


def main() -> NoReturn:
    """The console script."""
    log_to(sys.stderr, "warning")
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
            print_json(refusal.problem)
        else:
            printing.show_problem(err, refusal.problem)
        sys.exit(3 if refusal.unanswered else 1)
    except CannotStart as e:
        err.print(Text(str(e)), soft_wrap=True)
        sys.exit(1)
    sys.exit(0)
