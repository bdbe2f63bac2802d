"""How the page speaks to one candidate: their language, their clock, and names that keep their own direction of writing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from activities.letters.dates import place, written_day, written_time
from activities.letters.languages import Words, words
from workflows.calendar import zone
from workflows.facts import Candidate

UTC_ZONE: Final = "UTC"


def clean(text: str) -> str:
    """As it was typed, but for what no keyboard types and no page may hold.

    Those are control characters, halves of characters, a browser's line ends, and what Unicode promises never to be a character.
    """
    if text.isprintable():  # then it has none of these
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and not _is_none(c)))


def _is_none(c: str) -> bool:
    return ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF


@dataclass(frozen=True)
class Line:
    """A sentence and the names in it, apart: only so can each be shown in its own direction."""

    text: str
    """With `{name}` for each of its values."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


@dataclass(frozen=True)
class Talk:
    """To one candidate at one moment."""

    words: Words
    where: ZoneInfo
    """The candidate's own."""
    now: datetime
    """On the clock of what is talked about; real time but for test clocks."""

    @classmethod
    def to(cls, candidate: Candidate | None, now: datetime) -> Talk:
        return cls(words(candidate.language if candidate else ""), zone(candidate.timezone if candidate else UTC_ZONE), now)

    @classmethod
    def unknown(cls, language: str, now: datetime) -> Talk:
        """To somebody of whom only that is known."""
        return cls(words(language), zone(UTC_ZONE), now)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.where).date()

    def day(self, day: date) -> str:
        """`Thu 12 March`; a moment is taken on its date in the candidate's zone. The year where it is another one."""
        _ = self.words.gettext
        local = day.astimezone(self.where) if isinstance(day, datetime) else day
        same = local.year == self.today.year
        return written_day(local, _("EEE d MMMM") if same else _("EEE d MMMM y"), self.words)

    def moment(self, moment: datetime) -> str:
        """`Thu 12 March, 13:00`, in the candidate's zone."""
        _ = self.words.gettext
        return _("{day}, {time}", day=self.day(moment), time=written_time(moment.astimezone(self.where), self.words))

    @property
    def place(self) -> str:
        return place(self.where, self.words)
