"""The commands about policies: what is in force, where two differ, what would move under another one, and moving open applications."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from client.command_line.terminal import Json, answer, err, out, path, print_json, refuse_usage
from client.reach import Refusal, call
from client.settings import Settings, read

Name = Annotated[str, typer.Argument(help="The policy's name.")]
Which = Annotated[str, typer.Argument(help="A policy's name, or @ and an application's id: the policy that it goes by.")]
Candidate = Annotated[str | None, typer.Option(help="Only theirs.")]
Stage = Annotated[str | None, typer.Option(help="Only those in this stage.")]
Connection = Annotated[str | None, typer.Option(help="Only those of this connection.")]
Under = Annotated[str | None, typer.Option("--policy", help="Only those that go by it: its name, or name and version as in 'industry 1'.")]
DueBefore = Annotated[str | None, typer.Option(help="RFC 3339.")]
ChangedSince = Annotated[str | None, typer.Option(help="RFC 3339.")]
_SHOWN: Final = 50
"""Applications that a preview shows to a person."""
_LOOKS: Final = 0.5
"""Seconds between two looks at a migration."""


def list_policies(*, as_json: Json = False) -> None:
    """List the policies in force."""
    answer(call("GET", "/v1/policies"), as_json, _show_list)


def show(name: Which, *, as_json: Json = False) -> None:
    """Show a policy: each number, with where it comes from."""
    answer(_policy(name), as_json, _show_policy)


def check(
    file: Annotated[Path | None, typer.Argument(help="The TOML file; by default AFTERWORD_POLICIES.")] = None, *, as_json: Json = False
) -> None:
    """Check a file of policies, and say every mistake in a sentence; 1 if there is one."""
    from client import policies  # noqa: PLC0415 -- only this command reads a file itself

    where = file or read(Settings).policies
    if where is None:
        refuse_usage("Name the TOML file of the policies, or set AFTERWORD_POLICIES to it.")
    mistakes: tuple[str, ...] = ()
    known: list[dict[str, Any]] = []
    try:
        known = [{"name": one.policy.name, "version": one.policy.version} for one in policies.read(where)[0].values()]
    except policies.PoliciesInvalid as e:
        mistakes = e.mistakes
    if as_json:
        print_json({"file": str(where), "policies": known, "mistakes": list(mistakes)})
    else:
        for mistake in mistakes:
            err.print(Text(mistake), soft_wrap=True)
        for one in known:
            out.print(Text(f"{one['name']} {one['version']}"))
    raise typer.Exit(1 if mistakes else 0)


def diff(one: Which, other: Which, *, as_json: Json = False) -> None:
    """Show where two policies differ: `afterword policy diff industry patient`, `afterword policy diff @app-1001 patient`."""
    first, second = _policy(one), _policy(other)
    changed = {
        name: {"unit": number["unit"], "from": number["value"], "to": (new := second["numbers"][name])["value"], "source": new["source"]}
        for name, number in first["numbers"].items()
        if number["value"] != second["numbers"][name]["value"]
    }
    told = {"from": _named(first), "to": _named(second), "numbers": changed}
    answer(told, as_json, _show_diff)


def preview(
    name: Name,
    *,
    candidate: Candidate = None,
    stage: Stage = None,
    connection: Connection = None,
    policy: Under = None,
    due_before: DueBefore = None,
    changed_since: ChangedSince = None,
    as_json: Json = False,
) -> None:
    """Show which steps of open applications would move if they went by a policy. Changes nothing."""
    chosen = _chosen(candidate, stage, connection, policy, due_before, changed_since)
    told: dict[str, Any] = {"policy": None, "applications": []}
    cursor: str | None = None
    with _bar() as bar:
        task = bar.add_task("looking", total=None)
        while True:
            page = call("GET", f"/v1/policies/{path(name)}/preview", cursor=cursor, limit=20, **chosen)
            told["policy"] = page["policy"]
            told["applications"] += page["applications"]
            cursor = page["next"]
            bar.update(task, total=max(page["of"], len(told["applications"])), completed=len(told["applications"]))
            if cursor is None:
                break
    told["moving"] = sum(bool(one["moves"]) for one in told["applications"])
    answer(told, as_json, _show_preview)


def migrate(
    name: Name,
    applications: Annotated[list[str] | None, typer.Argument(help="Ids; or choose by options.", metavar="[ID]…")] = None,
    *,
    candidate: Candidate = None,
    stage: Stage = None,
    connection: Connection = None,
    policy: Under = None,
    due_before: DueBefore = None,
    changed_since: ChangedSince = None,
    everything: Annotated[bool, typer.Option("--all", help="Every open application.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Annotated[bool, typer.Option(help="Until it is done.")] = True,
    as_json: Json = False,
) -> None:
    """Move open applications to a policy as it is now: those named, those that the options choose, or all of them."""
    chosen = {
        key: value for key, value in _chosen(candidate, stage, connection, policy, due_before, changed_since).items() if value is not None
    }
    if bool(applications) + bool(chosen) + everything != 1:
        refuse_usage("Name applications, or choose them by options, or say --all.")
    whom = f"{len(applications)} applications" if applications else "Every open application" + (" that is chosen" if chosen else "")
    if not yes:
        typer.confirm(f"{whom} will go on by {name}; `afterword policy preview` shows what moves. Go on?", abort=True, err=True)
    said = {"applications": applications} if applications else {"where": chosen}
    begun = call("POST", f"/v1/policies/{path(name)}/migrations", said)
    if wait:
        _await(begun["migration"])
        migration(begun["migration"], as_json=as_json)
    else:
        answer(begun, as_json, lambda begun: out.print(Text(f"Begun: afterword policy migration {begun['migration']}")))


def migration(migration: Annotated[str, typer.Argument(help="The migration's id.")], *, as_json: Json = False) -> None:
    """Show how far a migration is; 1 if it was stopped."""
    told = call("GET", f"/v1/policies/migrations/{path(migration)}")
    answer(told, as_json, _show_migration)
    if told["status"] == "stopped":
        raise typer.Exit(1)


def _policy(which: str) -> dict[str, Any]:
    return call("GET", f"/v1/applications/{path(which[1:])}/policy" if which.startswith("@") else f"/v1/policies/{path(which)}")


def _chosen(*said: str | None) -> dict[str, Any]:
    return dict(zip(("candidate", "stage", "connection", "policy", "due_before", "changed_since"), said, strict=True))


def _await(migration: str) -> None:
    with _bar() as bar:
        task = bar.add_task("moving", total=None)
        while True:
            try:
                told = call("GET", f"/v1/policies/migrations/{path(migration)}")
            except Refusal as refusal:
                if not refusal.unanswered:
                    raise
            else:
                done = told["moved"] + told["same"] + told["refusals"]
                bar.update(task, total=max(told["of"] or 0, done), completed=done)
                if told["status"] != "running":
                    return
            time.sleep(_LOOKS)


def _bar() -> Progress:
    """On standard error, and only where somebody looks."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True, disable=not err.is_terminal
    )


