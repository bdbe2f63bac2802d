"""What the process itself adds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from workflows.facts.outside import Saying
from workflows.facts.people import Candidate, Employer
from workflows.facts.words import (
    Country,
    Day,
    FactId,
    Id,
    Intent,
    LetterId,
    Line,
)
from workflows.policy import Policy

RULES: Final = 3
"""The version of the rules that an application opened now is kept by.

2: it tells its candidate's run what it means for the others. 3: thank-yous that lapsed are done with, whatever is sent after; an offer
that is known by its acceptance is a word and spends a promised date.
"""


class Opened(Saying):
    """The platform registers the application; everything that decides dates is pinned here."""

    type: Literal["opened"] = "opened"
    refs: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    metadata: dict[str, Any] = Field(default_factory=dict[str, Any])
    candidate: Candidate
    employer: Employer
    position: Line
    policy: Policy
    rules: int = 1
    announced: bool = False
    """Whether its facts go to the platform as events: where none were wanted when it opened, nothing is spent on them."""
    content: str = ""
    """Digest of the opening as it was said, to tell a repetition from another application of the same id."""


class Calendar(Saying):
    """The employer's days that do not count, looked up once and pinned."""

    type: Literal["calendar"] = "calendar"
    country: Country | None = None
    subdivision: str | None = None
    weekend: tuple[int, ...] = (5, 6)
    """Monday is 0."""
    holidays: dict[date, str] = Field(default_factory=dict[date, str])
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
    of: Id | None = None
    """The candidate that it is about: to an application that is somebody else's by then it says nothing. None: whoever it was before."""


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


class LetterDelivered(Saying):
    """A letter that was approved is with the mail server; of an uncertain one that is not known, and it is never sent again."""

    type: Literal["letter_delivered"] = "letter_delivered"
    letter: LetterId
    approval: FactId
    """The fact that approved it."""
    uncertain: bool = False


class LetterUndeliverable(Saying):
    """A letter that was approved did not leave and will not; it counts as never approved."""

    type: Literal["letter_undeliverable"] = "letter_undeliverable"
    letter: LetterId
    approval: FactId
    """The fact that approved it."""
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
