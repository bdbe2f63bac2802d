"""Stream: carries the events of its applications to one endpoint of the platform, in order, until each is taken or given up.

It knows which revisions are to be sent and none of the facts: those are read from the applications when they are sent. While the endpoint
does not answer nothing but this run waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, RetryState

with workflow.unsafe.imports_passed_through():
    from workflows.names import VIEW
    from workflows.names.events import (
        DELIVER_EVENTS,
        EVENTS,
        NEWS,
        STREAM,
        Delivered,
        DeliverRequest,
        News,
        StreamState,
        StreamView,
        Waiting,
    )
    from workflows.streaming import Backlog

ATTEMPT = timedelta(minutes=10)
ALIVE = timedelta(seconds=30)
ATTENTION = SearchAttributeKey.for_keyword("Attention")
FAILING = "endpoint-failing"


@workflow.defn(name=STREAM)
class Stream:
    """A share of one endpoint's events. Ends only where the endpoint is no longer in the file; news begin it again."""

    @workflow.init
    def __init__(self, state: StreamState) -> None:
        self.state = state
        self.backlog = Backlog(state.pace, state.waiting)
        self.taken: tuple[Waiting, ...] = ()

    @workflow.run
    async def run(self, state: StreamState) -> StreamView:
        backlog, pace = self.backlog, state.pace
        while True:
            if backlog.give_up(workflow.now()):
                self._note(failing=True)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self._carried())
            await self._until_ready()
            self.taken = backlog.take(workflow.now())
            if not self.taken:
                continue
            answer = await self._deliver()
            self._return(answer)
            if answer is None:
                await workflow.sleep(pace.longest, summary="then it is tried again")
            elif not answer.known:
                return self.view()
            elif answer.gone:
                await workflow.sleep(pace.looks, summary="then the file is looked at again")

    @workflow.signal(
        name=NEWS, description='Facts of an application are to be sent. {"application": "app-1001", "after": 3, "revision": 5}'
    )
    def news(self, *said: Any) -> None:  # untyped: neither a wrong shape nor a wrong count may poison the run
        for one in said:
            try:
                self.backlog.hear(News.model_validate(one), workflow.now())
            except ValueError:
                workflow.logger.warning("unread news")

    @workflow.query(name=VIEW, description="How much waits, and since when the endpoint takes nothing.")
    def view(self) -> StreamView:
        state, waiting = self.state, (*self.taken, *self.backlog.waiting)
        return StreamView(
            waiting=len({entry.application for entry in waiting}),
            oldest=min((entry.since for entry in waiting), default=None),
            dropped=state.dropped + self.backlog.dropped,
            delivered_at=state.delivered_at,
            failing_since=state.failing_since,
            failing=state.failing,
            gone=state.gone is not None,
        )

    async def _until_ready(self) -> None:
        """Until there is news that does not rest, or the first rest is over."""
        wait = self._rest(workflow.now())
        with contextlib.suppress(asyncio.TimeoutError):
            await workflow.wait_condition(lambda: self.backlog.is_ready(workflow.now()), timeout=wait, timeout_summary="then again")

    def _rest(self, now: datetime) -> timedelta | None:
        due = self.backlog.next_try()
        return max(due - now, timedelta(milliseconds=1)) if due else None

    async def _deliver(self) -> Delivered | None:
        """None: the endpoint took nothing until it was given up. Once it was, one attempt at a time is enough."""
        state = self.state
        plain = [News(application=entry.application, after=entry.after, revision=entry.revision) for entry in self.taken]
        try:
            return await workflow.execute_activity(
                DELIVER_EVENTS,
                DeliverRequest(endpoint=state.endpoint, news=tuple(plain), gone=state.gone),
                result_type=Delivered,
                task_queue=EVENTS,
                start_to_close_timeout=ATTEMPT,
                schedule_to_close_timeout=state.pace.gives_up,
                heartbeat_timeout=ALIVE,
                retry_policy=RetryPolicy(
                    initial_interval=state.pace.first,
                    maximum_interval=state.pace.longest,
                    maximum_attempts=1 if state.failing else 0,
                ),
                summary=f"{len(plain)} applications to {state.endpoint}",
            )
        except ActivityError as error:
            if error.retry_state == RetryState.CANCEL_REQUESTED:
                raise
            return None

    def _return(self, answer: Delivered | None) -> None:
        now, taken = workflow.now(), self.taken
        self.taken = ()
        self.backlog.give_back(taken, answer.sent if answer else (), now)
        if answer is None:
            self._note(failing=True, failing_since=self.state.failing_since or now - self.state.pace.gives_up)
        elif answer.gone:
            self._note(gone=answer.gone, failing=True, failing_since=self.state.failing_since or now)
        elif answer.events:
            self._note(gone=None, failing=False, failing_since=None, delivered_at=now)
        elif self.state.gone:
            self._note(gone=None)

    def _note(self, **update: Any) -> None:
        before, self.state = self.state.failing, self.state.model_copy(update=update)
        if self.state.failing != before:
            word = ATTENTION.value_set(FAILING) if self.state.failing else ATTENTION.value_unset()
            workflow.upsert_search_attributes([word])  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open

    def _carried(self) -> StreamState:
        return self.state.model_copy(update={"waiting": self.backlog.waiting, "dropped": self.state.dropped + self.backlog.dropped})
