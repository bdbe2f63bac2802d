"""What is said from outside: by the candidate, the platform, a board."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from workflows.facts.people import Contact, Employer, Frozen, Interviewer
from workflows.facts.words import (
    EARLIEST_ZONE,
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
)
from workflows.policy import Policy


class Saying(Frozen):
    """What every fact has."""

    order: ClassVar[int] = 0
    """Place in the contract's table: decides between facts of the same own time."""

    id: FactId | None = None
    """Identifies the fact for the application's life: said again, it is the same fact."""
    by: Speaker | None = None
    at: Time | None = None
    """Own time. None: the moment of receipt on the application's clock."""
    tentative: bool = False
    """Kept without effect until confirmed."""
    anyway: bool = False
    """Kept even where the guide or the state speaks against it."""

    def model_post_init(self, context: Any, /) -> None:
        self.__pydantic_fields_set__.add("type")  # what is stored leaves out what was not said, but never the tag of the union

    @property
    def own_time(self) -> datetime | None:
        return self.at


class InterviewScheduled(Saying):
    type: Literal["interview_scheduled"] = "interview_scheduled"
    interview: Id
    starts_at: Time
    ends_at: Time
    interviewers: Annotated[tuple[Interviewer, ...], Field(max_length=50)] | None = None
    kind: Line | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an interview ends after it starts: ends_at must be later than starts_at")
        if self.ends_at - self.starts_at > timedelta(days=7):
            raise ValueError("an interview of more than seven days is not one interview")
        return self


class InterviewRescheduled(InterviewScheduled):
    type: Literal["interview_rescheduled"] = "interview_rescheduled"  # pyright: ignore[reportIncompatibleVariableOverride] -- the tag of the union
    replaces: Id | None = None
    """The id that this interview had before; from now on another name of it."""


class InterviewCancelled(Saying):
    type: Literal["interview_cancelled"] = "interview_cancelled"
    interview: Id
    by_whom: Literal["employer", "candidate"] = "employer"


class InterviewHeld(Saying):
    type: Literal["interview_held"] = "interview_held"
    interview: Id
    ended_at: Time
    interviewers: Annotated[tuple[Interviewer, ...], Field(max_length=50)] | None = None
    assumed: bool = False
    """The process's own conclusion, 30 minutes after the end of a scheduled interview."""

    @property
    def own_time(self) -> datetime | None:
        return self.at or self.ended_at


class ReflectionNoted(Saying):
    """Private: in letters and the candidate's export only."""

    type: Literal["reflection_noted"] = "reflection_noted"
    interview: Id
    questions: Text | None = None
    answers: Text | None = None
    takeaways: Text | None = None
    points: dict[Id, Text] | None = None
    """Interviewer id -> the specific point of that talk."""


class ThankYouSent(Saying):
    type: Literal["thank_you_sent"] = "thank_you_sent"
    interview: Id
    interviewer: Id | None = None
    """None: everybody of that interview."""


class ThankYouWaived(Saying):
    type: Literal["thank_you_waived"] = "thank_you_waived"
    interview: Id
    interviewer: Id | None = None


class Promising(Saying):
    """States by when the employer will answer."""

    respond_by: Day | None = None
    """Employer's calendar; not before `at`."""

    @model_validator(mode="after")
    def _promises_the_future(self) -> Self:
        if self.respond_by and self.at and self.respond_by < self.at.astimezone(EARLIEST_ZONE).date():
            raise ValueError("respond_by must not be before the day on which it is said (at)")
        return self


class TimelineStated(Promising):
    type: Literal["timeline_stated"] = "timeline_stated"
    respond_by: Day  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- required here


class FollowUpSent(Saying):
    type: Literal["follow_up_sent"] = "follow_up_sent"


class EmployerReplied(Promising):
    model_config = ConfigDict(populate_by_name=True)

    type: Literal["employer_replied"] = "employer_replied"
    sender: Contact | None = Field(default=None, alias="from")


class EmployerAway(Saying):
    model_config = ConfigDict(populate_by_name=True)

    type: Literal["employer_away"] = "employer_away"
    until: Day
    """Employer's calendar, included."""
    since: Day | None = Field(default=None, alias="from")
    """None: the date of `at`."""

    @model_validator(mode="after")
    def _until_is_not_before_since(self) -> Self:
        if self.since and self.until < self.since:
            raise ValueError("until must not be before from")
        if self.since and (self.until - self.since).days > 366:
            raise ValueError("an absence of more than a year cannot be waited for")
        return self


class HiringStep(Saying):
    type: Literal["hiring_step"] = "hiring_step"
    step: Literal["debrief", "shortlist", "reference_check", "approval"]


class NextRoundInvited(Saying):
    model_config = ConfigDict(populate_by_name=True)

    type: Literal["next_round_invited"] = "next_round_invited"
    kind: Line | None = None
    with_whom: Line | None = Field(default=None, alias="with")


class OfferReceived(Saying):
    model_config = ConfigDict(populate_by_name=True)

    type: Literal["offer_received"] = "offer_received"
    in_writing: bool
    decide_by: DateOrTime | None = None
    """A date means 17:00 employer time on it."""
    starts_on: Day | None = None
    offer: Id | None = None
    sender: Contact | None = Field(default=None, alias="from")


class OfferAccepted(Saying):
    type: Literal["offer_accepted"] = "offer_accepted"
    offer: Id | None = None


class OfferDeclined(Saying):
    type: Literal["offer_declined"] = "offer_declined"
    offer: Id | None = None


class OfferWithdrawn(Saying):
    type: Literal["offer_withdrawn"] = "offer_withdrawn"
    offer: Id | None = None


class Rejected(Saying):
    model_config = ConfigDict(populate_by_name=True)

    type: Literal["rejected"] = "rejected"
    feedback: Text | None = None
    sender: Contact | None = Field(default=None, alias="from")
    by_whom: Literal["employer", "unknown"] = "employer"


class Withdrawn(Saying):
    type: Literal["withdrawn"] = "withdrawn"
    reason: Text | None = None


class DetailsChanged(Saying):
    type: Literal["details_changed"] = "details_changed"
    employer: Employer | None = None
    position: Line | None = None
    policy: Policy | Line | None = None
    """A name when said; the façade pins the policy of that name in its place."""


class Paused(Saying):
    type: Literal["paused"] = "paused"
    until: DateOrTime | None = None
    """A date means the start of waking hours on it; None: until resumed."""


class Resumed(Saying):
    type: Literal["resumed"] = "resumed"
    until: DateOrTime | None = None


class Snoozed(Saying):
    type: Literal["snoozed"] = "snoozed"
    intent: Intent
    until: DateOrTime


class Bounced(Saying):
    type: Literal["bounced"] = "bounced"
    intent: Intent
    permanent: bool


class Retracted(Saying):
    type: Literal["retracted"] = "retracted"
    fact: FactId


class Confirmed(Saying):
    type: Literal["confirmed"] = "confirmed"
    fact: FactId


class LetterSent(Saying):
    type: Literal["letter_sent"] = "letter_sent"
    letter: LetterId


class LetterApproved(Saying):
    """The candidate's own letter, to be sent for them as it stands: once, in the employer's office hours."""

    type: Literal["letter_approved"] = "letter_approved"
    letter: LetterId
    subject: Line
    body: Text
    """Private, like the draft that it was made from."""
