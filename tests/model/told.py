"""Section 2 of the process, read slowly: what is known after each fact, heard one by one in the order of own time.

Left out: unclaimed and linked applications, expiry, changed details, bounces, another country's calendar, two names of one offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.clocks import Clocks
from workflows.facts import Fact
from workflows.policy import Policy

HOUR = timedelta(hours=1)


@dataclass
class Meeting:
    """One interview, as last stated."""

    name: str
    said: datetime
    state: str = "ahead"
    starts: datetime | None = None
    ends: datetime | None = None
    people: tuple[str, ...] = ()
    assumed: set[datetime] = field(default_factory=set[datetime])
    done_with: dict[str | None, datetime] = field(default_factory=dict[str | None, datetime])
    """Who was thanked, waived or lapsed, and when; None: everybody."""
    lapsed: list[datetime] = field(default_factory=list[datetime])

    @property
    def end(self) -> datetime:
        assert self.ends
        return self.ends

    @property
    def first_said(self) -> datetime:
        return min(self.said, self.end)

    @property
    def held(self) -> bool:
        return self.state == "held" or (self.state == "ahead" and self.ends in self.assumed)

    @property
    def ahead(self) -> bool:
        return self.state == "ahead" and not self.held

    def finished(self) -> dict[str | None, datetime]:
        """When each person to thank was done with; only those who are."""
        found: dict[str | None, datetime] = {}
        for person in self.people or (None,):
            times = [t for t in (self.done_with.get(person), self.done_with.get(None)) if t]
            if person is None:  # nobody is known by name: thanks to anybody are thanks
                times += self.done_with.values()
            times += [t for t in self.lapsed if t >= self.end]
            if times:
                found[person] = min(times)
        return found

    @property
    def unthanked(self) -> bool:
        return len(self.finished()) < len(self.people or (None,))


@dataclass
class Proposal:
    """One offer."""

    number: int
    name: str | None
    first: datetime
    written: datetime | None = None
    deadline: datetime | None = None
    deadline_said: datetime | None = None
    state: str = "open"


@dataclass
class Promise:
    day: date
    said: datetime
    round: int


@dataclass
class Known:
    """Everything that the facts so far amount to."""

    clocks: Clocks
    policy: Policy
    meetings: dict[str, Meeting] = field(default_factory=dict[str, Meeting])
    proposals: list[Proposal] = field(default_factory=list[Proposal])
    notes: list[tuple[datetime, str, str, str]] = field(default_factory=list[tuple[datetime, str, str, str]])
    """When, kind, thing, and `prompted` or the reason of a skip."""
    snoozes: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    word: datetime | None = None
    word_type: str = ""
    word_promises: bool = False
    promise: Promise | None = None
    follow_ups: list[datetime] = field(default_factory=list[datetime])
    invitations: list[datetime] = field(default_factory=list[datetime])
    last_offer: datetime | None = None
    outcome: str | None = None
    outcome_at: datetime | None = None
    lapses: list[tuple[datetime, int]] = field(default_factory=list[tuple[datetime, int]])
    farewell: bool = False
    paused: Any = None
    facts: list[Fact] = field(default_factory=list[Fact])

    def standing(self) -> list[Meeting]:
        """The interviews that were or will be, by their end."""
        return sorted((m for m in self.meetings.values() if m.state != "cancelled"), key=lambda m: (m.end, m.name))

    def rounds(self) -> dict[str, int]:
        """Rounds: each interview against the last one that ended before it."""
        found: dict[str, int] = {}
        number, last = 1, None
        for m in self.standing():
            invited = any((last is None or at > last.end) and at <= m.end for at in self.invitations)
            later = last is not None and m.first_said > last.end and self.clocks.here(m.end) > self.clocks.here(last.end)
            number += invited or later
            found[m.name] = number
            last = m
        return found

    @property
    def round(self) -> int:
        ends = [m.end for m in self.standing()]
        reached = max(self.rounds().values(), default=1)
        return reached + any(not ends or at > max(ends) for at in self.invitations)

    def open_offers(self) -> list[Proposal]:
        return [p for p in self.proposals if p.state == "open"]

    def silence(self, *, projected: bool) -> datetime | None:
        """When the silence started. Projected: an interview still ahead counts as held at its end."""
        if self.outcome or any(p.written for p in self.open_offers()):
            return None
        if not projected and any(m.ahead for m in self.standing()):
            return None
        starts = [m.end for m in self.standing()] + ([self.word] if self.word else [])
        return max(starts, default=None)

    def promised(self, start: datetime) -> date | None:
        p = self.promise
        if p is None or p.day < self.clocks.there(start):
            return None
        rounds = self.rounds()
        if any(rounds[m.name] > p.round and m.first_said > p.said for m in self.standing()):
            return None
        return p.day

    def sent(self, start: datetime) -> datetime | None:
        """The first follow-up of the silence."""
        return min((at for at in self.follow_ups if at >= start), default=None)


TABLE = (
    "interview_scheduled", "interview_rescheduled", "interview_cancelled", "interview_held", "reflection_noted", "thank_you_sent",
    "thank_you_waived", "timeline_stated", "follow_up_sent", "employer_replied", "employer_away", "hiring_step", "next_round_invited",
    "offer_received", "offer_accepted", "offer_declined", "offer_withdrawn", "rejected", "withdrawn", "details_changed", "paused",
    "resumed", "snoozed", "bounced", "retracted", "confirmed", "letter_sent", "letter_approved", "opened", "calendar", "unread",
    "candidate_changed", "prompted", "skipped", "undeliverable", "thank_you_lapsed", "ghosted", "offer_lapsed", "linked", "expired",
    "closed", "letter_delivered", "letter_undeliverable",
)  # fmt: skip


def counting(facts: Sequence[Fact]) -> list[Fact]:
    """What is not taken back, in the order of own time."""

    def key(fact: Fact) -> tuple[bool, datetime, bool, int, str]:
        place = TABLE.index(fact.type)
        assert fact.at
        return fact.type != "opened", fact.at, fact.by == "process", place, fact.id or ""

    told = sorted(facts, key=key)
    confirmed = {f.fact for f in told if f.type == "confirmed"}
    struck: set[str] = set()
    for fact in reversed(told):
        if fact.type == "retracted" and fact.id not in struck:
            struck.add(fact.fact)
    return [f for f in told if f.by == "process" or f.type == "opened" or (f.id not in struck and (not f.tentative or f.id in confirmed))]
