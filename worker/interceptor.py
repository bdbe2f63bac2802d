"""Keeps a bug in a handler of messages from poisoning its run.

Without it Temporal repeats the workflow task for ever: an update handler that raises blocks every other one, a signal handler even after
a restart. With it an update fails with the type InternalHandlerError, a signal is logged and passes; the run goes on and is marked. What a
handler had changed before it raised stays changed, so handlers change state in one step, at their end.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, runtime_checkable

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

INTERNAL: Final = "InternalHandlerError"
"""Error type of an update whose handler has a bug. The caller learns no more; the log has the place."""


@runtime_checkable
class NotesBugs(Protocol):
    """A workflow that makes a bug visible, as JobApplication does by its search attribute Attention."""

    def note_bug(self) -> None: ...


class BugGuard(Interceptor):
    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002 -- Temporal's name
        return _Guarded


class _Guarded(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 -- Temporal's name
        try:
            await super().handle_signal(input)
        except workflow.NondeterminismError:
            raise
        except Exception:  # noqa: BLE001 -- an ApplicationError too: from a signal handler it would fail the whole run
            workflow.logger.exception("bug in the handler of signal %s", input.signal)
            _note()

    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 -- Temporal's name
        try:
            super().handle_update_validator(input)
        except (FailureError, workflow.NondeterminismError):
            raise
        except Exception as e:  # a validator may change nothing, so the bug is not noted
            raise _internal(input.update) from e

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002 -- Temporal's name
        try:
            return await super().handle_update_handler(input)
        except (FailureError, workflow.NondeterminismError):
            raise
        except Exception as e:
            _note()
            raise _internal(input.update) from e


def _internal(update: str) -> ApplicationError:
    workflow.logger.exception("bug in the handler of update %s", update)
    return ApplicationError("internal error", type=INTERNAL, non_retryable=True)


def _note() -> None:
    run = workflow.instance()
    if isinstance(run, NotesBugs):
        try:
            run.note_bug()
        except Exception:  # noqa: BLE001 -- it would poison the run after all
            workflow.logger.exception("bug while noting a bug")
