"""Facts that a board said under its own id are handed to the application that the platform opened under another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from temporalio import activity

from workflows import names
from workflows.facts import Word

Hear = Callable[[str, Word], Awaitable[None]]
"""Says a word to an application, in whatever state it is; durable when it returns."""


class Forwarding:
    """The activity, with the way to applications that it uses."""

    def __init__(self, hear: Hear) -> None:
        self._hear: Final = hear

    @activity.defn(name=names.FORWARD_FACTS)
    async def forward_facts(self, request: names.ForwardRequest) -> None:
        """Says them once more, to `to`. Their ids make repeating harmless; whatever fails is retried."""
        await self._hear(request.to, Word(facts=request.facts))
