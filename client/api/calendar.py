"""The calendar feed's address. Its token is its key: whoever has it reads the dates, and nothing tells a wrong one from a void one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import PlainTextResponse, Response

from activities.letters.links import Forged, Links
from client.api.calls import Facade
from client.api.candidates import OurLinks, People, applications_of
from client.candidates import Candidates
from client.feed import REFRESH, feed
from client.feed.track import Tracks
from client.refusals import NoSuchCandidate

MEDIA_TYPE: Final = "text/calendar"
_PRIVATE: Final = {
    "Cache-Control": f"private, max-age={int(REFRESH.total_seconds()) // 4}, must-revalidate",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_NOTHING: Final = "There is no calendar at this address. It may have been given another one.\n"
_TEXT: Final = {"schema": {"type": "string"}}

router: Final = APIRouter(prefix="/v1/candidates", tags=["candidates"])


async def tracks_of(request: Request) -> Tracks:
    """What this process remembers of the applications' entries."""
    return cast("Tracks", request.app.state.tracks)


@router.get(
    "/{candidate}/calendar.ics",
    summary="The calendar feed",
    response_class=Response,
    responses={
        200: {
            "description": "The candidate's dates.",
            "content": {MEDIA_TYPE: _TEXT},
            "headers": {"ETag": {"description": "Changes with the calendar.", "schema": {"type": "string"}}},
        },
        304: {"description": "As it was: If-None-Match names its ETag."},
        404: {"description": "No such candidate, a wrong token, or one that was void.", "content": {"text/plain": _TEXT}},
    },
)
async def read_calendar(  # noqa: PLR0917 -- what the framework brings
    people: People,
    applications: Facade,
    links: OurLinks,
    tracks: Annotated[Tracks, Depends(tracks_of)],
    candidate: Annotated[str, Path(description="The candidate's id.")],
    token: Annotated[str, Query(description="As in the calendar's address.")] = "",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """For a calendar to subscribe to. It needs no key but its token."""
    view = await _of(people, links, candidate, token)
    if view is None:
        return PlainTextResponse(_NOTHING, 404, {**_PRIVATE, "Cache-Control": "no-store"})
    found = await applications_of(applications, candidate, view["applications"])
    raw = await asyncio.to_thread(feed, found, tracks)  # of many applications it takes long enough to hold up others
    tag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
    headers = {**_PRIVATE, "ETag": tag}
    if if_none_match and (if_none_match.strip() == "*" or tag in (t.strip().removeprefix("W/") for t in if_none_match.split(","))):
        return Response(status_code=304, headers=headers)
    return Response(
        raw, headers={**headers, "Content-Disposition": 'inline; filename="afterword.ics"'}, media_type=f"{MEDIA_TYPE}; charset=utf-8"
    )


async def _of(people: Candidates, links: Links | None, candidate: str, token: str) -> dict[str, Any] | None:
    """The view of the candidate whose calendar's present token this is. Unavailable."""
    if links is None:
        return None
    try:
        whose, nonce = links.read_calendar(token)
        if not hmac.compare_digest(whose.encode(), candidate.encode("utf-8", "replace")):
            return None
        view = await people.view(whose)
    except (Forged, NoSuchCandidate):
        return None
    return view if hmac.compare_digest(str(view["calendar"]).encode(), nonce.encode()) else None
