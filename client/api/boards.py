"""What an operator asks about the boards: which connections there are, and what became of their deliveries. Shows no secret."""

from __future__ import annotations

from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from client.api import answers
from client.api.keys import allowed
from client.connections import Connection
from client.deliveries import Tally
from client.hooks import Hooks

router: Final = APIRouter(prefix="/v1", tags=["connections"])


async def entrance(request: Request) -> Hooks:
    """The one entrance of the boards into this process."""
    return cast("Hooks", request.app.state.hooks)


@router.get(
    "/connections",
    summary="List connections",
    responses={200: answers.documented(answers.Connections, "The connections and their deliveries, as this process counted them.")},
    dependencies=[Depends(allowed("read"))],
)
async def list_connections(hooks: Annotated[Hooks, Depends(entrance)]) -> Response:
    """The counts begin with this process: another one, or the same after a restart, has its own."""
    known = hooks.connections.current()
    told = [_told(known[one], hooks.tallies.get(one, Tally())) for one in sorted(known)]
    return JSONResponse({"connections": told, "since": hooks.since.isoformat(), "mistakes": list(hooks.connections.mistakes)})


def _told(known: Connection, tally: Tally) -> dict[str, object]:
    return {
        "id": known.id,
        "board": known.board.name,
        "unknown": "open" if known.opens else "unclaimed",
        "last_delivery": tally.last_delivery.isoformat() if tally.last_delivery else None,
        "accepted": tally.accepted,
        "refused": tally.refused,
        "without_effect": tally.without_effect,
        "unavailable": tally.unavailable,
        "events_without_effect": dict(tally.events_without_effect),
    }