def _named(policy: dict[str, Any]) -> dict[str, Any]:
    return {key: policy[key] for key in ("name", "version", "in_force")}


def _titled(policy: dict[str, Any]) -> str:
    return f"{policy['name']} {policy['version']}" + ("" if policy.get("in_force", True) else " (pinned)")


def _when(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%a %Y-%m-%d %H:%M}" if moment else "-"


def _show_list(told: dict[str, Any]) -> None:
    table = Table("policy", "version", "extends", "own numbers", box=None, padding=(0, 2, 0, 0))
    known = {one["name"]: one for one in told["policies"]}
    for name, one in known.items():
        base = known.get(one["extends"] or "")
        own = [f"{n} {number['value']}" for n, number in one["numbers"].items() if base and number["value"] != base["numbers"][n]["value"]]
        table.add_row(*(Text(cell) for cell in (name, str(one["version"]), one["extends"] or "", ", ".join(own))))
    out.print(table)
    for mistake in told["mistakes"]:
        out.print(Text(mistake, style="bold red"), soft_wrap=True)


def _show_policy(policy: dict[str, Any]) -> None:
    extends = f", extends {policy['extends']}" if policy["extends"] else ""
    out.print(Text(f"{_titled(policy)}{extends}", style="bold"))
    for name, number in policy["numbers"].items():
        out.print(Text(f"{name} = {number['value']} {number['unit']}"), soft_wrap=True)
        out.print(Text(f"    {number['meaning']} {number['source'] or ''}".rstrip(), style="dim"), soft_wrap=True)


def _show_diff(told: dict[str, Any]) -> None:
    out.print(Text(f"{_titled(told['from'])} → {_titled(told['to'])}", style="bold"))
    for name, number in told["numbers"].items():
        source = f"  {number['source']}" if number["source"] else ""
        out.print(Text(f"{name}: {number['from']} → {number['to']} {number['unit']}{source}"), soft_wrap=True)
    if not told["numbers"]:
        out.print(Text("The numbers are the same."))


def _show_preview(told: dict[str, Any]) -> None:
    moving = [one for one in told["applications"] if one["moves"]]
    for one in moving[:_SHOWN]:
        out.print(Text.assemble((one["id"], "bold"), f"  {one['policy']['name']} {one['policy']['version']}"))
        for move in one["moves"]:
            out.print(Text(f"    {move['intent']}: {_when(move['from'])} → {_when(move['to'])}"), soft_wrap=True)
    if len(moving) > _SHOWN:
        out.print(Text(f"… and {len(moving) - _SHOWN} more; --json has all."))
    to = f"{told['policy']['name']} {told['policy']['version']}"
    out.print(Text(f"{len(moving)} of {len(told['applications'])} open applications would move under {to}."))


def _show_migration(told: dict[str, Any]) -> None:
    counts = f"{told['moved']} moved, {told['same']} had it already, {told['refusals']} refused"
    out.print(Text(f"{told['status']}: to {told['policy']}, {counts}"))
    for one in told["refused"]:
        out.print(Text(f"  {one['application']}: {one['reason']}"))
