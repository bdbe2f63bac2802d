"""A sentence that can be said in any language: its English text, and what stands in it as what it is, not yet as words.

`str` of each says it in English, since the API speaks that. Other languages find the text in their catalogue and write dates and places
their own way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from workflows.calendar import zone

# Not by strftime: its words are the machine's, and in a run each call imports `time` anew through the sandbox, 30 times a message.
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def city(where: ZoneInfo) -> str:
    return where.key.rpartition("/")[2].replace("_", " ")


def day(d: date) -> str:
    return f"{_WEEKDAYS[d.weekday()]} {d.day} {_MONTHS[d.month - 1]}"


def hour(moment: datetime, where: ZoneInfo) -> str:
    local = moment.astimezone(where)
    return f"{day(local)} {local.hour:02}:{local.minute:02}"


@dataclass(frozen=True)
class Day:
    """A date: Mon 2 Mar."""

    day: date

    def __str__(self) -> str:
        return day(self.day)


@dataclass(frozen=True)
class Clock:
    """A time of day, whatever the date: 08:00."""

    clock: time

    def __str__(self) -> str:
        return f"{self.clock.hour:02}:{self.clock.minute:02}"


@dataclass(frozen=True)
class Place:
    """A zone as a place: New York."""

    place: str

    def __str__(self) -> str:
        return city(zone(self.place))


@dataclass(frozen=True)
class Moment:
    """A moment on the clock of a zone: Mon 2 Mar 15:00, or with its place, Mon 2 Mar 15:00 London."""

    moment: datetime
    where: str
    named: bool = False

    def __str__(self) -> str:
        where = zone(self.where)
        return f"{hour(self.moment, where)} {city(where)}" if self.named else hour(self.moment, where)


@dataclass(frozen=True)
class Listed:
    """Several sentences, parted by commas."""

    listed: tuple[Sentence, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.listed))


@dataclass(frozen=True)
class Sentence:
    """The text with `{name}` for each of its values."""

    text: str
    values: dict[str, Value] = field(default_factory=dict[str, "Value"], hash=False)
    many: str | None = None
    """The text where the value `n` is not 1; `text` is then for one."""

    def __str__(self) -> str:
        text = self.text if self.many is None or self.values["n"] == 1 else self.many
        return text.format_map(self.values) if self.values else text


Value = str | int | Day | Clock | Place | Moment | Listed | Sentence
"""What may stand in a sentence: a name, a number, a date, a time, a place, a list, another sentence."""
NOTHING: Final = Sentence("")


def say(text: str, /, **values: Value) -> Sentence:
    """The catalogues are compared with the texts that stand in the calls of this."""
    return Sentence(text, values)


def say_number(one: str, many: str, n: int, /, **values: Value) -> Sentence:
    """As `say`; the number stands in it as `{n}`."""
    return Sentence(one, {"n": n, **values}, many)


def english(language: str) -> bool:
    """Whether what the core itself says in English is in the candidate's language."""
    return language.partition("-")[0].lower() == "en"
