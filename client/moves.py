"""What would move if an application went by another policy from now on: the agenda before and after, step by step. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.application import Application
from workflows.application.story import Story
from workflows.facts import DetailsChanged
from workflows.guide import agenda
from workflows.policy import Policy
from workflows.view import local


@dataclass(frozen=True, slots=True)
class Move:
    """One step whose moment changes."""

    intent: str
    before: datetime | None
    """None: it was not ahead."""
    after: datetime | None
    """None: it is no longer ahead."""

    def shown(self, story: Story) -> dict[str, Any]:
        """On the candidate's clock."""
        before, after = (local(story, moment).isoformat() if moment else None for moment in (self.before, self.after))
        return {"intent": self.intent, "from": before, "to": after}


def moves(app: Application, policy: Policy, now: datetime) -> list[Move]:
    """Every step that moves, soonest first by where it was; none for an application that goes by these numbers already.

    `now` is the application's own clock, or earlier: the change is said no earlier than its last fact.
    """
    if app.story.policy == policy:
        return []
    at = max((now, *(fact.at for fact in app.facts if fact.at)))
    later = app.apply(DetailsChanged(id=_UNSAID, by="platform", at=at, policy=policy))
    before, after = ({step.intent: step.due for step in agenda(one)} for one in (app, later))
    found = (Move(intent, before.get(intent), after.get(intent)) for intent in before | after)
    return [move for move in found if move.before != move.after]


_UNSAID = "~unsaid"
