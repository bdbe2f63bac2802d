"""The dates of the waiting period as calendar entries, attached to the message that tells of them."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import Any

from icalendar import Calendar, Event

from activities.letters.languages import words
from activities.letters.pages import plain
from workflows.names import Notice


def dates_to_keep(*notices: Notice) -> str | None:
    """When they will answer and when to ask, as iCalendar text; None if neither is known. Identifiers are stable for a notice."""
    calendar: Any = Calendar()  # its values are untyped
    calendar.add("prodid", "-//Afterword//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for notice in notices:
        _keep(calendar, notice)
    return calendar.to_ical().decode() if calendar.subcomponents else None


def _keep(calendar: Any, notice: Notice) -> None:
    _ = words(notice.language).gettext
    about = {"position": plain(notice.position), "employer": plain(notice.employer)}
    if notice.promised:
        _add(calendar, notice, "answer", _("Answer promised: {position}, {employer}", **about)).add("dtstart", notice.promised)
    if notice.follow_up_due:
        event = _add(calendar, notice, "follow-up", _("Ask for news, if you have heard nothing: {position}, {employer}", **about))
        event.add("dtstart", notice.follow_up_due.astimezone(UTC))
        event.add("dtend", notice.follow_up_due.astimezone(UTC) + timedelta(minutes=30))


def _add(calendar: Any, notice: Notice, what: str, summary: str) -> Any:
    event: Any = Event()
    event.add("uid", f"{hashlib.sha256(f'{notice.key}/{what}'.encode()).hexdigest()[:40]}@afterword")
    event.add("dtstamp", notice.due.astimezone(UTC))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return event
