"""How a migration reaches the applications: by the façade, one word each, a few at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Literal

from client.applications import Applications
from client.migrations import open_ones
from client.refusals import NoSuchApplication, NotDone, Unavailable
from workflows.facts import DetailsChanged, Word
from workflows.names.migrating import PAGE, MigratePage, NotMoved, PageMigrated

_AT_ONCE: Final = 5
Fate = Literal["moved", "same", "passed"] | NotMoved
"""`passed`: it stands for another application, or an earlier look has moved it."""


@dataclass(frozen=True)
class Migrator:
    """`activities.migrating.Moving`, by the façade."""

    applications: Applications

    async def page(self, request: MigratePage) -> PageMigrated:
        ids, cursor = request.applications, None
        if request.where is not None:
            found = await self.applications.list(open_ones(request.where), request.cursor, PAGE)
            ids, cursor = tuple(one["id"] for one in found.applications), found.next
        few = asyncio.Semaphore(_AT_ONCE)

        async def moved(application: str) -> Fate:
            async with few:
                return await self._moved(application, request)

        fates = await asyncio.gather(*map(moved, ids))
        first = request.look == 1
        return PageMigrated(
            cursor=cursor,
            moved=fates.count("moved"),
            same=fates.count("same") if first else 0,
            refused=tuple(fate for fate in fates if isinstance(fate, NotMoved)) if first else (),
        )

    async def _moved(self, application: str, request: MigratePage) -> Fate:
        fact = f"{request.fact}.{request.look}"
        try:
            app = await self.applications.application(application)
            if fact in app.ids:  # this page is tried again
                return "moved"
            if app.story.linked or any(f"{request.fact}.{look}" in app.ids for look in range(1, request.look)):
                return "passed"
            if app.story.policy == request.policy:
                return "same"
            said = DetailsChanged(id=fact, policy=request.policy)
            await self.applications.record(application, Word(facts=(said,), by="platform"))
        except Unavailable:
            raise
        except NoSuchApplication as e:
            return "passed" if request.where else NotMoved(application=application, reason=e.slug)
        except NotDone as e:
            return NotMoved(application=application, reason=e.slug)
        return "moved"
