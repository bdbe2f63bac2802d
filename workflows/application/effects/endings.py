"""How an application closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows import facts as said
from workflows.application.outcome import Outcome
from workflows.application.story import Story


def close(story: Story, outcome: Outcome) -> None:
    group = "farewell" if outcome.name in ("withdrawn", "declined") else outcome.name
    story.outcomes[group] = story.outcomes.get(group, 0) + 1
    story.outcome = replace(outcome, number=story.outcomes[group])


def rejected(story: Story, fact: said.Rejected, at: datetime, place: int) -> None:
    for offer in story.open_offers:
        offer.end("ended", at)
    close(story, Outcome("rejected", at, 0, rejected_by=fact.by_whom, feedback=fact.feedback))


def withdrew(story: Story, fact: said.Withdrawn, at: datetime, place: int) -> None:
    for offer in story.open_offers:
        offer.end("ended", at)
    close(story, Outcome("withdrawn", at, 0))


def ghosted(story: Story, fact: said.Ghosted, at: datetime, place: int) -> None:
    silence = story.silence()
    if silence is None:
        return
    passed, day, n = story.ghosted_from(silence, story.last_call_given(silence))
    if at >= passed:
        close(story, Outcome("ghosted", at, 0, counted=(day, n, passed)))
