"""Every fact that can be said about an application: one small frozen model each, one discriminated union.

Times are absolute (RFC 3339 with offset), dates are calendar dates in the zone that their field names. Nothing is decided here: what
facts amount to is in `application`, what follows from them in `guide`. New fields need defaults, because old histories are read with them.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from workflows.facts.outside import (
    Bounced,
    Confirmed,
    DetailsChanged,
    EmployerAway,
    EmployerReplied,
    FollowUpSent,
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
    Paused,
    ReflectionNoted,
    Rejected,
    Resumed,
    Retracted,
    Saying,
    Snoozed,
    ThankYouSent,
    ThankYouWaived,
    TimelineStated,
    Withdrawn,
)
from workflows.facts.people import Candidate, Contact, Employer, Frozen, Interviewer, Preferences
from workflows.facts.process import (
    RULES,
    Calendar,
    CandidateChanged,
    Closed,
    Expired,
    Ghosted,
    LetterDelivered,
    LetterUndeliverable,
    Linked,
    OfferLapsed,
    Opened,
    Prompted,
    Skipped,
    ThankYouLapsed,
    Undeliverable,
    Unread,
)
from workflows.facts.telling import Receipt, Telling
from workflows.facts.words import (
    CATEGORIES,
    KINDS,
    Address,
    Category,
    Country,
    DateOrTime,
    Day,
    FactId,
    Id,
    Intent,
    LetterId,
    Line,
    Speaker,
    Text,
    Time,
    Zone,
)

_OUTSIDE: Final = (
    InterviewScheduled, InterviewRescheduled, InterviewCancelled, InterviewHeld, ReflectionNoted, ThankYouSent, ThankYouWaived,
    TimelineStated, FollowUpSent, EmployerReplied, EmployerAway, HiringStep, NextRoundInvited, OfferReceived, OfferAccepted,
    OfferDeclined, OfferWithdrawn, Rejected, Withdrawn, DetailsChanged, Paused, Resumed, Snoozed, Bounced, Retracted, Confirmed, LetterSent,
    LetterApproved,
)  # fmt: skip
_PROCESS: Final = (
    Opened, Calendar, Unread, CandidateChanged, Prompted, Skipped, Undeliverable, ThankYouLapsed, Ghosted, OfferLapsed, Linked,
    Expired, Closed, LetterDelivered, LetterUndeliverable,
)  # fmt: skip
for _place, _model in enumerate((*_OUTSIDE, *_PROCESS)):
    _model.order = _place

OutsideFact = Annotated[
    InterviewScheduled | InterviewRescheduled | InterviewCancelled | InterviewHeld | ReflectionNoted | ThankYouSent | ThankYouWaived
    | TimelineStated | FollowUpSent | EmployerReplied | EmployerAway | HiringStep | NextRoundInvited | OfferReceived | OfferAccepted
    | OfferDeclined | OfferWithdrawn | Rejected | Withdrawn | DetailsChanged | Paused | Resumed | Snoozed | Bounced | Retracted | Confirmed
    | LetterSent | LetterApproved,
    Field(discriminator="type"),
]  # fmt: skip
"""What the API takes."""

Fact = Annotated[
    InterviewScheduled | InterviewRescheduled | InterviewCancelled | InterviewHeld | ReflectionNoted | ThankYouSent | ThankYouWaived
    | TimelineStated | FollowUpSent | EmployerReplied | EmployerAway | HiringStep | NextRoundInvited | OfferReceived | OfferAccepted
    | OfferDeclined | OfferWithdrawn | Rejected | Withdrawn | DetailsChanged | Paused | Resumed | Snoozed | Bounced | Retracted | Confirmed
    | LetterSent | LetterApproved
    | Opened | Calendar | Unread | CandidateChanged | Prompted | Skipped | Undeliverable | ThankYouLapsed | Ghosted | OfferLapsed | Linked
    | Expired | Closed | LetterDelivered | LetterUndeliverable,
    Field(discriminator="type"),
]  # fmt: skip
"""What an application holds."""

FACT: Final[TypeAdapter[Fact]] = TypeAdapter(Fact)
OUTSIDE_FACT: Final[TypeAdapter[OutsideFact]] = TypeAdapter(OutsideFact)


class Word(Telling[Fact]):
    """What is said to an application."""


__all__ = [
    "CATEGORIES",
    "FACT",
    "KINDS",
    "OUTSIDE_FACT",
    "RULES",
    "Address",
    "Bounced",
    "Calendar",
    "Candidate",
    "CandidateChanged",
    "Category",
    "Closed",
    "Confirmed",
    "Contact",
    "Country",
    "DateOrTime",
    "Day",
    "DetailsChanged",
    "Employer",
    "EmployerAway",
    "EmployerReplied",
    "Expired",
    "Fact",
    "FactId",
    "FollowUpSent",
    "Frozen",
    "Ghosted",
    "HiringStep",
    "Id",
    "Intent",
    "InterviewCancelled",
    "InterviewHeld",
    "InterviewRescheduled",
    "InterviewScheduled",
    "Interviewer",
    "LetterApproved",
    "LetterDelivered",
    "LetterId",
    "LetterSent",
    "LetterUndeliverable",
    "Line",
    "Linked",
    "NextRoundInvited",
    "OfferAccepted",
    "OfferDeclined",
    "OfferLapsed",
    "OfferReceived",
    "OfferWithdrawn",
    "Opened",
    "OutsideFact",
    "Paused",
    "Preferences",
    "Prompted",
    "Receipt",
    "ReflectionNoted",
    "Rejected",
    "Resumed",
    "Retracted",
    "Saying",
    "Skipped",
    "Snoozed",
    "Speaker",
    "Telling",
    "Text",
    "ThankYouLapsed",
    "ThankYouSent",
    "ThankYouWaived",
    "Time",
    "TimelineStated",
    "Undeliverable",
    "Unread",
    "Withdrawn",
    "Word",
    "Zone",
]
