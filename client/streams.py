"""The event streams of the platform's endpoints, as runs in Temporal: what is said to them, how they stand, and what they forget."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from client.patience import PATIENCE, patiently
from client.tombstones import delete_run
from workflows import names
from workflows.names import events
from workflows.names.events import News, Pace, StreamState, StreamView

_DETAILS: Final = (
    "A share of the events for one endpoint of the platform. What it waits for is the pending activity's last failure; the query `view` "
    "shows how much waits. Nothing else waits for it."
)


class Streams:
    """Those of one namespace."""

    def __init__(self, client: Client, patience: timedelta = PATIENCE, pace: Pace | None = None) -> None:
        self._client = client
        self._patience = patience
        self._pace = pace or Pace()

    async def say(self, endpoint: str, news: News) -> None:
        """To the stream that the application belongs to, which begins where there is none; durable when it returns. Unavailable."""

        async def attempt(left: timedelta) -> None:
            await self._client.start_workflow(
                events.STREAM,
                StreamState(endpoint=endpoint, pace=self._pace),
                id=events.stream_id(endpoint, news.application),
                task_queue=names.TASK_QUEUE,
                start_signal=events.NEWS,
                start_signal_args=[news],
                task_timeout=names.TASK_TIMEOUT,
                static_summary=f"Events to {endpoint}",
                static_details=_DETAILS,
                rpc_timeout=left,
            )

        await patiently(self._patience, attempt)

    async def view(self, endpoint: str) -> StreamView:
        """All the endpoint's streams together. Unavailable."""
        views = await asyncio.gather(*(self._view(events.shard_id(endpoint, n)) for n in range(events.SHARDS)))
        return StreamView(
            waiting=sum(one.waiting for one in views),
            oldest=min((one.oldest for one in views if one.oldest), default=None),
            dropped=sum(one.dropped for one in views),
            delivered_at=max((one.delivered_at for one in views if one.delivered_at), default=None),
            failing_since=min((one.failing_since for one in views if one.failing_since), default=None),
            failing=any(one.failing for one in views),
            gone=any(one.gone for one in views),
        )

    async def replay(self, endpoint: str, since: datetime, until: datetime | None) -> str:
        """Begins to say again what happened in that time; the id of its run. Unavailable."""
        identity = events.replay_id(endpoint, uuid4().hex[:12])

        async def attempt(left: timedelta) -> str:
            await self._client.start_workflow(
                events.REPLAY,
                events.ReplayRequest(endpoint=endpoint, since=since, until=until),
                id=identity,
                task_queue=names.TASK_QUEUE,
                task_timeout=names.TASK_TIMEOUT,
                static_summary=f"Events to {endpoint} once more",
                rpc_timeout=left,
            )
            return identity

        return await patiently(self._patience, attempt)

    async def forget(self, applications: Iterable[str]) -> tuple[str, ...]:
        """Streams that know these go on without their ids; ended runs of theirs are deleted. The runs that knew one and go on.

        A run that goes on as new thereby is deleted the next time. Repeating is harmless. Unavailable.
        """
        erased = events.Erased(applications=tuple(applications))
        shards = {events.stream_id("", one).rpartition("/")[2] for one in erased.applications}

        async def attempt(left: timedelta) -> tuple[str, ...]:
            runs = [run async for run in self._client.list_workflows(f"WorkflowType = '{events.STREAM}'", rpc_timeout=left)]
            theirs = [run for run in runs if run.id.rpartition("/")[2] in shards]
            open_runs = [run.id for run in theirs if run.status == WorkflowExecutionStatus.RUNNING]
            knew = await asyncio.gather(*(self._forgets(one, erased, left) for one in dict.fromkeys(open_runs)))
            ended = (run for run in theirs if run.status != WorkflowExecutionStatus.RUNNING)
            await asyncio.gather(*(delete_run(self._client, run.id, run.run_id, left) for run in ended))
            return tuple(run for run in knew if run)

        return await patiently(self._patience, attempt) if shards else ()

    async def _forgets(self, stream: str, erased: events.Erased, left: timedelta) -> str | None:
        """The run that knew one of them and is told to go on without; None: it knows none."""
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(stream)
        try:
            run = (await handle.describe(rpc_timeout=left)).run_id
            if not await handle.query(events.KNOWS, erased, result_type=bool, rpc_timeout=left):
                return None
            await handle.signal(events.FORGET, erased, rpc_timeout=left)
        except RPCError as e:
            if e.status == RPCStatusCode.NOT_FOUND:  # it ended meanwhile, and is deleted the next time
                return None
            raise
        return run

    async def _view(self, stream: str) -> StreamView:
        async def attempt(left: timedelta) -> StreamView:
            handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(stream)
            try:
                return await handle.query(names.VIEW, result_type=StreamView, rpc_timeout=left)
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    return _NOTHING
                raise

        return await patiently(self._patience, attempt)


_NOTHING: Final = StreamView(waiting=0, oldest=None, dropped=0, delivered_at=None, failing_since=None, failing=False, gone=False)
