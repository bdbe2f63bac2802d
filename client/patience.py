"""How long a call to Temporal may take, and what is tried again meanwhile. What it means that it failed is said as `refusals` has it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

from temporalio.client import (
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from client.refusals import Unavailable, from_workflow

PATIENCE: Final = timedelta(seconds=8)

T = TypeVar("T")


class Again(Exception):  # noqa: N818 -- not an error
    """The run changed under the call: look again."""


_REPEATED: Final = frozenset(
    {
        RPCStatusCode.NOT_FOUND,  # the run ended between two looks at it
        RPCStatusCode.FAILED_PRECONDITION,  # it continues as new, or its worker is being replaced
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
    }
)
_TOO_LATE: Final = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_SERVERS_OWN: Final = frozenset({"UnprocessedUpdate", "AcceptedUpdateCompletedWorkflow"})
"""Error types of updates that no handler failed: the worker died with it in its hands, or the run ended. Said again it is taken."""
_FIRST_PAUSE: Final = 0.04
_LONGEST_PAUSE: Final = 0.5


def never_had(run: WorkflowExecution, error: RPCError) -> bool:
    """Whether a query failed because the run ended before any worker had it: then nobody will ever answer, and it did nothing."""
    going = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)
    return error.status == RPCStatusCode.FAILED_PRECONDITION and run.status not in going


async def patiently(patience: timedelta, attempt: Callable[[timedelta], Awaitable[T]]) -> T:
    """Attempts, each told the time that is left, until one succeeds, is refused, or patience ends: then Unavailable.

    An attempt says the same under the same names every time, so that repeating it is harmless.
    """
    deadline, pause = time.monotonic() + patience.total_seconds(), _FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                return await attempt(timedelta(seconds=left))
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as e:
            raise Unavailable from e
        except WorkflowUpdateFailedError as e:
            if isinstance(e.cause, ApplicationError) and e.cause.type not in _SERVERS_OWN:
                raise from_workflow(e.cause.type, e.cause.message) from e
        except RPCError as e:
            if e.status in _TOO_LATE:
                raise Unavailable from e
            if e.status not in _REPEATED:
                raise
        except (Again, WorkflowQueryFailedError):  # a question may come before the task that has the news: see worker.sandbox
            pass
        await asyncio.sleep(max(min(pause, deadline - time.monotonic()), 0))
        pause = min(2 * pause, _LONGEST_PAUSE)
    raise Unavailable
