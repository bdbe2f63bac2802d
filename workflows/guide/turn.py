"""What the process does at a moment: above all steps. The shell performs turns as time passes; a rehearsal plays them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from workflows.application import Application
from workflows.application.story import SUPERSEDED, TOO_LATE, UNSUBSCRIBED, Story
from workflows.facts import Fact
from workflows.guide import every_step, why
from workflows.guide.silent import ENDS
from workflows.guide.steps import CATEGORY, ORDER, Step

TOGETHER: Final = ("offer-thanks", "offer-review")
"""Never supersede each other: due together they are one message, named by the thanks, noted for both."""
LATE: Final = timedelta(hours=1)
"""A message later than this says that it is late."""


Sends = Collection[tuple[str, datetime]]
"""Keys (intent, since) of the steps on their way."""


@dataclass(frozen=True)
class Turn:
    notes: tuple[tuple[Step, Any], ...]
    """What to note at once, before anything leaves; then look again."""
    sends: tuple[Step, ...]
    """Messages to send now, those that are on their way already among them. What is on its way and not here is to be cancelled."""
    next: datetime | None
    """When to look again if nothing is said."""
    ends: datetime | None
    """When the run may end, if nothing else is ahead of it."""
    last: tuple[Fact, ...] = ()
    """What to note then."""


def turn(app: Application, now: datetime, sending: Sends = ()) -> Turn:
    story = app.story
    steps = every_step(story)
    ending = next((s for s in steps if s.kind in ENDS), None)
    chains: dict[str, list[Step]] = {}
    for step in steps:
        if step is not ending:
            chains.setdefault(step.chain, []).append(step)
    plan = _Plan(story, now, sending)
    for chain in chains.values():
        plan.add(sorted(chain, key=lambda s: ORDER.get(s.kind, -1)))
    said = [t for t in (story.closed_at, story.expired_at) if t]
    last = ending.facts if ending and not any(t >= ending.due for t in said) else ()
    return Turn(tuple(plan.notes), tuple(plan.sends), min(plan.times, default=None), ending.due if ending else None, last)


@dataclass
class _Plan:
    """A turn in the making, chain by chain."""

    story: Story
    now: datetime
    sending: Sends
    notes: list[tuple[Step, Any]] = field(default_factory=list[tuple[Step, Any]])
    sends: list[Step] = field(default_factory=list[Step])
    times: list[datetime] = field(default_factory=list[datetime])

    @property
    def unwanted(self) -> tuple[str, ...]:
        return self.story.candidate.preferences.unsubscribed if self.story.candidate else ()

    def add(self, chain: list[Step]) -> None:
        """Of several overdue at once only the latest that can be performed is, the others are noted."""
        now = self.now
        due = [s for s in chain if not s.held and s.due <= now]
        late = [s for s in due if s.until and now >= s.until]
        self._skip(late, TOO_LATE)
        self.times += (s.due for s in chain if not s.held and s.due > now and s.ready)
        performable = [s for s in due if s not in late and s.ready]
        if not performable:
            return
        latest = performable[-1]
        if (at := latest.moment(self.story, now)) > now:
            self.times.append(at)
            return
        passed = [s for s in chain if ORDER.get(s.kind, -1) < ORDER.get(latest.kind, -1) and s.natural <= now and s not in late]
        together = [s for s in (*passed, latest) if s.kind in TOGETHER and s in performable] if latest.kind in TOGETHER else [latest]
        self._skip([s for s in passed if s not in together], SUPERSEDED)
        if latest.message and CATEGORY.get(latest.kind) in self.unwanted:
            self._skip(together, UNSUBSCRIBED)
        elif latest.message:
            self._send(one(together))
        elif latest.key not in self.sending:  # what is being recalled may have left all the same: that is noted first
            self.notes += ((latest, fact) for fact in latest.facts)

    def _skip(self, steps: list[Step], reason: str) -> None:
        """What is on its way is noted when it has come to its end."""
        self.notes += ((s, fact) for s in steps if s.key not in self.sending for fact in s.skipped(reason))

    def _send(self, message: Step) -> None:
        if self.now - message.due > LATE:
            message = replace(message, reason=why.late(self.story, self.now, message.due, message.reason))
        self.sends.append(message)


def one(steps: Iterable[Step]) -> Step:
    """Several steps as one message, named by the first."""
    first, *others = steps
    if not others:
        return first
    intents = (*first.intents, *(i for s in others for i in s.intents))
    return replace(first, intents=intents, reason=others[-1].reason)
