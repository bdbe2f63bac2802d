"""Dates and times as people write them: in the candidate's zone, with the employer's beside it where the two clocks differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from workflows.calendar import CLOSE_OF_BUSINESS, zone
from workflows.names import Notice

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def place(where: ZoneInfo) -> str:
    """The zone as a place: `America/New_York` is New York."""
    return where.key.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True)
class Dates:
    """How one notice writes its dates. The year is named where it is not that of the notice's own due date."""

    candidate: ZoneInfo
    employer: ZoneInfo
    year: int

    @classmethod
    def of(cls, notice: Notice) -> Dates:
        own = zone(notice.timezone)
        return cls(own, zone(notice.employer_timezone), notice.due.astimezone(own).year)

    def when(self, moment: datetime) -> str:
        """For the candidate: `Thu 12 March, 13:00 (London; 09:00 in New York)`."""
        own, theirs = moment.astimezone(self.candidate), moment.astimezone(self.employer)
        if own.utcoffset() == theirs.utcoffset():
            return f"{self.day(own)}, {own:%H:%M} ({place(self.candidate)})"
        there = f"{theirs:%H:%M}" if own.date() == theirs.date() else f"{self.day(theirs)}, {theirs:%H:%M}"
        return f"{self.day(own)}, {own:%H:%M} ({place(self.candidate)}; {there} in {place(self.employer)})"

    def day(self, day: date) -> str:
        """`Thu 12 March`; a time is taken on the date that it has in its own zone."""
        return f"{_WEEKDAYS[day.weekday()][:3]} {self._date(day)}"

    def own_day(self, moment: datetime) -> str:
        """The candidate's date of a moment: `Thu 12 March`."""
        return self.day(moment.astimezone(self.candidate))

    def letter_day(self, day: date) -> str:
        """For a letter to the employer, on their calendar: `Thursday 12 March`."""
        local = day.astimezone(self.employer) if isinstance(day, datetime) else day
        return f"{_WEEKDAYS[local.weekday()]} {self._date(local)}"

    def letter_time(self, moment: datetime) -> str:
        """For a letter to the employer, their clock first: `Thursday 12 March, 09:00 New York time (13:00 in London)`."""
        own, theirs = moment.astimezone(self.candidate), moment.astimezone(self.employer)
        if own.utcoffset() == theirs.utcoffset():
            return f"{self.letter_day(theirs)}, {theirs:%H:%M}"
        here = f"{own:%H:%M}" if own.date() == theirs.date() else f"{self.day(own)}, {own:%H:%M}"
        return f"{self.letter_day(theirs)}, {theirs:%H:%M} {place(self.employer)} time ({here} in {place(self.candidate)})"

    def letter_deadline(self, moment: datetime) -> str:
        """A deadline in a letter: the date alone where it means the close of business, as a deadline stated as a date does."""
        if moment.astimezone(self.employer).time() == CLOSE_OF_BUSINESS:
            return self.letter_day(moment)
        return self.letter_time(moment)

    def _date(self, day: date) -> str:
        return f"{day.day} {_MONTHS[day.month - 1]}" + ("" if day.year == self.year else f" {day.year}")
