"""SmartRecruiters: statuses, interviews, deletions.

A delivery has ids only: what is said is what the API answers about them. Its address comes from the connection, never from the delivery's
`link`. An application is known by candidate and job, as `<candidate id>-<job id>`. Subscribing is answered by echoing `X-Hook-Secret`.

The API does not say when a status was reached: the signed time of the delivery stands for it, and the event's id for the change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from workflows.boards.delivery import Answer, Board, Delivery, Erased, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, digest, items, line, milliseconds, moment, opaque, our_id, ref
from workflows.boards.signing import Body, Header, Scheme

_TIMESTAMP: Final = "smartrecruiters-timestamp"
_ENDS: Final = {"REJECTED": "rejected", "WITHDRAWN": "withdrawn"}


def handshake(delivery: Delivery) -> Answer | None:
    secret = delivery.headers.get("x-hook-secret", "")
    return Answer(headers={"X-Hook-Secret": secret}) if secret.isascii() and secret.isprintable() and 0 < len(secret) <= 1_000 else None


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, sent = event_name(delivery.headers.get("event-name")), delivery.headers.get("event-id") or None
    key = digest(event, sent) if sent else delivery.digest
    stamp = delivery.headers.get(_TIMESTAMP, "")
    at = milliseconds(int(stamp) * 1000) if stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 else None
    if event == "application.status.updated":
        return _status(delivery, terms, event, key, at)
    if event in ("interview.created", "interview.updated", "interview.canceled"):
        return _interview(delivery, terms, event, key, at)
    candidate = ref(dig(delivery.payload, "candidate_id"))
    if event == "candidate.deleted" and candidate:
        return Reading(event=event, key=key, erased=Erased(candidate=terms.own(candidate)))
    return nothing(delivery, event, key)


def _status(delivery: Delivery, terms: Terms, event: str, key: str, at: datetime | None) -> Reading:
    candidate, job = our_id(dig(delivery.payload, "candidate_id")), our_id(dig(delivery.payload, "job_id"))
    if candidate is None or job is None:
        return Reading(event=event, key=key, unsaid=1)
    path, named = f"/candidates/{candidate}/jobs/{job}", f"{candidate}-{job}"
    if path not in delivery.fetched:
        return Reading(event=event, key=key, needs=(path,))
    found = delivery.fetched[path]
    telling = Telling(terms, terms.own(named))
    status, change = ref(dig(found, "status")), delivery.headers.get("event-id")
    if status in _ENDS:
        reason = ref(dig(found, "reasonOfRejection", "id")) or ref(dig(found, "reasonOfRejection"))
        telling.say_ended(terms.reasons.get(reason or "") or _ENDS[status], named, change, at=at)
    elif status == "HIRED":
        telling.say("offer_accepted", named, change, at=at)
    else:
        within = ref(dig(found, "subStatus"))
        stage = next((one for one in (f"{status}/{within}", status) if one in terms.stages), None)
        if stage:
            telling.say_stage(stage, named, change, at=at)
    return telling.reading(event, key)


def _interview(delivery: Delivery, terms: Terms, event: str, key: str, at: datetime | None) -> Reading:
    named = our_id(dig(delivery.payload, "interview_id"))
    if named is None:
        return Reading(event=event, key=key, unsaid=1)
    path, alone = f"/interviews-api/v201904/interviews/{named}", terms.own(f"interview-{named}")
    if path not in delivery.fetched:
        return Reading(event=event, key=key, needs=(path,))
    found = delivery.fetched[path]
    candidate, job = ref(dig(found, "candidate", "id")), ref(dig(found, "job", "id"))
    application = terms.own(f"{candidate}-{job}") if candidate and job else alone
    telling = Telling(terms, application)
    slots = items(dig(found, "timeslots"))
    if event == "interview.canceled":
        for identity, _ in _each(named, slots) or [(named, None)]:
            telling.say("interview_cancelled", identity, at=at, interview=opaque(identity))
        return telling.reading(event, key)
    for identity, slot in _each(named, slots):
        starts, ends, people = moment(dig(slot, "startsOn")), moment(dig(slot, "endsOn")), _interviewers(slot)
        telling.say(
            "interview_scheduled" if event == "interview.created" else "interview_rescheduled", identity, starts, ends, people,
            delivery.headers.get("event-id"), at=at,
            interview=opaque(identity), starts_at=starts, ends_at=ends, interviewers=people, kind=line(dig(slot, "title")),
        )  # fmt: skip
    return telling.reading(event, key, refs=(alone,) if telling.facts and alone != application else ())


def _each(named: str, slots: list[Any]) -> list[tuple[str, Any]]:
    """Each time slot with its id; the first is known by the interview's own, under which it may later be cancelled."""
    return [(named if place == 0 else f"{named}-{ref(dig(slot, 'id')) or place}", slot) for place, slot in enumerate(slots)]


def _interviewers(slot: Any) -> list[dict[str, Any]] | None:
    people: list[dict[str, Any]] = []
    for person in items(dig(slot, "interviewers")):
        parts = (line(dig(person, "firstName")), line(dig(person, "lastName")))
        named, name = ref(dig(person, "id")), line(" ".join(part for part in parts if part)) or line(dig(person, "name"))
        if named and name:
            email = address(dig(person, "email"))
            people.append({"id": opaque(named), "name": name} | ({"email": email} if email else {}))
    return people[:50] or None


BOARD: Final = Board(
    name="smartrecruiters",
    scheme=Scheme(
        signature=Header("smartrecruiters-signature"),
        signed=(
            Header(_TIMESTAMP),
            Body(),
            Header("event-id", optional=True),
            Header("event-name", optional=True),
            Header("event-version", optional=True),
            Header("link", optional=True),
        ),
        prefix="v1=",
        separator=";",
        timestamp=Header(_TIMESTAMP),
        oldest=timedelta(days=7),  # no tolerance is stated; ten tries, the last ones a day apart
    ),
    read=read,
    acknowledge=202,
    patience=4.0,  # it waits five seconds
    handshake=handshake,
    api_url="https://api.smartrecruiters.com",
    key_header="X-SmartToken",
)
