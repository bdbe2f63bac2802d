"""How an application's entries changed as its facts came in, read from the facts alone: nothing is stored.

The facts are folded as they arrived, one word from outside after the other. So sequence numbers and cancellations are the same whenever,
and wherever, they are read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final

from client.feed.entries import Entry, entries
from workflows.application import Application
from workflows.application.story import Story
from workflows.facts import Closed, Expired, Fact, Prompted, Skipped, ThankYouLapsed, Undeliverable, Unread
from workflows.ledger import EARLIEST

_MOVES_NOTHING: Final = (Prompted, Skipped, Undeliverable, ThankYouLapsed, Unread, Expired, Closed)
"""After none of these an entry is another; the next word from outside is read together with them."""
MOST: Final = 4_000
"""Applications whose tracks are remembered. One takes a few hundred bytes, and holds no names."""


@dataclass(frozen=True)
class Mark:
    """One entry as calendars know it."""

    entry: Entry
    sequence: int
    """Raised whenever it is moved, cancelled, or takes place after all."""
    cancelled: bool
    changed: datetime
    """Latest own time among the facts that were known when it last changed."""


@dataclass(frozen=True)
class Track:
    """The entries up to a revision, by the name that they were first known by."""

    revision: int = 0
    last: str = ""
    """The id of the fact at that revision."""
    moment: datetime = EARLIEST
    """Latest own time among the facts read."""
    marks: Mapping[str, Mark] = field(default_factory=dict[str, Mark])


START: Final = Track()


def track(app: Application, known: Track = START) -> Track:
    """The whole history's. `known`: what an earlier revision's was, where one is at hand; it is the same with or without."""
    if not _begins(app, known):
        known = START
    moment, marks = known.moment, known.marks
    for revision, fact in enumerate(app.facts[known.revision :], known.revision + 1):
        moment = max(moment, fact.at or EARLIEST)
        if _tells(fact):
            marks = _next(marks, app.up_to(revision).story, moment)
    return Track(app.revision, (app.facts[-1].id or "") if app.facts else "", moment, marks)


class Tracks:
    """Remembers the tracks that were read last: a calendar that is fetched again and again folds only what is new. For any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, Track] = OrderedDict()
        self._turn = Lock()

    def of(self, app: Application) -> Track:
        found = track(app, self._known.get(app.id, START))
        with self._turn:
            self._known[app.id] = found
            self._known.move_to_end(app.id)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found


def _begins(app: Application, known: Track) -> bool:
    """Whether the application begins with what that track has read."""
    return known.revision <= app.revision and (known.revision == 0 or app.facts[known.revision - 1].id == known.last)


def _tells(fact: Fact) -> bool:
    return not isinstance(fact, _MOVES_NOTHING)


def _next(marks: Mapping[str, Mark], story: Story, moment: datetime) -> dict[str, Mark]:
    """The marks once one more fact is known."""
    found = dict(marks)
    here: set[str] = set()
    for entry in entries(story):
        name = next((n for n in entry.names if n in marks), entry.names[0])
        mark = _marked(marks.get(name), entry, moment)
        if mark:
            found[name] = mark
            here.add(name)
    today = story.candidate_clock.date_of(moment)
    for name, mark in marks.items():
        if name not in here and not mark.cancelled and (story.linked or not _over(mark.entry, moment, today)):
            found[name] = replace(mark, sequence=mark.sequence + 1, cancelled=True, changed=moment)
    return found


def _marked(known: Mark | None, entry: Entry, moment: datetime) -> Mark | None:
    """None: no calendar ever needs to know of it."""
    if known is None:
        return None if entry.void or entry.starts is None else Mark(entry, 0, cancelled=False, changed=moment)
    if entry.starts is None or entry.void:
        entry = replace(entry, starts=known.entry.starts, ends=known.entry.ends)
    if entry.void != known.cancelled or (entry.starts, entry.ends) != (known.entry.starts, known.entry.ends):
        return Mark(entry, known.sequence + 1, entry.void, moment)
    return known if entry == known.entry else replace(known, entry=entry, changed=moment)


def _over(entry: Entry, moment: datetime, today: date) -> bool:
    """What had gone by when it came to nothing stays as it was; an interview that nobody stands by any more never was."""
    if entry.kind == "interview" or entry.ends is None:
        return False
    return entry.ends.astimezone(UTC) <= moment if isinstance(entry.ends, datetime) else entry.ends <= today
