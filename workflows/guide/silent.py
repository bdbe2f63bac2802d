"""Moments that have a timer and that nobody is told of: what the process concludes when time passes without a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from workflows.application.outcome import Outcome
from workflows.application.story import Story
from workflows.facts import Closed, Expired, Fact, InterviewHeld, Resumed
from workflows.guide.steps import Step
from workflows.guide.waiting import ASSUMED_AFTER
from workflows.sentences import NOTHING

UNCLAIMED_FOR: Final = timedelta(days=30)
"""So long an application that nobody opens is kept."""
UNHEARD_FOR: Final = timedelta(days=180)
"""So long an open application without a step ahead and without a word is kept."""
ENDS: Final = ("closed", "expired")


def _step(kind: str, thing: str, due: datetime, fact: Fact) -> Step:
    return Step(kind, thing, due, due, due, None, NOTHING, f"{kind}/{thing}", (f"{kind}/{thing}",), (fact,))


def unclaimed(story: Story) -> Iterator[Step]:
    last = max((f.at for f in story.told if f.at and not isinstance(f, Expired)), default=None)
    if last:
        keeps = timedelta(days=story.policy.listens) if story.linked else UNCLAIMED_FOR
        yield _step("expired", "1", last + keeps, Expired())


def while_open(story: Story, ahead: Sequence[Step]) -> Iterator[Step]:
    for interview in story.ahead:
        end = interview.ended_at
        fact = InterviewHeld(interview=interview.id, ended_at=end, assumed=True, at=end)
        yield _step("interview-held", interview.id, end + ASSUMED_AFTER, fact)
    if story.pause and story.pause.until:
        yield _step("resumed", "1", story.pause.until, Resumed())
    if not ahead and not story.ahead and story.opened:
        heard = max(t for t in (story.heard_at, story.opened.at) if t)
        yield _step("expired", "1", heard + UNHEARD_FOR, Expired())


def once_closed(story: Story, outcome: Outcome) -> Iterator[Step]:
    if story.pause and story.pause.until:
        yield _step("resumed", "1", story.pause.until, Resumed())
    heard = max(outcome.at, story.heard_at or outcome.at)
    yield _step("closed", "1", heard + timedelta(days=story.policy.listens), Closed())
