"""One application at each board, from the invitation to the outcome: what happens there, what is delivered, what its API answers then."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from client.connections import Connection
from client.demonstration.board import Event
from client.hook_sender import redated
from tests.boards.deliveries import answers, fetched, sample
from workflows.boards.delivery import Delivery

Answers = dict[str, Any]
_OPPORTUNITY: Final = next(path for path in answers("lever") if "expand" in path)
_INTERVIEW: Final = next(path for path in answers("lever") if "/interviews/" in path)
_STATUS: Final = next(path for path in answers("smartrecruiters") if "/jobs/" in path)
OUR_ID: Final = "app_265277"
"""What the samples of the schedulers carry as our application's id."""


def _same(_: Answers) -> None:
    """The API has nothing to tell of it."""


def _sets(path: str, **members: Any) -> Callable[[Answers], None]:
    def happens(known: Answers) -> None:
        known[path].get("data", known[path]).update(members)

    return happens


@dataclass(frozen=True)
class Happening:
    """A sample, with members of its body replaced, and what changes at the API when it happens."""

    sample: str
    changes: dict[str, Any] | None = None
    api: Callable[[Answers], None] = _same
    event: str = ""
    """Another event's id, where the sample stands for a second event."""


@dataclass(frozen=True)
class Story:
    application: str
    """The board's id of it; empty: the board carries ours."""
    happenings: tuple[Happening, ...]
    outcome: str
    afterwards: dict[str, Any] | None = None
    """What the platform says in the end, at boards that know no outcome."""
    interviews: tuple[dict[str, Any], ...] = ()
    """What is read by a poll."""


_REJECTED: Final = {"type": "rejected", "id": "the-end"}
_LAST: Final = "when the last event is delivered"
"""Stands for that moment in milliseconds."""
_ARCHIVED: Final = {"archivedAt": _LAST, "reason": "63dd55b2-0000-4a99-9e7b-985f4c1d46d6"}
_NO: Final = {"id": "evt-10", "type": "rejected", "time": "2026-11-19T09:12:00+01:00", "data": {"application": "265277"}}
_TOKENS: Final = ("be58f711", "c1d2e3f4", "d0e1f2a3")

STORIES: Final[dict[str, Story]] = {
    "ashby": Story(
        "e9ed20fd-0000-4aad-8a00-a19bfba0083e",
        tuple(
            Happening(f"ashby_{name}")
            for name in (
                "interviewScheduleCreate",
                "interviewScheduleUpdate",
                "candidateStageChange",
                "interviewScheduleUpdate_over",
                "applicationUpdate_hired",
            )
        ),
        "accepted",
    ),
    "greenhouse": Story(
        "265277",
        tuple(
            Happening(f"greenhouse_{name}")
            for name in ("candidate_stage_change", "offer_created", "offer_updated_sent", "offer_updated_accepted", "hire_candidate")
        ),
        "accepted",
        interviews=tuple(fetched("greenhouse_GET_interviews")),
    ),
    "lever": Story(
        "3410c8b9-0000-4bab-b7e9-9f710206d647",
        (
            Happening("lever_interviewUpdated", {"event": "interviewCreated", "token": _TOKENS[0]}),
            Happening("lever_interviewUpdated", {"token": _TOKENS[1]}, _sets(_INTERVIEW, duration=60)),
            Happening("lever_candidateStageChange"),
            Happening("lever_candidateArchiveChange", api=_sets(_OPPORTUNITY, archived=_ARCHIVED)),
        ),
        "rejected",
    ),
    "smartrecruiters": Story(
        "c7f1a2b3-0000-4d0e-8f5a-6b7c8d9e0f11-5e4d3c2b-0000-4a19-8f0e-1d2c3b4a5f66",
        (
            Happening("smartrecruiters_interview_created"),
            Happening("smartrecruiters_application_status_updated", api=_sets(_STATUS, status="INTERVIEW", subStatus="Onsite")),
            Happening("smartrecruiters_application_status_updated", api=_sets(_STATUS, status="REJECTED"), event="9d0f00ff"),
        ),
        "rejected",
    ),
    "workable": Story("108d1748", (Happening("workable_candidate_moved"), Happening("workable_candidate_moved_hired")), "accepted"),
    "recruitee": Story(
        "4411-889", (Happening("recruitee_candidate_moved"), Happening("recruitee_candidate_moved_disqualified")), "rejected"
    ),
    "standard": Story(
        "265277",
        (Happening("standard_interview_held"), Happening("standard_cloudevent"), Happening("standard_cloudevent", _NO)),
        "rejected",
    ),
    "calendly": Story(
        "",
        tuple(Happening(f"calendly_invitee_{name}") for name in ("created", "canceled_rescheduled", "created_rescheduled")),
        "rejected",
        _REJECTED,
    ),
    "calcom": Story(
        "",
        tuple(Happening(f"calcom_{name}") for name in ("BOOKING_CREATED", "BOOKING_RESCHEDULED", "MEETING_ENDED")),
        "rejected",
        _REJECTED,
    ),
}
"""By the board's name."""


@dataclass(frozen=True)
class Told:
    """A story as it happens to one connection: dates moved so that all of it is past, our id in the place of the samples'."""

    events: tuple[Event, ...]
    apis: tuple[Answers, ...]
    """What the API answers after each event."""
    interviews: tuple[dict[str, Any], ...]
    afterwards: dict[str, Any] | None


def told(connection: Connection, application: str, now: datetime) -> Told:
    """The story of the connection's board. The same connection's board and `now`: the same story."""
    story = STORIES[connection.board.name]
    known, states = copy.deepcopy(answers(connection.board.name)), list[Answers]()
    deliveries = list[Delivery]()
    for happening in story.happenings:
        happening.api(known)
        states.append(copy.deepcopy(known))
        deliveries.append(_delivery(happening))
    whole = json.dumps([[one.payload for one in deliveries], states, story.interviews])
    began = now - timedelta(hours=2)
    last = began + timedelta(minutes=len(deliveries) - 1)
    whole = whole.replace(OUR_ID, application).replace(json.dumps(_LAST), str(int(last.timestamp() * 1000)))
    moved = json.loads(redated(connection, {}, whole.encode(), last))
    events = tuple(
        Event(began + timedelta(minutes=place), replace(one, body=json.dumps(body).encode(), payload=body))
        for place, (one, body) in enumerate(zip(deliveries, moved[0], strict=True))
    )
    afterwards = story.afterwards and {**story.afterwards, "at": (now - timedelta(hours=1)).isoformat()}
    return Told(events, tuple(moved[1]), tuple(moved[2]), afterwards)


def _delivery(happening: Happening) -> Delivery:
    found = sample(happening.sample)
    headers = {**found.headers, "webhook-id": f"msg_{happening.sample}"} | ({"event-id": happening.event} if happening.event else {})
    return Delivery.of(headers, json.dumps({**found.payload, **(happening.changes or {})}).encode())
