"""The calendar feed: a candidate's dates as iCalendar text, for Google, Apple, Outlook to subscribe to.

The same facts are the same bytes. Times are UTC and dates are dates, which every calendar shows rightly in its own zone, over each change
of clocks, without a zone's definition to disagree about. It says position and employer, and no other name; nothing that was noted in
private.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event

from activities.letters.languages import words
from activities.letters.pages import plain
from client.feed.entries import Entry
from client.feed.track import Mark, Tracks
from workflows.application import Application
from workflows.application.story import Story
from workflows.facts import CandidateChanged, Confirmed, DetailsChanged, Opened, Retracted
from workflows.ledger import EARLIEST

REFRESH: Final = timedelta(hours=1)
"""How often a calendar should look again."""
LONGEST: Final = 200
"""Characters of a position or an employer that an entry shows."""
NAME: Final = "Afterword"
_WORDS: Final = (Opened, DetailsChanged, CandidateChanged, Retracted, Confirmed)
"""After these an entry may be worded anew."""


def feed(applications: Iterable[Application], tracks: Tracks) -> bytes:
    """The calendar of one candidate's applications, in whatever order they come; lines end in CRLF and have 75 bytes at most."""
    calendar: Any = Calendar()  # its values are untyped
    calendar.add("prodid", "-//Afterword//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    found = [(uid(app.id, name), app.story, mark) for app in applications for name, mark in tracks.of(app).marks.items()]
    for identity, story, mark in sorted(found, key=lambda f: (_day(f[2].entry), f[0])):
        calendar.add_component(_event(identity, story, mark))
    return calendar.to_ical()


def uid(application: str, name: str) -> str:
    """Of an entry, for ever. It tells nothing to whoever does not know the application's id."""
    return f"{hashlib.sha256(f'{application} {name}'.encode()).hexdigest()[:40]}@afterword"


def _event(identity: str, story: Story, mark: Mark) -> Any:
    event: Any = Event()
    entry = mark.entry
    changed = max(mark.changed, _worded(story)).astimezone(UTC).replace(microsecond=0)
    _ = words(story.candidate.language if story.candidate else "").gettext
    title, text = _said(entry, _about(story), _)
    if mark.cancelled:
        title = _("Cancelled: {title}", title=title) if entry.kind == "interview" else _("No longer needed: {title}", title=title)
    event.add("uid", identity)
    event.add("sequence", mark.sequence)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", _written(entry.starts))
    event.add("dtend", _written(entry.ends))
    event.add("status", "CANCELLED" if mark.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.kind == "interview" and not mark.cancelled else "TRANSPARENT")
    event.add("summary", title)
    if text:
        event.add("description", text)
    return event


def _said(entry: Entry, about: str, _: Callable[..., str]) -> tuple[str, str]:
    """Its title, and what else is said."""
    match entry.kind:
        case "interview":
            if entry.round > 1:
                return _("Interview, round {round}: {about}", round=entry.round, about=about), ""
            return _("Interview: {about}", about=about), ""
        case "thank-you":
            return _("Thank-you due: {about}", about=about), _("Until then a thank-you to each of your interviewers comes in time.")
        case "answer":
            return _("Answer promised: {about}", about=about), _("By this day they said you would hear from them.")
        case "news":
            text = _("If you have heard nothing, one polite follow-up is best sent on one of these days.")
            return _("Ask for news: {about}", about=about), text
        case "offer":
            text = _("Their deadline for your answer. Ask for more time before it, not after it.")
            return _("Offer, answer due: {about}", about=about), text
        case "usual-answer":
            text = _("They named no deadline; by now an answer is usual.")
            return _("Offer, answer usual by now: {about}", about=about), text


def _about(story: Story) -> str:
    names = (plain(story.position or ""), plain(story.employer.name if story.employer else ""))
    return ", ".join(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names if name)


def _worded(story: Story) -> datetime:
    """When the words of the entries last changed."""
    return max((f.at for f in story.told if isinstance(f, _WORDS) and f.at), default=EARLIEST)


def _written(when: datetime | date | None) -> datetime | date:
    if when is None:
        raise ValueError("an entry that stands in a calendar has a time")
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def _day(entry: Entry) -> str:
    return _written(entry.starts).isoformat()
