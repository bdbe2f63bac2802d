"""Every fact that can be said about a candidate across applications. Times are absolute, dates the candidate's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from workflows.facts import (
    CATEGORIES,
    Address,
    Candidate,
    Category,
    Country,
    FactId,
    Frozen,
    Id,
    Line,
    Preferences,
    Saying,
    Telling,
    Zone,
)
from workflows.names import Meaning, Notice

Key = Annotated[str, Field(max_length=512)]
"""Identifies a message or a question for ever."""
Intent = Annotated[str, Field(pattern=r"\A(?:digest|keep-going|ask-for-time|coach)/[A-Za-z0-9._~-]{1,128}\z")]


class PreferencesChange(Frozen):
    """Only what is named changes."""

    digest: bool | None = None
    weekends: bool | None = None
    daily_limit: Annotated[int, Field(ge=1, le=50)] | None = None
    """None takes the limit away."""
    unsubscribed: Annotated[tuple[Category, ...], Field(max_length=len(CATEGORIES))] | None = None


class ProfileChange(Frozen):
    """Only what is named changes; None takes away what may be unknown."""

    name: Line | None = None
    email: Address | None = None
    timezone: Zone | None = None
    country: Country | None = None
    waking_hours: tuple[str, str] | None = None
    language: Annotated[str, Field(pattern=r"\A[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\z")] | None = None
    skills: Annotated[tuple[Line, ...], Field(max_length=50)] | None = None
    channels: Annotated[tuple[Literal["email", "webhook"], ...], Field(min_length=1, max_length=2)] | None = None
    preferences: PreferencesChange | None = None


OPTIONAL: Final = frozenset({"name", "email", "country", "daily_limit"})
"""What may be unknown: named with None it is taken away, where None would make no sense it changes nothing."""


def changed(known: Candidate, change: ProfileChange) -> Candidate:
    """The profile with the change. ValueError if it cannot be one, such as the channel email without an address."""
    said = _named(change, {"preferences"})
    if change.preferences is not None:
        said["preferences"] = Preferences(**{**known.preferences.model_dump(), **_named(change.preferences)})
    return Candidate.model_validate({**dict(known), **said})


def _named(change: Frozen, apart: Collection[str] = ()) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in change.model_fields_set.difference(apart)}
    return {name: value for name, value in values.items() if value is not None or name in OPTIONAL}


class Registered(Saying):
    """The candidate as an opening describes them. It does not unsay what they have set themselves."""

    type: Literal["registered"] = "registered"
    candidate: Candidate


class ProfileChanged(Saying):
    """Set by the platform or by the candidate; it reaches every open application."""

    type: Literal["profile_changed"] = "profile_changed"
    change: ProfileChange


class ApplicationBegun(Saying):
    type: Literal["application_begun"] = "application_begun"
    application: Id
    has: str = ""
    """Digest of the profile that the application was opened with."""


class ApplicationLeft(Saying):
    """It is another candidate's by now: a board merged the two."""

    type: Literal["application_left"] = "application_left"
    application: Id


class MeaningTold(Saying):
    """What an application means for the others, told when it changes. Its last own time is the present one."""

    type: Literal["meaning_told"] = "meaning_told"
    application: Id
    meaning: Meaning


class Deferred(Saying):
    """A message of an application that can wait; it is the candidate's to send."""

    type: Literal["deferred"] = "deferred"
    notice: Notice


class CalendarRotated(Saying):
    """From now on the calendar feed has another address."""

    type: Literal["calendar_rotated"] = "calendar_rotated"
    nonce: Id


class CoachAsked(Saying):
    """An adviser asks to follow the candidate's applications."""

    type: Literal["coach_asked"] = "coach_asked"
    coach: Id
    name: Line
    """Who the candidate is told it is."""


class CoachAllowed(Saying):
    """The candidate agreed to that ask. Nobody else can say so."""

    type: Literal["coach_allowed"] = "coach_allowed"
    coach: Id
    ask: FactId


class CoachWithdrawn(Saying):
    """The ask or the consent is over: by the candidate, by the platform, or because the adviser resigned."""

    type: Literal["coach_withdrawn"] = "coach_withdrawn"
    coach: Id


class Pushed(Saying):
    """The profile of that digest is known to these applications."""

    type: Literal["pushed"] = "pushed"
    digest: str
    applications: tuple[Id, ...] = ()


class Prompted(Saying):
    type: Literal["prompted"] = "prompted"
    intent: Intent
    keys: tuple[Key, ...] = ()
    """What it was about: keys of the deferred messages that were in it, or of the question."""
    uncertain: bool = False


class Skipped(Saying):
    type: Literal["skipped"] = "skipped"
    intent: Intent
    keys: tuple[Key, ...] = ()
    reason: str


class Undeliverable(Saying):
    type: Literal["undeliverable"] = "undeliverable"
    intent: Intent
    keys: tuple[Key, ...] = ()
    reason: str


class Unread(Saying):
    type: Literal["unread"] = "unread"
    raw: Any = None
    reason: str = ""


_ORDER: Final = (
    Registered, ProfileChanged, ApplicationBegun, ApplicationLeft, MeaningTold, Deferred, CalendarRotated, Pushed, Prompted, Skipped,
    Undeliverable, Unread, CoachAsked, CoachAllowed, CoachWithdrawn,
)  # fmt: skip
for _place, _model in enumerate(_ORDER):
    _model.order = _place

PersonFact = Annotated[
    Registered | ProfileChanged | ApplicationBegun | ApplicationLeft | MeaningTold | Deferred | CalendarRotated | Pushed | Prompted
    | Skipped | Undeliverable | Unread | CoachAsked | CoachAllowed | CoachWithdrawn,
    Field(discriminator="type"),
]  # fmt: skip


class PersonWord(Telling[PersonFact]):
    """What is said to a candidate's run."""
