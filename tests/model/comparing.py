"""The model against the application: one history in a shuffled order, as imported or after the process has played its part."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.model import guide as model
from tests.model.histories import facts
from workflows import guide
from workflows.application import Application
from workflows.facts import Fact
from workflows.rehearsal import rehearse

Told = list[dict[str, Any]]
Shown = dict[str, tuple[str, str, str]]
NUMBERED = (
    "thank-you",
    "thank-you-nudge",
    "thank-you-lapsed",
    "offer-thanks",
    "offer-review",
    "offer-decide",
    "offer-overdue",
    "next-round",
)
"""Kinds whose thing the text decides; silences and outcomes are numbered for people only."""


def difference(told: Told, seed: int = 0, days: int | None = None) -> dict[str, Any] | None:
    """What differs; None where nothing does. `days`: how long after the first fact the process has been playing, None for not at all."""
    said = facts(told)
    if days is not None:
        last = said[0].at
        assert last
        said = list(rehearse(said, as_of=last, until=last + timedelta(days=days)).ended.facts)
        said = [f for f in said if not f.at or f.at <= last + timedelta(days=days)]
    random.Random(seed).shuffle(said)  # noqa: S311 -- reproducible, not secret
    app = Application(id="model").apply(*said)
    ours, cut = expected(said)
    theirs = {name: row for name, row in got(app).items() if name not in cut}
    stages = model.stage(said), guide.stage(app)
    if ours == theirs and stages[0] == stages[1]:
        return None
    return {
        "expected": {"stage": stages[0]} | {n: r for n, r in ours.items() if theirs.get(n) != r},
        "got": {"stage": stages[1]} | {n: r for n, r in theirs.items() if ours.get(n) != r},
    }


def expected(said: Sequence[Fact]) -> tuple[Shown, set[str]]:
    shown: Shown = {}
    cut: set[str] = set()
    for step in model.agenda(said):
        for thing in step.things:
            name = f"{step.kind}/{thing}" if step.kind in NUMBERED else step.kind
            if step.cut:
                cut.add(name)
            else:
                shown[name] = row(step.due, step.since, step.until)
    return shown, cut


def got(app: Application) -> Shown:
    shown: Shown = {}
    for step in guide.every_step(app.story):
        if not step.listed and step.kind != "thank-you-lapsed":
            continue
        for intent in step.intents:
            kind = intent.split("/", 1)[0]
            name = intent if kind in NUMBERED else kind
            if name not in shown or intent == step.intent:
                shown[name] = row(step.due, step.since, step.until)
    return shown


def row(due: datetime, since: datetime, until: datetime | None) -> tuple[str, str, str]:
    shown = ["" if t is None else t.astimezone(UTC).isoformat() for t in (due, since, until)]
    return shown[0], shown[1], shown[2]


def smallest(told: Told, differs: Callable[[Told], object]) -> Told:
    """The same difference with as few facts as taking them away one by one finds."""
    again = True
    while again:
        again = False
        for n in range(len(told) - 1, 1, -1):
            fewer = told[:n] + told[n + 1 :]
            if differs(fewer):
                told, again = fewer, True
    return told
