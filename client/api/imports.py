"""The calls of an import: openings, one per line, begun together, and what became of each line. Shows no value of a line."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal, cast

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from client.api.answers import OPENING_EXAMPLE, Shape, documented
from client.api.calls import Key
from client.api.keys import allowed
from client.api.problems import Problem, document
from client.imports import Imports
from client.refusals import Fault, NoSuchImport
from workflows.names import ImportReport

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_IMPORT: Final = "8d0c1f6be2734a95b1a40f3c7e925d16"
_LINES: Final = f"{json.dumps(OPENING_EXAMPLE)}\n{json.dumps(OPENING_EXAMPLE | {'id': 'app-1002', 'position': 'Principal Engineer'})}\n"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "At most 1000 lines, each an opening as of `POST /v1/applications`.",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}, "example": _LINES}},
    }
}

router: Final = APIRouter(prefix="/v1", tags=["imports"])


class Begun(Shape):
    importing: str = Field(alias="import")


class RefusedLine(Shape):
    line: int
    """Of the body, from 1."""
    problem: Problem
    """As the same line would have been answered alone."""


class Import(Shape):
    status: Literal["running", "finished", "stopped"]
    """`stopped`: an operator ended it; posting the same again goes on with it."""
    opened: int
    same: int
    """Opened before, with the same content."""
    refused: list[RefusedLine]
    """In the order of the lines."""


async def imports(request: Request) -> Imports:
    return cast("Imports", request.app.state.imports)


async def import_id(importing: Annotated[str, Path(alias="import", description="The import's id.")]) -> str:
    """NoSuchImport for what cannot be an id."""
    if not _ID.fullmatch(importing):
        raise NoSuchImport("of that id")
    return importing


Inward = Annotated[Imports, Depends(imports)]


@router.post(
    "/imports",
    summary="Import applications",
    status_code=202,
    responses={202: documented(Begun, "Begun, now or before.", {"import": _IMPORT}, Location="Where it is told what became of each line.")},
    openapi_extra=_BODY,
    dependencies=[Depends(allowed("write"))],
)
async def begin_import(request: Request, imports: Inward, key: Key) -> Response:
    """Opens an application per line. The same lines again are the same import; what cannot be opened holds up nothing else."""
    importing = await imports.begin(await request.body(), key)
    return JSONResponse({"import": importing}, 202, {"Location": f"/v1/imports/{importing}"})


@router.get(
    "/imports/{import}",
    summary="View an import",
    responses={
        200: documented(Import, "How far it is, or what it came to.", {"status": "finished", "opened": 2, "same": 0, "refused": []})
    },
    dependencies=[Depends(allowed("read", "write"))],
)
async def view_import(imports: Inward, importing: Annotated[str, Depends(import_id)]) -> Response:
    """Kept for as long as ended runs are. It names nobody."""
    return JSONResponse(shown(await imports.report(importing)))


def shown(report: ImportReport) -> dict[str, Any]:
    refused = [
        {"line": row.line, "problem": document(row.slug, row.detail, tuple(Fault(f.path, f.detail) for f in row.faults))}
        for row in report.refused
    ]
    return {"status": report.status, "opened": report.opened, "same": report.same, "refused": refused}
