"""Every fact that can be said about an application: one small frozen model each, one discriminated union.

Times are absolute (RFC 3339 with offset), dates are calendar dates in the zone that their field names. Nothing is decided here: what
facts amount to is in `application`, what follows from them in `guide`. New fields need defaults, because old histories are read with them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from workflows.calendar import zone
from workflows.policy import Policy

KINDS: Final = (
    "thank-you",
    "thank-you-nudge",
    "thank-you-lapsed",
    "waiting",
    "follow-up",
    "follow-up-last-call",
    "ghosted",
    "references",
    "offer-thanks",
    "offer-review",
    "offer-decide",
    "offer-overdue",
    "offer-lapsed",
    "rejection-reply",
    "next-round",
    "close-others",
    "farewell",
)
"""The kinds of step, in the order of the guide."""


_EARLIEST_ZONE: Final = timezone(timedelta(hours=-12))
"""Where a date ends last: before it nowhere on earth is that day any more."""
_Dated = TypeVar("_Dated", bound=date)


def _one_line(text: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text):
        raise ValueError("control characters and line breaks are not allowed here")
    return text.strip()


def _several_lines(text: str) -> str:
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        raise ValueError("control characters other than line breaks and tabs are not allowed here")
    return text


def _plausible(moment: _Dated) -> _Dated:
    if not 1970 <= moment.year <= 2200:
        raise ValueError("a date of an application lies between the years 1970 and 2200")
    return moment


def _known_zone(name: str) -> str:
    zone(name)
    return name


def _address(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,253}", text) or _one_line(text) != text:
        raise ValueError("this cannot be an e-mail address")
    return text


Id = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~-]{1,128}\z")]
FactId = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~:-]{1,256}\z")]
Line = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_one_line), Field(min_length=1)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_several_lines)]
Address = Annotated[str, Field(max_length=320), AfterValidator(_address)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
Country = Annotated[str, Field(pattern=r"\A[A-Z]{2}\z")]
Time = Annotated[AwareDatetime, AfterValidator(_plausible)]
Day = Annotated[date, AfterValidator(_plausible)]
DateOrTime = Annotated[Time | Day, Field(union_mode="left_to_right")]
Intent = Annotated[str, Field(pattern=rf"\A(?:{'|'.join(KINDS)})/[A-Za-z0-9._~-]{{1,128}}\z")]
LetterId = Annotated[str, Field(pattern=rf"\A(?:{'|'.join(KINDS)})/[A-Za-z0-9._~-]{{1,128}}(?:/[A-Za-z0-9._~-]{{1,128}})?\z")]
Speaker = Annotated[str, Field(pattern=r"\A(?:candidate|platform|process|board:[A-Za-z0-9._~-]{1,128})\z")]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


class Contact(Frozen):
    """Somebody at the employer who can be written to."""

    name: Line | None = None
    email: Address | None = None


class Interviewer(Frozen):
    id: Id
    name: Line
    email: Address | None = None
    role: Line | None = None


class Candidate(Frozen):
    """The person: where messages go, and when they may arrive."""

    id: Id
    name: Line | None = None
    email: Address | None = None
    timezone: Zone
    country: Country | None = None
    waking_hours: tuple[str, str] = ("08:00", "21:00")
    """Local times `HH:MM`; at least three hours apart, within one day."""
    language: Annotated[str, Field(pattern=r"\A[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\z")] = "en"
    skills: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    channels: Annotated[tuple[Literal["email", "webhook"], ...], Field(min_length=1, max_length=2)] = ("email",)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not all(re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", t) for t in self.waking_hours):
            raise ValueError("waking_hours are two local times HH:MM")
        start, end = (int(t[:2]) * 60 + int(t[3:]) for t in self.waking_hours)
        if end - start < 180:
            raise ValueError("waking_hours must span at least 3 hours within one day")
        if "email" in self.channels and self.email is None:
            raise ValueError("email is required for the channel email")
        return self


class Employer(Frozen):
    """Whose calendar counts. Zone unknown: the candidate's. Country unknown: see `calendar.country_of`."""

    name: Line
    timezone: Zone | None = None
    country: Country | None = None
    subdivision: Annotated[str, Field(pattern=r"\A[A-Za-z0-9-]{1,10}\z")] | None = None
    contact: Contact | None = None


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


# -- said from outside ------------------------------------------------------------------------------------------------------------------


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
        if self.respond_by and self.at and self.respond_by < self.at.astimezone(_EARLIEST_ZONE).date():
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


# -- said by the process ----------------------------------------------------------------------------------------------------------------


class Opened(Saying):
    """The platform registers the application; everything that decides dates is pinned here."""

    type: Literal["opened"] = "opened"
    refs: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    metadata: dict[str, Any] = {}
    candidate: Candidate
    employer: Employer
    position: Line
    policy: Policy
    rules: int = 1
    content: str = ""
    """Digest of the opening as it was said, to tell a repetition from another application of the same id."""


