"""Stream: carries the events of its applications to one endpoint of the platform, in order, until each is taken or given up.

It knows which revisions are to be sent and none of the facts: those are read from the applications when they are sent. While the endpoint
does not answer nothing but this run waits. What was erased it forgets: it goes on as new without the ids, so that its past can be deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
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
        FORGET,
        KNOWS,
        NEWS,
        STREAM,
        Delivered,
        DeliverRequest,
        Erased,
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
        self.delivery: workflow.ActivityHandle[Delivered] | None = None
        self.named = {entry.application for entry in state.waiting}
        """The applications whose ids are in this run's history."""
        self.erased: set[str] = set()

    @workflow.run
    async def run(self, state: StreamState) -> StreamView:
        backlog, pace = self.backlog, state.pace
        while True:
            if backlog.give_up(workflow.now()):
                self._note(failing=True)
            if self._goes_on():
                workflow.continue_as_new(self._carried())
            await self._until_ready()
            self.taken = backlog.take(workflow.now())
            if not self.taken:
                continue
            answer = await self._deliver()
            self._return(answer)
            if answer is None:
                await self._wait(pace.longest, "then it is tried again")
            elif not answer.known:
                return self.view()
            elif answer.gone:
                await self._wait(pace.looks, "then the file is looked at again")

    @workflow.signal(
        name=NEWS, description='Facts of an application are to be sent. {"application": "app-1001", "after": 3, "revision": 5}'
    )
    def news(self, *said: Any) -> None:  # untyped: neither a wrong shape nor a wrong count may poison the run
        for one in said:
            try:
                news = News.model_validate(one)
            except ValueError:
                workflow.logger.warning("unread news")
            else:
                self.named.add(news.application)
                self.backlog.hear(news, workflow.now())
                if self._goes_on():
                    self._cut_off()

    @workflow.signal(name=FORGET, description='These were erased: the run goes on as new without their ids. {"applications": ["app-1001"]}')
    def forget(self, *said: Any) -> None:
        for one in said:
            try:
                gone = Erased.model_validate(one).applications
            except ValueError:
                workflow.logger.warning("unread word of an erasure")
                continue
            self.named |= set(gone)
            self.erased |= set(gone)
            self._cut_off()

    @workflow.query(name=KNOWS, description='Whether this run\'s history has one of these ids. {"applications": ["app-1001"]}')
    def knows(self, erased: Erased) -> bool:
        return not self.named.isdisjoint(erased.applications)

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

    def _goes_on(self) -> bool:
        """Whether it goes on as new: somebody was erased, or its history became long, also while nothing is taken."""
        return bool(self.erased) or workflow.info().is_continue_as_new_suggested()

    def _cut_off(self) -> None:
        """What the delivery under way had sent by now is sent again, under the same ids."""
        if self.delivery:
            self.delivery.cancel()

    async def _until_ready(self) -> None:
        """Until there is news that does not rest, or the first rest is over."""
        await self._wait(self._rest(workflow.now()), "then again", lambda: self.backlog.is_ready(workflow.now()))

    async def _wait(self, time: timedelta | None, summary: str, ready: Callable[[], bool] = lambda: False) -> None:
        """At most for that time; what makes it go on as new does not wait for it."""
        with contextlib.suppress(asyncio.TimeoutError):
            await workflow.wait_condition(lambda: self._goes_on() or ready(), timeout=time, timeout_summary=summary)

    def _rest(self, now: datetime) -> timedelta | None:
        due = self.backlog.next_try()
        return max(due - now, timedelta(milliseconds=1)) if due else None

    async def _deliver(self) -> Delivered | None:
        """None: the endpoint took nothing until it was given up. Once it was, one attempt at a time is enough."""
        state, left = self.state, min(entry.since for entry in self.taken) + self.state.pace.gives_up - workflow.now()
        plain = [News(application=entry.application, after=entry.after, revision=entry.revision) for entry in self.taken]
        self.delivery = workflow.start_activity(
            DELIVER_EVENTS,
            DeliverRequest(endpoint=state.endpoint, news=tuple(plain), gone=state.gone),
            result_type=Delivered,
            task_queue=EVENTS,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=max(left, timedelta(seconds=1)),
            heartbeat_timeout=ALIVE,
            retry_policy=RetryPolicy(
                initial_interval=state.pace.first,
                maximum_interval=state.pace.longest,
                maximum_attempts=1 if state.failing else 0,
            ),
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,  # two at once would break the order
            summary=f"{len(plain)} applications to {state.endpoint}",
        )
        try:
            return await self.delivery
        except ActivityError as error:
            if self._goes_on():
                return Delivered(gone=state.gone)
            if error.retry_state == RetryState.CANCEL_REQUESTED:
                raise
            return None
        finally:
            self.delivery = None

    def _return(self, answer: Delivered | None) -> None:
        now, taken = workflow.now(), self.taken
        self.taken = ()
        self.backlog.give_back(taken, answer.sent if answer else (), now)
        if answer is None:
            self._note(failing=True, failing_since=self.state.failing_since or min(entry.since for entry in taken))
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
        waiting = tuple(entry for entry in self.backlog.waiting if entry.application not in self.erased)
        return self.state.model_copy(update={"waiting": waiting, "dropped": self.state.dropped + self.backlog.dropped})
