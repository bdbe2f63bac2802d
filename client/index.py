"""Lists applications from Temporal's visibility: what its index holds of each latest run, a second or so behind the facts."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from client.cursors import UNREADABLE, cursor_of, not_ours, token_in
from client.refusals import Unavailable
from workflows import names

_AT_ONCE: Final = 8
"""How many ended runs are looked at at the same time."""


@dataclass(frozen=True)
class Filter:
    """Which applications; None: any. The strings are ids or words of the contract: checked by whoever fills them in."""

    candidate: str | None = None
    stage: str | None = None
    outcome: str | None = None
    connection: str | None = None
    due_before: datetime | None = None
    changed_since: datetime | None = None
    policy: str | None = None
    """Its name, or its name and version as in `industry 1`."""
    still_open: bool = False
    """Only those that were opened and have no outcome."""

    @property
    def query(self) -> str:
        """The list filter for visibility; runs that continued as new are never the latest."""
        said = [f"WorkflowType = '{names.WORKFLOW}'", "ExecutionStatus != 'ContinuedAsNew'"]
        for attribute, wanted in (
            ("CandidateId", self.candidate),
            ("Stage", self.stage),
            ("Outcome", self.outcome),
            ("Connection", self.connection),
        ):
            if wanted is not None:
                said.append(f"{attribute} = {quoted(wanted)}")
        if self.policy is not None:
            said.append(f"Policy = {quoted(self.policy)}" if " " in self.policy else f"Policy STARTS_WITH {quoted(self.policy + ' ')}")
        if self.still_open:
            said.append("ExecutionStatus = 'Running' AND Outcome IS NULL AND Stage != 'unclaimed'")
        if self.due_before is not None:
            said.append(f"NextDueAt < '{_utc(self.due_before)}'")
        if self.changed_since is not None:
            said.append(f"ChangedAt >= '{_utc(self.changed_since)}'")
        return " AND ".join(said)

    @property
    def question(self) -> str:
        """Binds a cursor to the filter that it came from."""
        return json.dumps([str(getattr(self, f.name)) for f in fields(self)])


@dataclass(frozen=True)
class Page:
    applications: list[dict[str, Any]]
    """Summaries, in the order of the index."""
    next: str | None
    """The cursor of the next page; None: this was the last."""


class Index:
    """Temporal's visibility of one namespace."""

    def __init__(self, client: Client, patience: timedelta) -> None:
        self._client = client
        self._patience = patience

    async def page(self, wanted: Filter, cursor: str | None, limit: int) -> Page:
        """At most `limit` summaries; fewer do not mean that it is the last page. Invalid for a cursor that is not ours, Unavailable."""
        token = token_in(wanted.question, cursor)
        deadline = time.monotonic() + self._patience.total_seconds()
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + self._patience.total_seconds()):
                while True:
                    runs = self._client.list_workflows(
                        wanted.query, page_size=limit, next_page_token=token, rpc_timeout=timedelta(seconds=deadline - time.monotonic())
                    )
                    await runs.fetch_next_page()
                    summaries = await self._latest(list(runs.current_page or ()))
                    token = runs.next_page_token or None
                    if summaries or token is None:
                        return Page(summaries, cursor_of(wanted.question, token))
        except TimeoutError as e:
            raise Unavailable from e
        except RPCError as e:
            if e.status in UNREADABLE and cursor is not None:
                raise not_ours() from e
            raise Unavailable from e

    async def count(self, wanted: Filter) -> int:
        """How many runs there are of that kind. Unavailable."""
        try:
            return (await self._client.count_workflows(wanted.query, rpc_timeout=self._patience)).count
        except RPCError as e:
            raise Unavailable from e

    async def of_candidate(self, candidate: str) -> list[str]:
        """The ids of all applications of a candidate. Unavailable."""
        query = f"WorkflowType = '{names.WORKFLOW}' AND CandidateId = {quoted(candidate)}"
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return [run.id.removeprefix(names.workflow_id("")) async for run in self._client.list_workflows(query)]
        except (TimeoutError, RPCError) as e:
            raise Unavailable from e

    async def _latest(self, runs: list[WorkflowExecution]) -> list[dict[str, Any]]:
        """The summaries of those that no later run has taken the place of."""
        few = asyncio.Semaphore(_AT_ONCE)

        async def is_latest(run: WorkflowExecution) -> bool:
            if run.status == WorkflowExecutionStatus.RUNNING:
                return True
            async with few:
                try:
                    return (await self._client.get_workflow_handle(run.id).describe(rpc_timeout=self._patience)).run_id == run.run_id
                except RPCError as e:
                    if e.status == RPCStatusCode.NOT_FOUND:  # deleted, and the index does not know yet
                        return False
                    raise

        kept = await asyncio.gather(*map(is_latest, runs))
        return [_summary(run) for run, latest in zip(runs, kept, strict=True) if latest]


def _summary(run: WorkflowExecution) -> dict[str, Any]:
    held: dict[str, Any] = {pair.key.name: pair.value for pair in run.typed_search_attributes}  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- of any kind
    step, due = held.get("NextStep"), held.get("NextDueAt")
    return {
        "id": run.id.removeprefix(names.workflow_id("")),
        "candidate": held.get("CandidateId"),
        "stage": held.get("Stage"),
        "outcome": held.get("Outcome"),
        "round": held.get("Round"),
        "paused": held.get("Paused", False),
        "policy": held.get("Policy"),
        "connection": held.get("Connection"),
        "attention": held.get("Attention"),
        "next": {"step": step, "due": _shown(due)} if step or due else None,
        "changed_at": _shown(held.get("ChangedAt")),
    }


def _shown(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def quoted(text: str) -> str:
    """As a literal of a list filter."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
