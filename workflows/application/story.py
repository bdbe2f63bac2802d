"""What the facts amount to: one walk through them in the order of their own time.

Nothing here depends on the order of arrival, and nothing here raises: what contradicts the state is kept, has no effect, and its
objection is remembered, for the door to refuse by and for the view to show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, Literal

from workflows import facts as said
from workflows.application import interviews as interviewing
from workflows.application.approvals import Approval
from workflows.application.interviews import Interview, Round
from workflows.application.offers import Offer
from workflows.application.outcome import Outcome
from workflows.calendar import CandidateClock, EmployerClock, whose_holidays, zone
from workflows.facts import Fact
from workflows.policy import POLICIES, Policy

SILENCE_KINDS: Final = frozenset({"waiting", "follow-up", "follow-up-last-call", "ghosted", "references"})
YEAR: Final = timedelta(days=365)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)
"""No date of an application lies beyond them."""
TOO_LATE: Final = "too late"
SUPERSEDED: Final = "superseded"
NO_LONGER_NEEDED: Final = "no longer needed"
UNSUBSCRIBED: Final = "unsubscribed"


@dataclass(frozen=True)
class Objection:
    """Why a fact contradicts the guide or the state at its own time. `slug` names the problem of the contract."""

    slug: str
    detail: str


@dataclass(frozen=True)
class Silence:
    """The time since the employer was last heard; ends when they speak."""

    start: datetime
    number: int
    word: Fact | None
    """The word that began it; None: the end of an interview did."""
    promised: date | None
    """D, if it is still being waited for."""
    followed_up: datetime | None
    """F: when the first follow-up of this silence was sent."""


@dataclass
class Note:
    """What the process noted about a step."""

    kind: str
    thing: str
    at: datetime
    result: Literal["prompted", "skipped", "undeliverable"]
    reason: str = ""
    uncertain: bool = False
    lost_at: datetime | None = None
    """When it was known that the message never arrived; of no account once the address is another one."""


@dataclass(frozen=True)
class Pause:
    at: datetime
    until: datetime | None


@dataclass(frozen=True)
class Snooze:
    kind: str
    thing: str
    until: datetime
    place: int


@dataclass
class Story:
    """The application as its facts make it; `guide` reads it."""

    told: tuple[Fact, ...] = ()
    """The facts that count, in the order of own time."""
    opened: said.Opened | None = None
    candidate: said.Candidate | None = None
    employer: said.Employer | None = None
    position: str | None = None
    policy: Policy = POLICIES["industry"]
    calendar: said.Calendar | None = None
    interviews: dict[str, Interview] = field(default_factory=dict[str, Interview])
    names: dict[str, str] = field(default_factory=dict[str, str])
    invitations: list[said.NextRoundInvited] = field(default_factory=list[said.NextRoundInvited])
    words: list[tuple[datetime, int, Fact]] = field(default_factory=list[tuple[datetime, int, Fact]])
    follow_ups: list[tuple[datetime, int]] = field(default_factory=list[tuple[datetime, int]])
    offers: list[Offer] = field(default_factory=list[Offer])
    outcome: Outcome | None = None
    outcomes: dict[str, int] = field(default_factory=dict[str, int])
    notes: list[Note] = field(default_factory=list[Note])
    fates: dict[str, said.LetterDelivered | said.LetterUndeliverable] = field(
        default_factory=dict[str, said.LetterDelivered | said.LetterUndeliverable]
    )
    """Id of an approval -> what became of its letter."""
    approvals: list[Approval] = field(default_factory=list[Approval])
    pause: Pause | None = None
    snoozes: list[Snooze] = field(default_factory=list[Snooze])
    absences: list[tuple[date, date]] = field(default_factory=list[tuple[date, date]])
    linked: str | None = None
    expired_at: datetime | None = None
    closed_at: datetime | None = None
    heard_at: datetime | None = None
    """Own time of the last fact from outside."""
    moved_at: datetime | None = None
    """When the candidate's address last changed, or a channel came."""
    mail_moved_at: datetime | None = None
    """When the address last changed."""
    replied_after_follow_up: bool = False
    unread: int = 0
    objections: dict[str, Objection] = field(default_factory=dict[str, Objection])
    """Fact id -> why it changes nothing."""
    memo: dict[str, Any] = field(default_factory=dict[str, Any])
    """What was read from this story and is not worth reading twice."""
    promise: tuple[date, datetime, int] | None = None
    counted: int = 0
    counted_from: datetime | None = None
    counted_words: int = -1

    # -- the two clocks --

    @cached_property
    def candidate_clock(self) -> CandidateClock:
        who = self.candidate
        if who is None:
            return CandidateClock(zone("UTC"))
        start, end = (time.fromisoformat(t) for t in who.waking_hours)
        return CandidateClock(zone(who.timezone), start, end)

    @cached_property
    def employer_clock(self) -> EmployerClock:
        where = self.employer.timezone if self.employer and self.employer.timezone else self.candidate.timezone if self.candidate else "UTC"
        weekend = self.calendar.weekend if self.calendar else (5, 6)
        return EmployerClock(zone(where), weekend, self.calendar.holidays if self.calendar else {}, tuple(self.absences))

    def clocks_changed(self) -> None:
        self.__dict__.pop("candidate_clock", None)
        self.__dict__.pop("employer_clock", None)

    @property
    def country(self) -> str | None:
        """Whose holidays count."""
        if self.employer is None:
            return None
        return whose_holidays(self.employer.country, self.employer.timezone, self.candidate.country if self.candidate else None)

    def calendar_wanted(self) -> tuple[str | None, str | None, date, date] | None:
        """Country, subdivision, first and last day of the calendar that is missing; None while the pinned one will do."""
        if self.opened is None or self.employer is None:
            return None
        days = [f.at.date() for f in self.told if f.at and f.by != "process"]
        days += [i.ended_at.date() for i in self.interviews.values()] + [last for _, last in self.absences]
        days += [self.promise[0]] if self.promise else []
        days += [o.stated.date() if isinstance(o.stated, datetime) else o.stated for o in self.open_offers if o.stated]
        first, needed = max(min(days), FIRST_DAY + YEAR) - YEAR, min(max(days) + YEAR, LAST_DAY)
        known, subdivision = self.calendar, self.employer.subdivision
        if known and (known.country, known.subdivision) == (self.country, subdivision) and needed <= known.last:
            return None
        last = min(max(min(days), max(days) - YEAR) + 3 * YEAR, LAST_DAY)
        return (self.country, subdivision, first, last) if self.country else None

    def moment(self, until: datetime | date) -> datetime:
        """A date of the candidate means the start of waking hours on it."""
        return until if isinstance(until, datetime) else self.candidate_clock.start_on(until)

    # -- what it amounts to --

    @property
    def correspondent(self) -> said.Contact | None:
        """Who wrote last and can be written to, else the employer's contact, else the first who can be of those who interviewed last."""
        wrote = (said.EmployerReplied, said.OfferReceived, said.Rejected)
        senders = [f.sender for f in self.told if isinstance(f, wrote) and f.sender and f.sender.email]
        contact = self.employer.contact if self.employer else None
        if senders or (contact and contact.email):
            return senders[-1] if senders else contact
        held = sorted((i for i in self.interviews.values() if i.held), key=lambda i: i.ended_at, reverse=True)
        met = next((person for i in held for person in i.interviewers if person.email), None)
        return said.Contact(name=met.name, email=met.email) if met else contact

    def interview(self, name: str) -> Interview | None:
        return self.interviews.get(self.names.get(name, name))

    @property
    def ahead(self) -> tuple[Interview, ...]:
        return tuple(i for i in self.interviews.values() if i.ahead)

    @property
    def rounds(self) -> list[Round]:
        return interviewing.rounds(self.interviews, self.invitations, self.candidate_clock)

    @property
    def round(self) -> int:
        return self.rounds[-1].number

    @property
    def silences(self) -> int:
        """The number of the latest silence, for people only."""
        return max(self.counted, 0 if self.ahead else 1)

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        return tuple(o for o in self.offers if o.open)

    def silence_start(self, *, projected: bool = False) -> tuple[datetime, Fact | None, int] | None:
        """When the employer was last heard: moment, word (None: an interview's end), place. Projected: interviews ahead are held."""
        ends = [i.ended_at for i in self.interviews.values() if i.held or (projected and i.ahead)]
        word = self.words[-1] if self.words else None
        if ends and (word is None or max(ends) >= word[0]):
            return max(ends), None, -1
        return (word[0], word[2], word[1]) if word else None

    def silence(self, *, projected: bool = False) -> Silence | None:
        """The silence that runs now. Projected: as it will run once the interviews ahead are over."""
        if (self.ahead and not projected) or self.outcome or any(o.written_at for o in self.open_offers):
            return None
        found = self.silence_start(projected=projected)
        if found is None:
            return None
        start, word, place = found
        sent = [at for at, p in self.follow_ups if at > start or (at == start and p > place)]
        number = self.silences + 1 if projected and self.ahead else self.silences
        return Silence(start, number, word, self.promised(start), min(sent, default=None))

    def promised(self, start: datetime) -> date | None:
        """The promised date that counts in a silence of that start: neither spent nor earlier than it."""
        if self.promise is None:
            return None
        day, said_at, in_round = self.promise
        spent = any(r.number > in_round and any(i.first_said > said_at for i in r.interviews) for r in self.rounds)
        return None if spent or day < self.employer_clock.date_of(start) else day

    def base(self, silence: Silence) -> tuple[date, int, int, int]:
        """From which date, and how many business days, until the follow-up, the last call, and ghosted if none was sent."""
        p = self.policy
        if silence.promised:
            return silence.promised, p.grace, p.grace + p.grace_last, p.grace + p.grace_last + p.ghost
        return self.employer_clock.date_of(silence.start), p.first, p.last, p.last + p.ghost

    def asked_since(self, silence: Silence) -> datetime:
        """`since` of the steps that ask: the silence's start, or the close of the promised date if that is later."""
        return max(silence.start, self.employer_clock.close(silence.promised)) if silence.promised else silence.start

    def ghosted_from(self, silence: Silence, given: datetime | None) -> tuple[datetime, date, int]:
        """When a silence counts as ghosting, from which date, after how many business days. `given`: when the last call was."""
        clock, (base, a, b, c) = self.employer_clock, self.base(silence)
        if silence.followed_up:
            day, n = max(clock.date_of(silence.followed_up), clock.business_day(base, a)), self.policy.ghost
        elif given and given - self.candidate_clock.waking(clock.passed(base, b)) > timedelta(hours=24):
            day, n = clock.date_of(given), self.policy.ghost
        else:
            day, n = base, c
        return clock.passed(day, n), day, n

    def last_call_given(self, silence: Silence) -> datetime | None:
        since = self.asked_since(silence)
        given = [
            n.at
            for n in self.notes
            if n.kind == "follow-up-last-call"
            and n.at >= since
            and not (n.result == "skipped" and n.reason in (SUPERSEDED, NO_LONGER_NEEDED))
        ]
        return min(given, default=None)

    def noted(self, kind: str, thing: str, since: datetime) -> Note | None:
        """The note that makes a step done: of its kind for that thing (any silence), at or after `since`."""
        for note in self.notes:
            if note.kind != kind or note.at < since or note.reason == NO_LONGER_NEEDED:
                continue
            if kind not in SILENCE_KINDS and note.thing != self.names.get(thing, thing):
                continue
            if note.lost_at and self._went_elsewhere(note):
                continue
            return note
        return None

    @property
    def unreachable(self) -> Note | None:
        """The first message that was lost on the candidate's present address; None once a later one arrived there."""
        return self._lost_since(self.moved_at)

    @property
    def came_back(self) -> bool:
        """Whether mail to the present address came back, whatever channel there is beside it; False once a later message arrived."""
        lost = self._lost_since(self.mail_moved_at)
        return lost is not None and lost.result == "prompted"

    def _lost_since(self, moved: datetime | None) -> Note | None:
        arrived = max((n.at for n in self.notes if n.result == "prompted" and not n.lost_at), default=None)
        lost = (n for n in self.notes if n.lost_at and not (moved and moved > n.at) and not (arrived and arrived > n.lost_at))
        return next(lost, None)

    def _went_elsewhere(self, note: Note) -> bool:
        """Whether messages go elsewhere than this one did, whenever it was known that it was lost."""
        return self.moved_at is not None and self.moved_at > note.at

    def object_to(self, fact: Fact, slug: str, detail: str, *, mild: bool = False) -> None:
        self.objections[fact.id or ""] = Objection("no-effect" if mild else slug, detail)

    @cached_property
    def assumed_early(self) -> dict[str, set[datetime]]:
        """Ends that were assumed before (in own time) the interview was first said."""
        return {}
