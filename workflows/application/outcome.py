"""How an application can end, and what opens it again: the Outcome table of the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from workflows.facts import (
    Bounced,
    Confirmed,
    DetailsChanged,
    EmployerAway,
    EmployerReplied,
    Fact,
    HiringStep,
    InterviewCancelled,
    InterviewHeld,
    InterviewRescheduled,
    InterviewScheduled,
    LetterApproved,
    LetterSent,
    NextRoundInvited,
    OfferAccepted,
    OfferDeclined,
    OfferReceived,
    OfferWithdrawn,
    ReflectionNoted,
    Rejected,
    Retracted,
    ThankYouSent,
    ThankYouWaived,
    TimelineStated,
    Withdrawn,
)

Name = Literal["accepted", "declined", "rejected", "ghosted", "withdrawn", "lapsed"]
NAMES: Final = get_args(Name)

_INTERVIEW_SAID: Final = (InterviewScheduled, InterviewRescheduled, InterviewHeld, InterviewCancelled)
ALWAYS_TAKEN: Final = (ReflectionNoted, Retracted, Confirmed, DetailsChanged, LetterSent, LetterApproved, Bounced)
KEPT_FOR_LATER: Final = (*_INTERVIEW_SAID, EmployerAway, ThankYouSent, ThankYouWaived)
_BACK_IN_THE_RUNNING: Final = (NextRoundInvited, InterviewScheduled, InterviewRescheduled, OfferReceived)


@dataclass(frozen=True)
class Outcome:
    name: Name
    at: datetime
    number: int
    """Counts the outcomes of this name (farewells count withdrawals and declined offers together)."""
    rejected_by: Literal["employer", "unknown", "offer-withdrawn"] | None = None
    feedback: str | None = None
    offer: int | None = None
    """The offer that lapsed or was accepted, where one did."""
    counted: tuple[date, int, datetime] | None = None
    """Of a ghosting: from which date how many business days had passed, and when they had."""


def is_word(fact: Fact) -> bool:
    """Whether the employer spoke, wherever it is said (a timeline is a word only after a follow-up: see the story)."""
    match fact:
        case InterviewCancelled():
            return fact.by_whom == "employer"
        case HiringStep():
            return fact.step in ("reference_check", "approval")
        case EmployerReplied() | NextRoundInvited() | OfferReceived() | OfferWithdrawn():
            return True
        case _:
            return False


def reopens(outcome: Outcome, fact: Fact) -> bool:
    own = not (fact.by or "").startswith("board:")
    match outcome.name:
        case "ghosted" | "lapsed":
            return (
                is_word(fact)
                or isinstance(fact, InterviewScheduled | InterviewRescheduled | InterviewHeld | TimelineStated | Rejected)
                or (outcome.name == "lapsed" and isinstance(fact, OfferAccepted))
            )
        case "rejected":
            return isinstance(fact, _BACK_IN_THE_RUNNING)
        case "withdrawn" | "declined":
            return own and isinstance(fact, _BACK_IN_THE_RUNNING)
        case "accepted":
            return isinstance(fact, OfferWithdrawn) or (own and isinstance(fact, OfferDeclined | Withdrawn))


def taken(outcome: Outcome, fact: Fact) -> bool:
    """Whether a closed application takes the fact without a word against it, though it changes nothing now."""
    if isinstance(fact, (*ALWAYS_TAKEN, *KEPT_FOR_LATER)):
        return True
    if outcome.name == "accepted":
        return True
    if outcome.name == "rejected":
        return isinstance(fact, EmployerReplied)
    return outcome.name in ("withdrawn", "declined") and (fact.by or "").startswith("board:")
