"""Section 1 of the process, read slowly: two clocks, walked day by day. Knows nothing of the application's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass
class Clocks:
    """Employer's zone and days off; candidate's zone and waking hours. All moments are UTC."""

    employer: ZoneInfo
    candidate: ZoneInfo
    wakes: time
    sleeps: time
    weekend: tuple[int, ...]
    holidays: frozenset[date]
    absent: set[date] = field(default_factory=set[date])

    def business(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays and day not in self.absent

    def nth(self, start: date, n: int) -> date:
        """The n-th business day strictly later than the date."""
        day = start
        while n:
            day += DAY
            n -= self.business(day)
        return day

    def close(self, day: date) -> datetime:
        return datetime.combine(day, time(17), self.employer).astimezone(UTC)

    def passed(self, start: date, n: int) -> datetime:
        return self.close(self.nth(start, n))

    def there(self, moment: datetime) -> date:
        return moment.astimezone(self.employer).date()

    def here(self, moment: datetime) -> date:
        return moment.astimezone(self.candidate).date()

    def wake_on(self, day: date) -> datetime:
        return datetime.combine(day, self.wakes, self.candidate).astimezone(UTC)

    def sleep_on(self, day: date) -> datetime:
        return datetime.combine(day, self.sleeps, self.candidate).astimezone(UTC)

    def _days(self, moment: datetime, direction: int) -> list[date]:
        return [self.here(moment) + direction * n * DAY for n in range(-1, 4)]

    def awake(self, moment: datetime) -> bool:
        return any(self.wake_on(day) <= moment < self.sleep_on(day) for day in self._days(moment, 1))

    def first(self, moment: datetime, holds: Callable[[datetime], bool]) -> datetime:
        return next(self.wake_on(d) for d in self._days(moment, 1) if holds(self.wake_on(d)))

    def waking(self, moment: datetime) -> datetime:
        return moment if self.awake(moment) else self.first(moment, lambda start: start >= moment)

    def next_start(self, moment: datetime) -> datetime:
        return self.first(moment, lambda start: start > moment)

    def waking_before(self, moment: datetime) -> datetime:
        if self.awake(moment):
            return moment
        ends = [self.sleep_on(day) for day in self._days(moment, -1)]
        return max(end for end in ends if end <= moment) - timedelta(hours=1)

    def moment(self, stated: date | datetime) -> datetime:
        """A date means the start of waking hours on it."""
        return stated.astimezone(UTC) if isinstance(stated, datetime) else self.wake_on(stated)
