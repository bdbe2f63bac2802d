"""How an application must go, computed by the world and by nobody whom it tests: acknowledged facts, a clock of its own, the pure guide.

It knows no server. What it says is what must have been noted, in which order and when, and what must have been sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from workflows.application import Application
from workflows.application.story import NO_LONGER_NEEDED
from workflows.facts import Fact
from workflows.guide import every_step
from workflows.guide.steps import Step
from workflows.guide.turn import Turn, turn

TURNS: Final = 200
LINGER: Final = timedelta(days=1)
"""A run outlives its last word by that."""
Name = tuple[str, str, str]
"""What was noted: type, what it was about, and the reason of a skip."""


@dataclass(frozen=True)
class Noted:
    """One fact of the process's own that must be there."""

    name: Name
    at: datetime
    """The fact's own time, if nothing is late."""
    when: datetime
    """When it is noted, if nothing is late."""
    until: datetime | None = None
    """A message helps nobody after that."""
    mail: bool = False
    """Whether a message leaves under this very intent: of several that are noted for one message, only the first."""


@dataclass
class Course:
    """`late`: how long after its moment the process does everything; a good script comes to the same whatever this is."""

    app: Application
    now: datetime
    late: timedelta = timedelta(0)
    stay: datetime | None = None
    """The run does not end before."""
    ended: bool = False
    noted: list[Noted] = field(default_factory=list[Noted])
    stops: list[datetime] = field(default_factory=list[datetime])
    """When the process does something by itself."""
    left: frozenset[str] = frozenset()
    """Intents of messages that may have left although they were recalled: they count as made."""
    held_back: dict[tuple[str, datetime], tuple[Step, datetime]] | None = None
    """Messages that the mail server refuses for now, and since when; None while it takes everything."""

    def copy(self) -> Course:
        held = None if self.held_back is None else dict(self.held_back)
        return replace(self, noted=list(self.noted), stops=list(self.stops), held_back=held)

    def to(self, moment: datetime) -> None:
        """Everything that is done by then; an ended application's clock stands."""
        while not self.ended:
            plan = self._settle()
            ends = max(plan.ends, self.stay or plan.ends) if plan.ends else None
            if ends and ends <= self.now and not self.held_back:
                self._note(plan.last, self.now)
                self.ended = True
                return
            coming = min((t for t in (plan.next, ends) if t and t > self.now), default=None)
            if coming is None or coming + self.late > moment:
                self.now = moment
                return
            self.now = coming + self.late
            self.stops.append(coming)

    def hear(self, *facts: Fact) -> None:
        """They are acknowledged now. An ended application goes on."""
        self.app = self.app.apply(*facts)
        self.stay, self.ended = self.now + LINGER, False
        self._settle()

    def hold_back(self, due: datetime) -> None:
        """From just before that moment on the mail server refuses everything."""
        self.to(due - timedelta(seconds=1))
        self.held_back = {}

    def let_go(self) -> None:
        """The mail server takes everything again."""
        self.held_back = None
        self._settle()

    def _settle(self) -> Turn:
        for _ in range(TURNS):
            plan = turn(self.app, self.now, tuple(self.held_back or ()))
            if self.held_back and self._recalled(self.held_back, plan):
                continue
            if plan.notes:
                for step, fact in plan.notes:
                    self._note((fact,), self.now, until=step.until)
            elif plan.sends and self.held_back is None:
                for step in plan.sends:
                    self._note(step.sent(), self.now, until=step.until, mail=True)
            else:
                for step in plan.sends:
                    if self.held_back is not None:
                        self.held_back.setdefault(step.key, (step, self.now))
                return plan
        raise AssertionError("the guide does not settle")

    def _recalled(self, held: dict[tuple[str, datetime], tuple[Step, datetime]], plan: Turn) -> bool:
        """What waits and is wanted no more is noted; whether anything was."""
        wanted = {step.key for step in plan.sends}
        gone = [key for key in held if key not in wanted]
        ahead = {step.key for step in every_step(self.app.story)}
        for key in gone:
            step, since = held.pop(key)
            if key not in ahead:
                maybe = step.sent(uncertain=True) if step.intent in self.left else step.skipped(NO_LONGER_NEEDED)
                self._note(maybe, since, until=step.until)
        return bool(gone)

    def _note(self, facts: Iterable[Fact], at: datetime, *, until: datetime | None = None, mail: bool = False) -> None:
        told = tuple(facts)
        self.app = self.app.note(told, at)
        for place, fact in enumerate(told):
            self.noted.append(Noted(name_of(fact.model_dump(mode="json")), fact.at or at, self.now, until, mail=mail and not place))


def name_of(fact: dict[str, Any]) -> Name:
    """What a fact of the process's own is known by."""
    about = fact.get("intent") or fact.get("letter") or fact.get("interview") or fact.get("number") or ""
    return fact["type"], str(about), str(fact.get("reason") or "") if fact["type"] == "skipped" else ""


def names(noted: Sequence[Noted]) -> Counter[Name]:
    return Counter(one.name for one in noted)
