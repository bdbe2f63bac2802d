"""Greenhouse Recruiting: stages, rejections, hires, offers, deletions; and its scheduled interviews, which no webhook announces.

Interviews come from the poller, which reads them from the API (Harvest v3) and translates them with `scheduled_interview`. Offers: each
version is an offer of its own there, so that an application's offer is known here by the application's id; a deprecated version has a
newer one.
Unrejected and unhired do not say which rejection or hire: everything up to their own time is taken back.

Own times: `rejected_at`, `resolved_at`; of a stage, an unrejection and an unhiring the application's `last_activity_at`, which is the best
there is; an offer is sent on a date without an hour, and stands here at 12:00 UTC of it, which is that date in nearly every zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Erased, Known, Merged, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, day, dig, digest, items, line, moment, opaque, ref
from workflows.boards.signing import Header, Scheme

_ENDS: Final = {"We rejected them": "rejected", "They rejected us": "withdrawn"}
"""The types of rejection reasons, which are the vendor's own."""
_PERSON: Final = ("full_name", "email_addresses")
"""Anonymised fields that leave nobody to write to."""


def read(delivery: Delivery, terms: Terms) -> Reading:
    event = event_name(dig(delivery.payload, "action"))
    reader = _READERS.get(event)
    # the delivery's own id is not signed, so the body names it
    return reader(dig(delivery.payload, "payload"), terms, event, delivery.digest) if reader else nothing(delivery, event)


def _application(content: Any, terms: Terms, event: str, key: str) -> Reading:
    application = dig(content, "application")
    named = ref(dig(application, "id"))
    if named is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, terms.own(named))
    if dig(application, "prospect") is True:  # has not applied
        return telling.reading(event, key)
    active = moment(dig(application, "last_activity_at"))
    ended = moment(dig(application, "rejected_at"))
    if event == "reject_candidate" or (dig(application, "status") == "rejected" and ended):
        reason = dig(application, "rejection_reason")
        identity = ref(dig(reason, "id"))
        meaning = (terms.reasons.get(identity) if identity else None) or _ENDS.get(str(dig(reason, "type", "name")))
        telling.say_ended(meaning, named, ended or active, at=ended or active)
    elif event == "unreject_candidate":
        telling.take_back(named, "rejected", "withdrawn", until=active)
    elif event == "unhire_candidate":
        telling.take_back(named, "offer_accepted", until=active)
    elif event == "hire_candidate":
        _hire(telling, named, dig(application, "offer"))
    elif event == "candidate_stage_change":
        telling.say_stage(dig(application, "current_stage", "id"), named, active, at=active)
    return telling.reading(event, key, _known(application))


def _hire(telling: Telling, application: str, offer: Any) -> None:
    at = moment(dig(offer, "resolved_at"))
    telling.say("offer_accepted", application, ref(dig(offer, "id")), at=at, offer=opaque(application))


def _known(application: Any) -> Known:
    candidate = dig(application, "candidate")
    parts = (line(dig(candidate, "first_name")), line(dig(candidate, "last_name")))
    addresses = [found for one in items(dig(candidate, "email_addresses")) if (found := address(dig(one, "value")))]
    fields = {
        "id": ref(dig(candidate, "id")),
        "name": line(" ".join(part for part in parts if part)),
        "email": addresses[0] if addresses else None,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    jobs = items(dig(application, "jobs"))
    return Known(known if "id" in known else {}, position=line(dig(jobs[0], "name")) if jobs else None)


def _offer(content: Any, terms: Terms, event: str, key: str) -> Reading:
    offer = content if ref(dig(content, "application_id")) else dig(content, "offer")
    application, named = ref(dig(offer, "application_id")), ref(dig(offer, "id"))
    if application is None or named is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, terms.own(application))
    identity, status, version = opaque(application), dig(offer, "offer_status"), dig(offer, "version")
    sent, resolved = _noon(dig(offer, "sent_on")), moment(dig(offer, "resolved_at"))
    if event == "offer_deleted":
        if sent and status == "Created":
            telling.say("offer_withdrawn", named, version, offer=identity)
        return telling.reading(event, key)
    if sent and status != "Deprecated":
        # Said with every later word too, so that a decision that arrives first decides about something.
        starts_on = day(dig(offer, "start_date"), "%m/%d/%Y") or day(dig(offer, "start_date"))
        telling.say("offer_received", named, version, starts_on, at=sent, in_writing=True, offer=identity, starts_on=starts_on)
    elif status == "Created":
        telling.say("hiring_step", named, version, step="approval")
    decided = max(resolved, sent) if resolved and sent else resolved
    if status == "Accepted":
        telling.say("offer_accepted", application, named, at=resolved, offer=identity)
    elif status == "Rejected":
        telling.say("offer_declined", named, version, at=decided, offer=identity)
    return telling.reading(event, key)


def _noon(value: Any) -> datetime | None:
    found = day(value)
    return datetime.combine(found, time(12), UTC) if found else None


def _deleted_interview(content: Any, terms: Terms, event: str, key: str) -> Reading:
    named = ref(dig(content, "interview", "id"))
    if named is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, _ref_of(terms, named))
    telling.say("interview_cancelled", named, interview=opaque(named))
    return telling.reading(event, key)


