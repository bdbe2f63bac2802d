"""Advisers over HTTP: asked for here, agreed to by the candidate alone, and shown stages and dates of those who agreed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from client.api.advised import AdvisedCandidate, AdvisedCandidates
from client.api.answers import CandidateView
from client.http.calls import Calls, segment

_MANY: Final = 50
"""Candidates of one page."""


class Coaches:
    """The advisers of one deployment. Raises what every call does, as `client.http.applications.Applications` has it."""

    def __init__(self, calls: Calls) -> None:
        self._calls: Final = calls

    async def ask(self, candidate: str, coach: str, name: str) -> CandidateView:
        """Asks the candidate by a message, once while it waits. NoSuchCandidate, Refused (no-address, no-links, coach-has-consent)."""
        answer = await self._calls.ask("POST", f"/v1/candidates/{segment(candidate)}/coaches", {"id": coach, "name": name})
        return CandidateView.model_validate_json(answer.content)

    async def end(self, candidate: str, coach: str) -> None:
        """Ends the ask or the consent at once. NoSuchCandidate, NoSuchCoach."""
        await self._calls.ask("DELETE", f"/v1/candidates/{segment(candidate)}/coaches/{segment(coach)}")

    async def view(self, coach: str, candidate: str) -> AdvisedCandidate:
        """Where their applications stand. NoSuchCandidate for who did not agree, or not any more; NoSuchCoach."""
        answer = await self._calls.ask("GET", f"/v1/coaches/{segment(coach)}/candidates/{segment(candidate)}")
        return AdvisedCandidate.model_validate_json(answer.content)

    async def page(self, coach: str, cursor: str | None = None, limit: int = 20) -> AdvisedCandidates:
        """One page of what `list` gives. NoSuchCoach, Invalid for a cursor of others."""
        answer = await self._calls.ask("GET", f"/v1/coaches/{segment(coach)}/candidates", cursor=cursor, limit=limit)
        return AdvisedCandidates.model_validate_json(answer.content)

    async def list(self, coach: str) -> AsyncGenerator[AdvisedCandidate]:
        """Those who agreed, page after page; a second or so behind. NoSuchCoach."""
        cursor: str | None = None
        while True:
            page = await self.page(coach, cursor, _MANY)
            for candidate in page.candidates:
                yield candidate
            cursor = page.next
            if cursor is None:
                return
