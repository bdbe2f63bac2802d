"""The calls for data subjects: everything that is held about a candidate as one file, and its erasure with a receipt that names nobody."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import AwareDatetime
from starlette.responses import JSONResponse, Response

from client.api.answers import CandidateStep, KnownFact, Letter, Lost, Shape, View, documented
from client.api.calls import Facade
from client.api.candidates import CandidateId
from client.api.keys import allowed
from client.refusals import NoSuchErasure
from workflows.facts import Preferences

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ERASURE: Final = "3f2a9c51d07b4e68a1c2d3e4f5061728"

router: Final = APIRouter(prefix="/v1", tags=["data subjects"])


class WholeCandidate(Shape):
    """A candidate with everything that was said across applications."""

    id: str
    profile: dict[str, Any]
    preferences: Preferences
    undeliverable: Lost | None
    waiting: list[str]
    """Intents of messages that wait for the morning digest; what is in them is in the facts."""
    agenda: list[CandidateStep]
    facts: list[dict[str, Any]]
    """In order of arrival."""


class WholeApplication(View):
    """An application with its private text and its letters."""

    facts: list[KnownFact]
    """In order of arrival, none without its private text."""
    letters: list[Letter]


class Export(Shape):
    """Everything that is held. The same state is the same file."""

    candidate: WholeCandidate
    applications: list[WholeApplication]
    """By id; one that a board names otherwise than the platform is there under both ids."""


class Begun(Shape):
    erasure: str


class Erasure(Shape):
    status: Literal["running", "finished", "stopped"]
    """`stopped`: an operator ended it; erasing again begins it anew."""
    runs_deleted: int
    finished_at: AwareDatetime | None


async def erasure_id(erasure: Annotated[str, Path(description="The erasure's id.")]) -> str:
    """NoSuchErasure for what cannot be an id."""
    if not _ID.fullmatch(erasure):
        raise NoSuchErasure("of that id")
    return erasure


@router.get(
    "/candidates/{candidate}/export",
    summary="Export a candidate",
    responses={200: documented(Export, "Everything that is held, private text included.", Content_Disposition="A name for the file.")},
    dependencies=[Depends(allowed("read")), Depends(allowed("private"))],
)
async def export_candidate(applications: Facade, candidate: CandidateId) -> Response:
    """One file, for the candidate. The key needs both scopes, `read` and `private`."""
    whole = json.dumps(await applications.subjects.export(candidate), ensure_ascii=False, indent=1)
    named = {"Content-Disposition": f'attachment; filename="candidate-{candidate}.json"', "Cache-Control": "no-store"}
    return Response(whole, media_type="application/json", headers=named)


@router.delete(
    "/candidates/{candidate}",
    summary="Erase a candidate",
    status_code=202,
    responses={202: documented(Begun, "Begun, now or before; nothing can be opened for them any more.", {"erasure": _ERASURE})},
    dependencies=[Depends(allowed("erase"))],
)
async def erase_candidate(applications: Facade, candidate: CandidateId) -> Response:
    """What is pending is cancelled, and everything that is held is deleted, for good. Said again it is the same erasure."""
    erasure = await applications.erasures.of_candidate(candidate)
    return JSONResponse({"erasure": erasure}, 202, {"Location": f"/v1/erasures/{erasure}"})


@router.get(
    "/erasures/{erasure}",
    summary="View an erasure",
    responses={
        200: documented(Erasure, "How far it is.", {"status": "finished", "runs_deleted": 7, "finished_at": "2026-03-02T15:00:00+00:00"})
    },
    dependencies=[Depends(allowed("erase"))],
)
async def view_erasure(applications: Facade, erasure: Annotated[str, Depends(erasure_id)]) -> Response:
    """The receipt, kept for as long as ended runs are. It names nobody."""
    return JSONResponse((await applications.erasures.receipt(erasure)).model_dump(mode="json"))
