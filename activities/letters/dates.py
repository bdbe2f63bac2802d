"""Dates and times as people write them: in the candidate's zone, with the employer's beside it where the two clocks differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from activities.letters.languages import Words, words
from workflows.calendar import CLOSE_OF_BUSINESS, zone
from workflows.names import Notice


@cache
def place(where: ZoneInfo, spoken: Words) -> str:
    """The zone as a place in that language: `Europe/London` is Londres in Spanish."""
    known = get_timezone_location(where, spoken.locale, return_city=True)
    return known.rpartition("/")[2] if known else where.key.rpartition("/")[2].replace("_", " ")


def written_day(day: date, pattern: str, spoken: Words) -> str:
    """A date by a pattern of weekday, day, month and perhaps year, each as in Unicode's date patterns.

    The pattern is for those who write the day first; where the month comes first, as in the United States, it is turned round.
    """
    if spoken.language == "en" and _month_first(spoken):
        pattern = re.sub(r"(E+) d (M+)(?: (y))?", lambda m: f"{m[1]}, {m[2]} d" + (", y" if m[3] else ""), pattern)
    written = format_date(day, pattern, locale=spoken.locale)
    return re.sub(r"\b1\b", "1er", written, count=1) if spoken.language == "fr" and day.day == 1 else written


def written_time(moment: datetime | time, spoken: Words) -> str:
    """A time of day in its own zone, by the 12 or 24 hours that the reader's country counts: `13:00`, `1:00 PM`."""
    naive = moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment
    return " ".join(format_time(naive, "short", locale=spoken.locale).split())


def _month_first(spoken: Words) -> bool:
    return str(spoken.locale.datetime_skeletons["MMMMd"].pattern).startswith("M")


@dataclass(frozen=True)
class Dates:
    """How one notice writes its dates. The year is named where it is not that of the notice's own due date."""

    candidate: ZoneInfo
    employer: ZoneInfo
    year: int
    words: Words

    @classmethod
    def of(cls, notice: Notice) -> Dates:
        own = zone(notice.timezone)
        return cls(own, zone(notice.employer_timezone), notice.due.astimezone(own).year, words(notice.language))

    def when(self, moment: datetime) -> str:
        """For the candidate: `Thu 12 March, 13:00 (London; 09:00 in New York)`."""
        own, theirs, _ = self.candidate, self.employer, self.words.gettext
        here, there = moment.astimezone(own), moment.astimezone(theirs)
        known = {"day": self.day(here), "time": self._time(here), "place": self._place(own)}
        if here.utcoffset() == there.utcoffset():
            return _("{day}, {time} ({place})", **known)
        known |= {"other_time": self._time(there), "other": self._place(theirs)}
        if here.date() == there.date():
            return _("{day}, {time} ({place}; {other_time} in {other})", **known)
        return _("{day}, {time} ({place}; {other_day}, {other_time} in {other})", **known, other_day=self.day(there))

    def day(self, day: date) -> str:
        """`Thu 12 March`; a time is taken on the date that it has in its own zone."""
        _ = self.words.gettext
        return self._written(day, _("EEE d MMMM"), _("EEE d MMMM y"))

    def own_day(self, moment: datetime) -> str:
        """The candidate's date of a moment: `Thu 12 March`."""
        return self.day(moment.astimezone(self.candidate))

    def letter_day(self, day: date) -> str:
        """For a letter to the employer, on their calendar: `Thursday 12 March`."""
        _ = self.words.gettext
        local = day.astimezone(self.employer) if isinstance(day, datetime) else day
        return self._written(local, _("EEEE d MMMM"), _("EEEE d MMMM y"))

    def letter_time(self, moment: datetime) -> str:
        """For a letter to the employer, their clock first: `Thursday 12 March, 09:00 New York time (13:00 in London)`."""
        own, theirs, _ = self.candidate, self.employer, self.words.gettext
        here, there = moment.astimezone(own), moment.astimezone(theirs)
        known = {"day": self.letter_day(there), "time": self._time(there)}
        if here.utcoffset() == there.utcoffset():
            return _("{day}, {time}", **known)
        known |= {"place": self._place(theirs), "other_time": self._time(here), "other": self._place(own)}
        if here.date() == there.date():
            return _("{day}, {time} {place} time ({other_time} in {other})", **known)
        return _("{day}, {time} {place} time ({other_day}, {other_time} in {other})", **known, other_day=self.day(here))

    def letter_deadline(self, moment: datetime) -> str:
        """A deadline in a letter: the date alone where it means the close of business, as a deadline stated as a date does."""
        if moment.astimezone(self.employer).time() == CLOSE_OF_BUSINESS:
            return self.letter_day(moment)
        return self.letter_time(moment)

    def _time(self, moment: datetime) -> str:
        return written_time(moment, self.words)

    def _place(self, where: ZoneInfo) -> str:
        return place(where, self.words)

    def _written(self, day: date, pattern: str, with_year: str) -> str:
        return written_day(day, pattern if day.year == self.year else with_year, self.words)
