"""What was prompted and is not done: the steps whose messages and letters still mean something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from workflows.application import Application
from workflows.application.approvals import THANKS
from workflows.facts import Prompted
from workflows.guide import ORDER, Step, every_step
from workflows.guide.steps import concerns

_AGAIN: Final = {"thank-you-nudge": "thank-you", "follow-up-last-call": "follow-up", "offer-overdue": "offer-decide"}
"""A kind of step whose letters take the place of another kind's."""


def outstanding(app: Application) -> Iterator[tuple[Step, set[str]]]:
    """Steps that were prompted and that the guide would prompt again had it not done so, each with what it was prompted for."""
    said = [fact for fact in app.facts if isinstance(fact, Prompted)]
    bare = Application(id=app.id).apply(*(fact for fact in app.facts if not isinstance(fact, Prompted)))
    latest: dict[tuple[str, str], tuple[Step, set[str]]] = {}
    for step in sorted(every_step(bare.story), key=lambda s: (ORDER.get(s.kind, -1), s.due)):
        things = {name for prompt in said if _fits(app, step, prompt) for name in _names(app, prompt.intent.partition("/")[2])}
        if things:
            latest[_AGAIN.get(step.kind, step.kind), step.chain] = step, things
    yield from sorted(latest.values(), key=lambda found: found[0].due)


def _fits(app: Application, step: Step, prompt: Prompted) -> bool:
    """Whether the prompt was about this step as it stands: not about an interview before it was moved, nor an earlier silence or offer."""
    thing = prompt.intent.partition("/")[2]
    if prompt.at is None or not concerns(step, *prompt.intent.split("/", 1)):
        return False
    since: datetime | None = step.since
    if step.kind in THANKS:  # a day's group counts from its last interview, which may have been added after the prompt
        interview = app.story.interview(thing)
        since = interview.ended_at if interview else None
    return since is not None and prompt.at >= since


def _names(app: Application, thing: str) -> set[str]:
    """Every name of what was prompted for: an interview may have got another one since."""
    return {thing, app.story.names.get(thing, thing)}
