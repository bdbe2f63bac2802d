"""What each activity is asked, and what it answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from workflows.facts import Candidate, Country, Fact, Frozen, Id
from workflows.names.messages import ApprovedLetter, CandidateNotice, Notice


class LetterRequest(Frozen):
    """What `send_letter` is asked. Answers and errors as those of `send_notice`, and LetterUnsendable."""

    letter: ApprovedLetter
    ahead: timedelta = timedelta(0)


class CandidateNoticeRequest(Frozen):
    """What `send_candidate_notice` is asked."""

    notice: CandidateNotice
    ahead: timedelta = timedelta(0)


class Delivery(Frozen):
    """What became of a message: it is with the mail server."""

    message_id: str
    nothing: bool = False
    """When it was looked at again there was nothing left to say, and nothing was sent."""


class NoticeRequest(Frozen):
    """What `send_notice` is asked. The moment of the attempt is the activity's own (virtual) start, on the application's clock."""

    notice: Notice
    ahead: timedelta = timedelta(0)
    """By how much the application's clock is ahead of the server's: that of a resumed run never runs backwards."""


class HolidayRequest(Frozen):
    """What `look_up_holidays` is asked; answers the fact `calendar`."""

    country: Country | None = None
    subdivision: str | None = None
    first: date
    last: date


class ForwardRequest(Frozen):
    """What `forward_facts` is asked: facts that belong to another application."""

    to: Id
    facts: tuple[Fact, ...]


class OpenOffer(Frozen):
    """An offer that waits for an answer."""

    number: int
    decide_by: datetime | None = None
    stated: bool = False
    """Whether the employer named the deadline."""


class Meaning(Frozen):
    """What an application means for the candidate's others."""

    outcome: str | None = None
    offers: tuple[OpenOffer, ...] = ()


class TellRequest(Frozen):
    """What `tell_candidate` is asked."""

    candidate: Id
    application: Id
    meaning: Meaning
    at: datetime
    """On the application's clock."""


class PushRequest(Frozen):
    """What `push_profile` is asked: the profile as it is, for applications that do not know it."""

    candidate: Candidate
    digest: str
    applications: tuple[Id, ...]


class AnnounceRequest(Frozen):
    """What `announce` is asked: the facts of an application between two revisions are to go to the platform."""

    application: Id
    after: int
    """Up to this revision they were announced before."""
    revision: int
