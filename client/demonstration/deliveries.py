"""What the boards of the demonstration send, whole, as they send it; and the connections that they are known by."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

Body = dict[str, Any]

CONNECTIONS: Final = """\
# An American company on Ashby. Whoever it speaks of is opened at once, since the connection says where its candidates live.
[halcyon]
board = "ashby"
secrets = ["demonstration-of-halcyon"]
employer = {name = "Halcyon Freight", timezone = "America/New_York", country = "US", subdivision = "NY"}
candidate = {timezone = "America/New_York", country = "US"}
unknown = "open"
stages = {"5f7b3b3b-0000-4b1b-8b3b-000000000004" = "next_round", "5f7b3b3b-0000-4b1b-8b3b-000000000005" = "reference_check"}

# A Japanese company on Ashby. Its word is kept until the platform opens the application under the board's id.
[kaede]
board = "ashby"
secrets = ["demonstration-of-kaede"]

# A British company with a system of its own, which speaks Standard Webhooks.
[marlowe]
board = "standard"
secrets = ["whsec_ZGVtb25zdHJhdGlvbi1vZi1tYXJsb3dlLWFuZC1maW5jaA=="]
"""

APPLIED: Final = ("5f7b3b3b-0000-4b1b-8b3b-000000000003", "Phone screen")
ONSITE: Final = ("5f7b3b3b-0000-4b1b-8b3b-000000000004", "Case study and meeting the directors")
REFERENCES: Final = ("5f7b3b3b-0000-4b1b-8b3b-000000000005", "References")
HIRED: Final = ("5f7b3b3b-0000-4b1b-8b3b-000000000008", "Hired")
_PLAN: Final = "5f7b3b3b-0000-4b1b-8b3b-000000000002"
_JOB: Final = "4071538b-0000-4fbf-ac76-f78ed250ffdd"


@dataclass(frozen=True)
class Talk:
    """One interview of an Ashby schedule."""

    id: str
    title: str
    starts: datetime
    ends: datetime
    first_name: str
    last_name: str
    email: str
    created: datetime
    updated: datetime


def ashby_schedule(action: str, application: str, schedule: str, status: str, said: datetime, *talks: Talk) -> Body:
    """An `interviewScheduleCreate` or `interviewScheduleUpdate`."""
    content = {
        "id": schedule,
        "status": status,
        "applicationId": application,
        "candidateId": _named("candidate", application),
        "interviewStageId": APPLIED[0],
        "scheduledBy": _person("Tomas", "Brandt", "tomas.brandt@scheduling.example"),
        "createdAt": _time(min(talk.created for talk in talks)),
        "updatedAt": _time(said),
        "interviewEvents": [_event(schedule, talk) for talk in talks],
    }
    return _ashby(action, said, application, {"interviewSchedule": content})


def ashby_application(
    action: str,
    application: str,
    said: datetime,
    *,
    candidate: tuple[str, str],
    position: str,
    stage: tuple[str, str],
    status: str = "Active",
) -> Body:
    """A `candidateStageChange` or `candidateHire`. The candidate is a name and an address."""
    name, email = candidate
    content = {
        "id": application,
        "createdAt": _time(datetime(2030, 2, 11, 15, tzinfo=UTC)),
        "updatedAt": _time(said),
        "status": status,
        "customFields": [],
        "candidate": {
            "id": _named("candidate", application),
            "name": name,
            "primaryEmailAddress": {"value": email, "type": "Personal", "isPrimary": True},
            "primaryPhoneNumber": None,
        },
        "currentInterviewStage": {
            "id": stage[0],
            "title": stage[1],
            "type": "Hired" if status == "Hired" else "Active",
            "orderInInterviewPlan": 5,
            "interviewStageGroupId": None,
            "interviewPlanId": _PLAN,
        },
        "source": {
            "id": "50000000-0000-4000-8000-000000000001",
            "title": "Applied",
            "isArchived": False,
            "sourceType": {"id": "50000000-0000-4000-8000-000000000002", "title": "Inbound", "isArchived": False},
        },
        "archiveReason": None,
        "archivedAt": None,
        "job": {"id": _JOB, "title": position, "locationId": None, "departmentId": None},
        "creditedToUser": None,
        "hiringTeam": [
            {
                "email": "rhea.lindqvist@halcyon.example",
                "firstName": "Rhea",
                "lastName": "Lindqvist",
                "role": "Recruiter",
                "userId": _named("person", "rhea.lindqvist@halcyon.example"),
            }
        ],
        "appliedViaJobPostingId": None,
    }
    return _ashby(action, said, application, {"application": content})


def ashby_offer(application: str, offer: str, said: datetime, starts_on: str) -> Body:
    """An `offerCreate` for an offer that is out for the candidate's answer. Ashby knows no deadline."""
    content = {
        "id": offer,
        "applicationId": application,
        "decidedAt": None,
        "offerStatus": "WaitingOnCandidateResponse",
        "acceptanceStatus": "WaitingOnResponse",
        "latestVersion": {
            "id": _named("version", offer),
            "createdAt": _time(said),
            "startDate": starts_on,
            "salary": {"currencyCode": "USD", "value": 148_000},
        },
    }
    return _ashby("offerCreate", said, application, {"offer": content})


def standard(kind: str, application: str, said: datetime, **fields: Any) -> Body:
    """A fact as Standard Webhooks carry it."""
    return {"type": kind, "timestamp": _time(said), "data": {"application": application, **fields}}


def _ashby(action: str, said: datetime, application: str, content: Mapping[str, Any]) -> Body:
    return {"action": action, "webhookActionId": _named(action, application, _time(said)), "data": dict(content)}


def _event(schedule: str, talk: Talk) -> Body:
    interview = _named("interview", talk.title)
    person = _person(talk.first_name, talk.last_name, talk.email)
    return {
        "id": talk.id,
        "interviewId": interview,
        "interviewScheduleId": schedule,
        "interviewerUserIds": [person["id"]],
        "createdAt": _time(talk.created),
        "updatedAt": _time(talk.updated),
        "startTime": _time(talk.starts),
        "endTime": _time(talk.ends),
        "feedbackLink": f"https://app.ashbyhq.com/interview-briefings/{talk.id}/feedback",
        "location": "Google Meet",
        "meetingLink": "https://meet.google.com/xxx-xxxx-xxx",
        "interviewerCalendarEventId": None,
        "hasSubmittedFeedback": False,
        "interview": {
            "id": interview,
            "title": f"{talk.title} (internal)",
            "externalTitle": talk.title,
            "isArchived": False,
            "isDebrief": False,
            "isFeedbackRequired": True,
            "isFeedbackRequested": True,
            "instructionsHtml": None,
            "instructionsPlain": None,
            "jobId": _JOB,
            "feedbackFormDefinitionId": None,
        },
        "interviewers": [{**person, "trainingRole": "Trained"}],
        "notetakerTranscriptId": None,
        "extraData": {},
    }


def _person(first_name: str, last_name: str, email: str) -> Body:
    return {
        "id": _named("person", email),
        "firstName": first_name,
        "lastName": last_name,
        "email": email,
        "globalRole": "Limited Access",
        "isEnabled": True,
        "updatedAt": "2030-01-07T10:00:00.000Z",
    }


def _named(*about: str) -> str:
    """An id as Ashby has them, always the same for the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(about)))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
