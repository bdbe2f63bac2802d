"""The façade of advisers: they ask a candidate, the candidate agrees or not, and who agreed is found and looked at anew each time.

Temporal's index finds the candidates of an adviser and is a second or so behind; whether somebody agreed is read from their own run, which
never is. So a consent that was withdrawn shows nothing any more, whatever the index says.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from temporalio.client import Client
from temporalio.service import RPCError

from client.candidates import Candidates
from client.cursors import UNREADABLE, cursor_of, not_ours, token_in
from client.index import quoted
from client.patience import PATIENCE
from client.refusals import NoSuchCandidate, Unavailable
from workflows import names
from workflows.person.facts import CoachAllowed, CoachAsked, CoachWithdrawn, PersonFact, PersonWord

AT_ONCE: Final = 16
"""Candidates who are looked at at a time."""


@dataclass(frozen=True)
class Advised:
    """One candidate who agreed."""

    view: dict[str, Any]
    """As of `Candidates.view`: whole."""
    since: str
    """When they agreed."""


@dataclass(frozen=True)
class Page:
    candidates: list[Advised]
    next: str | None
    """The cursor of the next page; None: this was the last."""


class Coaches:
    """The advisers of one namespace. Every call answers within `patience` or raises Unavailable."""

    def __init__(self, client: Client, candidates: Candidates, *, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self.candidates: Final = candidates
        self._patience = patience

    async def ask(self, candidate: str, coach: str, name: str, identity: str | None = None) -> dict[str, Any]:
        """The adviser asks; the candidate gets a message. Answers the candidate's view.

        While the same ask waits, or was agreed to, asking again changes nothing. `identity` names the ask: said again with it, it is the
        same one for ever, also after an answer. NoSuchCandidate, Refused or Invalid with the reason, Unavailable.
        """
        view = await self.candidates.view(candidate)
        if (known := consent_of(view, coach)) and known["name"] == name and _stands(known):
            return view
        await self._say(candidate, CoachAsked(id=identity or f"coach:{uuid4().hex}", coach=coach, name=name), "platform")
        return await self.candidates.view(candidate)

    async def allow(self, candidate: str, coach: str, ask: str, identity: str) -> None:
        """The candidate agrees to that ask: only what they do themselves comes here. Refused (not-asked), NoSuchCandidate, Unavailable."""
        await self._say(candidate, CoachAllowed(id=identity, coach=coach, ask=ask), "candidate")

    async def end(self, candidate: str, coach: str, by: Literal["platform", "candidate"]) -> None:
        """The ask or the consent is over, from now on. Repeating changes nothing. NoSuchCandidate, Unavailable."""
        if consent_of(await self.candidates.view(candidate), coach):
            await self._say(candidate, CoachWithdrawn(id=f"coach-ended:{uuid4().hex}", coach=coach), by)

    async def advised(self, coach: str, candidate: str) -> Advised:
        """The candidate, if they agreed to this adviser. NoSuchCandidate if they did not, or not any more; Unavailable."""
        view = await self.candidates.view(candidate)
        known = consent_of(view, coach)
        if known is None or known["since"] is None:
            raise NoSuchCandidate(candidate)
        return Advised(view, known["since"])

    async def page(self, coach: str, cursor: str | None, limit: int) -> Page:
        """At most `limit` candidates who agreed; fewer do not mean that it is the last page. Invalid for a cursor of another list."""
        query = f"WorkflowType = '{names.CANDIDATE}' AND ExecutionStatus != 'ContinuedAsNew' AND Coaches = {quoted(coach)}"
        token = token_in(query, cursor)
        deadline = time.monotonic() + self._patience.total_seconds()
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                while True:
                    left = timedelta(seconds=max(deadline - time.monotonic(), 0.001))
                    runs = self._client.list_workflows(query, page_size=limit, next_page_token=token, rpc_timeout=left)
                    await runs.fetch_next_page()
                    ids = dict.fromkeys(run.id.removeprefix(names.candidate_id("")) for run in runs.current_page or ())
                    found, token = await self._agreed(coach, list(ids)), runs.next_page_token or None
                    if found or token is None:
                        return Page(found, cursor_of(query, token))
        except TimeoutError as e:
            raise Unavailable from e
        except RPCError as e:
            if e.status in UNREADABLE and cursor is not None:
                raise not_ours() from e
            raise Unavailable from e

    async def _agreed(self, coach: str, candidates: list[str]) -> list[Advised]:
        """Those of whom it is true now."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def look(candidate: str) -> Advised | None:
            async with turns:
                try:
                    return await self.advised(coach, candidate)
                except NoSuchCandidate:
                    return None

        return [one for one in await asyncio.gather(*map(look, candidates)) if one]

    async def _say(self, candidate: str, fact: PersonFact, by: Literal["platform", "candidate"]) -> None:
        await self.candidates.record(candidate, PersonWord(facts=(fact,), by=by))


def consent_of(view: dict[str, Any], coach: str) -> dict[str, Any] | None:
    """What a candidate's view says of that adviser: `id`, `name`, `ask`, `asked`, `until`, `since`."""
    return next((one for one in view["coaches"] if one["id"] == coach), None)


def _stands(known: dict[str, Any]) -> bool:
    """Whether the ask waits, or was agreed to."""
    return known["since"] is not None or datetime.now(UTC) < datetime.fromisoformat(known["until"])
