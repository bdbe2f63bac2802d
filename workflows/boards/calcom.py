"""Cal.com: interviews booked, moved, cancelled, ended, not attended.

A booking carries our application's id in `metadata.applicationRef`; one that carries none waits under its own `uid`. A moved booking has
another `uid` and names the one before. Cancellations and no-shows may name the booking alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, items, line, moment, opaque, our_id, ref
from workflows.boards.signing import Header, Scheme

_BOOKED: Final = ("BOOKING_CREATED", "BOOKING_RESCHEDULED")
_CALLED_OFF: Final = ("BOOKING_CANCELLED", "BOOKING_REJECTED")
_NOT_ATTENDED: Final = "BOOKING_NO_SHOW_UPDATED"
_ENDED: Final = "MEETING_ENDED"


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, key = event_name(dig(delivery.payload, "triggerEvent")), delivery.digest
    if event not in (*_BOOKED, *_CALLED_OFF, _NOT_ATTENDED, _ENDED):
        return nothing(delivery, event)
    content = dig(delivery.payload, "payload")
    if not isinstance(content, Mapping):  # what is sent at the end of a meeting has no envelope
        content = delivery.payload
    booking = ref(dig(content, "uid")) or ref(dig(content, "bookingUid"))
    if booking is None:
        return Reading(event=event, key=key, unsaid=1)
    application = our_id(dig(content, "metadata", "applicationRef")) or terms.own(booking)
    telling = Telling(terms, application)
    at = moment(dig(delivery.payload, "createdAt"))
    if event in _BOOKED:
        before = ref(dig(content, "rescheduleUid"))
        _booked(telling, booking, before, content, at)
        known = (booking, before) if before else (booking,)
        refs = tuple(own for one in known if (own := terms.own(one)) != application)
        return telling.reading(event, key, refs=refs if telling.facts else ())
    if event in _CALLED_OFF:
        telling.say("interview_cancelled", booking, at=at, interview=opaque(booking), by_whom=_by_whom(content))
    elif event == _ENDED:
        ends = moment(dig(content, "endTime"))
        telling.say("interview_held", booking, ends, interview=opaque(booking), ended_at=ends, interviewers=_interviewers(content))
    else:
        _not_attended(telling, booking, content, at)
    return telling.reading(event, key)


def _booked(telling: Telling, booking: str, before: str | None, content: Any, at: datetime | None) -> None:
    if dig(content, "status") not in ("ACCEPTED", None):  # still to be confirmed
        return
    starts, ends, people = moment(dig(content, "startTime")), moment(dig(content, "endTime")), _interviewers(content)
    moved = before is not None and before != booking
    telling.say(
        "interview_rescheduled" if before else "interview_scheduled", booking, starts, ends, people, at=at,
        interview=opaque(booking), starts_at=starts, ends_at=ends, interviewers=people,
        kind=line(dig(content, "eventTitle")), replaces=opaque(before) if before and moved else None,
    )  # fmt: skip


def _not_attended(telling: Telling, booking: str, content: Any, at: datetime | None) -> None:
    """Only where everybody named was missing, or was not: who of several is the candidate, nobody says."""
    missing = [dig(one, "noShow") for one in items(dig(content, "attendees"))]
    if not missing:
        return
    if all(one is True for one in missing):
        telling.say("interview_cancelled", booking, "no-show", at=at, interview=opaque(booking), by_whom="candidate")
    elif all(one is False for one in missing):
        telling.say("retracted", booking, "no-show", at=at, fact=telling.id_of("interview_cancelled", booking, "no-show"))


def _by_whom(content: Any) -> str | None:
    """The candidate, where the one who cancelled is among those invited; not said: None."""
    who = address(dig(content, "cancelledBy"))
    invited = {address(dig(one, "email")) for one in items(dig(content, "attendees"))}
    return "candidate" if who and who in invited else None


def _interviewers(content: Any) -> list[dict[str, Any]] | None:
    organizer = dig(content, "organizer")
    email, name = address(dig(organizer, "email")), line(dig(organizer, "name"))
    named = ref(dig(organizer, "id")) or email
    if named is None or name is None:
        return None
    return [{"id": opaque(named), "name": name} | ({"email": email} if email else {})]


BOARD: Final = Board(name="calcom", scheme=Scheme(signature=Header("x-cal-signature-256")), read=read)
