"""Lever: stages, archivals, hires, interviews, deletions.

Only the token and the time of a delivery are signed, so nothing else in it is believed: it is a hint at what to ask the API for, and what
is said is what the API answers. An opportunity there is an application here. Hires are archivals for a reason of the type `hired`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Erased, Known, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, digest, items, line, milliseconds, opaque, our_id, ref
from workflows.boards.signing import Member, Scheme

_OPPORTUNITY: Final = (
    "candidateStageChange",
    "candidateArchiveChange",
    "candidateHired",
    "candidateDeleted",
    "applicationCreated",
)
_INTERVIEW: Final = ("interviewCreated", "interviewUpdated", "interviewDeleted")
_REASONS: Final = "/archive_reasons"


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, token = event_name(dig(delivery.payload, "event")), ref(dig(delivery.payload, "token"))
    key = digest(token) if token else delivery.digest
    if event not in (*_OPPORTUNITY, *_INTERVIEW):
        return nothing(delivery, event, key)
    hint, sent = dig(delivery.payload, "data"), milliseconds(dig(delivery.payload, "triggeredAt"))
    opportunity, interview = our_id(dig(hint, "opportunityId")), our_id(dig(hint, "interviewId"))
    if opportunity is None or (event in _INTERVIEW and interview is None):
        return Reading(event=event, key=key, unsaid=1)
    path = f"/opportunities/{opportunity}"
    path += f"/interviews/{interview}" if event in _INTERVIEW else "?expand=applications"
    if path not in delivery.fetched:
        return Reading(event=event, key=key, needs=(path,))
    answer = delivery.fetched[path]
    found = None if answer is None else dig(answer, "data")
    telling = Telling(terms, terms.own(opportunity))
    if event in _INTERVIEW:
        _interview(telling, str(interview), found, event, sent, gone=answer is None)
        return telling.reading(event, key)
    if answer is None:
        return Reading(event=event, key=key, erased=Erased((terms.own(opportunity),)))
    if dig(found, "id") != opportunity:
        return Reading(event=event, key=key, unsaid=1)
    if dig(found, "archived") is not None:
        if _REASONS not in delivery.fetched:
            return Reading(event=event, key=key, needs=(_REASONS,))
        _archived(telling, opportunity, dig(found, "archived"), delivery.fetched[_REASONS], terms)
    elif event == "candidateArchiveChange":
        _restored(telling, opportunity, milliseconds(dig(hint, "fromArchived", "archivedAt")), sent)
    elif event == "candidateStageChange":
        stage = ref(dig(found, "stage")) or ref(dig(found, "stage", "id"))
        at = _reached(found, stage) or sent
        telling.say_stage(stage, opportunity, at, at=at)
    return telling.reading(event, key, _known(found))


def _archived(telling: Telling, opportunity: str, archived: Any, reasons: Any, terms: Terms) -> None:
    reason, at = ref(dig(archived, "reason")), milliseconds(dig(archived, "archivedAt"))
    kinds = [dig(one, "type") for one in items(dig(reasons, "data")) if ref(dig(one, "id")) == reason]
    meaning = terms.reasons.get(reason or "")
    if "hired" in kinds:
        telling.say("offer_accepted", opportunity, at, at=at)
    elif kinds or meaning:  # of a reason that nobody knows it could be a hire
        telling.say_ended(meaning, opportunity, at, at=at)


def _restored(telling: Telling, opportunity: str, archived: datetime | None, sent: datetime | None) -> None:
    """Takes back whatever was said of that archival; the API says that it no longer holds."""
    for kind in ("rejected", "withdrawn", "offer_accepted") if archived else ():
        telling.say("retracted", opportunity, kind, archived, at=sent, fact=telling.id_of(kind, opportunity, archived))


def _reached(found: Any, stage: str | None) -> datetime | None:
    moments = [milliseconds(dig(one, "updatedAt")) for one in items(dig(found, "stageChanges")) if ref(dig(one, "toStageId")) == stage]
    return max((moment for moment in moments if moment), default=None)


def _interview(telling: Telling, named: str, found: Any, event: str, sent: datetime | None, *, gone: bool) -> None:
    cancelled = milliseconds(dig(found, "canceledAt"))
    if gone or cancelled:
        telling.say("interview_cancelled", named, at=cancelled or sent, interview=opaque(named))
        return
    starts, minutes, people = milliseconds(dig(found, "date")), dig(found, "duration"), _interviewers(found)
    ends = starts + timedelta(minutes=minutes) if starts and type(minutes) is int and 0 < minutes <= 10_080 else None
    telling.say(
        "interview_scheduled" if event == "interviewCreated" else "interview_rescheduled", named, starts, ends, people, sent, at=sent,
        interview=opaque(named), starts_at=starts, ends_at=ends, interviewers=people,
    )  # fmt: skip


def _interviewers(found: Any) -> list[dict[str, Any]] | None:
    people: list[dict[str, Any]] = []
    for person in items(dig(found, "interviewers")):
        named, name, email = ref(dig(person, "id")), line(dig(person, "name")), address(dig(person, "email"))
        if named and name:
            people.append({"id": opaque(named), "name": name} | ({"email": email} if email else {}))
    return people[:50] or None


def _known(found: Any) -> Known:
    contact = ref(dig(found, "contact"))
    emails = [email for one in items(dig(found, "emails")) if (email := address(one))]
    fields = {"id": contact, "name": line(dig(found, "name")), "email": emails[0] if emails else None}
    return Known({name: value for name, value in fields.items() if value is not None} if contact else {})


BOARD: Final = Board(
    name="lever",
    scheme=Scheme(
        signature=Member("signature"),
        signed=(Member("token"), Member("triggeredAt")),
        joined_by=b"",
        timestamp=Member("triggeredAt"),
        unit="ms",
        oldest=timedelta(hours=25),
        binds_body=False,
    ),
    read=read,
    api_url="https://api.lever.co/v1",
    pace=8.0,  # it allows ten
)
