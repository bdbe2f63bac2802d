"""The shapes of what the API answers, for /openapi.json and /docs. The answers themselves are made elsewhere; more may be added to them."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from workflows.facts import Candidate, Employer, Preferences

Stage = Literal["unclaimed", "interviewing", "thanking", "waiting", "following_up", "awaiting_reply", "deciding", "closed"]
Outcome = Literal["accepted", "declined", "rejected", "ghosted", "withdrawn", "lapsed"]


class Shape(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")


class PolicyName(Shape):
    name: str
    version: int


class PlannedStep(Shape):
    """A step still ahead if nobody says another word."""

    intent: str
    due: AwareDatetime
    """In the candidate's zone."""
    action: str
    why: str


class KnownFact(Shape):
    """A fact as it is kept: the common fields, and those of its type. Private text is left out; then `private` is true."""

    type: str
    id: str
    at: AwareDatetime
    by: str


class View(Shape):
    """An application as its facts make it."""

    id: str
    revision: int
    """How many facts are known."""
    stage: Stage
    outcome: Outcome | None
    round: int
    paused: bool
    metadata: dict[str, Any]
    candidate: Candidate | None
    employer: Employer | None
    position: str | None
    policy: PolicyName | None
    agenda: list[PlannedStep]
    """Soonest first."""
    facts: list[KnownFact]
    """In order of arrival."""


class NextStep(Shape):
    step: str | None
    """Its kind."""
    due: AwareDatetime | None


class Summary(Shape):
    """What Temporal's index holds of an application's latest run."""

    id: str
    candidate: str | None
    stage: str | None
    outcome: str | None
    round: int | None
    paused: bool
    policy: str | None
    connection: str | None
    attention: str | None
    next: NextStep | None
    changed_at: AwareDatetime | None


class Summaries(Shape):
    applications: list[Summary]
    next: str | None
    """The cursor of the next page; null: this was the last one."""


class CandidateSummary(Shape):
    """One application of a candidate, as everything that was said to it makes it."""

    id: str
    stage: Stage
    outcome: Outcome | None
    round: int
    paused: bool
    next: NextStep | None


class Lost(Shape):
    """The first message that did not arrive, for good, at the address as it is."""

    since: AwareDatetime
    intent: str
    application: str | None
    """Null: it was about several."""


class CandidateStep(Shape):
    """A message about several applications that is ahead."""

    intent: str
    due: AwareDatetime
    """In the candidate's zone."""
    why: str


class Coach(Shape):
    """An adviser: one who asks to follow the candidate's applications, or one whom they agreed to."""

    id: str
    name: str
    asked: AwareDatetime
    until: AwareDatetime | None
    """When the ask ends unanswered; null once it was agreed to."""
    since: AwareDatetime | None
    """When the candidate agreed; null: not yet."""


class CandidateView(Shape):
    """A candidate across applications."""

    id: str
    profile: dict[str, Any]
    """As in an opening, without the preferences."""
    preferences: Preferences
    applications: list[CandidateSummary]
    """Every one that was opened for them, none behind."""
    undeliverable: Lost | None
    """Since when messages do not arrive; null again once the address is another one."""
    coaches: list[Coach]
    """Who asks to follow their applications, and who may."""
    calendar_url: str | None
    """For a calendar to subscribe to, and for nobody else to know; null for a key without the scope `private`."""
    agenda: list[CandidateStep]


class CalendarAddress(Shape):
    calendar_url: str | None
    """Null for a key without the scope `private`."""


class Facts(Shape):
    facts: list[KnownFact]
    revision: int


class Recipient(Shape):
    name: str | None
    email: str | None


class Letter(Shape):
    """A draft of what is prompted and not done, or a letter that the candidate approved to be sent for them."""

    id: str
    intent: str
    interview: str | None
    interviewer: str | None
    to: Recipient
    subject: str
    body: str
    blanks: list[str]
    """What only the candidate can say, as it stands in the text."""
    best_sent_at: AwareDatetime | None
    """In the employer's office hours; of an approved letter when it leaves."""
    resembles: str | None
    """An earlier draft that says nearly the same."""
    status: Literal["draft", "approved", "delivered", "uncertain", "undeliverable"]
    """`uncertain`: it may have been sent, and is never sent again by itself."""
    sent_at: AwareDatetime | None
    reason: str | None
    """Why it did not leave."""


class Letters(Shape):
    letters: list[Letter]


class PreviewedStep(Shape):
    """One message or one skip, at the moment at which it is performed or noted as skipped."""

    intent: str
    due: AwareDatetime
    why: str
    action: str
    skipped: str | None = None


class Previewed(Shape):
    steps: list[PreviewedStep]
    view: View


class SentMessage(Shape):
    intent: str | None
    """None: a letter that was sent for the candidate."""
    to: str
    subject: str
    text: str
    sent_at: AwareDatetime
    application_time: AwareDatetime | None
    """None: the mail of another program, which has no date that can be read."""


class Messages(Shape):
    messages: list[SentMessage]
    """Newest last."""


class ConnectionTally(Shape):
    """One connection of a job board, and what became of the deliveries that this process of the API answered."""

    id: str
    board: str
    unknown: Literal["unclaimed", "open"]
    """What becomes of an application that nobody opened: it waits, or is opened from what the payload knows."""
    last_delivery: AwareDatetime | None
    """When the latest authentic one came."""
    accepted: int
    refused: int
    """Not authentic, or too large."""
    without_effect: int
    """Authentic, acknowledged, and no word about an application."""
    unavailable: int
    """Authentic, and could not be kept: the board was asked to send it again."""
    events_without_effect: dict[str, int]
    """The same by the board's name of the event; beyond a hundred names they are counted as `other`."""


