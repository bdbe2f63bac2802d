"""The calls about the platform's own endpoints: how their events stand, and sending once more what happened in a time. Shows no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Path, Request
from pydantic import AwareDatetime, TypeAdapter
from starlette.responses import JSONResponse, Response

from client.api.answers import Shape, documented
from client.api.bodies import REPLAY_BODY, Repetition
from client.api.keys import allowed
from client.door import read
from client.refusals import Fault, Invalid, NoSuchWebhook
from client.streams import Streams
from client.webhooks import Webhooks

router: Final = APIRouter(prefix="/v1", tags=["webhooks"])
_REPETITION: Final[TypeAdapter[Repetition]] = TypeAdapter(Repetition)


class Webhook(Shape):
    """One endpoint and its events."""

    id: str
    url: str
    waiting: int
    """Applications with events that are not taken yet."""
    oldest: AwareDatetime | None
    """Since when the oldest of them waits."""
    delivered_at: AwareDatetime | None
    failing: bool
    """Nothing was taken for three days, or something was dropped, or the endpoint said that it is gone."""
    failing_since: AwareDatetime | None
    gone: bool
    """It answered 410, and is left alone until its address in the file changes."""
    dropped: int
    """Events that were given up after three days; a replay sends them again."""


class WebhookList(Shape):
    webhooks: list[Webhook]
    """By id."""
    mistakes: list[str]
    """Why the file as it is now is not used and the last good one is. Empty: it is used."""


class Begun(Shape):
    replay: str
    """Its workflow in Temporal."""


@dataclass(frozen=True)
class Out:
    """What goes out of this deployment."""

    webhooks: Webhooks
    streams: Streams


async def out(request: Request) -> Out:
    return cast("Out", request.app.state.out)


Outward = Annotated[Out, Depends(out)]


@router.get(
    "/webhooks",
    summary="List webhooks",
    responses={200: documented(WebhookList, "The endpoints, and how their events stand.")},
    dependencies=[Depends(allowed("read"))],
)
async def list_webhooks(out: Outward) -> Response:
    """The endpoints of the file that AFTERWORD_WEBHOOKS names."""
    known = out.webhooks.current()
    told = [
        Webhook(id=one, url=known[one].url, **(await out.streams.view(one)).model_dump()).model_dump(mode="json") for one in sorted(known)
    ]
    return JSONResponse({"webhooks": told, "mistakes": list(out.webhooks.mistakes)})


@router.post(
    "/webhooks/{name}/replay",
    summary="Replay events",
    status_code=202,
    responses={202: documented(Begun, "Begun.", {"replay": "replay/backend/3f2a9c51d07b"})},
    openapi_extra=REPLAY_BODY,
    dependencies=[Depends(allowed("operate"))],
)
async def replay_events(request: Request, out: Outward, name: Annotated[str, Path(description="The endpoint's id.")]) -> Response:
    """Every event of that time, by the facts' own times, is sent to the endpoint once more, under the same ids."""
    wanted = read(_REPETITION, await request.body())
    if name not in out.webhooks.current():
        raise NoSuchWebhook
    if wanted.until is not None and wanted.until < wanted.since:
        raise Invalid("until is before since.", (Fault(("until",), "not before since"),))
    return JSONResponse({"replay": await out.streams.replay(name, wanted.since, wanted.until)}, 202)
