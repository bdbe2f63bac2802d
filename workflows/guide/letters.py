"""Letters that the candidate approved: each leaves once, in the employer's office hours, or is noted as not sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.application import approvals
from workflows.application.approvals import Approval
from workflows.application.story import NO_LONGER_NEEDED, Story
from workflows.facts import LetterDelivered, LetterUndeliverable
from workflows.guide.steps import Step
from workflows.sentences import NOTHING


@dataclass(frozen=True)
class Leaving(Step):
    """An approved letter on its way out."""

    approval: Approval | None = None

    def sent(self, *, uncertain: bool = False) -> tuple[LetterDelivered, ...]:
        return tuple(LetterDelivered(letter=a.letter, approval=a.fact.id or "", uncertain=uncertain) for a in self._approved)

    def skipped(self, reason: str) -> tuple[LetterUndeliverable, ...]:
        return tuple(LetterUndeliverable(letter=a.letter, approval=a.fact.id or "", reason=reason) for a in self._approved)

    def undeliverable(self, reason: str) -> tuple[LetterUndeliverable, ...]:
        return self.skipped(reason)

    def moment(self, story: Story, now: datetime) -> datetime:
        """It keeps the employer's hours, not the candidate's, and is late rather than at night."""
        if self.due > now or not self.message or self.approval is None:
            return max(self.due, now)
        return approvals.leaves(story, self.approval, now)

    @property
    def _approved(self) -> tuple[Approval, ...]:
        return (self.approval,) if self.approval else ()


def steps(story: Story) -> Iterator[Step]:
    """Of the same letter approved twice only one is on its way at a time, and what is pointless is noted first."""
    pending = [(approvals.moot(story, approval), approval) for approval in story.approvals if approval.fate == "pending"]
    for pointless, approval in sorted(pending, key=lambda found: found[0]):
        name = approval.fact.id or ""
        due = approval.at if pointless else approvals.leaves(story, approval)
        step = Leaving(
            kind="letter",
            thing=name,
            since=approval.at,
            natural=due,
            due=due,
            until=approvals.until(story, approval),
            reason=NOTHING,
            chain="/".join(("letter", *approvals.name_of(story, approval.letter))),
            intents=(f"letter/{name}",),
            approval=approval,
        )
        yield replace(step, until=None, facts=step.skipped(NO_LONGER_NEEDED)) if pointless else step
