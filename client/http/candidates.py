"""Candidates over HTTP: the names of `client.candidates`, with what is held about them and its erasure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from client.api import answers
from client.http.calls import Calls, segment
from workflows.names.erasing import ErasureReceipt


class Candidates:
    """The candidates of one deployment. NoSuchCandidate, and what every call raises as `client.http.applications.Applications` has it."""

    def __init__(self, calls: Calls) -> None:
        self._calls: Final = calls

    async def view(self, candidate: str) -> answers.CandidateView:
        """What is known of them, and every application that was opened for them."""
        return answers.CandidateView.model_validate_json((await self._calls.ask("GET", _at(candidate))).content)

    async def change(
        self,
        candidate: str,
        *,
        profile: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> answers.CandidateView:
        """Only what is named changes, in every open application; None takes away what may be unknown. Invalid."""
        said = {name: part for name, part in (("profile", profile), ("preferences", preferences)) if part is not None}
        return answers.CandidateView.model_validate_json((await self._calls.ask("PATCH", _at(candidate), said, key=key)).content)

    async def rotate_calendar(self, candidate: str) -> str | None:
        """Another address for their calendar; the old one is void. None for a key without the scope `private`."""
        return (await self._calls.ask("POST", _at(candidate, "/calendar-token"))).json()["calendar_url"]

    async def advance(self, candidate: str, to: datetime) -> answers.CandidateView:
        """Moves their and all their applications' clocks forward, and returns once they are there. NoTestClock."""
        answer = await self._calls.until_done("POST", _at(candidate, "/advance"), {"to": to})
        return answers.CandidateView.model_validate_json(answer.content)

    async def export(self, candidate: str) -> dict[str, Any]:
        """Everything that is held about them, private text included."""
        return (await self._calls.ask("GET", _at(candidate, "/export"))).json()

    async def erase(self, candidate: str) -> str:
        """Erases them, for good, and gives the erasure's id. Said again it is the same one."""
        return str((await self._calls.ask("DELETE", _at(candidate))).json()["erasure"])

    async def erasure(self, erasure: str) -> ErasureReceipt:
        """How far it is. NoSuchErasure."""
        return ErasureReceipt.model_validate_json((await self._calls.ask("GET", f"/v1/erasures/{segment(erasure)}")).content)


def _at(candidate: str, rest: str = "") -> str:
    return f"/v1/candidates/{segment(candidate)}{rest}"
