"""What the process would do with an opening, played at once: nothing is started, nobody is written to, Temporal is not asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from client.opening import Preview, digest, opened
from client.refusals import from_workflow
from workflows.application import Application, objection
from workflows.ledger import fresh
from workflows.policy import POLICIES, Policy
from workflows.rehearsal import rehearse
from workflows.view import local, view

_NAME = "preview"


def preview(said: Preview, now: datetime, policies: Mapping[str, Policy] = POLICIES) -> dict[str, Any]:
    """The steps from `as_of` on, and the view as of then. `now` counts only where no fact has a time.

    Facts are judged together, each at its own time; Refused with the guide's reason for one refuses all; Invalid for a policy
    that is not in force.
    """
    name = said.id or f"{_NAME}-{digest(said)[:12]}"
    word = opened(said, now, policies=policies)
    latest = max((f.own_time for f in said.facts if f.own_time), default=said.as_of or now)
    known_at = said.as_of or latest
    application = Application(id=name)
    if against := objection(application, word, max(latest, known_at)):
        raise from_workflow(against.slug, against.detail)
    rehearsal = rehearse(fresh(application, word, known_at), known_at, said.until, name=name)
    story = rehearsal.application.story
    steps = [
        {"intent": e.intent, "due": local(story, e.due).isoformat(), "why": e.why, "action": e.action}
        | ({"skipped": e.skipped} if e.skipped else {})
        for e in rehearsal.steps
    ]
    return {"steps": steps, "view": view(rehearsal.application)}
