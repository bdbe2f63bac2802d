"""Keeps a send from leaving while it is held. It is asked before every attempt, so what waits for its next attempt waits on.

What is held is read at most every five seconds. Where it cannot be read, nothing is sent: whoever stopped sending had a reason.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.attempt import stoppable
from client.refusals import Unavailable
from workflows.holding import held_until
from workflows.names import CandidateNoticeRequest, LetterRequest, Message, NoticeRequest
from workflows.names.holding import HELD, Holds

log: Final = structlog.stdlib.get_logger("worker")

FRESH: Final = 5.0
"""Seconds for which what was read counts."""
AGAIN: Final = timedelta(seconds=20)
"""The wait after the first attempt; each one waits so much longer, since a hold may be short, and many attempts cost."""
LONGEST: Final = timedelta(minutes=5)
"""After a hold is lifted nothing waits for longer than this, and `SPREAD` of it."""
SPREAD: Final = 0.5
"""The next attempt comes up to so much later, as a part of the wait: what was held does not leave in one moment."""


class Holding(Interceptor):
    """`read`: what is held; Unavailable where that cannot be known. `now`: seconds of a clock that only goes forward.

    `clock`: by which holds end.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[Holds]],
        now: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._read = read
        self._now = now
        self._clock = clock
        self._holds = Holds()
        self._read_at: float | None = None
        self._failed_at: float | None = None
        self._reading = asyncio.Lock()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 -- Temporal's name
        return _Holding(next, self)

    async def check(self, message: Message) -> None:
        """Returns if the message may leave; else fails with SendHeld, to be tried again."""
        now = self._clock()
        try:
            with stoppable():
                until = held_until(message, await self._current(), now)
        except Unavailable:
            raise _held(timedelta(seconds=FRESH)) from None
        if until:
            raise _held(min(until - now, AGAIN * activity.info().attempt, LONGEST))

    async def _current(self) -> Holds:
        """Unavailable. A read that fails answers all who waited for it: one by one they would wait for longer than an attempt may take."""
        asked = self._now()
        async with self._reading:
            if self._read_at is not None and self._now() - self._read_at <= FRESH:
                return self._holds
            if self._failed_at is not None and self._failed_at > asked:
                raise Unavailable
            began = self._now()  # what is read may be as old as that
            try:
                self._holds = await self._read()
            except Exception as e:  # whatever it is, nothing leaves and nothing is lost
                log.warning("what is held cannot be read, so nothing is sent", error=type(e).__name__)
                self._failed_at = self._now()
                raise Unavailable from e
            self._read_at = began
            return self._holds


class _Holding(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, holding: Holding) -> None:  # noqa: A002 -- Temporal's name
        super().__init__(next)
        self._holding = holding

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 -- Temporal's name
        match input.args[0] if input.args else None:
            case NoticeRequest(notice=message) if not message.together:
                await self._holding.check(message)
            case LetterRequest(letter=message) | CandidateNoticeRequest(notice=message):
                await self._holding.check(message)
            case _:
                pass
        return await super().execute_activity(input)


def _held(wait: timedelta) -> ApplicationError:
    later = wait * (1 + random.uniform(0, SPREAD))  # noqa: S311 -- nothing secret
    return ApplicationError("sending is held", type=HELD, next_retry_delay=later)
