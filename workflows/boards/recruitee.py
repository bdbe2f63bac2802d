"""Recruitee: pipeline changes and deletions.

A candidate there may be in several jobs: the application is known by both, as `<candidate id>-<offer id>`. Its tests are marked `test` and
come before the secret can be saved: they are answered and never believed. Of interviews nothing is said: their shape is not documented.
"""

from __future__ import annotations

from typing import Any, Final

from workflows.boards.delivery import Answer, Board, Delivery, Erased, Known, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, digest, items, line, moment, ref
from workflows.boards.signing import Header, Scheme


def handshake(delivery: Delivery) -> Answer | None:
    return Answer() if dig(delivery.payload, "test") is True else None


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, subtype = event_name(dig(delivery.payload, "event_type")), dig(delivery.payload, "event_subtype")
    sent, content = ref(dig(delivery.payload, "id")), dig(delivery.payload, "payload")
    key = digest(event, sent) if sent else delivery.digest
    if event not in ("candidate_moved", "candidate_assigned", "candidate_deleted") or dig(delivery.payload, "test") is True:
        return nothing(delivery, event, key)
    candidate, offer = ref(dig(content, "candidate", "id")), ref(dig(content, "offer", "id"))
    if candidate and event == "candidate_deleted":
        return Reading(event=event, key=key, erased=Erased(candidate=terms.own(candidate)))
    if candidate is None or offer is None:
        return Reading(event=event, key=key, unsaid=1)
    named, at, details = f"{candidate}-{offer}", moment(dig(delivery.payload, "created_at")), dig(content, "details")
    telling = Telling(terms, terms.own(named))
    if subtype == "stage_changed":
        telling.say_stage(dig(details, "to_stage", "id"), named, at, at=at)
    elif subtype == "disqualified":
        reason = ref(dig(details, "disqualify_reason", "id"))
        telling.say_ended(terms.reasons.get(reason or ""), named, at, at=at)
    elif subtype == "requalified":
        telling.take_back(named, "rejected", "withdrawn", until=at)
    return telling.reading(event, key, _known(candidate, content))


def _known(candidate: str, content: Any) -> Known:
    emails = [found for one in items(dig(content, "candidate", "emails")) if (found := address(one))]
    fields = {"id": candidate, "name": line(dig(content, "candidate", "name")), "email": emails[0] if emails else None}
    return Known({name: value for name, value in fields.items() if value is not None}, position=line(dig(content, "offer", "title")))


BOARD: Final = Board(name="recruitee", scheme=Scheme(signature=Header("x-recruitee-signature")), read=read, handshake=handshake)