class Calendar(Saying):
    """The employer's days that do not count, looked up once and pinned."""

    type: Literal["calendar"] = "calendar"
    country: Country | None = None
    subdivision: str | None = None
    weekend: tuple[int, ...] = (5, 6)
    """Monday is 0."""
    holidays: dict[date, str] = {}
    first: Day
    last: Day
    """The dates looked at, both included."""
    library: str = ""


class Unread(Saying):
    """Something that could not be read, kept whole for a later version to read."""

    type: Literal["unread"] = "unread"
    raw: Any = None
    reason: str = ""


class CandidateChanged(Saying):
    type: Literal["candidate_changed"] = "candidate_changed"
    candidate: Candidate


class Prompted(Saying):
    type: Literal["prompted"] = "prompted"
    intent: Intent
    uncertain: bool = False
    """The message was handed over and its fate is unknown; it is never repeated."""


class Skipped(Saying):
    type: Literal["skipped"] = "skipped"
    intent: Intent
    reason: str


class Undeliverable(Saying):
    type: Literal["undeliverable"] = "undeliverable"
    intent: Intent
    reason: str


class ThankYouLapsed(Saying):
    type: Literal["thank_you_lapsed"] = "thank_you_lapsed"
    interview: Id
    interviewers: tuple[Id, ...] = ()
    """Who was not thanked; empty: nobody was known by name."""


class Ghosted(Saying):
    type: Literal["ghosted"] = "ghosted"


class OfferLapsed(Saying):
    type: Literal["offer_lapsed"] = "offer_lapsed"
    number: int


class Linked(Saying):
    """This run stands for a board's id; it hands its facts to the application and forwards later ones."""

    type: Literal["linked"] = "linked"
    to: Id


class Expired(Saying):
    type: Literal["expired"] = "expired"


class Closed(Saying):
    type: Literal["closed"] = "closed"


_OUTSIDE: Final = (
    InterviewScheduled, InterviewRescheduled, InterviewCancelled, InterviewHeld, ReflectionNoted, ThankYouSent, ThankYouWaived,
    TimelineStated, FollowUpSent, EmployerReplied, EmployerAway, HiringStep, NextRoundInvited, OfferReceived, OfferAccepted,
    OfferDeclined, OfferWithdrawn, Rejected, Withdrawn, DetailsChanged, Paused, Resumed, Snoozed, Bounced, Retracted, Confirmed, LetterSent,
)  # fmt: skip
_PROCESS: Final = (
    Opened, Calendar, Unread, CandidateChanged, Prompted, Skipped, Undeliverable, ThankYouLapsed, Ghosted, OfferLapsed, Linked, Expired, Closed,
)  # fmt: skip
for _place, _model in enumerate((*_OUTSIDE, *_PROCESS)):
    _model.order = _place

OutsideFact = Annotated[
    InterviewScheduled | InterviewRescheduled | InterviewCancelled | InterviewHeld | ReflectionNoted | ThankYouSent | ThankYouWaived
    | TimelineStated | FollowUpSent | EmployerReplied | EmployerAway | HiringStep | NextRoundInvited | OfferReceived | OfferAccepted
    | OfferDeclined | OfferWithdrawn | Rejected | Withdrawn | DetailsChanged | Paused | Resumed | Snoozed | Bounced | Retracted | Confirmed
    | LetterSent,
    Field(discriminator="type"),
]  # fmt: skip
"""What the API takes."""

Fact = Annotated[
    InterviewScheduled | InterviewRescheduled | InterviewCancelled | InterviewHeld | ReflectionNoted | ThankYouSent | ThankYouWaived
    | TimelineStated | FollowUpSent | EmployerReplied | EmployerAway | HiringStep | NextRoundInvited | OfferReceived | OfferAccepted
    | OfferDeclined | OfferWithdrawn | Rejected | Withdrawn | DetailsChanged | Paused | Resumed | Snoozed | Bounced | Retracted | Confirmed
    | LetterSent
    | Opened | Calendar | Unread | CandidateChanged | Prompted | Skipped | Undeliverable | ThankYouLapsed | Ghosted | OfferLapsed | Linked
    | Expired | Closed,
    Field(discriminator="type"),
]  # fmt: skip
"""What an application holds."""

FACT: Final[TypeAdapter[Fact]] = TypeAdapter(Fact)
OUTSIDE_FACT: Final[TypeAdapter[OutsideFact]] = TypeAdapter(OutsideFact)


class Word(Frozen):
    """One message of facts, kept all or none: what the update `record` and the signal `heard` take."""

    facts: tuple[Fact, ...]
    by: Speaker = "platform"
    """Who says the facts that do not say it themselves."""
    key: Annotated[str, Field(max_length=128)] | None = None
    """The caller's idempotency key: names the facts that have no id."""


class Receipt(Frozen):
    revision: int
    """How many facts are known once these are."""
    fresh: bool
    """Whether any of them was new."""
