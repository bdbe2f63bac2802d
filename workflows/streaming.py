"""What a platform is told of each fact, and what is still to be told: one entry per application, in order of arrival. Pure.

An event is thin: ids, kinds, times, and where the application stood then. No name, no text, nothing that a candidate noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from workflows.application import Application
from workflows.names.events import BATCH, News, Pace, Sent, Waiting
from workflows.view import index

MOST: Final = 8_000
"""Applications that wait in one stream: what it carries when it goes on as new stays below two megabytes."""


def event(app: Application, revision: int) -> dict[str, Any]:
    """The event of the fact that made that revision (from 1), as of that revision. The same however late it is made."""
    fact, shows = app.facts[revision - 1], index(app.up_to(revision))
    at, due = fact.at, shows["NextDueAt"]
    return {
        "type": f"fact.{fact.type}",
        "timestamp": at.isoformat() if at else None,
        "data": {
            "application": app.id,
            "revision": revision,
            "fact": {"id": fact.id, "type": fact.type, "at": at.isoformat() if at else None, "by": fact.by},
            "stage": shows["Stage"],
            "outcome": shows["Outcome"],
            "next": {"step": shows["NextStep"], "due": due.isoformat()} if due else None,
        },
    }


def event_id(application: str, revision: int) -> str:
    """The event's `webhook-id`: the same at every attempt and in every replay."""
    return f"{application}.{revision}"


def between(app: Application, since: datetime, until: datetime | None) -> tuple[int, int] | None:
    """The revisions around the facts of that time, as `News` has them; None: there are none. Facts may come in any order."""
    inside = [n for n, fact in enumerate(app.facts) if fact.at and since <= fact.at and (until is None or fact.at <= until)]
    return (inside[0], inside[-1] + 1) if inside else None


class Backlog:
    """The news of one stream."""

    def __init__(self, pace: Pace, waiting: Iterable[Waiting] = ()) -> None:
        self._pace = pace
        self._waiting = {entry.application: entry for entry in waiting}
        self.dropped = 0

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        return tuple(self._waiting.values())

    def hear(self, news: News, now: datetime) -> None:
        """One entry per application: what is to be sent of it lies between the lowest and the highest that was said."""
        have = self._waiting.get(news.application)
        if news.revision <= news.after:
            return
        self._waiting[news.application] = (
            have.model_copy(update={"after": min(have.after, news.after), "revision": max(have.revision, news.revision)})
            if have
            else Waiting(application=news.application, after=news.after, revision=news.revision, since=now)
        )
        while len(self._waiting) > MOST:
            self._drop(next(iter(self._waiting)))

    def take(self, now: datetime) -> tuple[Waiting, ...]:
        """The next ones, which are no longer in it: what is heard of them meanwhile is kept apart."""
        ready = [entry for entry in self._waiting.values() if entry.rests is None or entry.rests <= now][:BATCH]
        for entry in ready:
            del self._waiting[entry.application]
        return tuple(ready)

    def give_back(self, taken: Iterable[Waiting], sent: Iterable[Sent], now: datetime) -> None:
        """What is left of those that were taken, in front, together with what was heard of them meanwhile."""
        done, later = {one.application: one for one in sent}, self._waiting
        self._waiting = {left.application: left for entry in taken if (left := self._left(entry, done.get(entry.application), now))}
        for entry in later.values():
            have = self._waiting.get(entry.application)
            update = {"after": min(have.after, entry.after), "revision": max(have.revision, entry.revision)} if have else {}
            self._waiting[entry.application] = have.model_copy(update=update) if have else entry

    def give_up(self, now: datetime) -> bool:
        """Whether anything waited for too long, and is dropped and counted."""
        late = [entry.application for entry in self._waiting.values() if entry.since + self._pace.gives_up <= now]
        for application in late:
            self._drop(application)
        return bool(late)

    def next_try(self) -> datetime | None:
        """When the first of those that rest is tried again; None: none rests."""
        return min((entry.rests for entry in self._waiting.values() if entry.rests), default=None)

    def is_ready(self, now: datetime) -> bool:
        return any(entry.rests is None or entry.rests <= now for entry in self._waiting.values())

    def _drop(self, application: str) -> None:
        entry = self._waiting.pop(application)
        self.dropped += entry.revision - entry.after

    def _left(self, entry: Waiting, sent: Sent | None, now: datetime) -> Waiting | None:
        if sent is None:
            return entry
        if sent.revision >= entry.revision and not sent.refused:
            return None
        moved = sent.revision > entry.after
        failures = (0 if moved else entry.failures) + (1 if sent.refused else 0)
        rest = min(self._pace.first * 2 ** min(failures - 1, 30), self._pace.longest) if failures else timedelta(0)
        update = {
            "after": max(entry.after, sent.revision),
            "since": now if moved else entry.since,
            "failures": failures,
            "rests": now + rest if failures else None,
        }
        return entry.model_copy(update=update)
