"""A rehearsal: what the process would do with these facts, played at once. Starts nothing, sends nothing, knows no clock but its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflows.application import Application, own_order
from workflows.facts import Fact, Skipped
from workflows.guide.steps import Step
from workflows.guide.turn import Turn, turn
from workflows.ledger import EARLIEST

TURNS: Final = 200
"""More than follow from one word in any honest script; keeps an absurd one from taking forever."""


@dataclass(frozen=True)
class Entry:
    """One message or one skip."""

    intent: str
    due: datetime
    """The moment at which it is performed, or noted as skipped."""
    why: str
    action: str
    skipped: str | None = None


@dataclass(frozen=True)
class Rehearsal:
    steps: tuple[Entry, ...]
    application: Application
    """As known at the start, before anything is done."""
    ended: Application
    """As it is at the end."""


def rehearse(facts: Sequence[Fact], as_of: datetime | None = None, until: datetime | None = None, *, name: str = "preview") -> Rehearsal:
    """Plays the facts: those up to `as_of` (default: the latest own time) are known then, later ones are heard at their own time.

    Facts have id, `by` and `at`. Ends at `until`, by default when the application has listened long enough.
    """
    told = sorted(facts, key=own_order)
    now = as_of or max((f.at for f in told if f.at), default=EARLIEST)
    known = [f for f in told if (f.at or now) <= now or f.type in ("opened", "calendar")]
    script = [f for f in told if f not in known]
    start = app = Application(id=name).apply(*known)
    entries: list[Entry] = []
    for _ in range(TURNS + len(script)):
        app, plan = _play(app, now, entries)
        coming = [t for t in (plan.next, *(f.at for f in script[:1])) if t]
        if not coming or (until and min(coming) > until):
            if plan.ends and not coming and not (until and plan.ends > until):
                app = app.note(plan.last, max(plan.ends, now))
            break
        now = max(now, min(coming))
        heard = [f for f in script if f.at and f.at <= now]
        script = script[len(heard) :]
        app = app.apply(*heard)
    return Rehearsal(tuple(entries), start, app)


def _play(app: Application, now: datetime, entries: list[Entry]) -> tuple[Application, Turn]:
    """Everything that is done at one moment."""
    plan = turn(app, now)
    for _ in range(TURNS):
        if plan.notes:
            entries += _skips(plan.notes, now)
            app = app.note((fact for _, fact in plan.notes), now)
        elif plan.sends:
            entries += (Entry(s.intent, now, s.why, s.action) for s in plan.sends if s.listed)
            app = app.note((fact for s in plan.sends for fact in s.sent()), now)
        else:
            break
        plan = turn(app, now)
    return app, plan


def _skips(notes: Sequence[tuple[Step, Fact]], now: datetime) -> Iterator[Entry]:
    seen: set[str] = set()
    for step, fact in notes:
        if isinstance(fact, Skipped) and step.intent not in seen:
            seen.add(step.intent)
            yield Entry(step.intent, now, step.why, step.action, fact.reason)
