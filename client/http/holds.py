"""Holds over HTTP: sending stops at once, for all, for a connection or for a kind of step, and goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from client.api.answers import HoldList
from client.http.calls import Calls


class Holds:
    """The holds of one deployment. Raises what every call does, as `client.http.applications.Applications` has it."""

    def __init__(self, calls: Calls) -> None:
        self._calls: Final = calls

    async def current(self) -> HoldList:
        """What is held."""
        return HoldList.model_validate_json((await self._calls.ask("GET", "/v1/hold")).content)

    async def change(self, scope: str, until: datetime | None) -> HoldList:
        """Holds a scope until then, at the latest; None lifts its hold. Answers what is held after it. Invalid."""
        return HoldList.model_validate_json((await self._calls.ask("PUT", "/v1/hold", {"scope": scope, "until": until})).content)
