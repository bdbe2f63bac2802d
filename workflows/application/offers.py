"""Offers: which are open, what they say, when they must be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workflows.calendar import EmployerClock
from workflows.facts import Contact, OfferReceived
from workflows.policy import Policy

Fate = Literal["accepted", "declined", "withdrawn", "lapsed", "ended"]


@dataclass
class Offer:
    number: int
    id: str | None
    first_at: datetime
    written_at: datetime | None = None
    stated: datetime | date | None = None
    """The employer's own deadline, as said."""
    stated_at: datetime | None = None
    """First statement of that deadline."""
    starts_on: date | None = None
    sender: Contact | None = None
    fate: Fate | None = None
    ended_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.fate is None

    def update(self, fact: OfferReceived, at: datetime) -> None:
        if fact.in_writing and self.written_at is None:
            self.written_at = at
        if fact.decide_by is not None and fact.decide_by != self.stated:
            self.stated, self.stated_at = fact.decide_by, at
        self.starts_on = fact.starts_on or self.starts_on
        self.sender = fact.sender or self.sender
        self.id = self.id or fact.offer

    def end(self, fate: Fate, at: datetime) -> None:
        self.fate, self.ended_at = fate, at

    def decide_by(self, clock: EmployerClock, policy: Policy) -> datetime | None:
        """The employer's own deadline, else the policy's for a written offer; a spoken one has none."""
        if isinstance(self.stated, datetime):
            return self.stated
        if self.stated is not None:
            return clock.close(self.stated)
        return clock.passed(clock.date_of(self.written_at), policy.answer) if self.written_at else None

    def deadline_since(self) -> datetime | None:
        return self.stated_at or self.written_at

    def lapses_at(self, clock: EmployerClock, policy: Policy) -> datetime | None:
        """When the employer's own deadline is long enough past: 17:00 on the fifth business day after its date."""
        if self.stated is None:
            return None
        day = clock.date_of(self.stated) if isinstance(self.stated, datetime) else self.stated
        return clock.passed(day, policy.outcome_until)
