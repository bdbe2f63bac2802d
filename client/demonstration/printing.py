"""How a demonstration is shown: to a person, or as JSON. What came from outside is printed as text, never as markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from client.demonstration.comparison import Expected, dates, shown
from client.demonstration.player import Line, Performance

Result = tuple[Performance, Expected, tuple[str, ...]]
"""A story that was played, what the table has of it, and where they differ."""

_SIGNS: Final = {"in": ("←", "cyan"), "sent": ("→", "green"), "noted": ("·", "yellow"), "ahead": (" ", "dim")}
_INDENT: Final = " " * 24


def show_legend(console: Console) -> None:
    legend = Text("Times are the candidate's, in 2030.  ")
    for kind, meaning in (("in", "came in"), ("sent", "was sent, and why then"), ("noted", "was noted by the process")):
        sign, style = _SIGNS[kind]
        legend.append(f"{sign} ", style=style).append(f"{meaning}  ")
    console.print(legend, soft_wrap=True)


def show_result(console: Console, number: int, result: Result) -> None:
    """One application: everything in order, then its outcome and what was compared."""
    performance, expected, differences = result
    story = performance.story
    console.print()
    console.print(Text(f"{number}  {story.title}", style="bold"))
    here, there = (zone.key.rsplit("/", 1)[-1].replace("_", " ") for zone in (story.where, story.employer_where))
    console.print(Text(f"   {story.candidate} in {here}, {story.employer} in {there}", style="dim"))
    for line in performance.lines:
        _show_line(console, line)
    played = performance.played
    verdict = Text(f"   {played.outcome or played.stage}", style="bold")
    verdict.append(f", after {len(played.came_in)} words and {len(played.sent)} messages. ", style="")
    if differences:
        verdict.append(_count(len(differences), "difference") + " to the table:", style="red")
    else:
        verdict.append(f"All {dates(expected)} dates are the table's.", style="green")
    console.print(verdict)
    for difference in differences:
        console.print(Text(f"     {difference}", style="red"), soft_wrap=True)


def show_end(console: Console, results: Sequence[Result], seconds: float) -> None:
    """All of it in one line."""
    words, messages = (
        sum(len(rows) for rows in lists) for lists in zip(*((p.played.came_in, p.played.sent) for p, _, _ in results), strict=True)
    )
    compared = sum(dates(expected) for _, expected, _ in results)
    wrong = sum(len(differences) for _, _, differences in results)
    said = f"{len(results)} applications, {words} words, {messages} messages, {compared} dates compared"
    end = f"{said}: {_count(wrong, 'difference')} to the table." if wrong else f"{said}: all as the table has them."
    console.print()
    console.print(Text.assemble((end, "bold red" if wrong else "bold green"), (f" {seconds:.0f} s.", "dim")), soft_wrap=True)


def as_json(results: Sequence[Result], seconds: float) -> dict[str, Any]:
    return {
        "equal": not any(differences for _, _, differences in results),
        "seconds": round(seconds, 1),
        "applications": [
            {
                "application": performance.story.application,
                "title": performance.story.title,
                "lines": [_line(line) for line in performance.lines],
                "words": len(performance.played.came_in),
                "messages": len(performance.played.sent),
                "stage": performance.played.stage,
                "outcome": performance.played.outcome,
                "round": performance.played.round,
                "dates": dates(expected),
                "differences": list(differences),
            }
            for performance, expected, differences in results
        ],
    }


def _show_line(console: Console, line: Line) -> None:
    sign, style = _SIGNS[line.kind]
    if line.kind == "ahead":
        console.print(Text(f"{_INDENT}ahead {line.detail}: {line.what}", style="dim"), soft_wrap=True)
        return
    text = Text(f"   {shown(line.at):<18}")
    text.append(f"{sign}  ", style=style).append(line.what, style=style)
    if line.detail:
        text.append(f"  {line.detail}")
    console.print(text, soft_wrap=True)
    if line.why:
        console.print(Text(f"{_INDENT}{line.why}", style="dim"), soft_wrap=True)


def _line(line: Line) -> dict[str, Any]:
    said = {"at": line.at.isoformat() if line.at else None, "kind": line.kind, "what": line.what, "detail": line.detail, "why": line.why}
    return {name: value for name, value in said.items() if value != ""}


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
