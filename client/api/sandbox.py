"""The calls that only a server with test clocks has: an application's clock is moved forward, and what was sent is read."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import TypeAdapter
from starlette.responses import JSONResponse, Response
from temporalio.client import Client
from temporalio.service import RPCError

from client import clock, in_step
from client.api import answers
from client.api.bodies import ADVANCE_BODY, Advance
from client.api.calls import ApplicationId, Facade
from client.api.candidates import CandidateId, OurLinks, Writing, applications_of, candidate_shown
from client.api.keys import Key as ApiKey
from client.api.keys import allowed
from client.api.privacy import shown
from client.applications import Applications
from client.door import read
from client.refusals import NoSuchCandidate, NoTestClock, Unavailable
from client.runs import from_view
from client.settings import Settings
from client.sink import messages
from workflows.application import Application
from workflows.guide import agenda

_ADVANCE: Final[TypeAdapter[Advance]] = TypeAdapter(Advance)

router: Final = APIRouter(prefix="/v1", tags=["sandbox"])


async def home(request: Request) -> Path:
    """Where the sink keeps mail; NoTestClock on any other server."""
    settings = cast("Settings", request.app.state.settings)
    if not settings.embedded:
        raise NoTestClock
    return settings.home


Home = Annotated[Path, Depends(home)]


@router.post(
    "/applications/{application}/advance",
    summary="Move an application's clock forward",
    responses={
        200: answers.documented(answers.View, "It is there: the view at that moment.", answers.VIEW_EXAMPLE),
        202: answers.documented(answers.View, "It is on its way; ask again.", answers.VIEW_EXAMPLE),
    },
    openapi_extra=ADVANCE_BODY,
    dependencies=[Depends(allowed("write")), Depends(home)],
)
async def advance_application(request: Request, applications: Facade, application: ApplicationId) -> Response:
    """To the next step's moment or to a time. Everything happens on the way that would have happened meanwhile."""
    to = read(_ADVANCE, await request.body()).to
    client = cast("Client", request.app.state.client)
    view = await applications.view(application)
    try:
        target = _next(from_view(view), await clock.application_time(client, application)) if to == "next" else to
        progress = await clock.advance(client, application, target) if target else "there"
    except RPCError as e:
        raise Unavailable from e
    return JSONResponse(shown(await applications.view(application)), 202 if progress == "underway" else 200)


@router.post(
    "/candidates/{candidate}/advance",
    summary="Move a candidate's clocks forward",
    responses={
        200: answers.documented(answers.CandidateView, "They are there.", answers.CANDIDATE_EXAMPLE),
        202: answers.documented(answers.CandidateView, "They are on their way; ask again.", answers.CANDIDATE_EXAMPLE),
    },
    openapi_extra=ADVANCE_BODY,
    dependencies=[Depends(home)],
)
async def advance_candidate(request: Request, applications: Facade, links: OurLinks, candidate: CandidateId, key: Writing) -> Response:
    """The candidate's and all their applications' clocks, in step: they stop at every moment at which one of them is due."""
    to = read(_ADVANCE, await request.body()).to
    client = cast("Client", request.app.state.client)
    try:
        progress = await in_step.advance_candidate(client, applications, candidate, to)
    except RPCError as e:
        raise Unavailable from e
    view = await candidate_shown(await applications.candidates.view(candidate), applications, links, key)
    return JSONResponse(view, 202 if progress == "underway" else 200)


@router.get(
    "/messages",
    summary="What was sent",
    responses={200: answers.documented(answers.Messages, "Newest last.")},
)
async def list_messages(
    asker: Annotated[ApiKey, Depends(allowed("private", looks=True))],
    home: Home,
    applications: Facade,
    application: Annotated[str | None, Query(max_length=128)] = None,
    candidate: Annotated[str | None, Query(max_length=128)] = None,
) -> Response:
    """The mail that the embedded server's sink has kept; of one application, or about several of one candidate, if they are named."""
    about: list[_About] = [(application, candidate)]
    if asker.candidate is not None:
        about = [one for one in await _of(asker.candidate, applications) if _asked(one, application, candidate)]
    found = [message for one in about for message in await asyncio.to_thread(messages, home, *one)]
    return JSONResponse({"messages": found if len(about) == 1 else sorted(found, key=lambda message: str(message["sent_at"]))})


_About = tuple[str | None, str | None]
"""An application's id, or a candidate's."""


async def _of(candidate: str, applications: Applications) -> list[_About]:
    """What messages to that candidate can be about."""
    try:
        ids = (await applications.candidates.view(candidate))["applications"]
    except NoSuchCandidate:
        return []
    return [*((app.id, None) for app in await applications_of(applications, candidate, ids)), (None, candidate)]


def _asked(about: _About, application: str | None, candidate: str | None) -> bool:
    return (application is None and candidate is None) or about == (application, candidate)


def _next(application: Application, now: datetime) -> datetime | None:
    """When something will be done that is not being done already; None: nothing is ahead."""
    ahead = (step.moment(application.story, now) for step in agenda(application) if not step.held)
    return min((due for due in ahead if due > now), default=None)
