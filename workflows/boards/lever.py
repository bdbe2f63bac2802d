"""Lever: stages, archivals, hires, interviews, deletions.

Only the token and the time of a delivery are signed, so nothing else in it is believed: it is a hint at what to ask the API for, and what
is said is what the API answers. An opportunity there is an application here. Hires are archivals for a reason of the type `hired`.

Deleted is what the API lists as deleted, and nothing else: an opportunity that it does not know may only be out of the key's sight, as
confidential ones are for most keys. Then nothing is said, and a delivery that hints at a deletion asks again. In the same way an
interview is gone only where its opportunity can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

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
_BEFORE: Final = timedelta(hours=1)
"""As long before a delivery was sent may that be dated which it is about."""
_DELETED: Final = 3
"""Pages of deletions that are read, of a hundred each."""


@dataclass(frozen=True, slots=True)
class _Hint:
    """What a delivery hints at, and what was found when it was asked about."""

    event: str
    key: str
    opportunity: str
    sent: datetime | None
    data: Any
    fetched: Mapping[str, Any]
    terms: Terms

    @property
    def state(self) -> str:
        return f"/opportunities/{self.opportunity}?expand=applications"

    def needs(self, *paths: str) -> Reading:
        return Reading(event=self.event, key=self.key, needs=paths)

    def nothing(self, *, unsettled: bool = False) -> Reading:
        return Reading(event=self.event, key=self.key, unsettled=unsettled, unsaid=1)


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, token = event_name(dig(delivery.payload, "event")), ref(dig(delivery.payload, "token"))
    key = digest(token) if token else delivery.digest
    if event not in (*_OPPORTUNITY, *_INTERVIEW):
        return nothing(delivery, event, key)
    data, sent = dig(delivery.payload, "data"), milliseconds(dig(delivery.payload, "triggeredAt"))
    opportunity, interview = our_id(dig(data, "opportunityId")), our_id(dig(data, "interviewId"))
    if opportunity is None or (event in _INTERVIEW and interview is None):
        return Reading(event=event, key=key, unsaid=1)
    hint = _Hint(event, key, opportunity, sent, data, delivery.fetched, terms)
    return _about_interview(hint, str(interview)) if event in _INTERVIEW else _about_opportunity(hint)


def _about_interview(hint: _Hint, interview: str) -> Reading:
    path = f"/opportunities/{hint.opportunity}/interviews/{interview}"
    if path not in hint.fetched:
        return hint.needs(path)
    answer = hint.fetched[path]
    if answer is None:
        if hint.state not in hint.fetched:
            return hint.needs(hint.state)
        if hint.fetched[hint.state] is None:
            return _unseen(hint)
        if dig(hint.fetched[hint.state], "data", "id") != hint.opportunity:
            return hint.nothing()
    telling = Telling(hint.terms, hint.terms.own(hint.opportunity))
    _interview(telling, interview, dig(answer, "data"), hint.event, hint.sent, gone=answer is None)
    return telling.reading(hint.event, hint.key)


def _about_opportunity(hint: _Hint) -> Reading:
    if hint.state not in hint.fetched:
        return hint.needs(hint.state)
    if hint.fetched[hint.state] is None:
        return _unseen(hint)
    found = dig(hint.fetched[hint.state], "data")
    if dig(found, "id") != hint.opportunity:
        return hint.nothing()
    needs = _needed(found, hint.terms)
    if any(path not in hint.fetched for path in needs):
        return hint.needs(*needs)
    telling = Telling(hint.terms, hint.terms.own(hint.opportunity))
    if dig(found, "archived") is not None:
        _archived(telling, hint.opportunity, dig(found, "archived"), hint.fetched[_REASONS], hint.terms)
    elif hint.event == "candidateArchiveChange":
        _restored(telling, hint.opportunity, milliseconds(dig(hint.data, "fromArchived", "archivedAt")), hint.sent)
    elif hint.event == "candidateStageChange":
        stage = ref(dig(found, "stage")) or ref(dig(found, "stage", "id"))
        at = _reached(found, stage) or hint.sent
        telling.say_stage(stage, hint.opportunity, at, at=at)
    posting = _posting(found)
    return telling.reading(hint.event, hint.key, _known(found, hint.fetched.get(posting) if posting else None))


def _needed(found: Any, terms: Terms) -> tuple[str, ...]:
    """What else has to be known: why it was archived; the position's name, where an application may have to be opened."""
    posting = _posting(found) if terms.opens else None
    reasons = (_REASONS,) if dig(found, "archived") is not None else ()
    return (*reasons, posting) if posting else reasons


def _posting(found: Any) -> str | None:
    named = [posting for one in items(dig(found, "applications")) if (posting := our_id(dig(one, "posting")))]
    return f"/postings/{named[-1]}" if named else None


def _unseen(hint: _Hint) -> Reading:
    """Whether an opportunity that the API does not know was deleted. A delivery's time is signed, so deletions are looked for from it."""
    since = {"deleted_at_start": int((hint.sent - _BEFORE).timestamp() * 1000)} if hint.sent else {}
    query: dict[str, str | int] = {"limit": 100, **since}
    path = f"/opportunities/deleted?{urlencode(query)}"
    for _ in range(_DELETED):
        if path not in hint.fetched:
            return hint.needs(path)
        page = hint.fetched[path]
        if hint.opportunity in (ref(dig(one, "id")) for one in items(dig(page, "data"))):
            return Reading(event=hint.event, key=hint.key, erased=Erased((hint.terms.own(hint.opportunity),)))
        further = ref(dig(page, "next"))
        if dig(page, "hasNext") is not True or further is None:
            break
        path = f"/opportunities/deleted?{urlencode({**query, 'offset': further})}"
    return hint.nothing(unsettled=hint.event == "candidateDeleted")


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


def _known(found: Any, posting: Any) -> Known:
    contact = ref(dig(found, "contact"))
    emails = [email for one in items(dig(found, "emails")) if (email := address(one))]
    fields = {"id": contact, "name": line(dig(found, "name")), "email": emails[0] if emails else None}
    known = {name: value for name, value in fields.items() if value is not None}
    return Known(known if contact else {}, position=line(dig(posting, "data", "text")))


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
