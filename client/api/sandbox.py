"""The calls that only a server with test clocks has: an application's clock is moved forward, and what was sent is read."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import TypeAdapter
from starlette.responses import JSONResponse, Response
from temporalio.client import Client

from client import clock
from client.api import answers
from client.api.bodies import ADVANCE_BODY, Advance
from client.api.calls import ApplicationId, Facade
from client.api.keys import allowed
from client.api.privacy import shown
from client.door import read
from client.refusals import NoTestClock
from client.settings import Settings
from client.sink import messages

_ADVANCE: Final[TypeAdapter[Advance]] = TypeAdapter(Advance)

router: Final = APIRouter(prefix="/v1", tags=["sandbox"])


def home(request: Request) -> Path:
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
    view = await applications.view(application)
    target = _next_due(view) if to == "next" else to
    if target is None:
        return JSONResponse(shown(view))
    progress = await clock.advance(cast("Client", request.app.state.client), application, target)
    view = await applications.view(application)
    return JSONResponse(shown(view), 202 if progress == "underway" else 200)


@router.get(
    "/messages",
    summary="What was sent",
    responses={200: answers.documented(answers.Messages, "Newest last.")},
    dependencies=[Depends(allowed("private"))],
)
async def list_messages(home: Home, application: Annotated[str | None, Query(max_length=128)] = None) -> Response:
    """The mail that the embedded server's sink has kept; of one application, if it is named."""
    return JSONResponse({"messages": await asyncio.to_thread(messages, home, application)})


def _next_due(view: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(view["agenda"][0]["due"]) if view["agenda"] else None
