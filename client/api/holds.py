"""The calls about holds: sending stops at once, and goes on."""

from __future__ import annotations

from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter
from starlette.responses import JSONResponse, Response

from client.api.answers import HoldList, documented
from client.api.bodies import HOLD_BODY, HoldWanted
from client.api.keys import allowed
from client.door import read
from client.holds import HoldRuns
from workflows.names.holding import HoldChange, Holds

router: Final = APIRouter(prefix="/v1", tags=["operations"])
_WANTED: Final[TypeAdapter[HoldWanted]] = TypeAdapter(HoldWanted)
_EXAMPLE: Final = {"holds": [{"scope": "all", "until": "2030-03-02T15:00:00+00:00"}]}


async def holding(request: Request) -> HoldRuns:
    """The one of this process."""
    return cast("HoldRuns", request.app.state.holds)


OnHold = Annotated[HoldRuns, Depends(holding)]


@router.get(
    "/hold",
    summary="View holds",
    responses={200: documented(HoldList, "What is held.", _EXAMPLE)},
    dependencies=[Depends(allowed("operate"))],
)
async def view_holds(holds: OnHold) -> Response:
    return _told(await holds.current())


@router.put(
    "/hold",
    summary="Hold sending",
    responses={200: documented(HoldList, "What is held after it.", _EXAMPLE)},
    openapi_extra=HOLD_BODY,
    dependencies=[Depends(allowed("operate"))],
)
async def hold(request: Request, holds: OnHold) -> Response:
    """Within five seconds nothing in that scope is sent any more, by any worker; `until` null lets it go on. Nothing is lost meanwhile.

    What becomes pointless in that time is noted as skipped, as the process has it.
    """
    wanted = read(_WANTED, await request.body())
    return _told(await holds.change(HoldChange(scope=wanted.scope, until=wanted.until)))


def _told(holds: Holds) -> Response:
    return JSONResponse({"holds": [one.model_dump(mode="json") for one in holds.holds]})
