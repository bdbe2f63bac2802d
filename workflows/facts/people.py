"""Who it is about: the candidate, the employer, interviewers and contacts."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workflows.facts.words import (
    CATEGORIES,
    Address,
    Category,
    Country,
    Id,
    Line,
    Zone,
)


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


class Preferences(Frozen):
    """How a candidate wants to be written to. None of it moves a date of the guide that an employer set."""

    digest: bool = False
    """Prompts that can wait come together in one message at the start of the day."""
    weekends: bool = True
    """Whether prompts that can wait may come on Saturday and Sunday, the candidate's own."""
    daily_limit: Annotated[int, Field(ge=1, le=50)] | None = None
    """At most so many messages a day with prompts that can wait; the rest comes in the next morning's digest. None: no limit."""
    unsubscribed: Annotated[tuple[Category, ...], Field(max_length=len(CATEGORIES))] = ()
    """Categories of messages that are not wanted: their steps are noted as skipped."""


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
    preferences: Preferences = Preferences()

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

    def is_elsewhere(self, before: Candidate) -> bool:
        """Whether messages go to another address than before, or by a channel that was not there."""
        return self.email != before.email or not set(self.channels) <= set(before.channels)


class Employer(Frozen):
    """Whose calendar counts. Zone unknown: the candidate's. Country unknown: see `calendar.country_of`."""

    name: Line
    timezone: Zone | None = None
    country: Country | None = None
    subdivision: Annotated[str, Field(pattern=r"\A[A-Za-z0-9-]{1,10}\z")] | None = None
    contact: Contact | None = None
