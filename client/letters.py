"""Letters as a candidate finds them: drafts of what was prompted and is not done, then those approved to be sent. Private text within."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal

from activities.letters import MOST_ALIKE, Draft, alike, drafts
from workflows.application import Application
from workflows.application.approvals import THANKS, Approval, Fate, leaves, recipient
from workflows.application.story import Story
from workflows.facts import Contact, LetterSent
from workflows.guide.outstanding import outstanding
from workflows.notice import notice

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
