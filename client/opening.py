"""What opens an application, as the platform says it, and what that amounts to as facts: policy and calendar pinned, content digested.

Owns no rule of the guide: facts are passed on as said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final, Self, cast

from pydantic import BaseModel, Field, TypeAdapter, model_validator

from activities.holidays import calendar_days
from client.door import MANY, read
from client.pinning import policy_named, with_policy
from workflows.calendar import whose_holidays
from workflows.facts import (
    RULES,
    Calendar,
    Candidate,
    DetailsChanged,
    Employer,
    Fact,
    Frozen,
    Id,
    Line,
    Opened,
    OutsideFact,
    Saying,
    Time,
    Word,
)
from workflows.policy import DEFAULT, POLICIES, Policy

METADATA: Final = 32_768
"""Bytes of JSON that a platform may keep with an application; they are in every view."""
_YEAR: Final = timedelta(days=366)
_ANY_DAY: Final = date(2026, 1, 1)
_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2200, 12, 31)


class Opening(Frozen):
    """An application as the platform registers it."""

    id: Id | None = None
    """Opaque and for ever; None: made from the idempotency key, else from the content."""
    refs: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    """Ids under which boards may have spoken of it already: `<connection>.<its id there>`."""
    metadata: dict[str, Any] = Field(default_factory=dict[str, Any])
    """The platform's own; given back in every view and never read."""
    candidate: Candidate
    employer: Employer
    position: Line
    policy: Line = DEFAULT
    facts: Annotated[tuple[OutsideFact, ...], Field(max_length=MANY)] = ()

    @model_validator(mode="after")
    def _stands_for_itself(self) -> Self:
        if len(json.dumps(self.metadata)) > METADATA:
            raise ValueError(f"metadata may have {METADATA} bytes")
        if len(set(self.refs)) != len(self.refs) or self.id in self.refs:
            raise ValueError("refs are other ids than the application's own, each named once")
        return self


class Preview(Opening):
    """An application that is only imagined."""

    as_of: Time | None = None
    """Facts up to then are known, later ones are heard at their own time. None: the latest fact's own time."""
    until: Time | None = None
    """How far to look. None: until nobody listens any more."""


OPENING: Final[TypeAdapter[Opening]] = TypeAdapter(Opening)
PREVIEW: Final[TypeAdapter[Preview]] = TypeAdapter(Preview)


def read_opening(raw: bytes) -> Opening:
    """Invalid with one fault per place."""
    return read(OPENING, raw)


def read_preview(raw: bytes) -> Preview:
    """Invalid with one fault per place."""
    return read(PREVIEW, raw)


