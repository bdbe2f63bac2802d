"""How the command line shows answers to a person. Whatever came from outside is printed as text, never as markup."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

HINTS: Final = {
    "unreached": "Start the embedded stack with `make serve` (or `afterword serve`), or set AFTERWORD_API_URL.",
    "unauthorized": "Set AFTERWORD_API_KEY to one of the keys in AFTERWORD_API_KEYS; the embedded stack takes dev-key.",
    "forbidden": "Use a key with that scope.",
    "no-such-application": "`afterword list` shows what is known; `afterword open FILE` opens one.",
    "different-application": "Say what changed: `afterword record ID details_changed 'employer={…}'`, or open under another id.",
    "unavailable": "Say the same again: repeating is safe. Is a worker running?",
    "no-test-clock": "Only `afterword serve` has test clocks.",
    "invalid": "`afterword example open` shows a body that can be opened.",
}
_ANYWAY: Final = "If it happened all the same, say it with --anyway."


def show_problem(console: Console, problem: dict[str, Any]) -> None:
    """What went wrong, where, and what to do next."""
    slug = str(problem.get("type", "")).rpartition("/")[2]
    console.print(Text(str(problem.get("title", "Refused")), style="bold red"))
    if detail := problem.get("detail"):
        console.print(Text(str(detail)))
    for fault in problem.get("errors") or ():
        console.print(Text(f"  {fault['field'] or 'body'}: {fault['detail']}"))
    if hint := HINTS.get(slug) or (_ANYWAY if problem.get("status") == 409 else None):
        console.print(Text(hint, style="dim"))


def show_view(console: Console, view: dict[str, Any]) -> None:
    head = [view["stage"], *([view["outcome"]] if view["outcome"] else []), f"round {view['round']}", f"revision {view['revision']}"]
    console.print(Text.assemble((view["id"], "bold"), "  ", " · ".join(head), "  paused" if view["paused"] else ""))
    if view["candidate"]:
        who = view["candidate"].get("name") or view["candidate"]["id"]
        policy = view["policy"]
        console.print(Text(f"{who}: {view['position']} at {view['employer']['name']} · policy {policy['name']} {policy['version']}"))
    if view["agenda"]:
        console.print()
        show_steps(console, "What is ahead", view["agenda"])
    console.print()
    said = Table("", "said", "what", "by", title="What was said", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for number, fact in enumerate(view["facts"], 1):
        said.add_row(Text(str(number)), Text(_when(fact["at"])), Text(_what(fact)), Text(fact["by"]))
    console.print(said)


def show_steps(console: Console, title: str, steps: list[dict[str, Any]]) -> None:
    console.print(Text(title, style="italic"))
    for step in steps:
        skipped = f"  (skipped: {step['skipped']})" if step.get("skipped") else ""
        console.print(Text.assemble((_when(step["due"]), "bold"), "  ", step["intent"], "  ", step["action"], skipped), soft_wrap=True)
        console.print(Text(f"    {step['why']}", style="dim"), soft_wrap=True)


def show_summaries(console: Console, page: dict[str, Any]) -> None:
    table = Table("application", "candidate", "stage", "outcome", "next", "due", "attention", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True  # it is copied from here
    for one in page["applications"]:
        ahead: dict[str, Any] = one["next"] or {}
        due = ahead.get("due")
        about = (one["id"], one["candidate"], one["stage"], one["outcome"])
        cells = (*about, ahead.get("step"), _when(due) if due else None, one["attention"])
        table.add_row(*(Text(str(cell or "")) for cell in cells))
    console.print(table if page["applications"] else Text("None."))
    if page["next"]:
        console.print(Text(f"More: --cursor {page['next']}"), soft_wrap=True)


def show_connections(console: Console, told: dict[str, Any]) -> None:
    table = Table("connection", "board", "last delivery", "accepted", "refused", "no effect", "sent again", box=None, padding=(0, 2, 0, 0))
    for one in told["connections"]:
        last = one["last_delivery"]
        counts = (one["accepted"], one["refused"], one["without_effect"], one["unavailable"])
        table.add_row(*(Text(str(cell)) for cell in (one["id"], one["board"], _when(last) if last else "", *counts)))
    console.print(table if told["connections"] else Text("None."))
    for mistake in told["mistakes"]:
        console.print(Text(mistake, style="bold red"), soft_wrap=True)


def show_webhooks(console: Console, told: dict[str, Any]) -> None:
    table = Table("endpoint", "address", "waiting", "last taken", "dropped", "", box=None, padding=(0, 2, 0, 0))
    for one in told["webhooks"]:
        last, state = one["delivered_at"], "gone" if one["gone"] else "failing" if one["failing"] else ""
        table.add_row(
            *(Text(str(cell)) for cell in (one["id"], one["url"], one["waiting"], _when(last) if last else "", one["dropped"], state))
        )
    console.print(table if told["webhooks"] else Text("None."))
    for mistake in told["mistakes"]:
        console.print(Text(mistake, style="bold red"), soft_wrap=True)


def show_messages(console: Console, messages: list[dict[str, Any]], *, whole: bool) -> None:
    for one in messages:
        when = one["application_time"] or one["sent_at"]
        console.print(
            Text.assemble((_when(when), "bold"), "  ", one["intent"] or "?", "  to ", one["to"], "\n    ", one["subject"]), soft_wrap=True
        )
        if whole:
            console.print(Text("\n" + one["text"].replace("\r\n", "\n")))
    if not messages:
        console.print(Text("Nothing was sent."))


def show_letters(console: Console, letters: list[dict[str, Any]]) -> None:
    for one in letters:
        to = one["to"].get("name") or one["to"].get("email") or "?"
        status = "" if one["status"] == "draft" else f"  {one['status']}"
        console.print(
            Text.assemble((one["id"], "bold"), status, "  to ", to, "\n", one["subject"], "\n\n", one["body"], "\n"), soft_wrap=True
        )
    if not letters:
        console.print(Text("No letter is waiting."))


def _when(moment: str) -> str:
    """As written, to the minute, with its offset where that is not UTC."""
    read = datetime.fromisoformat(moment)
    offset = read.strftime("%z")
    return f"{read:%a %Y-%m-%d %H:%M}" + ("" if offset in ("+0000", "") else f" {offset[:3]}:{offset[3:5]}")


def _what(fact: dict[str, Any]) -> str:
    about = next(
        (str(fact[name]) for name in ("intent", "interview", "letter", "fact", "step", "respond_by", "reason") if fact.get(name)), ""
    )
    return " ".join(part for part in (fact["type"], about, "(changes nothing)" if fact.get("no_effect") else "") if part)
