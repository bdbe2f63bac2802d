"""The shapes of what an adviser is shown, field by field: what an application learns to hold is not shown with it."""

from __future__ import annotations

from pydantic import AwareDatetime

from client.api.answers import Outcome, Shape, Stage


class AdvisedStep(Shape):
    """A step that is ahead."""

    step: str
    """Its kind."""
    due: AwareDatetime
    """In the candidate's zone."""
    action: str


class AdvisedApplication(Shape):
    """Where an application stands: nothing private, no letter, nobody's address, no terms of an offer."""

    id: str
    employer: str | None
    """Its name."""
    position: str | None
    stage: Stage
    outcome: Outcome | None
    round: int
    agenda: list[AdvisedStep]
    """Soonest first; without what the candidate lets rest."""


class AdvisedCandidate(Shape):
    """A candidate who agreed."""

    id: str
    name: str | None
    since: AwareDatetime
    """When they agreed."""
    applications: list[AdvisedApplication]


class AdvisedCandidates(Shape):
    candidates: list[AdvisedCandidate]
    next: str | None
    """The cursor of the next page; null: this was the last one."""
