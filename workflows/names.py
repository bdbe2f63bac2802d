"""Every name that Temporal stores, and what each activity is asked and answers. Released names never change."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from workflows.facts import Candidate, Contact, Country, Fact, Frozen, Id, LetterId
from workflows.sentences import Sentence

WORKFLOW: Final = "JobApplication"
RECORD: Final = "record"
HEARD: Final = "heard"
VIEW: Final = "view"
CANDIDATE: Final = "Candidate"
TELL_CANDIDATE: Final = "tell_candidate"
PUSH_PROFILE: Final = "push_profile"
SEND_NOTICE: Final = "send_notice"
LOOK_UP_HOLIDAYS: Final = "look_up_holidays"
FORWARD_FACTS: Final = "forward_facts"
SEND_LETTER: Final = "send_letter"
SEND_CANDIDATE_NOTICE: Final = "send_candidate_notice"
DEFER_NOTICE: Final = "defer_notice"

TASK_QUEUE: Final = "afterword"
NOTICES: Final = "afterword-notices"
"""The queue of sends alone, so that they can be paused and rate-limited apart."""

KEYWORDS: Final = ("Stage", "Outcome", "CandidateId", "Connection", "NextStep", "Policy", "Attention")
DATETIMES: Final = ("NextDueAt", "ChangedAt")
INTS: Final = ("Round",)
BOOLS: Final = ("Paused", "ThankedInTime", "RepliedAfterFollowUp")

TASK_TIMEOUT: Final = timedelta(seconds=4)
"""Of a workflow task: after a worker's death a word waits this long, not ten seconds."""
RETENTION: Final = timedelta(days=365)
"""How long ended runs are kept, at least: late word is resumed from them."""


def workflow_id(application: str) -> str:
    return f"application/{application}"


def candidate_id(candidate: str) -> str:
    return f"candidate/{candidate}"


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
    to: Contact
    """The candidate: name may be unknown, the address is not."""
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
    """There is nothing to address: a permanent bounce or no address at all."""
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
    to: Contact
    candidate: Contact
    """Whose letter it is, and where answers go."""
    subject: str
    body: str


class LetterRequest(Frozen):
    """What `send_letter` is asked. Answers and errors as those of `send_notice`, and LetterUnsendable."""

    letter: ApprovedLetter
    ahead: timedelta = timedelta(0)


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


class CandidateNotice(Said):
    """A message about several applications of one candidate. Moments are absolute."""

    candidate: Id
    intent: str
    """`digest/<date>`, `keep-going/<date>`, `ask-for-time/<n>`; the date is the candidate's."""
    key: str
    """Identifies this message for ever. Base of the Message-ID."""
    due: datetime
    why: str
    reason: Sentence | None = None
    """As in a notice."""
    to: Contact
    language: str = "en"
    timezone: str
    notices: tuple[Notice, ...] = ()
    """Digest: what was handed in, in order of arrival. What is moot by now is left out when it is sent."""
    applications: tuple[Id, ...] = ()
    """Keep-going and ask-for-time: those that it is about."""
    standings: tuple[Standing, ...] = ()
    """What they are when it is sent."""


Message = Notice | ApprovedLetter | CandidateNotice
"""What leaves: a message to the candidate about one application or several, or a letter of theirs."""


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


UNCERTAIN: Final = "SendUncertain"
"""Error type: the message was handed over and the answer is unknown. Never retried."""
BAD_ADDRESS: Final = "BadAddress"
"""Error type: the mail server refuses the recipient for good. Never retried."""
UNSENDABLE: Final = "LetterUnsendable"
"""Error type: a letter that must not leave as it stands: it has a blank, no words, or nobody to answer to. Never retried."""
REFUSED: Final = "SendRefused"
"""Error type: refused or unreachable before the data was handed over. Retried."""

EXAMPLES: Final[dict[str, Any]] = {
    RECORD: {"facts": [{"type": "employer_replied", "id": "reply-1"}], "by": "platform"},
    HEARD: {"facts": [{"type": "paused"}], "by": "platform"},
}


INTAKE: Final = "Intake"
POLL: Final = "Poll"
TAKE_IN: Final = "take_in"
READ_CHANGES: Final = "read_changes"

BOARDS: Final = "afterword-boards"
"""The queue of everything that asks a board's API, so that a slow board holds up nobody else."""


def intake_id(connection: str, key: str) -> str:
    """`key`: a digest of what names the delivery."""
    return f"intake/{connection}/{key}"


def poll_id(connection: str) -> str:
    """Of the schedule; its runs have the same id and the time at which they were due."""
    return f"poll/{connection}"


class IntakeRequest(Frozen):
    """What `Intake` begins with and `take_in` is asked: one delivery as it came. It holds no secret and, of thin boards, only ids."""

    connection: str
    board: str
    headers: dict[str, str]
    """Those that the signature covers; names in lower case."""
    body: str
    received: datetime


class Taken(Frozen):
    """What became of a delivery: what was fetched stays out of the history."""

    event: str
    applications: tuple[str, ...] = ()
    facts: int = 0
    erased: bool = False


class PollRequest(Frozen):
    """What `Poll` begins with."""

    connection: str
    board: str


class Cursor(Frozen):
    """How far a connection's changes were read; the result of a run of `Poll`, and where the next one begins."""

    since: datetime
    """The latest change that was read, by the board's clock."""
    seen: tuple[str, ...] = ()
    """Names of the changes shortly before it, which will be read once more: a change may be dated before one that was read already."""
    facts: int = 0
    """How many were heard in that run."""


class ChangesRequest(Frozen):
    """What `read_changes` is asked: one page."""

    connection: str
    board: str
    since: datetime
    until: datetime | None = None
    """What is changed later is the next look's."""
    page: int = 1
    further: str | None = None
    """What the board calls that page. None: it is the first."""
    seen: tuple[str, ...] = ()


class ChangesRead(Frozen):
    changes: tuple[tuple[datetime, str], ...] = ()
    """When each was made and what names it, also of those that were seen before."""
    facts: int = 0
    more: bool = False
    """Whether there is a further page."""
    further: str | None = None
    """What the board calls it."""


BOARD_REFUSES: Final = "BoardRefuses"
"""Error type: the API wants another key, or is not where the connection says. Tried again slowly, since only an operator can help."""
BOARD_FAILS: Final = "BoardFails"
"""Error type: the API did not answer, not now, or not so that it can be read. Tried again, when the board says so or by and by."""


TOMBSTONE: Final = "Tombstone"


def tombstone_id(application: str) -> str:
    """Of an erased application. It tells whoever knows the application's id, and nobody else."""
    return f"erased/{hashlib.sha256(application.encode()).hexdigest()}"
