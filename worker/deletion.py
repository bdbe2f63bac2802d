"""How the activities of an erasure reach what is held: in Temporal by the façade, on the embedded stack also in its mail sink."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from client import sink
from client.applications import Applications
from client.imports import Imports
from client.streams import Streams
from workflows import names


@dataclass(frozen=True)
class Deletion:
    """`activities.erasing.Deleting`, by the façade."""

    applications: Applications
    streams: Streams
    home: Path | None = None
    """Where the embedded stack's sink keeps mail. None: mail is with a mail server, which is not ours."""
    imports: Imports | None = None
    """Rows may name who is erased."""

    async def seek(self, request: names.SeekRequest) -> names.Held:
        subjects = self.applications.subjects
        if request.candidate and request.candidate not in request.held.candidates:
            await subjects.bury(names.Held(candidates=(request.candidate,)))
        held = await subjects.held(request.candidate, request.applications, request.held)
        await subjects.bury(held.without(request.held))
        held = await subjects.strays(held)
        await subjects.bury(held.without(request.held))
        return held

    async def delete(self, held: names.Held) -> names.Deleted:
        runs = await self.applications.subjects.delete(held)
        runs += await self.streams.forget(held.applications)
        mail = await asyncio.to_thread(sink.forget, self.home, held.applications, held.candidates) if self.home else 0
        stopped, goes_on = await self.imports.erase(held) if self.imports else ((), False)
        moved, moving = await self.applications.migrations.erase(held)
        return names.Deleted(runs=(*runs, *stopped, *moved), messages=mail, goes_on=goes_on or moving)

    async def forget(self, workflow: str, but: str) -> bool:
        return await self.applications.erasures.forget(workflow, but)