def _deleted_application(content: Any, terms: Terms, event: str, key: str) -> Reading:
    application = ref(dig(content, "application", "id"))
    if application is None:
        return Reading(event=event, key=key, unsaid=1)
    return Reading(event=event, key=key, erased=Erased((terms.own(application),)))


def _deleted_candidate(content: Any, terms: Terms, event: str, key: str) -> Reading:
    person = dig(content, "person")
    candidate, listed = ref(dig(person, "id")), dig(person, "deleted_application_ids")
    if isinstance(listed, list):  # after a merge it is empty: the applications live on with the other candidate
        applications = tuple(terms.own(one) for one in map(ref, items(listed)) if one)
        return Reading(event=event, key=key, erased=Erased(applications) if applications else None)
    return Reading(
        event=event, key=key, erased=Erased(candidate=terms.own(candidate)) if candidate else None, unsaid=int(candidate is None)
    )


def _merged_candidate(content: Any, terms: Terms, event: str, key: str) -> Reading:
    person = dig(content, "person")
    gone, survivor = ref(dig(person, "id")), ref(dig(person, "new_candidate_id"))
    if gone is None or survivor is None or gone == survivor:
        return Reading(event=event, key=key, unsaid=1)
    return Reading(event=event, key=key, merged=Merged(terms.own(gone), terms.own(survivor)))


def _anonymised(content: Any, terms: Terms, event: str, key: str) -> Reading:
    candidate = ref(dig(content, "candidate_id"))
    if candidate is None or not any(name in _PERSON for name in items(dig(content, "anonymized_fields"))):
        return Reading(event=event, key=key)
    return Reading(event=event, key=key, erased=Erased(candidate=terms.own(candidate)))


def interview_key(record: Any) -> str:
    """Names a scheduled interview as it is now."""
    return digest(ref(dig(record, "id")), ref(dig(record, "updated_at")))


def scheduled_interview(record: Any, terms: Terms, panel: Sequence[Any] = (), name: Any = None) -> Reading:
    """One scheduled interview as Harvest v3 lists it, with who interviews and its name, which are listed elsewhere.

    The names that its versions 1 and 2 had for the same, all in one record, are read too. All-day interviews have no times, and say
    nothing until they have.
    """
    application, named = ref(dig(record, "application_id")), ref(dig(record, "id"))
    changed = moment(dig(record, "updated_at"))
    key = interview_key(record)
    if application is None or named is None:
        return Reading(event="scheduled_interview", key=key, unsaid=1)
    telling = Telling(terms, terms.own(application))
    identity, people = opaque(named), _interviewers(panel or items(dig(record, "interviewers")))
    starts = moment(dig(record, "starts_at")) or moment(dig(record, "start", "date_time"))
    ends = moment(dig(record, "ends_at")) or moment(dig(record, "end", "date_time"))
    status, created = dig(record, "status"), moment(dig(record, "created_at"))
    title = line(name) or line(dig(record, "interview", "name"))
    if status == "complete" or (status == "awaiting_feedback" and ends and changed and ends <= changed):
        telling.say("interview_held", named, ends, interview=identity, ended_at=ends, interviewers=people)
    elif status in ("scheduled", "awaiting_feedback"):
        kind = "interview_rescheduled" if changed and created and changed > created else "interview_scheduled"
        telling.say(
            kind, named, starts, ends, people, changed, at=changed,
            interview=identity, starts_at=starts, ends_at=ends, interviewers=people, kind=title,
        )  # fmt: skip
    return telling.reading("scheduled_interview", key, refs=(_ref_of(terms, named),) if telling.facts else ())


def _ref_of(terms: Terms, interview: str) -> str:
    """An interview's id as one of ours: its number could be an application's as well."""
    return terms.own(f"interview-{interview}")


def _interviewers(panel: Sequence[Any]) -> list[dict[str, Any]] | None:
    people: list[dict[str, Any]] = []
    for person in panel:
        named, name = ref(dig(person, "id")), line(dig(person, "name"))
        if named and name:
            email = address(dig(person, "email"))
            people.append({"id": opaque(named), "name": name} | ({"email": email} if email else {}))
    return people[:50] or None


_READERS: Final[dict[str, Callable[[Any, Terms, str, str], Reading]]] = {
    "new_candidate_application": _application,
    "application_updated": _application,
    "candidate_stage_change": _application,
    "reject_candidate": _application,
    "unreject_candidate": _application,
    "hire_candidate": _application,
    "unhire_candidate": _application,
    "offer_created": _offer,
    "offer_approved": _offer,
    "offer_updated": _offer,
    "offer_deleted": _offer,
    "interview_deleted": _deleted_interview,
    "delete_application": _deleted_application,
    "delete_candidate": _deleted_candidate,
    "merge_candidate": _merged_candidate,
    "candidate_anonymized": _anonymised,
}

BOARD: Final = Board(
    name="greenhouse",
    scheme=Scheme(signature=Header("signature"), prefix="sha256 "),
    read=read,
    api_url="https://harvest.greenhouse.io",
    token_url="https://auth.greenhouse.io/token",  # noqa: S106 -- an address
)
