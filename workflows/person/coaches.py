"""Who may follow a candidate's applications: an adviser asks, the candidate agrees, and either side ends it.

Owns what those three facts amount to. Only the candidate agrees, and only to an ask that still stands: nobody is agreed to beforehand, and
no older consent comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from workflows.application.story import Objection
from workflows.person.facts import CoachAllowed, CoachAsked, CoachWithdrawn

STANDS: Final = timedelta(days=30)
"""So long an ask waits for its answer: as long as the link in its message."""
MOST: Final = 20
"""Advisers of one candidate, those who wait for an answer among them."""


@dataclass(frozen=True)
class Consent:
    """One adviser, and how far they and the candidate are."""

    coach: str
    name: str
    """As the candidate was told who asks."""
    ask: str
    """The id of the fact that asked."""
    asked: datetime
    since: datetime | None = None
    """When the candidate agreed. None: not yet."""

    @property
    def until(self) -> datetime | None:
        """When the ask ends unanswered; a consent ends when somebody ends it."""
        return None if self.since else self.asked + STANDS

    def waits(self, moment: datetime) -> bool:
        """Whether it can still be agreed to."""
        return self.until is not None and moment < self.until


def tell_of_coach(consents: dict[str, Consent], fact: CoachAsked | CoachAllowed | CoachWithdrawn, at: datetime) -> Objection | None:
    """Brings the consents up to that fact, or says why it has no effect. Ending what is none has none, and nothing speaks against it."""
    known = consents.get(fact.coach)
    match fact:
        case CoachAsked():
            return _asked(consents, known, fact, at)
        case CoachAllowed():
            return _allowed(consents, known, fact, at)
        case CoachWithdrawn():
            consents.pop(fact.coach, None)
            return None


def _asked(consents: dict[str, Consent], known: Consent | None, fact: CoachAsked, at: datetime) -> Objection | None:
    if known and known.since:
        if known.name != fact.name:
            return Objection("coach-has-consent", "The candidate agreed to this adviser under another name; end that consent first.")
        return None
    if known and known.waits(at) and known.name == fact.name:
        return None
    others = [one for one in consents.values() if one.coach != fact.coach and (one.since or one.waits(at))]
    if len(others) >= MOST:
        return Objection("too-many-coaches", f"A candidate has at most {MOST} advisers.")
    consents[fact.coach] = Consent(fact.coach, fact.name, fact.id or "", at)
    return None


def _allowed(consents: dict[str, Consent], known: Consent | None, fact: CoachAllowed, at: datetime) -> Objection | None:
    if fact.by != "candidate":
        return Objection("not-the-candidate", "Only the candidate agrees to an adviser.")
    if known is None or known.ask != fact.ask or not (known.since or known.waits(at)):
        return Objection("not-asked", "This adviser does not ask any more, or asked anew.")
    if known.since is None:
        consents[fact.coach] = replace(known, since=at)
    return None
