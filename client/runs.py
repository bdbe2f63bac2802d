"""How one word reaches the run of its application, whatever state that run is in: not begun, running, moving over, ended.

The protocol for late word: a run that ended is resumed from its own result, asked for anew before every attempt and never remembered,
because an older one would lose words. No run ends within a day of its last word, which is what makes that safe. A call answers within
its patience or raises Unavailable; then the word may have been kept all the same, and saying it again is harmless.

The protocol for erasure: a tombstone is put before the runs are deleted, and whoever begins a run looks for one before and after, and
takes back what it began. So nothing comes back, whichever of the two was first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.patience import PATIENCE, Again, patiently
from client.refusals import NoSuchApplication, Refused
from client.tombstones import Tombstones, delete_runs
from workflows import names
from workflows.application import Application
from workflows.facts import FACT, Fact, Receipt, Word

AT_ONCE: Final = 5
"""Updates of one application on their way from here at a time. A server takes ten; at one more it drops all of them, to be said again."""


class Runs:
    """The runs of one namespace. Holds nothing but the client."""

    def __init__(self, client: Client, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._tombstones = Tombstones(client)
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def record(self, application: str, word: Word, update: str) -> Receipt:
        """Say a word to an application that somebody has spoken of before. NoSuchApplication; Refused or Invalid as the guide says."""

        async def attempt(left: timedelta) -> Receipt:
            try:
                return await self._update(application, word, update, left)
            except RPCError as e:
                if e.status != RPCStatusCode.NOT_FOUND:
                    raise
            carried = await self._past(application, left)
            if carried is None:
                raise NoSuchApplication(application)
            receipt = await self._update_with_start(application, word, update, left, carried)
            if await self._erased_meanwhile(application, left):
                raise NoSuchApplication(application)
            return receipt

        return await patiently(self._patience, attempt)

    async def open(self, application: str, word: Word, update: str, same: Callable[[tuple[Fact, ...]], bool]) -> Receipt | None:
        """Say the word that opens an application, begun or not. Refused if it was erased.

        `same` tells from the facts of an ended application whether this opening is the one it had: then None, and nothing is said. It
        raises if it had another one, and gives False if nobody opened it.
        """
        await self.refuse_erased(application)

        async def attempt(left: timedelta) -> Receipt | None:
            try:
                receipt = await self._update_with_start(application, word, update, left)
            except WorkflowAlreadyStartedError:
                carried = await self._past(application, left)
                if carried is None:
                    raise Again from None
                if same(carried.facts):
                    return None
                receipt = await self._update_with_start(application, word, update, left, carried)
            if await self._erased_meanwhile(application, left):
                raise _gone()
            return receipt

        return await patiently(self._patience, attempt)

    async def heard(self, application: str, word: Word) -> None:
        """Say a word without waiting for its effect; it is durable when this returns. Never refused; begins an unclaimed application.

        To an application that was erased it is not said, and nobody is told.
        """

        async def attempt(left: timedelta) -> None:
            if await self._signal(application, word, left) or await self._tombstones.stands(application, left):
                return
            try:
                await self._signal_with_start(application, word, left)
            except WorkflowAlreadyStartedError:
                carried = await self._past(application, left)
                if carried is None:
                    raise Again from None
                await self._signal_with_start(application, word, left, carried)
            await self._erased_meanwhile(application, left)

        await patiently(self._patience, attempt)

    async def view(self, application: str, revision: int | None = None) -> dict[str, Any]:
        """The view, whole, also of an ended run. NoSuchApplication if nobody ever said a word."""

        async def attempt(left: timedelta) -> dict[str, Any]:
            handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(names.workflow_id(application))
            try:
                view: dict[str, Any] = await handle.query(names.VIEW, revision, result_type=dict, rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchApplication(application) from None
                raise
            if not view["facts"]:  # begun by an opening that was then refused
                raise NoSuchApplication(application)
            return view

        return await patiently(self._patience, attempt)

    async def settled(self, application: str) -> None:
        """Returns once the run has acted on everything it heard, and nothing that it began is under way. NoSuchApplication, Unavailable."""

        async def attempt(left: timedelta) -> None:
            try:
                run = await self._client.get_workflow_handle(names.workflow_id(application)).describe(rpc_timeout=left)
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchApplication(application) from None
                raise
            if run.raw_description.pending_activities or run.raw_description.HasField("pending_workflow_task"):
                raise Again

        await patiently(self._patience, attempt)

    async def bury(self, application: str) -> None:
        """From now on nobody begins a run of that id. Repeating is harmless."""

        async def attempt(left: timedelta) -> None:
            await self._tombstones.put(application, left)

        await patiently(self._patience, attempt)

    async def refuse_erased(self, application: str) -> None:
        """Refused if the application was erased."""

        async def attempt(left: timedelta) -> None:
            if await self._tombstones.stands(application, left):
                raise _gone()

        await patiently(self._patience, attempt)

    async def erase(self, application: str) -> tuple[str, ...]:
        """Ends and deletes every run of that id, for good; the run ids of those that were there. Repeating is harmless."""

        async def attempt(left: timedelta) -> tuple[str, ...]:
            return await delete_runs(self._client, names.workflow_id(application), left)

        return await patiently(self._patience, attempt)

    async def _erased_meanwhile(self, application: str, left: timedelta) -> bool:
        """Whether a run that was begun just now must not be, which it then is no more."""
        if not await self._tombstones.stands(application, left):
            return False
        await delete_runs(self._client, names.workflow_id(application), left)
        return True

    async def _past(self, application: str, left: timedelta) -> Application | None:
        """What the ended run leaves to the next one. None: there was none. Again: it runs after all."""
        name = names.workflow_id(application)
        try:
            run = await self._client.get_workflow_handle(name).describe(rpc_timeout=left)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:
                return None
            raise
        if run.status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW):
            raise Again
        handle: WorkflowHandle[Any, Application] = self._client.get_workflow_handle(name, run_id=run.run_id, result_type=Application)
        if run.status == WorkflowExecutionStatus.COMPLETED:
            return await handle.result(follow_runs=False, rpc_timeout=left)
        left_behind = from_view(await handle.query(names.VIEW, result_type=dict, rpc_timeout=left))
        return left_behind.at(max(fact.at for fact in left_behind.facts if fact.at)) if left_behind.facts else left_behind

    async def _signal(self, application: str, word: Word, left: timedelta) -> bool:
        """Whether there is a run that hears it."""
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(names.workflow_id(application))
        try:
            await handle.signal(names.HEARD, word, rpc_timeout=left)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    async def _update(self, application: str, word: Word, update: str, left: timedelta) -> Receipt:
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(names.workflow_id(application))
        async with self._turn(application):
            return await handle.execute_update(  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK
                names.RECORD, word, id=update, result_type=Receipt, rpc_timeout=left
            )

    async def _update_with_start(
        self, application: str, word: Word, update: str, left: timedelta, carried: Application | None = None
    ) -> Receipt:
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            names.WORKFLOW,
            args=[] if carried is None else [carried],
            id=names.workflow_id(application),
            task_queue=names.TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=_reuse(carried),
            task_timeout=names.TASK_TIMEOUT,
            static_summary=_SUMMARY,
            static_details=_DETAILS,
        )
        try:
            async with self._turn(application):
                return await self._client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType] -- an overload of the SDK
                    names.RECORD, word, id=update, result_type=Receipt, start_workflow_operation=start, rpc_timeout=left
                )
        except BaseException:
            with contextlib.suppress(Exception):  # the operation holds the same error a second time, and asyncio would report it as unseen
                await asyncio.wait_for(start.workflow_handle(), 0.05)
            raise

    def _turn(self, application: str) -> asyncio.Semaphore:
        return self._turns.setdefault(application, asyncio.Semaphore(AT_ONCE))

    async def _signal_with_start(self, application: str, word: Word, left: timedelta, carried: Application | None = None) -> None:
        await self._client.start_workflow(
            names.WORKFLOW,
            args=[] if carried is None else [carried],
            id=names.workflow_id(application),
            task_queue=names.TASK_QUEUE,
            start_signal=names.HEARD,
            start_signal_args=[word],
            id_reuse_policy=_reuse(carried),
            task_timeout=names.TASK_TIMEOUT,
            static_summary=_SUMMARY,
            static_details=_DETAILS,
            rpc_timeout=left,
        )


_SUMMARY: Final = "After the interview"
_DETAILS: Final = (
    "One job application after its interview. The current details say what is next and why; the query `view` shows everything, "
    "the update `record` takes facts and refuses with the reason, the signal `heard` takes them unrefused."
)


def _gone() -> Refused:
    return Refused("erased", "The application was erased: nothing is kept under its id any more.")


def _reuse(carried: Application | None) -> WorkflowIDReusePolicy:
    """Without anything carried a new run would forget what the ended one knew."""
    return WorkflowIDReusePolicy.REJECT_DUPLICATE if carried is None else WorkflowIDReusePolicy.ALLOW_DUPLICATE


def from_view(view: dict[str, Any]) -> Application:
    """The application that a whole view shows."""
    facts = [FACT.validate_python(fact) for fact in view["facts"]]
    return Application(id=view["id"]).apply(*facts)
