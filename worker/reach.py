"""How the activities of this worker reach applications and candidates: by the façades."""

from __future__ import annotations

from dataclasses import dataclass

from client.applications import Applications
from client.refusals import NoSuchApplication, NoSuchCandidate
from workflows.application import Application
from workflows.facts import Word
from workflows.person.facts import PersonWord


@dataclass(frozen=True)
class Reach:
    """`activities.across.Others`, by the façade."""

    applications: Applications

    async def application(self, application: str) -> Application | None:
        try:
            return await self.applications.application(application)
        except NoSuchApplication:
            return None

    async def heard(self, application: str, word: Word) -> None:
        await self.applications.heard(application, word)

    async def candidate_heard(self, candidate: str, word: PersonWord) -> None:
        await self.applications.candidates.heard(candidate, word)

    async def open_applications(self, candidate: str) -> tuple[str, ...]:
        try:
            return tuple((await self.applications.candidates.view(candidate))["open"])
        except NoSuchCandidate:
            return ()
