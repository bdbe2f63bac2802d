"""The floor: the cheapest conceivable workflow with the same wake-ups, and no logic.

What is the same, for it is what a lifecycle is made of: three words by update, since whoever says one waits for an answer; the same seven
timers, two of which a word cuts short; four activities on a queue of their own, in the order of the messages. What is left out is all the
rest: nothing is shown (no search attributes, no summaries), nothing is told to the candidate's others, nothing is kept but a count of
words, no message has a content, nothing is looked at. When to wake, whoever opens it says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from temporalio import workflow

WORKFLOW: Final = "Cheapest"
TASK_QUEUE: Final = "cheapest"
NOTICES: Final = "cheapest-notices"
OPEN: Final = "open"
HEAR: Final = "hear"
SEND: Final = "send_nothing"


@workflow.defn(name=WORKFLOW)
class Cheapest:
    @workflow.init
    def __init__(self) -> None:
        self.heard = 0
        self.wakes: list[datetime] = []

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.heard > 0)
        thank, nudge, wait, ask, last_call, give_up, close = self.wakes
        await self._until(thank)
        await self._send()
        await workflow.wait_condition(lambda: self.heard > 1, timeout=nudge - workflow.now())
        await self._until(wait)
        await self._send()
        await self._until(ask)
        await self._send()
        await workflow.wait_condition(lambda: self.heard > 2, timeout=last_call - workflow.now())
        await self._until(give_up)
        await self._send()
        await self._until(close)

    @workflow.update(name=OPEN)
    def open(self, wakes: list[datetime]) -> int:
        self.wakes = wakes
        self.heard += 1
        return self.heard

    @workflow.update(name=HEAR)
    def hear(self) -> int:
        self.heard += 1
        return self.heard

    async def _until(self, due: datetime) -> None:
        await workflow.sleep(max(due - workflow.now(), timedelta(0)))

    async def _send(self) -> None:
        await workflow.execute_activity(SEND, task_queue=NOTICES, start_to_close_timeout=timedelta(seconds=40))
