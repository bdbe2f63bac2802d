"""The Request-Id of the call under way, for what this process logs and for what it says to Temporal meanwhile.

There it is part of the update's id, and a header `request-id` of what is started, signalled or updated: both are in the events that are
written anyway, so an operator finds them in Temporal's UI and they cost no event of their own. No workflow reads them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    StartWorkflowUpdateWithStartInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)

HEADER: Final = "request-id"
under_way: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""None: nothing that this process does now is for a call."""


def logged(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """For structlog: every line that is written during a call has its id."""
    if name := under_way.get():
        event.setdefault("request_id", name)
    return event


def telling(client: Client) -> Client:
    """The same connection; what is said through it carries the id of the call that it is said for."""
    config = client.config()
    config["interceptors"] = [*config["interceptors"], _Telling()]
    return Client(**config)


class _Telling(Interceptor):
    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 -- the SDK's name
        return _Outbound(next)


class _Outbound(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 -- Temporal's name
        return await super().start_workflow(replace(input, headers=_headers(input.headers)))

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002 -- as above
        await super().signal_workflow(replace(input, headers=_headers(input.headers)))

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 -- as above
        told = replace(input, update_id=_named(input.update_id), headers=_headers(input.headers))
        return await super().start_workflow_update(told)

    async def start_update_with_start_workflow(self, input: StartWorkflowUpdateWithStartInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 -- as above
        start, update = input.start_workflow_input, input.update_workflow_input
        input.start_workflow_input = replace(start, headers=_headers(start.headers))
        input.update_workflow_input = replace(update, update_id=_named(update.update_id), headers=_headers(update.headers))
        return await super().start_update_with_start_workflow(input)


def _headers(said: Mapping[str, Payload]) -> dict[str, Payload]:
    name = under_way.get()
    ours = {HEADER: Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(name).encode())} if name else {}
    return {**said, **ours}


def _named(update: str | None) -> str | None:
    """A caller may give several calls one id: it stands before what tells their updates apart, and not in its place."""
    name = under_way.get()
    return f"{name}.{update}" if name and update else update
