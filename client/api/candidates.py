"""The calls about a candidate: the profile and the preferences that hold everywhere, their applications, their calendar's address."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Path, Request
from pydantic import TypeAdapter
from starlette.responses import JSONResponse, Response

from activities.letters.links import Links
from client.api import answers
from client.api.bodies import CHANGE_BODY, CandidateChange
from client.api.calls import Facade, Key
from client.api.keys import Key as ApiKey
from client.api.keys import allowed
from client.applications import Applications
from client.candidates import Candidates
from client.door import read
from client.patience import PATIENCE
from client.refusals import Fault, Invalid, NoSuchApplication, NoSuchCandidate, Refused, Unavailable
from workflows.application import Application
from workflows.guide import stage
from workflows.person.facts import ProfileChange
from workflows.view import following, local

AT_ONCE: Final = 16
"""Applications that are asked for at a time."""
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)
_OF_COACH: Final = ("id", "name", "asked", "until", "since")
_CHANGE: Final[TypeAdapter[CandidateChange]] = TypeAdapter(CandidateChange)

router: Final = APIRouter(prefix="/v1/candidates", tags=["candidates"])


async def facade(request: Request) -> Candidates:
    """The one façade of this process."""
    return cast("Candidates", request.app.state.candidates)


async def links_of(request: Request) -> Links | None:
    return cast("Links | None", request.app.state.links)


async def candidate_id(candidate: Annotated[str, Path(description="The candidate's id.")]) -> str:
    """NoSuchCandidate for what cannot be an id."""
    if not _ID.fullmatch(candidate):
        raise NoSuchCandidate("of that id")
    return candidate


People = Annotated[Candidates, Depends(facade)]
CandidateId = Annotated[str, Depends(candidate_id)]
OurLinks = Annotated[Links | None, Depends(links_of)]
Reading = Annotated[ApiKey, Depends(allowed("read"))]
Writing = Annotated[ApiKey, Depends(allowed("write"))]


@router.get(
    "/{candidate}",
    summary="View a candidate",
    responses={200: answers.documented(answers.CandidateView, "The candidate.", answers.CANDIDATE_EXAMPLE)},
)
async def view_candidate(people: People, applications: Facade, links: OurLinks, candidate: CandidateId, key: Reading) -> Response:
    """What is known of them, and every application that was opened for them, none behind. The calendar's address needs `private`."""
    return JSONResponse(await candidate_shown(await people.view(candidate), applications, links, key))


@router.patch(
    "/{candidate}",
    summary="Change a candidate",
    responses={200: answers.documented(answers.CandidateView, "Changed, now or before.", answers.CANDIDATE_EXAMPLE)},
    openapi_extra=CHANGE_BODY,
)
async def change_candidate(  # noqa: PLR0917 -- what the framework brings
    request: Request, people: People, applications: Facade, links: OurLinks, candidate: CandidateId, key: Writing, identity: Key
) -> Response:
    """Only what is named changes, in every open application. Null takes away what may be unknown: `name`, `email`, `country`."""
    said = read(_CHANGE, await request.body())
    view = await people.change(candidate, _change(said), "platform", f"key:{identity}" if identity else None)
    return JSONResponse(await candidate_shown(view, applications, links, key))


@router.post(
    "/{candidate}/calendar-token",
    summary="Give the calendar another address",
    responses={200: answers.documented(answers.CalendarAddress, "The old address is void.", {"calendar_url": answers.CALENDAR_URL})},
)
async def rotate_calendar(people: People, links: OurLinks, candidate: CandidateId, key: Writing) -> Response:
    """Every time another one. The new address is told to a key with the scope `private`."""
    nonce = await people.rotate_calendar(candidate)
    return JSONResponse({"calendar_url": _address(links, key, candidate, nonce)})


async def applications_of(applications: Applications, candidate: str, ids: list[str]) -> list[Application]:
    """Those that are this candidate's, in that order; one that was erased or is somebody else's by now is left out. Unavailable."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def each(application: str) -> Application | None:
        async with turns:
            try:
                app = await applications.application(application)
            except (NoSuchApplication, Refused):
                return None
        return app if app.story.candidate and app.story.candidate.id == candidate else None

    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            found = await asyncio.gather(*map(each, ids))
    except TimeoutError as e:
        raise Unavailable from e
    return [app for app in found if app]


def _change(said: CandidateChange) -> ProfileChange:
    """Beside each other as they are answered; in one another as they are kept."""
    profile = said.profile or ProfileChange()
    if "preferences" in profile.model_fields_set:
        fault = "preferences stand beside the profile"
        raise Invalid(f"profile.preferences: {fault}.", (Fault(("profile", "preferences"), fault),))
    return profile.model_copy(update={"preferences": said.preferences}) if said.preferences else profile


async def candidate_shown(view: dict[str, Any], applications: Applications, links: Links | None, key: ApiKey) -> dict[str, Any]:
    """The contract's view of a candidate, for that key."""
    candidate: str = view["id"]
    found = await applications_of(applications, candidate, view["applications"])
    return {
        "id": candidate,
        "profile": view["profile"],
        "preferences": view["preferences"],
        "applications": [_summary(app) for app in found if not app.story.linked],
        "undeliverable": _unreachable(view["undeliverable"], found),
        "coaches": [{name: one[name] for name in _OF_COACH} for one in view["coaches"]],
        "calendar_url": _address(links, key, candidate, view["calendar"]),
        "agenda": view["agenda"],
    }


def _unreachable(across: dict[str, Any] | None, applications: list[Application]) -> dict[str, Any] | None:
    """The first message that did not arrive at the present address: about several applications, or about one."""
    lost: list[dict[str, Any]] = [{**across, "application": None}] if across else []
    lost += [
        {"since": (note.lost_at or note.at).isoformat(), "intent": f"{note.kind}/{note.thing}", "application": app.id}
        for app in applications
        if (note := app.story.unreachable)
    ]
    return min(lost, key=lambda told: datetime.fromisoformat(told["since"]), default=None)


def _summary(app: Application) -> dict[str, Any]:
    story, step = app.story, following(app)
    return {
        "id": app.id,
        "stage": stage(app),
        "outcome": story.outcome.name if story.outcome else None,
        "round": story.round,
        "paused": story.pause is not None,
        "next": {"step": step.kind, "due": local(story, step.due).isoformat()} if step else None,
    }


def _address(links: Links | None, key: ApiKey, candidate: str, nonce: str) -> str | None:
    return links.calendar(candidate, nonce) if links and "private" in key.scopes else None
