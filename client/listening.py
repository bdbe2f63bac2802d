"""Follows the facts of all applications that a key may see, by asking for them over HTTP, and makes the events that a platform would get.

For development: what the event stream tells an endpoint at once and for certain is found here a moment later, for as long as this runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, Final

from client.api.answers import Facts
from client.http.applications import Applications
from client.refusals import NoSuchApplication, Refused
from workflows.application import Application
from workflows.facts import FACT
from workflows.streaming import event, event_id

AT_ONCE: Final = 8
IN_TURN: Final = 50
"""Applications that are asked at each look though nothing shows that they changed: a fact of the past does not show in a list."""


@dataclass(frozen=True)
class Event:
    """As it is sent to an endpoint."""

    id: str
    """The `webhook-id`."""
    content: dict[str, Any]


@dataclass(frozen=True)
class _Seen:
    revision: int
    shown: Any
    """When the list said that it changed last."""


class Listener:
    """What was said since it began. NotDone where the API does not answer: looking again goes on where it was."""

    def __init__(self, applications: Applications) -> None:
        self._applications: Final = applications
        self._seen: dict[str, _Seen] = {}
        self._begun = False
        self._turns: list[str] = []

    @property
    def known(self) -> int:
        """How many applications there are."""
        return len(self._seen)

    async def look(self) -> AsyncIterator[Event]:
        """The events since the last look, those of one application in order. The first look only learns what there is, and has none."""
        listed = {one.id: one.changed_at async for one in self._applications.list()}
        fresh = [name for name, shown in listed.items() if name not in self._seen or self._seen[name].shown != shown]
        for name, told in await self._asked((*fresh, *self._next(listed.keys() - set(fresh)))):
            before = self._seen.get(name)
            after = before.revision if before else 0 if self._begun else told.revision
            if told.revision > after:
                app = _application(name, told)
                for revision in range(after + 1, told.revision + 1):
                    yield Event(event_id(name, revision), event(app, revision))
            self._seen[name] = _Seen(told.revision, listed[name])
        self._begun = True

    def _next(self, quiet: Iterable[str]) -> list[str]:
        """Whose turn it is among those."""
        if not self._turns:
            self._turns = sorted(quiet)
        turn, self._turns = self._turns[:IN_TURN], self._turns[IN_TURN:]
        wanted = set(quiet)
        return [name for name in turn if name in wanted]

    async def _asked(self, names: Iterable[str]) -> list[tuple[str, Facts]]:
        """All their facts; none of one that was erased meanwhile."""
        few = asyncio.Semaphore(AT_ONCE)

        async def ask(name: str) -> tuple[str, Facts] | None:
            async with few:
                try:
                    return name, await self._applications.facts(name)
                except (NoSuchApplication, Refused):
                    return None

        return [found for found in await asyncio.gather(*map(ask, names)) if found]


def _application(name: str, told: Facts) -> Application:
    """What they make, though private text is left out of them: no event tells any."""
    facts = ({"body": "not shown", **fact.model_dump(mode="json")} for fact in told.facts)
    return Application(id=name).apply(*(FACT.validate_python(fact) for fact in facts))
