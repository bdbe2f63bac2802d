"""Letters as a candidate finds them: drafts of what was prompted and is not done, then those approved to be sent. Private text within."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal

from activities.letters import MOST_ALIKE, Draft, alike, drafts
from workflows.application import Application
from workflows.application.approvals import THANKS, Approval, Fate, leaves, recipient
from workflows.application.story import Story
from workflows.facts import Contact, LetterSent, Prompted
from workflows.guide import ORDER, Step, every_step
from workflows.guide.steps import concerns
from workflows.notice import notice

_AGAIN: Final = {"thank-you-nudge": "thank-you", "follow-up-last-call": "follow-up", "offer-overdue": "offer-decide"}
"""A kind of step whose letters take the place of another kind's."""

Status = Literal["draft", "approved", "delivered", "uncertain", "undeliverable"]
_STATUS: Final[dict[Fate, Status]] = {
    "pending": "approved",
    "delivered": "delivered",
    "uncertain": "uncertain",
    "undeliverable": "undeliverable",
}
"""What became of an approved letter. `uncertain`: it may have been sent, and is never sent again."""


def letters(app: Application) -> list[dict[str, Any]]:
    """Drafts, soonest prompted first, of several prompts about the same thing the latest one's; then the approved letters.

    A letter is listed once. One that was approved and did not leave has the words that the candidate gave it, and the reason.
    """
    approved = {approval.letter: approval for approval in app.story.approvals if not approval.overtaken}
    return [
        *(_listed(draft, "draft") for draft in waiting(app) if draft.id not in approved),
        *(_listed(_worded(app.story, a), _STATUS[a.fate], a.left_at, a.reason or None) for a in approved.values()),
    ]


def waiting(app: Application) -> Iterator[Draft]:
    """The drafts of what is prompted and not done, in that order, approved or not."""
    sent = [fact for fact in app.story.told if isinstance(fact, LetterSent)]
    for step, things in outstanding(app):
        done = {fact.letter for fact in sent if fact.at and fact.at >= step.since and step.kind not in THANKS}
        yield from (d for d in drafts(notice(app, step)) if d.id not in done and (d.interview is None or d.interview in things))


def resembled(app: Application, letter: str, body: str) -> str | None:
    """The id of a thank-you to somebody else that says nearly the same as this edited one; None if there is none, or it is no thank-you."""
    kind = letter.partition("/")[0]
    if kind not in THANKS:
        return None
    story, person = app.story, letter.partition("/")[2]
    people = [who.name for interview in story.interviews.values() for who in interview.interviewers]
    skills = story.candidate.skills if story.candidate else ()
    but = (story.position or "", story.employer.name if story.employer else "", *skills, *people)
    others = ((one["id"], one["body"]) for one in letters(app) if one["intent"].partition("/")[0] in THANKS)
    return next((name for name, said in others if name.partition("/")[2] != person and alike(body, (said,), but=but) > MOST_ALIKE), None)


def _worded(story: Story, approval: Approval) -> Draft:
    """The letter as the candidate approved it."""
    thanks = approval.kind in THANKS
    return Draft(
        id=approval.letter,
        intent=f"{approval.kind}/{approval.thing}",
        interview=approval.thing if thanks else None,
        interviewer=approval.rest if thanks else None,
        to=recipient(story, approval) or Contact(),
        subject=approval.fact.subject,
        body=approval.fact.body,
        best_sent_at=leaves(story, approval) if approval.fate == "pending" else None,
    )


def _listed(draft: Draft, status: Status, sent_at: datetime | None = None, reason: str | None = None) -> dict[str, Any]:
    shown = draft.model_dump(mode="json")
    return shown | {"status": status, "sent_at": sent_at.isoformat() if sent_at else None, "reason": reason}


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
