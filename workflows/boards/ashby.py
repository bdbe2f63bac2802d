"""Ashby: interview schedules, stages, hires, archivals, offers, deletions.

Related events of one change share `webhookActionId`; which of them comes first, or at all, makes no difference here: a fact's id is made of
what it is about and of the board's own time, so siblings say the same fact. Deliveries carry the whole object, so a moved interview is the
same interview event with other times.

No offer event says when the offer was sent: its fact has no own time, and the moment of receipt stands for it. No event says that an
archived application was restored: the next interview, invitation or offer reopens it. A deletion is never said to belong to a merge: one
of a candidate who was merged away before takes nothing, one that comes before the merge is a deletion.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Erased, Known, Merged, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, day, dig, digest, items, line, moment, opaque, ref
from workflows.boards.signing import Header, Scheme

_OVER: Final = ("WaitingOnFeedback", "Complete")
_IN_APPROVAL: Final = ("WaitingOnApprovalStart", "WaitingOnOfferApproval", "WaitingOnApprovalDefinition")
_ENDS: Final = {"RejectedByOrg": "rejected", "RejectedByCandidate": "withdrawn"}


def read(delivery: Delivery, terms: Terms) -> Reading:
    event = event_name(dig(delivery.payload, "action"))
    change = ref(dig(delivery.payload, "webhookActionId"))
    key = digest(event, change) if change else delivery.digest
    reader = _READERS.get(event)
    return reader(dig(delivery.payload, "data"), terms, event, key) if reader else nothing(delivery, event, key)


def _schedule(content: Any, terms: Terms, event: str, key: str) -> Reading:
    schedule = dig(content, "interviewSchedule")
    application = ref(dig(schedule, "applicationId"))
    if application is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, terms.own(application))
    status, changed = dig(schedule, "status"), moment(dig(schedule, "updatedAt"))
    for talk in items(dig(schedule, "interviewEvents")):
        if dig(talk, "interview", "isDebrief") is True:  # the employer's own meeting about the candidate
            continue
        _interview(telling, talk, status, changed)
    return telling.reading(event, key)


def _interview(telling: Telling, talk: Any, status: Any, changed: Any) -> None:
    named = ref(dig(talk, "id"))
    identity = opaque(named) if named else None
    starts, ends = moment(dig(talk, "startTime")), moment(dig(talk, "endTime"))
    if status == "Cancelled":
        telling.say("interview_cancelled", named, starts, ends, at=changed, interview=identity)
    elif status in _OVER and ends and (status == "Complete" or _is_over(talk, ends, changed)):
        # A schedule may hold talks on several days: only those that have ended are over.
        ended = min(ends, changed) if changed else ends
        telling.say("interview_held", named, ends, interview=identity, ended_at=ended, interviewers=_interviewers(talk))
    elif status in ("Scheduled", *_OVER):
        said_at = moment(dig(talk, "updatedAt")) or changed
        first_said = moment(dig(talk, "createdAt"))
        kind = "interview_rescheduled" if said_at and first_said and said_at > first_said else "interview_scheduled"
        people = _interviewers(talk)
        telling.say(
            kind, named, starts, ends, people, said_at, at=said_at,
            interview=identity, starts_at=starts, ends_at=ends, interviewers=people, kind=line(dig(talk, "interview", "externalTitle")),
        )  # fmt: skip


def _is_over(talk: Any, ends: Any, changed: Any) -> bool:
    return dig(talk, "hasSubmittedFeedback") is True or changed is None or ends <= changed


def _interviewers(talk: Any) -> list[dict[str, Any]] | None:
    """Who interviews, where the payload names them; user ids alone say nothing that a letter could use."""
    people: list[dict[str, Any]] = []
    for person in items(dig(talk, "interviewers")):
        named = ref(dig(person, "id")) or ref(dig(person, "userId")) or ref(dig(person, "email"))
        parts = (line(dig(person, "firstName")), line(dig(person, "lastName")))
        name = line(" ".join(part for part in parts if part)) or line(dig(person, "name"))
        if named and name:
            email = address(dig(person, "email"))
            people.append({"id": opaque(named), "name": name} | ({"email": email} if email else {}))
    return people[:50] or None


def _application(content: Any, terms: Terms, event: str, key: str) -> Reading:
    application = dig(content, "application")
    named = ref(dig(application, "id"))
    if named is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, terms.own(named))
    status, changed = dig(application, "status"), moment(dig(application, "updatedAt"))
    if status == "Hired":
        telling.say("offer_accepted", named, at=changed)
    elif status == "Archived":
        ended = moment(dig(application, "archivedAt")) or changed
        reason = ref(dig(application, "archiveReason", "id"))
        meaning = (terms.reasons.get(reason) if reason else None) or _ENDS.get(str(dig(application, "archiveReason", "reasonType")))
        telling.say_ended(meaning, named, ended, at=ended)
    elif event == "candidateStageChange":
        telling.say_stage(dig(application, "currentInterviewStage", "id"), named, changed, at=changed)
    return telling.reading(event, key, _known(application))


def _known(application: Any) -> Known:
    candidate = dig(application, "candidate")
    fields = {
        "id": ref(dig(candidate, "id")),
        "name": line(dig(candidate, "name")),
        "email": address(dig(candidate, "primaryEmailAddress", "value")),
    }
    known = {name: value for name, value in fields.items() if value is not None}
    return Known(known if "id" in known else {}, position=line(dig(application, "job", "title")))


def _offer(content: Any, terms: Terms, event: str, key: str) -> Reading:
    offer = dig(content, "offer")
    application, named = ref(dig(offer, "applicationId")), ref(dig(offer, "id"))
    if application is None or named is None:
        return Reading(event=event, key=key, unsaid=1)
    telling = Telling(terms, terms.own(application))
    identity, status = opaque(named), dig(offer, "offerStatus")
    version, decided = ref(dig(offer, "latestVersion", "id")), moment(dig(offer, "decidedAt"))
    if event == "offerDelete" or status == "OfferCancelled":
        telling.say("offer_withdrawn", named, version, at=decided, offer=identity)
    elif status in _IN_APPROVAL:
        drafted = moment(dig(offer, "latestVersion", "createdAt"))
        telling.say("hiring_step", named, version, at=drafted, step="approval")
    elif status == "WaitingOnCandidateResponse":
        starts_on = day(dig(offer, "latestVersion", "startDate"))
        telling.say("offer_received", named, version, offer=identity, in_writing=True, starts_on=starts_on)
    elif status == "CandidateAccepted":
        telling.say("offer_accepted", named, version, at=decided, offer=identity)
    elif status == "CandidateRejected":
        telling.say("offer_declined", named, decided, at=decided, offer=identity)
    return telling.reading(event, key)


def _deletion(content: Any, terms: Terms, event: str, key: str) -> Reading:
    candidate = ref(dig(content, "candidate", "id")) or ref(dig(content, "candidateId"))
    applications = (ref(one) for one in items(dig(content, "candidate", "applicationIds")))
    if candidate is None:
        return Reading(event=event, key=key, unsaid=1)
    return Reading(event=event, key=key, erased=Erased(tuple(terms.own(one) for one in applications if one), terms.own(candidate)))


def _merge(content: Any, terms: Terms, event: str, key: str) -> Reading:
    gone, survivor = ref(dig(content, "deletedCandidate", "id")), ref(dig(content, "mergedCandidate", "id"))
    if gone is None or survivor is None or gone == survivor:
        return Reading(event=event, key=key, unsaid=1)
    return Reading(event=event, key=key, merged=Merged(terms.own(gone), terms.own(survivor)))


_READERS: Final[dict[str, Callable[[Any, Terms, str, str], Reading]]] = {
    "interviewScheduleCreate": _schedule,
    "interviewScheduleUpdate": _schedule,
    "applicationSubmit": _application,
    "applicationUpdate": _application,
    "candidateStageChange": _application,
    "candidateHire": _application,
    "offerCreate": _offer,
    "offerUpdate": _offer,
    "offerDelete": _offer,
    "candidateDelete": _deletion,
    "candidateMerge": _merge,
}

BOARD: Final = Board(
    name="ashby",
    scheme=Scheme(signature=Header("ashby-signature"), prefix="sha256="),
    read=read,
    api_url="https://api.ashbyhq.com",
)
