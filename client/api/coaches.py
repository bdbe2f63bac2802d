"""The calls about advisers: one asks a candidate and is let go of; they read stages and dates of those who agreed, and nothing else.

What an adviser is shown is named here field by field, so that what an application learns to hold is not shown with it. Nobody agrees here:
only the candidate does, by the link in their mail.
"""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import JSONResponse, Response

from client.api.advised import AdvisedCandidate, AdvisedCandidates
from client.api.answers import CANDIDATE_EXAMPLE, CandidateView, Shape, documented
from client.api.bodies import COACH_BODY, Coach
from client.api.calls import Facade, Key
from client.api.candidates import CandidateId, OurLinks, People, Writing, applications_of, candidate_shown
from client.api.keys import Key as ApiKey
from client.api.keys import allowed
from client.coaches import Advised, Coaches
from client.door import read
from client.patience import PATIENCE
from client.refusals import NoSuchCoach, Refused, Unavailable
from workflows.application import Application
from workflows.guide import agenda, stage
from workflows.view import local

AT_ONCE: Final = 4
"""Candidates whose applications are read at a time."""
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)
_COACH: Final[TypeAdapter[Coach]] = TypeAdapter(Coach)

router: Final = APIRouter(prefix="/v1", tags=["advisers"])


class Ended(Shape):
    candidate: str
    coach: str


_ADVISED: Final[dict[str, Any]] = {
    "id": "cand-7",
    "name": "Ada Byron",
    "since": "2026-03-02T19:30:00+00:00",
    "applications": [
        {
            "id": "app-1001",
            "employer": "Analytical Engines",
            "position": "Staff Engineer",
            "stage": "waiting",
            "outcome": None,
            "round": 1,
            "agenda": [{"step": "follow-up", "due": "2026-03-12T08:00:00+00:00", "action": "Send your one follow-up"}],
        }
    ],
}


async def facade(request: Request) -> Coaches:
    """The one façade of this process."""
    return cast("Coaches", request.app.state.coaches)


async def coach_id(coach: Annotated[str, Path(description="The adviser's id.")]) -> str:
    """NoSuchCoach for what cannot be an id."""
    if not _ID.fullmatch(coach):
        raise NoSuchCoach
    return coach


Advisers = Annotated[Coaches, Depends(facade)]
CoachId = Annotated[str, Depends(coach_id)]


class Wanted(BaseModel):
    """Which page of an adviser's candidates."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    cursor: Annotated[str, Field(max_length=4096)] | None = None
    """`next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=50)] = 20


@router.post(
    "/candidates/{candidate}/coaches",
    summary="Ask a candidate for an adviser",
    responses={200: documented(CandidateView, "Asked, now or before; they get a message.", CANDIDATE_EXAMPLE)},
    openapi_extra=COACH_BODY,
)
async def ask_candidate(  # noqa: PLR0917 -- what the framework brings
    request: Request,
    advisers: Advisers,
    people: People,
    applications: Facade,
    links: OurLinks,
    candidate: CandidateId,
    key: Writing,
    identity: Key,
) -> Response:
    """The candidate is told who asks and what they would see, and agrees by the link in that message or not. An ask ends after 30 days."""
    said = read(_COACH, await request.body())
    await people.view(candidate)
    if links is None:
        raise Refused("no-links", "Links are not set up here, and only by a link does a candidate agree.")
    view = await advisers.ask(candidate, said.id, said.name, f"coach:{identity}" if identity else None)
    return JSONResponse(await candidate_shown(view, applications, links, key))


@router.delete(
    "/candidates/{candidate}/coaches/{coach}",
    summary="Let go of an adviser",
    responses={200: documented(Ended, "Over, now or before.", {"candidate": "cand-7", "coach": "coach-9"})},
)
async def end_consent(
    advisers: Advisers, candidate: CandidateId, coach: CoachId, key: Annotated[ApiKey, Depends(allowed("write", advises=True))]
) -> Response:
    """The ask or the consent ends at once. An adviser resigns by it too, with a key of theirs that has `write`."""
    if key.coach is not None:
        await advisers.advised(coach, candidate)
    await advisers.end(candidate, coach, "platform")
    return JSONResponse({"candidate": candidate, "coach": coach})


@router.get(
    "/coaches/{coach}/candidates",
    summary="List an adviser's candidates",
    responses={
        200: documented(AdvisedCandidates, "A page of those who agreed.", {"candidates": [_ADVISED], "next": None}),
    },
    dependencies=[Depends(allowed("read", advises=True))],
)
async def list_advised(advisers: Advisers, applications: Facade, coach: CoachId, wanted: Annotated[Wanted, Query()]) -> Response:
    """Who agreed a moment ago may be missing; who ended it is not there any more. A page may be shorter than `limit`."""
    page = await advisers.page(coach, wanted.cursor, wanted.limit)
    few = asyncio.Semaphore(AT_ONCE)

    async def each(one: Advised) -> dict[str, Any]:
        async with few:
            return await advised_shown(one, applications)

    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            candidates = await asyncio.gather(*map(each, page.candidates))
    except TimeoutError as e:
        raise Unavailable from e
    return JSONResponse({"candidates": candidates, "next": page.next})


@router.get(
    "/coaches/{coach}/candidates/{candidate}",
    summary="View an adviser's candidate",
    responses={200: documented(AdvisedCandidate, "Where their applications stand.", _ADVISED)},
    dependencies=[Depends(allowed("read", advises=True))],
)
async def view_advised(advisers: Advisers, applications: Facade, coach: CoachId, candidate: CandidateId) -> Response:
    """None behind. Whoever did not agree, or not any more, is as if they did not exist."""
    return JSONResponse(await advised_shown(await advisers.advised(coach, candidate), applications))


async def advised_shown(one: Advised, applications: Facade) -> dict[str, Any]:
    """What an adviser sees of a candidate, and all that they see."""
    candidate: str = one.view["id"]
    found = await applications_of(applications, candidate, one.view["applications"])
    return {
        "id": candidate,
        "name": one.view["profile"]["name"],
        "since": one.since,
        "applications": [_application(app) for app in found if not app.story.linked],
    }


def _application(app: Application) -> dict[str, Any]:
    story = app.story
    return {
        "id": app.id,
        "employer": story.employer.name if story.employer else None,
        "position": story.position,
        "stage": stage(app),
        "outcome": story.outcome.name if story.outcome else None,
        "round": story.round,
        "agenda": [
            {"step": step.kind, "due": local(story, step.due).isoformat(), "action": step.action} for step in agenda(app) if not step.held
        ],
    }
