"""What leaves: a message to the candidate about one application or several, or a letter of theirs, with all that it may say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from workflows.facts import Contact, FactId, Frozen, Id, LetterId
from workflows.sentences import Sentence

Channel = Literal["email", "webhook"]


class Said(Frozen):
    """What is sent to an activity: without the fields that say no more than their default."""

    def model_post_init(self, context: Any, /) -> None:
        fields = type(self).model_fields
        self.__pydantic_fields_set__.difference_update([n for n in self.model_fields_set if getattr(self, n) == fields[n].default])


class Addressee(Said):
    """One person whom a draft is for."""

    interview: Id
    interviewer: Id | None = None
    """None: nobody is known by name; the draft goes to the contact."""
    name: str | None = None
    email: str | None = None
    """The interviewer's own, else the contact's."""
    role: str | None = None
    point: str | None = None
    """The specific point of that talk; None is a visible blank."""
    ended_at: datetime
    place: int = 0
    """Among all whom the application's interviews name, from 0: nobody else has it, so nobody else's letter has the same words."""


class OfferTerms(Said):
    number: int
    in_writing: bool
    decide_by: datetime | None = None
    stated: bool = False
    """Whether the employer named the deadline; else it is the policy's."""
    allows: int = 2
    """Business days that the policy thinks usual for an answer."""
    asks_for_time: bool = False
    """The employer named no deadline and a day or two may be asked for."""
    starts_on: date | None = None


class Other(Said):
    """Another open application of the same candidate."""

    application: Id
    employer: str
    position: str
    contact: Contact | None = None
    round: int = 1


class Notice(Said):
    """All that the message about a step may say: what the facts know and no more. Moments are absolute, zones named beside them."""

    application: Id
    intent: str
    """The step's intent; the message is named by it."""
    intents: tuple[str, ...]
    """Everything that this one message notes."""
    key: str
    """Identifies this message for ever: application, intent and what it hangs on. Base of the Message-ID."""
    candidate: Id | None = None
    """Whose it is; None in messages from before candidates were known across applications."""
    due: datetime
    why: str
    """The reason for its date, in English."""
    reason: Sentence | None = None
    """The same for a candidate who reads another language; None for one who reads English."""
    connection: Id | None = None
    """The board connection that spoke of the application first, if one did."""
    to: Contact
    """The candidate: name may be unknown, the address is not."""
    channels: tuple[Channel, ...] = ("email",)
    """How it reaches them: by mail, by the platform, or both."""
    language: str = "en"
    timezone: str
    """The candidate's zone."""
    employer_timezone: str
    employer: str
    contact: Contact | None = None
    position: str
    skills: tuple[str, ...] = ()
    people: tuple[Addressee, ...] = ()
    """Thank-you steps: who is still unthanked, one draft each. Other letters: the one to write to, if known."""
    reflect: tuple[str, ...] = ()
    """Interviews for which private reflection notes are invited."""
    interviewed_at: datetime | None = None
    """End of the last interview held."""
    quiet_since: datetime | None = None
    """Start of the silence."""
    promised: date | None = None
    """The promised date that is being waited for (employer's calendar)."""
    follow_up_due: datetime | None = None
    last_call_due: datetime | None = None
    follow_up_sent: bool = False
    best_sent_at: datetime | None = None
    """First moment in the employer's office hours at which the draft is best sent."""
    until: datetime | None = None
    """After that the message helps nobody."""
    offer: OfferTerms | None = None
    round: int = 1
    interview_starts_at: datetime | None = None
    """Next round: when its first interview starts, if a date is set."""
    round_kind: str | None = None
    round_with: str | None = None
    feedback: str | None = None
    rejected_by: Literal["employer", "unknown", "offer-withdrawn"] | None = None
    unaddressed: bool = False
    """There is nothing to address a mail to: a permanent bounce or no address at all."""
    together: bool = False
    """It can wait, and is handed to the candidate's run, for the digest or because of a daily limit."""
    others: tuple[Other, ...] = ()
    """`close-others`: the candidate's other open applications, one draft each. Read when it is sent."""


class ApprovedLetter(Said):
    """A letter of the candidate's own, as it is to leave: nothing is added to its words."""

    application: Id
    letter: LetterId
    key: str
    """Identifies this letter for ever: application, letter, approval. Base of the Message-ID."""
    whose: Id | None = None
    """The candidate's id; None in letters from before it was told."""
    connection: Id | None = None
    """As in a notice."""
    to: Contact
    candidate: Contact
    """Whose letter it is, and where answers go."""
    subject: str
    body: str


class Standing(Said):
    """One application in a message about several. Read when the message is sent."""

    application: Id
    employer: str
    position: str
    stage: str
    next_action: str | None = None
    next_due: datetime | None = None
    quiet_since: datetime | None = None
    decide_by: datetime | None = None
    offer: OfferTerms | None = None
    """`ask-for-time`: the open offer that is the first to be answered."""
    contact: Contact | None = None
    """Who is written to about it, if known."""
    employer_timezone: str | None = None


class Adviser(Said):
    """Who asks to follow a candidate's applications."""

    id: Id
    name: str
    ask: FactId
    """The fact that asked: what the candidate agrees to."""
    until: datetime
    """When the ask ends unanswered."""


class CandidateNotice(Said):
    """A message about several applications of one candidate, or about an adviser who asks to follow them. Moments are absolute."""

    candidate: Id
    intent: str
    """`digest/<date>`, `keep-going/<date>`, `ask-for-time/<n>`, `coach/<id>`; the date is the candidate's."""
    key: str
    """Identifies this message for ever. Base of the Message-ID."""
    due: datetime
    why: str
    reason: Sentence | None = None
    """As in a notice."""
    to: Contact
    channels: tuple[Channel, ...] = ("email",)
    """As in a notice."""
    language: str = "en"
    timezone: str
    notices: tuple[Notice, ...] = ()
    """Digest: what was handed in, in order of arrival. What is moot by now is left out when it is sent."""
    applications: tuple[Id, ...] = ()
    """Keep-going and ask-for-time: those that it is about."""
    standings: tuple[Standing, ...] = ()
    """What they are when it is sent."""
    coach: Adviser | None = None


Message = Notice | ApprovedLetter | CandidateNotice
"""What leaves: a message to the candidate about one application or several, or a letter of theirs."""
