"""Imports over HTTP: the names of `client.imports`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from client.http.calls import Calls, segment, written

LINES: Final = "application/x-ndjson"


class Imports:
    """The imports of one deployment. Raises what every call does, as `client.http.applications.Applications` has it."""

    def __init__(self, calls: Calls) -> None:
        self._calls: Final = calls

    async def begin(self, openings: Iterable[BaseModel | Mapping[str, Any]], key: str | None = None) -> str:
        """Opens an application for each, up to a thousand; the import's id. The same openings again are the same import. Invalid."""
        lines = b"\n".join(written(opening) or b"" for opening in openings)
        return str((await self._calls.ask("POST", "/v1/imports", lines, key=key, media=LINES)).json()["import"])

    async def report(self, importing: str) -> dict[str, Any]:
        """How far it is: `status`, `opened`, `same`, and the `refused` lines with their problems. NoSuchImport."""
        return (await self._calls.ask("GET", f"/v1/imports/{segment(importing)}")).json()