class Connections(Shape):
    """The counts are those of one process of the API, since it started: where several run, each has its own."""

    connections: list[ConnectionTally]
    """By id."""
    since: AwareDatetime
    """When this process began to count."""
    mistakes: list[str]
    """Why the file of the connections, as it is now, is not used and the last good one is. Empty: it is used."""


class OneHold(Shape):
    scope: str
    """`all`, `connection/<id>` or `step/<kind>`."""
    until: AwareDatetime


class HoldList(Shape):
    holds: list[OneHold]
    """By scope. Empty: sending goes on."""


class Health(Shape):
    status: Literal["ok"]


VIEW_EXAMPLE: Final[dict[str, Any]] = {
    "id": "app-1001",
    "revision": 3,
    "stage": "thanking",
    "outcome": None,
    "round": 1,
    "paused": False,
    "metadata": {"row": "81723"},
    "candidate": {"id": "cand-7", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"},
    "employer": {"name": "Analytical Engines", "timezone": "America/New_York", "country": "US", "subdivision": "NY"},
    "position": "Staff Engineer",
    "policy": {"name": "industry", "version": 1},
    "agenda": [
        {
            "intent": "follow-up/1",
            "due": "2026-03-12T08:00:00+00:00",
            "action": "Send your one follow-up",
            "why": "Thu 12 Mar 08:00 London: 7 business days after Mon 2 Mar (New York) have passed on Wed 11 Mar 17:00 there; your waking "
            "hours start 08:00. Policy industry 1.",
        }
    ],
    "facts": [
        {
            "type": "interview_held",
            "id": "opened~3f2a",
            "at": "2026-03-02T15:00:00+00:00",
            "by": "platform",
            "interview": "i1",
            "ended_at": "2026-03-02T15:00:00+00:00",
        }
    ],
}
_CANDIDATE: Final[dict[str, Any]] = {
    "id": "cand-7",
    "name": "Ada Byron",
    "email": "ada@example.org",
    "timezone": "Europe/London",
    "country": "GB",
    "waking_hours": ["08:00", "21:00"],
    "language": "en",
    "skills": ["numerical tables"],
}
CALENDAR_URL: Final = "https://afterword.example.com/v1/candidates/cand-7/calendar.ics?token=WyJjYW5kLTciLCIxIl0.c2lnbmVk"
CANDIDATE_EXAMPLE: Final[dict[str, Any]] = {
    "id": "cand-7",
    "profile": {name: value for name, value in _CANDIDATE.items() if name != "id"} | {"channels": ["email"]},
    "preferences": {"digest": True, "weekends": True, "daily_limit": None, "unsubscribed": []},
    "applications": [
        {
            "id": "app-1001",
            "stage": "thanking",
            "outcome": None,
            "round": 1,
            "paused": False,
            "next": {"step": "follow-up", "due": "2026-03-12T08:00:00+00:00"},
        }
    ],
    "undeliverable": None,
    "coaches": [
        {"id": "coach-9", "name": "Grace Hopper", "asked": "2026-03-02T16:00:00+00:00", "until": None, "since": "2026-03-02T19:30:00+00:00"}
    ],
    "calendar_url": CALENDAR_URL,
    "agenda": [],
}
CHANGE_EXAMPLE: Final[dict[str, Any]] = {"profile": {"email": "ada@new.example.org"}, "preferences": {"digest": True}}
OPENING_EXAMPLE: Final[dict[str, Any]] = {
    "id": "app-1001",
    "metadata": {"row": "81723"},
    "candidate": _CANDIDATE,
    "employer": {
        "name": "Analytical Engines",
        "timezone": "America/New_York",
        "country": "US",
        "subdivision": "NY",
        "contact": {"name": "Recruiting", "email": "jobs@example.com"},
    },
    "position": "Staff Engineer",
    "policy": "industry",
    "facts": [
        {
            "type": "interview_held",
            "interview": "i1",
            "ended_at": "2026-03-02T15:00:00+00:00",
            "interviewers": [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com", "role": "hiring manager"}],
        }
    ],
}
FACTS_EXAMPLES: Final[dict[str, Any]] = {
    "one": {"summary": "One fact", "value": {"type": "follow_up_sent", "id": "follow-up-1", "by": "candidate"}},
    "several": {
        "summary": "Several facts, kept all or none",
        "value": {
            "facts": [
                {"type": "employer_replied", "id": "reply-1", "from": {"name": "Grace Hopper"}},
                {"type": "timeline_stated", "id": "timeline-1", "respond_by": "2026-03-27"},
            ]
        },
    },
}
PREVIEW_EXAMPLE: Final[dict[str, Any]] = {**{k: v for k, v in OPENING_EXAMPLE.items() if k != "id"}, "as_of": "2026-03-02T15:00:00+00:00"}


def documented(model: type[BaseModel], description: str, example: Any = None, **headers: str) -> dict[str, Any]:
    """How FastAPI is told of one answer."""
    said: dict[str, Any] = {"model": model, "description": description}
    if example is not None:
        said["content"] = {"application/json": {"example": example}}
    if headers:
        said["headers"] = {name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}
    return said
