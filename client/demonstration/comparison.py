"""What a story came to, beside what the table has: every date, every count, the days that did not count. Pure; plays nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.calendar import zone

YEAR: Final = 2030
LATE: Final = timedelta(minutes=2)
"""A clock goes on while a message is on its way: so much later than its minute it may be, and nothing may be early."""
_LINE: Final = re.compile(r"(?:-|(\w{3} \d{1,2} \w{3} \d\d:\d\d)) +(\S+(?: \+ \S+)*)(?: not counting (.+))?")
_SKIPPED_DAY: Final = re.compile(r"\w{3} (\d+ \w{3})(?: to \w{3} (\d+ \w{3}))? \(")


@dataclass(frozen=True)
class Row:
    """Something at a moment: a fact, a step, or a message."""

    at: datetime | None
    """In the candidate's zone; None: before the clock was moved."""
    what: tuple[str, ...]
    """The type of a fact, or an intent; of a message every intent that it stands for."""
    uncounted: tuple[str, ...] = ()
    """The days that did not count on the way to it, as `19 Apr` or `18 Mar to 22 Mar`."""


@dataclass(frozen=True)
class Expected:
    """A story in the table; lines are read by `row`."""

    zone: str
    """The candidate's."""
    came_in: tuple[str, ...]
    """Facts from outside, in the order of own time."""
    noted: tuple[str, ...]
    """What the process itself noted, other than that it prompted."""
    sent: tuple[str, ...]
    ahead: Mapping[str, tuple[str, ...]]
    """The whole agenda at moments of the story."""
    messages: int
    words: int
    """Facts from outside."""
    stage: str
    outcome: str | None
    round: int


@dataclass(frozen=True)
class Played:
    """The same of a story that was played."""

    came_in: tuple[Row, ...]
    noted: tuple[Row, ...]
    prompted: tuple[Row, ...]
    """What the process noted as prompted, one row per intent."""
    sent: tuple[Row, ...]
    """What reached the mail server, one row per message, by its own intent."""
    ahead: Mapping[str, tuple[Row, ...]]
    stage: str
    outcome: str | None
    round: int


def moment(text: str, where: ZoneInfo) -> datetime:
    """`Fri 15 Mar 08:00` in 2030, there. ValueError if that date is not that weekday."""
    read = datetime.strptime(f"{text} {YEAR}", "%a %d %b %H:%M %Y").replace(tzinfo=where)
    if f"{read:%a}" != text[:3]:
        raise ValueError(f"{text} {YEAR} is a {read:%A}")
    return read


def row(line: str, where: ZoneInfo) -> Row:
    """A line of the table. ValueError if it cannot be read."""
    read = _LINE.fullmatch(line)
    if read is None:
        raise ValueError(f"not a line of the table: {line!r}")
    at, what, uncounted = read.groups()
    return Row(moment(at, where) if at else None, tuple(what.split(" + ")), tuple(uncounted.split(", ")) if uncounted else ())


def uncounted(why: str) -> tuple[str, ...]:
    """The days of which a reason says that they did not count."""
    _, found, days = why.partition("not counting ")
    return tuple(f"{a} to {b}" if b else a for a, b in _SKIPPED_DAY.findall(days)) if found else ()


def differences(expected: Expected, played: Played) -> tuple[str, ...]:
    """A sentence for each thing that is not as the table has it; none: everything is."""
    where = zone(expected.zone)

    def rows(lines: Sequence[str]) -> list[Row]:
        return [row(line, where) for line in lines]

    sent = rows(expected.sent)
    prompted = [Row(r.at, (intent,)) for r in sent for intent in r.what]
    return (
        *_compared("came in", rows(expected.came_in), played.came_in),
        *_compared("was noted", rows(expected.noted), played.noted),
        *_compared("was noted as prompted", prompted, played.prompted),
        *_compared("was sent", [Row(r.at, r.what[:1], r.uncounted) for r in sent], played.sent),
        *(
            difference
            for label in dict.fromkeys((*expected.ahead, *played.ahead))
            for difference in _compared(f"was ahead {label}", rows(expected.ahead.get(label, ())), played.ahead.get(label, ()))
        ),
        *_counted("messages", expected.messages, len(played.sent)),
        *_counted("words from outside", expected.words, len(played.came_in)),
        *_counted("stage", expected.stage, played.stage),
        *_counted("outcome", expected.outcome, played.outcome),
        *_counted("round", expected.round, played.round),
    )


def dates(expected: Expected) -> int:
    """How many dates the table has for that story."""
    lines = (*expected.came_in, *expected.noted, *expected.sent, *(line for rows in expected.ahead.values() for line in rows))
    return sum(not line.startswith("-") for line in lines)


def shown(at: datetime | None) -> str:
    return f"{at:%a} {at.day:>2} {at:%b} {at:%H:%M}" if at else "beforehand"


def _compared(how: str, expected: Sequence[Row], played: Sequence[Row]) -> Iterator[str]:
    """Pairs what is of the same name, the first with the first."""
    left: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for one in played:
        left[one.what].append(one)
    for wanted in expected:
        name = " + ".join(wanted.what)
        if not left[wanted.what]:
            yield f"{name} of {shown(wanted.at)}: the table has it, and nothing of that name {how}"
            continue
        found = left[wanted.what].pop(0)
        if not _as_wanted(wanted.at, found.at):
            yield f"{name}: {how} {shown(found.at)}, the table has {shown(wanted.at)}"
        if wanted.uncounted != found.uncounted:
            days, table = (", ".join(days) or "none" for days in (found.uncounted, wanted.uncounted))
            yield f"{name}, which {how} {shown(found.at)}: days that did not count are {days}, the table has {table}"
    for rows in left.values():
        yield from (f"{' + '.join(one.what)}: {how} {shown(one.at)}, the table has no such line" for one in rows)


def _as_wanted(wanted: datetime | None, found: datetime | None) -> bool:
    if wanted is None or found is None:
        return wanted is found
    return timedelta(0) <= found - wanted < LATE


def _counted(what: str, expected: object, played: object) -> Iterator[str]:
    if expected != played:
        yield f"{what}: {played}, the table has {expected}"
