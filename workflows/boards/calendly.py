"""Calendly: interviews booked, moved, cancelled, not attended.

A booking carries our application's id in `tracking.utm_source`; one that carries none waits under its event's id. Moving a booking makes
another event of it: the new one names the old one, and the old one's cancellation says that it was moved, so that either half may come
first and the cancellation has nothing to add.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, digest, items, line, moment, opaque, our_id, ref
from workflows.boards.signing import Body, Field, Header, Scheme

_SIGNATURE: Final = "calendly-webhook-signature"
_EVENT: Final = re.compile(r"/scheduled_events/([^/?#]{1,200})")
_BY_WHOM: Final = {"invitee": "candidate", "host": "employer"}


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, content = event_name(dig(delivery.payload, "event")), dig(delivery.payload, "payload")
    sent = ref(dig(delivery.payload, "created_at"))
    invitee = ref(dig(content, "uri"))
    key = digest(event, invitee, sent) if invitee and sent else delivery.digest
    if event not in ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"):
        return nothing(delivery, event, key)
    booking = _booking_of(content)
    if booking is None:
        return Reading(event=event, key=key, unsaid=1)
    waiting = terms.own(booking)
    application = our_id(dig(content, "tracking", "utm_source")) or waiting
    telling = Telling(terms, application)
    at = moment(dig(content, "no_show", "created_at")) or moment(sent)
    if event == "invitee.created":
        before = _event_in(dig(content, "old_invitee"))
        _booked(telling, booking, before, content)
        known = (booking, before) if before else (booking,)
        refs = tuple(own for one in known if (own := terms.own(one)) != application)
        return telling.reading(event, key, refs=refs if telling.facts else ())
    if event == "invitee.canceled":
        if dig(content, "rescheduled") is False:
            by_whom = _BY_WHOM.get(str(dig(content, "cancellation", "canceler_type")))
            when = moment(dig(content, "cancellation", "created_at")) or moment(dig(content, "updated_at")) or moment(sent)
            telling.say("interview_cancelled", booking, at=when, interview=opaque(booking), by_whom=by_whom)
    elif event == "invitee_no_show.created":
        telling.say("interview_cancelled", booking, "no-show", at=at, interview=opaque(booking), by_whom="candidate")
    else:
        telling.say("retracted", booking, "no-show", at=at, fact=telling.id_of("interview_cancelled", booking, "no-show"))
    return telling.reading(event, key)


def _booked(telling: Telling, booking: str, before: str | None, content: Any) -> None:
    event = dig(content, "scheduled_event")
    starts, ends, people = moment(dig(event, "start_time")), moment(dig(event, "end_time")), _interviewers(event)
    at = moment(dig(content, "created_at"))
    telling.say(
        "interview_rescheduled" if before else "interview_scheduled", booking, starts, ends, people, at=at,
        interview=opaque(booking), starts_at=starts, ends_at=ends, interviewers=people, kind=line(dig(event, "name")),
        replaces=opaque(before) if before and before != booking else None,
    )  # fmt: skip


def _booking_of(content: Any) -> str | None:
    """The event that a delivery is about, however it is named."""
    named = (dig(content, "scheduled_event", "uri"), dig(content, "event"), dig(content, "uri"), dig(content, "invitee"))
    return next((found for one in named if (found := _event_in(one))), None)


def _event_in(address: Any) -> str | None:
    found = _EVENT.search(address) if isinstance(address, str) else None
    return found[1] if found else None


def _interviewers(event: Any) -> list[dict[str, Any]] | None:
    people: list[dict[str, Any]] = []
    for member in items(dig(event, "event_memberships")):
        email, name = address(dig(member, "user_email")), line(dig(member, "user_name"))
        user = ref(dig(member, "user"))
        named = user.rstrip("/").rsplit("/", 1)[-1] if user else email
        if named and name:
            people.append({"id": opaque(named), "name": name} | ({"email": email} if email else {}))
    return people[:50] or None


BOARD: Final = Board(
    name="calendly",
    scheme=Scheme(
        signature=Header(_SIGNATURE),
        signed=(Field(_SIGNATURE, "t"), Body()),
        prefix="v1=",
        separator=",",
        timestamp=Field(_SIGNATURE, "t"),
        oldest=timedelta(hours=25),  # tried again for a day
    ),
    read=read,
)
