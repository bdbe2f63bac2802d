"""The two clocks: the employer's, which decides which days count, and the candidate's, which decides when a message may arrive.

Every moment is taken as aware and given back in UTC, so that arithmetic is absolute; a local hour is made anew for each date, so that a
daylight-saving change moves the UTC moment and never the hour. Zones are those of the pinned `tzdata` package, whatever the machine has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

CLOSE_OF_BUSINESS: Final = time(17)
OPENING: Final = time(9)
ONE_DAY: Final = timedelta(days=1)
LONGEST_ABSENCE: Final = timedelta(days=366)
_FURTHEST: Final = date(2400, 1, 1)


@cache
def _zones() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError if tzdata has none."""
    if name not in _zones():
        raise ValueError(f"{name!r} is not an IANA time zone such as Europe/London")
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    rows = (line.split("\t") for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines() if not line.startswith("#"))
    links = (line.split() for line in files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text().splitlines() if line.startswith("L "))
    return {row[2]: row[0] for row in rows}, {alias: target for _, target, alias in links}


def country_of(zone_name: str) -> str | None:
    """The country of a zone by tzdata's `zone.tab`: its own row; only without one, that of its link's target."""
    rows, links = _countries()
    return rows.get(zone_name) or rows.get(links.get(zone_name, ""))


def whose_holidays(stated: str | None, employer_zone: str | None, candidate_country: str | None) -> str | None:
    """The employer's stated country, else its zone's; only if its zone is unknown too, the one that the candidate states."""
    if stated:
        return stated
    return country_of(employer_zone) if employer_zone else candidate_country


def at(day: date, hour: time, where: ZoneInfo) -> datetime:
    """That local hour of that date, in UTC. An hour that a change of clocks skips is the same distance after the change."""
    return datetime.combine(day, hour, where).astimezone(UTC)


@dataclass(frozen=True)
class EmployerClock:
    """Which days count, in the employer's zone."""

    where: ZoneInfo
    weekend: tuple[int, ...] = (5, 6)
    holidays: Mapping[date, str] = field(default_factory=dict[date, str])
    absences: tuple[tuple[date, date], ...] = ()
    """First and last day that the employer is away, both included."""

    def date_of(self, moment: datetime) -> date:
        return moment.astimezone(self.where).date()

    def counts(self, day: date) -> bool:
        if day.weekday() in self.weekend or day in self.holidays:
            return False
        return not (self.absences and any(a <= day <= b for a, b in self.absences))

    def business_day(self, start: date, n: int) -> date:
        """The n-th business day strictly later than `start`."""
        day = start
        while n and day < _FURTHEST:
            day += ONE_DAY
            n -= self.counts(day)
        return day

    def passed(self, start: date, n: int) -> datetime:
        """The moment when n business days have passed since `start`: 17:00 on the n-th, employer time."""
        return at(self.business_day(start, n), CLOSE_OF_BUSINESS, self.where)

    def close(self, day: date) -> datetime:
        """17:00 of that date, employer time, whether it counts or not."""
        return at(day, CLOSE_OF_BUSINESS, self.where)

    def office(self, moment: datetime) -> datetime:
        """First moment at or after this one within 09:00-17:00 on a business day."""
        local = moment.astimezone(self.where)
        if self.counts(local.date()) and OPENING <= local.time() < CLOSE_OF_BUSINESS:
            return moment.astimezone(UTC)
        if self.counts(local.date()) and local.time() < OPENING:
            return at(local.date(), OPENING, self.where)
        return at(self.business_day(local.date(), 1), OPENING, self.where)

    def uncounted(self, start: date, end: date) -> Iterator[tuple[date, str]]:
        """The weekdays after `start` and up to `end` that did not count, each with its reason."""
        day = start
        while day < end:
            day += ONE_DAY
            if day.weekday() in self.weekend:
                continue
            if day in self.holidays:
                yield day, self.holidays[day]
            elif not self.counts(day):
                yield day, "away"


@dataclass(frozen=True)
class CandidateClock:
    """When a message may arrive, in the candidate's zone: `start <= local time < end`."""

    where: ZoneInfo
    start: time = time(8)
    end: time = time(21)

    def date_of(self, moment: datetime) -> date:
        return moment.astimezone(self.where).date()

    def start_on(self, day: date) -> datetime:
        return at(day, self.start, self.where)

    def waking(self, moment: datetime) -> datetime:
        """The moment itself in waking hours, else their next start."""
        local = moment.astimezone(self.where)
        if local.time() < self.start:
            return self.start_on(local.date())
        return moment.astimezone(UTC) if local.time() < self.end else self.start_on(local.date() + ONE_DAY)

    def waking_before(self, moment: datetime) -> datetime:
        """The moment itself in waking hours, else one hour before the end of the latest ones before it."""
        local = moment.astimezone(self.where)
        if self.start <= local.time() < self.end:
            return moment.astimezone(UTC)
        evening = local.date() if local.time() >= self.end else local.date() - ONE_DAY
        return at(evening, (datetime.combine(evening, self.end) - timedelta(hours=1)).time(), self.where)

    def next_start(self, moment: datetime) -> datetime:
        """The next start of waking hours strictly after the moment."""
        day = self.date_of(moment)
        return next(start for n in range(4) if (start := self.start_on(day + n * ONE_DAY)) > moment)

    def weekday(self, moment: datetime) -> datetime:
        """The moment itself from Monday to Friday, else the start of waking hours on Monday."""
        day = self.date_of(moment)
        return moment if day.weekday() < 5 else self.start_on(day + (7 - day.weekday()) * ONE_DAY)

    def last_waking_before(self, moment: datetime) -> datetime:
        """The last whole minute of waking hours before the moment."""
        earlier = moment - timedelta(minutes=1)
        local = earlier.astimezone(self.where)
        if self.start <= local.time() < self.end:
            return earlier.astimezone(UTC)
        evening = local.date() if local.time() >= self.end else local.date() - ONE_DAY
        return at(evening, (datetime.combine(evening, self.end) - timedelta(minutes=1)).time(), self.where)
