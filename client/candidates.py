"""The façade of candidates: everything that others may ask of a person across applications, with Temporal behind it.

Views are whole, with name and address; who passes them on removes what is private. No rule of the guide is kept here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.patience import PATIENCE, Again, patiently
from client.refusals import NoSuchCandidate
from client.tombstones import Tombstones, delete_runs
from workflows import names
from workflows.facts import Candidate, Receipt
from workflows.person import digest_of
from workflows.person.facts import ApplicationBegun, ApplicationLeft, CalendarRotated, PersonWord, ProfileChange, ProfileChanged, Registered

SUMMARY: Final = "A candidate across applications"


class Candidates:
    """The candidates of one namespace. Safe to share between tasks; every call answers within `patience` or raises Unavailable."""

    def __init__(self, client: Client, *, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._tombstones = Tombstones(client)
        self._patience = patience

    async def begun(self, application: str, candidate: Candidate) -> None:
        """An application was opened for them, who are described so. Repeating is harmless; durable when it returns."""
        await self.heard(
            candidate.id,
            PersonWord(
                facts=(
                    Registered(id=f"registered:{application}", candidate=candidate),
                    ApplicationBegun(id=f"begun:{application}", application=application, has=digest_of(candidate)),
                )
            ),
        )

    async def left(self, application: str, candidate: str) -> None:
        """An application is somebody else's from now on. Repeating is harmless."""
        fact = ApplicationLeft(id=f"left:{application}", application=application)
        await self.heard(candidate, PersonWord(facts=(fact,), by="process"))

    async def heard(self, candidate: str, word: PersonWord) -> None:
        """Facts that nobody refuses, durable when this returns; begins a run where there is none. Unavailable.

        What is said about a candidate who was erased is dropped.
        """
        name = names.candidate_id(candidate)

        async def attempt(left: timedelta) -> None:
            if await self._signal(candidate, word, left) or await self._tombstones.stands(name, left):
                return
            try:
                await self._begin(name, word, left)
            except WorkflowAlreadyStartedError:  # it went on as new just then
                raise Again from None
            if await self._tombstones.stands(name, left):  # erased in between: what was begun must not be
                await delete_runs(self._client, name, left)

        await patiently(self._patience, attempt)

    async def bury(self, candidate: str) -> None:
        """From now on nobody begins a run of that candidate, nor opens an application for them. Repeating is harmless. Unavailable."""

        async def attempt(left: timedelta) -> None:
            await self._tombstones.put(names.candidate_id(candidate), left)

        await patiently(self._patience, attempt)

    async def is_erased(self, candidate: str) -> bool:
        """Whether they were erased. Unavailable."""

        async def attempt(left: timedelta) -> bool:
            return await self._tombstones.stands(names.candidate_id(candidate), left)

        return await patiently(self._patience, attempt)

    async def facts(self, candidate: str) -> list[dict[str, Any]]:
        """Everything that was said across applications, what waits included, private text too. NoSuchCandidate, Unavailable."""
        await self.view(candidate)

        async def attempt(left: timedelta) -> list[dict[str, Any]]:
            try:
                return await self._run(candidate).query(names.FACTS, result_type=list[dict[str, Any]], rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e

        return await patiently(self._patience, attempt)

    async def view(self, candidate: str) -> dict[str, Any]:
        """Profile, preferences and the ids of their applications, as everything that was said makes them. NoSuchCandidate, Unavailable."""

        async def attempt(left: timedelta) -> dict[str, Any]:
            try:
                view: dict[str, Any] = await self._run(candidate).query(names.VIEW, result_type=dict, rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchCandidate(candidate) from None
                raise
            if view["profile"] is None:
                raise NoSuchCandidate(candidate)
            return view

        return await patiently(self._patience, attempt)

    async def change(
        self, candidate: str, change: ProfileChange, by: Literal["platform", "candidate"] = "platform", identity: str | None = None
    ) -> dict[str, Any]:
        """Only what is named changes, here and in every open application. Answers the view after it.

        `identity` names the change: said again with it, it is the same one. NoSuchCandidate, Refused or Invalid with the reason,
        Unavailable.
        """
        await self.record(candidate, PersonWord(facts=(ProfileChanged(id=identity or f"change:{uuid4().hex}", change=change),), by=by))
        return await self.view(candidate)

    async def rotate_calendar(self, candidate: str) -> str:
        """The nonce of the calendar feed's new address; the old one is void from now on. NoSuchCandidate, Unavailable."""
        nonce = uuid4().hex
        await self.record(candidate, PersonWord(facts=(CalendarRotated(id=f"calendar:{nonce}", nonce=nonce),)))
        return nonce

    async def record(self, candidate: str, word: PersonWord) -> None:
        """Facts that may be refused, kept all or none. NoSuchCandidate, Refused or Invalid with the reason, Unavailable."""
        await self.view(candidate)  # nobody is begun by a change

        async def attempt(left: timedelta) -> None:
            run = self._run(candidate)
            try:
                await run.execute_update(names.RECORD, word, result_type=Receipt, rpc_timeout=left)  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
            except RPCError as e:
                if e.status != RPCStatusCode.NOT_FOUND:
                    raise
                if await self._tombstones.stands(names.candidate_id(candidate), left):  # erased since it was looked at
                    raise NoSuchCandidate(candidate) from None
                raise Again from e

        await patiently(self._patience, attempt)

    async def _signal(self, candidate: str, word: PersonWord, left: timedelta) -> bool:
        """Whether there was a run to say it to."""
        try:
            await self._run(candidate).signal(names.HEARD, word, rpc_timeout=left)
        except RPCError as e:
            if e.status != RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _begin(self, name: str, word: PersonWord, left: timedelta) -> None:
        await self._client.start_workflow(
            names.CANDIDATE,
            id=name,
            task_queue=names.TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=names.HEARD,
            start_signal_args=[word],
            task_timeout=names.TASK_TIMEOUT,
            static_summary=SUMMARY,
            rpc_timeout=left,
        )

    def _run(self, candidate: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(names.candidate_id(candidate))
