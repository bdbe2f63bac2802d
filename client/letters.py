"""The drafts of what was prompted and is not done: what the candidate may still send. Private text is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from activities.letters.drafts import drafts
from workflows.application import Application
from workflows.facts import Prompted
from workflows.guide import ORDER, Step, every_step
from workflows.guide.steps import concerns
from workflows.notice import notice


def letters(app: Application) -> list[dict[str, Any]]:
    """Soonest prompted first; of several prompts about the same thing, the latest one's."""
    return [
        draft.model_dump(mode="json") | {"status": "draft"}
        for step, things in outstanding(app)
        for draft in drafts(notice(app, step))
        if draft.interview is None or draft.interview in things
    ]


def outstanding(app: Application) -> Iterator[tuple[Step, set[str]]]:
    """Steps that were prompted and that the guide would prompt again had it not done so, each with what it was prompted for."""
    said = [fact for fact in app.facts if isinstance(fact, Prompted)]
    bare = Application(id=app.id).apply(*(fact for fact in app.facts if not isinstance(fact, Prompted)))
    latest: dict[str, tuple[Step, set[str]]] = {}
    for step in sorted(every_step(bare.story), key=lambda s: (ORDER.get(s.kind, -1), s.due)):
        fitting = [p for p in said if p.at and p.at >= step.since and concerns(step, *p.intent.split("/", 1))]
        if fitting:
            latest[step.chain] = step, {name for p in fitting for name in _names(app, p.intent.partition("/")[2])}
    yield from sorted(latest.values(), key=lambda found: found[0].due)


def _names(app: Application, thing: str) -> set[str]:
    """Every name of what was prompted for: an interview may have got another one since."""
    return {thing, app.story.names.get(thing, thing)}
