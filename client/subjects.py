"""What is held about a person, wherever it lies in Temporal: found, put under tombstones, deleted.

Owns how one finds it. A person is known by a candidate's id; their applications stand under the ids that the platform and the boards gave
them, and each may name others. What nobody named, such as a booking's run that hands over, is looked for in Temporal's index.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from client.candidates import Candidates
from client.index import Index, quoted
from client.letters import letters
from client.patience import patiently
from client.refusals import NoSuchApplication, NoSuchCandidate
from client.runs import Runs, from_view
from client.tombstones import delete_runs
from workflows import names
from workflows.application import Application
from workflows.boards.payload import digest
from workflows.facts import CandidateChanged, Linked, Opened

_AT_ONCE: Final = 8
"""Runs that are looked into at a time."""
_TELLING: Final = 6
"""Characters of a board's id from which on its mention in a delivery is no coincidence."""


class Subjects:
    """Those of one namespace. Every single call to Temporal answers within `patience`, or Unavailable is raised."""

    def __init__(self, client: Client, runs: Runs, index: Index, candidates: Candidates, patience: timedelta) -> None:
        self._client = client
        self._runs = runs
        self._index = index
        self._candidates = candidates
        self._patience = patience

    async def of_candidate(self, candidate: str) -> list[str]:
        """The ids of their applications: those that their own run knows, and those of the index, which may be from before there was one."""
        try:
            known = (await self._candidates.view(candidate))["applications"]
        except NoSuchCandidate:
            known = list[str]()
        return list(dict.fromkeys([*known, *await self._index.of_candidate(candidate)]))

    async def is_known(self, candidate: str) -> bool:
        """Whether anything is held of them, by what can be known at once."""
        try:
            await self._candidates.view(candidate)
        except NoSuchCandidate:
            return bool(await self._index.of_candidate(candidate))
        return True

    async def export(self, candidate: str) -> dict[str, Any]:
        """Everything that is held about them, private text included. NoSuchCandidate, Unavailable.

        The address of the calendar is none of it: it is a key, and says nothing about them.
        """
        view, facts = await self._candidates.view(candidate), await self._candidates.facts(candidate)
        shown = ("id", "profile", "preferences", "undeliverable", "waiting", "agenda")
        whole = list[dict[str, Any]]()
        for one in sorted((await self.held(candidate)).applications):
            with contextlib.suppress(NoSuchApplication):
                app = await self._runs.view(one)
                whole.append(app | {"letters": letters(from_view(app))})
        return {"candidate": {name: view[name] for name in shown} | {"facts": facts}, "applications": whole}

    async def held(self, candidate: str | None, applications: Iterable[str] = (), known: names.Held | None = None) -> names.Held:
        """What is theirs and what it names: without a candidate, those applications alone, under every id. `known`: found before.

        One that a merge took from that candidate is another's by now, and is not among them.
        """
        known = known or names.Held()
        people = dict.fromkeys([*([candidate] if candidate else ()), *known.candidates])
        ids = list(dict.fromkeys([*applications, *known.applications, *(await self.of_candidate(candidate) if candidate else ())]))
        kept = list[str]()
        for one in ids:  # grows while it is read
            app = await self.application(one)
            if app is not None:
                if candidate and merged_away(app, candidate):
                    continue
                ids += [other for other in _other_ids(app) if other not in ids]
                if candidate:
                    people |= dict.fromkeys(_merged_into(app, candidate))
            kept.append(one)
        return names.Held(candidates=tuple(people), applications=tuple(kept), deliveries=known.deliveries)

    async def strays(self, held: names.Held) -> names.Held:
        """With what names them and is named by nobody: runs under boards' ids that hand over to them, and deliveries about them."""
        connections = await self._connections(held.applications)
        if not connections:
            return held
        spoken = f"Connection IN ({', '.join(map(quoted, sorted(connections)))})"
        ids = frozenset(held.applications)
        own = [one.partition(".")[2] for one in (*held.applications, *held.candidates) if one.partition(".")[0] in connections]
        mention = _mention(own)

        async def hands_over(run: WorkflowExecution) -> str | None:
            name = run.id.removeprefix(names.workflow_id(""))
            app = None if name in ids else await self.application(name)
            return name if app and any(isinstance(fact, Linked) and fact.to in ids for fact in app.facts) else None

        async def is_about(run: WorkflowExecution) -> str | None:
            return run.id if await self._is_about(run, ids, mention) else None

        linked = f"WorkflowType = '{names.WORKFLOW}' AND CandidateId IS NULL AND {spoken}"
        intakes = f"WorkflowType = '{names.INTAKE}' AND {spoken}"
        return held.and_(
            names.Held(
                applications=tuple([found async for found in self._each(linked, hands_over)]),
                deliveries=tuple([found async for found in self._each(intakes, is_about)]),
            )
        )

    async def bury(self, held: names.Held) -> None:
        """From now on nobody begins a run under these ids. Repeating is harmless."""
        await asyncio.gather(*map(self._candidates.bury, held.candidates))
        await asyncio.gather(*map(self._runs.bury, held.applications))

    async def delete(self, held: names.Held) -> tuple[str, ...]:
        """Ends and deletes every run of these ids, for good; the run ids of those that were there. Repeating is harmless."""
        runs = list[str]()
        for one in reversed(held.applications):  # those that were named last of all: from them a repetition finds the others again
            runs += await self._runs.erase(one)
        for workflow in (*held.deliveries, *map(names.candidate_id, held.candidates)):
            runs += await self._delete(workflow)
        return tuple(runs)

    async def application(self, application: str) -> Application | None:
        """What it is now; None: nobody ever said a word, or it was erased."""
        try:
            return from_view(await self._runs.view(application))
        except NoSuchApplication:
            return None

    async def _connections(self, applications: Iterable[str]) -> set[str]:
        """Those of the boards that spoke of them, or whose ids they have."""
        found = set[str]()
        for one in applications:
            connection, dot, _ = one.partition(".")
            found |= {connection} if dot else set()
            app = await self.application(one)
            found |= {by.removeprefix("board:") for fact in (app.facts if app else ()) if (by := fact.by or "").startswith("board:")}
        return found

    async def _each(self, query: str, look: Callable[[WorkflowExecution], Awaitable[str | None]]) -> AsyncGenerator[str]:
        """What `look` finds in the runs of that query, a few at a time."""
        group = list[WorkflowExecution]()
        async for run in self._client.list_workflows(query, rpc_timeout=self._patience):
            group.append(run)
            if len(group) == _AT_ONCE:
                for found in await asyncio.gather(*map(look, group)):
                    if found:
                        yield found
                group = []
        for found in await asyncio.gather(*map(look, group)):
            if found:
                yield found

    async def _is_about(self, run: WorkflowExecution, ids: frozenset[str], mention: re.Pattern[str] | None) -> bool:
        """Whether the delivery names one of them, or told one of them something."""
        try:
            history = await self._client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history(rpc_timeout=self._patience)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:  # deleted, and the index does not know yet
                return False
            raise
        first, last = history.events[0], history.events[-1]
        begun = first.workflow_execution_started_event_attributes.input.payloads
        (request,) = await self._client.data_converter.decode(begun, [names.IntakeRequest])
        if mention and mention.search(request.body):
            return True
        if not last.HasField("workflow_execution_completed_event_attributes"):
            return False
        ended = last.workflow_execution_completed_event_attributes.result.payloads
        (taken,) = await self._client.data_converter.decode(ended, [names.Taken])
        return not ids.isdisjoint(taken.applications)

    async def _delete(self, workflow: str) -> tuple[str, ...]:
        async def attempt(left: timedelta) -> tuple[str, ...]:
            return await delete_runs(self._client, workflow, left)

        return await patiently(self._patience, attempt)


