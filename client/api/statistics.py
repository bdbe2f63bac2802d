"""The call for statistics: counts over all applications, and shares of groups that are large enough to name nobody."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from starlette.responses import JSONResponse, Response

from client.api.answers import Shape, documented
from client.api.keys import allowed
from client.statistics import LEAST, USUAL, Statistics

router: Final = APIRouter(prefix="/v1", tags=["statistics"])


class Counts(Shape):
    total: int
    by_stage: dict[str, int]
    by_outcome: dict[str, int]
    by_connection: dict[str, int]
    """Those that a board spoke of first."""


class ThankYous(Shape):
    known: int
    """Applications of which it is settled whether everybody was thanked in time."""
    in_time: int
    share: float | None


class FollowUps(Shape):
    asked: int
    """Applications in which a follow-up was sent."""
    replied: int
    """Those of them whose employer replied after one."""
    share: float | None


class Silence(Shape):
    known: int
    """Applications with a silence that is over: the employer spoke, or it counted as ghosting."""
    median_days: float | None
    """Of each one's latest such silence, in whole days."""


class GhostedGroup(Shape):
    connection: str | None
    """Null: no board spoke first."""
    policy: str | None
    ended: int
    ghosted: int
    share: float | None


class GhostedRest(Shape):
    groups: int
    """How many are counted as one."""
    ended: int
    ghosted: int
    share: float | None


class Ghosted(Shape):
    minimum_group: int
    ended: int
    """Applications with an outcome."""
    ghosted: int
    share: float | None
    groups: list[GhostedGroup]
    """Largest first, each with the minimum of ended applications. Employers are not told apart: they are not in the index."""
    other: GhostedRest | None
    """Smaller ones together, with as many of the next larger as it takes to reach the minimum; null: none, or too few to be shown."""


class Told(Shape):
    """Shares and the median are null where there are fewer than the minimum."""

    as_of: AwareDatetime
    applications: Counts
    thank_yous: ThankYous
    follow_ups: FollowUps
    silence: Silence
    ghosted: Ghosted


EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2026-03-02T15:00:00+00:00",
    "applications": {
        "total": 140,
        "by_stage": {"closed": 61, "thanking": 9, "waiting": 70},
        "by_outcome": {"accepted": 12, "ghosted": 20, "rejected": 28},
        "by_connection": {"acme": 40},
    },
    "thank_yous": {"known": 131, "in_time": 118, "share": 0.901},
    "follow_ups": {"asked": 84, "replied": 33, "share": 0.393},
    "silence": {"known": 97, "median_days": 11},
    "ghosted": {
        "minimum_group": 10,
        "ended": 60,
        "ghosted": 20,
        "share": 0.333,
        "groups": [{"connection": None, "policy": "industry 1", "ended": 44, "ghosted": 15, "share": 0.341}],
        "other": {"groups": 2, "ended": 16, "ghosted": 5, "share": 0.313},
    },
}


async def counting(request: Request) -> Statistics:
    """The one of this process."""
    return cast("Statistics", request.app.state.statistics)


@router.get(
    "/statistics",
    summary="Statistics",
    responses={200: documented(Told, "Counted within the last minute.", EXAMPLE)},
    dependencies=[Depends(allowed("read"))],
)
async def view_statistics(
    statistics: Annotated[Statistics, Depends(counting)],
    minimum: Annotated[int, Query(ge=LEAST, le=10_000, description="How many ended applications a group has at least.")] = USUAL,
) -> Response:
    """From Temporal's index. Groups below the minimum are counted as one, so that nothing about them can be had by subtraction."""
    return JSONResponse(await statistics.told(minimum))