def digest(said: BaseModel | Iterable[BaseModel], *salt: str) -> str:
    """The same for the same content, however it was written: order of fields, offsets and defaults do not matter. 40 hex digits."""
    plain = _plain(said) if isinstance(said, BaseModel) else [_plain(part) for part in said]
    text = json.dumps([plain, *salt], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def content_of(opening: Opening, key: str | None = None) -> str:
    """What tells a repetition from another opening: `<digest>`, and `<digest>.<digest of the key>` where it was said with one."""
    return digest(opening) + (f".{hashlib.sha256(key.encode()).hexdigest()[:16]}" if key else "")


def named(opening: Opening, key: str | None = None) -> Opening:
    """The opening with an id: its own, else one made from the key, else from the content, so that a repetition finds it again."""
    if opening.id:
        return opening
    made = hashlib.sha256(key.encode()).hexdigest() if key else digest(opening)
    return opening.model_copy(update={"id": f"app-{made[:24]}"})


def opened(
    opening: Opening, now: datetime, key: str | None = None, *, announced: bool = False, policies: Mapping[str, Policy] = POLICIES
) -> Word:
    """Everything that the opening says, with what decides dates pinned: one message, kept all or none. Invalid for an unknown policy.

    Every fact is named by the opening and its own content, so that the same opening said again, by a newer library or in another year, is
    no news. `announced`: whether the platform wants its facts as events.
    """
    fact = Opened(
        id="opened",
        by="platform",
        refs=opening.refs,
        metadata=opening.metadata,
        candidate=opening.candidate,
        employer=settled(opening.employer, opening.candidate),
        position=opening.position,
        policy=policy_named(opening.policy, policies, "policy"),
        rules=RULES,
        content=content_of(opening, key),
    )
    if announced:
        fact = fact.model_copy(update={"announced": True})
    calendar = pinned(opening.employer, opening.candidate, days_in(opening.facts) | {now.date()}).model_copy(
        update={"id": "opened~calendar"}
    )
    said = (f if f.id else f.model_copy(update={"id": f"opened~{digest(f)}"}) for f in opening.facts)
    told = (with_policy(f, policies, "facts", n) for n, f in enumerate(said))
    return Word(facts=(fact, calendar, *told), by="platform", key=key)


def pinned(employer: Employer, candidate: Candidate | None, days: set[date]) -> Calendar:
    """The employer's days that do not count, from a year before the earliest of the days to three years after (further, if they go on)."""
    first, last = min(days), max(days)
    first, last = max(first - _YEAR, _EARLIEST), min(max(first + 3 * _YEAR, last + _YEAR), _LATEST)
    found = calendar_days(_country(employer, candidate), employer.subdivision, first, last)
    return found.model_copy(update={"by": "process"})


def settled(employer: Employer, candidate: Candidate | None) -> Employer:
    """The employer with its subdivision as the calendar names it (`US-NY` is `NY`), or without one that no calendar knows."""
    if employer.subdivision is None:
        return employer
    known = calendar_days(_country(employer, candidate), employer.subdivision, _ANY_DAY, _ANY_DAY).subdivision
    return employer if known == employer.subdivision else employer.model_copy(update={"subdivision": known})


def warm() -> None:
    """Loads what the first look-up of a country would have to wait for."""
    calendar_days("US", None, _ANY_DAY, _ANY_DAY)


def _country(employer: Employer, candidate: Candidate | None) -> str | None:
    """Country unknown: that of the employer's zone; only if the zone is unknown too, the one that the candidate states."""
    return whose_holidays(employer.country, employer.timezone, candidate.country if candidate else None)


def outgrown(view: dict[str, Any], facts: Iterable[Fact], now: datetime) -> Calendar | None:
    """The calendar that takes the place of the one in this view once these facts are said; None: it goes on to do.

    A new one is needed where the employer's country changed, or where dates leave the ones that were looked up.
    """
    told = tuple(facts)
    moved = [f.employer for f in told if isinstance(f, DetailsChanged) and f.employer]
    if view["employer"] is None or (have := calendar_of(view)) is None:
        return None
    employer = moved[-1] if moved else Employer.model_validate(view["employer"])
    days = days_in(told) | {now.date()}
    found = pinned(employer, Candidate.model_validate(view["candidate"]), {have.first + _YEAR, *days})
    same_place = (found.country, found.subdivision) == (have.country, have.subdivision)
    if same_place and have.first <= min(days) and min(max(days) + _YEAR, found.last) <= have.last:
        return None
    return found.model_copy(update={"id": f"calendar~{digest(found)}"})


def calendar_of(view: dict[str, Any]) -> Calendar | None:
    """The calendar that the view's application counts with: the one said last."""
    said = [Calendar.model_validate(fact) for fact in view["facts"] if fact["type"] == "calendar"]
    return max(said, key=lambda c: (c.at is not None, c.at), default=None)


def days_in(facts: Iterable[Fact]) -> set[date]:
    """Every date that facts from outside name, in UTC."""
    return {day for fact in facts for day in _days(fact)}


def _days(value: Any) -> set[date]:
    match value:
        case datetime():
            return {value.astimezone(UTC).date()}
        case date():
            return {value}
        case BaseModel():
            return {day for name in type(value).model_fields for day in _days(getattr(value, name))}
        case _:
            return set()


def _plain(value: Any) -> Any:
    match value:
        case BaseModel():
            return {
                field.alias or name: _plain(inner)
                for name, field in type(value).model_fields.items()
                if (inner := getattr(value, name)) != field.get_default(call_default_factory=True)
                or (name == "type" and isinstance(value, Saying))
            }
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(inner) for inner in cast("list[Any]", value)]
        case dict():
            return {str(key): _plain(inner) for key, inner in cast("dict[Any, Any]", value).items()}
        case _:
            return value