def merge_of(gone: str, survivor: str) -> str:
    """Names the fact that says it."""
    return f"merged:{digest(gone, survivor)}"


def merged_away(app: Application, candidate: str) -> bool:
    """Whether it was theirs until they were merged into somebody; the index may not know that yet."""
    return any(isinstance(fact, CandidateChanged) and fact.id == merge_of(candidate, fact.candidate.id) for fact in app.facts)


def _merged_into(app: Application, candidate: str) -> Iterator[str]:
    """The candidates who became this one by a merge: the same person under another id."""
    before: str | None = None
    for fact in app.facts:
        if isinstance(fact, CandidateChanged) and before and fact.candidate.id == candidate and fact.id == merge_of(before, candidate):
            yield before
        if isinstance(fact, Opened | CandidateChanged):
            before = fact.candidate.id


def _other_ids(app: Application) -> list[str]:
    """The ids under which the same application stands too: the one that its run hands over to, and those that its opening named."""
    return [
        one for fact in app.facts for one in ((fact.to,) if isinstance(fact, Linked) else fact.refs if isinstance(fact, Opened) else ())
    ]


def _mention(ids: Iterable[str]) -> re.Pattern[str] | None:
    """Finds one of these ids of a board in the text of a delivery."""
    said = "|".join(re.escape(one) for one in ids if len(one) >= _TELLING)
    return re.compile(rf"(?<![\w-])(?:{said})(?![\w-])") if said else None
