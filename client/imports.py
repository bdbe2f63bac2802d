"""Imports: begun here, done by the workflow `Import`, and told of by a report that names nobody. Their rows are opened here too."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, cast
from weakref import WeakValueDictionary

from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.applications import Applications
from client.opening import OPENING, Opening, content_of, named, read_opening
from client.patience import PATIENCE, Again, never_had, patiently
from client.refusals import Invalid, NoSuchImport, NotDone, Unavailable
from client.tombstones import delete_run
from workflows import names
from workflows.names.importing import ROWS, Fault, lines_of, packed, rows_of

TRIES: Final = 5
"""Of one row that could not be opened in time, before the import rests."""
_CONTENT: Final = "content"
_SAID: Final = tuple(
    re.compile(said, re.DOTALL)
    for said in (
        r".+(?= is not an IANA time zone)",  # first: a name with an apostrophe is quoted otherwise
        r"(?<=a blank to fill in: ).+",
        r"(?<=cannot be an e-mail address: ).+",
        r"(?<=No offer ).+(?= is open)",
        r"'[^']*'",
    )
)
"""Where sentences quote the row."""
_GOING: Final = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)
_DETAIL: Final = 300
_FAULTS: Final = 3
"""Of one row: a report has a thousand at most, and Temporal keeps two megabytes in one piece."""
_DETAILS: Final = (
    "Openings that were posted together are opened, one by one. In the end this run has none of them, and its own past is deleted; the "
    "query `view` and the result say what became of each line. Terminate it to stop; posted again it goes on."
)


def _words(schema: Any) -> Iterator[str]:
    """Every name of a field."""
    if isinstance(schema, dict):
        for name, inner in cast("dict[str, Any]", schema).items():
            if name == "properties":
                yield from cast("dict[str, Any]", inner)
            yield from _words(inner)
    elif isinstance(schema, list):
        for inner in cast("list[Any]", schema):
            yield from _words(inner)


_FIELDS: Final = frozenset(_words(OPENING.json_schema()))


class Imports:
    """Those of one namespace. Safe to share between tasks; every call answers within `patience` or raises Unavailable."""

    def __init__(self, client: Client, applications: Applications, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._applications = applications
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, body: bytes, key: str | None = None) -> str:
        """The id of the import of these lines, one opening each; durable when it returns.

        Asked again, by the same key or without one with the same content, it is the same one, and only begun anew where an operator ended
        it. Invalid for what has no lines, or too many, and for a key that was used for others; Unavailable.
        """
        _refuse_unreadable(body)
        importing, content = names.import_of(body, key), hashlib.sha256(body).hexdigest()[:32]

        async def attempt(left: timedelta) -> None:
            with contextlib.suppress(WorkflowAlreadyStartedError):  # it is finished
                await self._client.start_workflow(
                    names.IMPORT,
                    names.ImportOrder(rows=packed(body)),
                    id=names.import_id(importing),
                    task_queue=names.TASK_QUEUE,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    task_timeout=names.TASK_TIMEOUT,
                    static_summary="Import",
                    static_details=_DETAILS,
                    memo={_CONTENT: content},
                    rpc_timeout=left,
                )
            if key is not None:
                run = await self._client.get_workflow_handle(names.import_id(importing)).describe(rpc_timeout=left)
                if await run.memo_value(_CONTENT, type_hint=str) != content:
                    raise Invalid("The key was used before for an import of other lines.", slug="key-reused")

        await patiently(self._patience, attempt)
        return importing

    async def report(self, importing: str) -> names.ImportReport:
        """What became of the rows so far, or in the end. NoSuchImport, Unavailable."""
        handle: WorkflowHandle[object, names.ImportReport]
        handle = self._client.get_workflow_handle(names.import_id(importing), result_type=names.ImportReport)

        async def attempt(left: timedelta) -> names.ImportReport:
            try:
                run = await handle.describe(rpc_timeout=left)
            except RPCError as e:
                if e.status == RPCStatusCode.NOT_FOUND:
                    raise NoSuchImport(importing) from None
                raise
            if run.status == WorkflowExecutionStatus.COMPLETED:
                return await handle.result(rpc_timeout=left)
            for activity in run.raw_description.pending_activities:
                if activity.activity_type.name == names.IMPORT_OPENINGS:
                    return _ended(await self._so_far(activity.heartbeat_details.payloads), run)
            try:
                told = await handle.query(names.VIEW, result_type=names.ImportReport, rpc_timeout=left)
            except WorkflowQueryFailedError as e:
                raise Again from e
            except RPCError as e:
                if not never_had(run, e):
                    raise
                told = names.ImportReport(status="running")
            return _ended(told, run)

        return await patiently(self._patience, attempt)

    async def open_row(self, importing: str, line: int, row: str) -> names.Outcome:
        """What became of that line, now or when it was said before for the same import. Unavailable where that cannot be known in time.

        Rows with one id are opened in the order in which they are said here.
        """
        try:
            opening = named(read_opening(row.encode()))
        except NotDone as e:
            return refused(line, e)
        async with self._turns.setdefault(opening.id or "", asyncio.Lock()):
            for left in reversed(range(TRIES)):
                try:
                    return await self._opened(opening, f"import:{importing}:{line}")
                except Unavailable:
                    if not left:
                        raise
                except NotDone as e:
                    return refused(line, e)
        raise Unavailable

    async def erase(self, held: names.Held) -> tuple[tuple[str, ...], bool]:
        """Deletes the imports that an operator ended and whose rows name any of these; their runs, and whether one of them goes on.

        What goes on opens nothing for who was erased, and deletes itself. Repeating is harmless. Unavailable.
        """

        async def attempt(left: timedelta) -> tuple[tuple[str, ...], bool]:
            query = f"WorkflowType = '{names.IMPORT}' AND ExecutionStatus != 'Completed'"
            named = [run async for run in self._client.list_workflows(query, rpc_timeout=left) if await self._names(run, held, left)]
            ended = [run for run in named if run.status != WorkflowExecutionStatus.RUNNING]  # gone on as new too: that run is done
            deleted = [run.run_id for run in ended if await delete_run(self._client, run.id, run.run_id, left)]
            return tuple(deleted), len(ended) < len(named)

        return await patiently(self._patience, attempt)

    async def _names(self, run: WorkflowExecution, held: names.Held, left: timedelta) -> bool:
        people, ids = frozenset(held.candidates), frozenset(held.applications)
        async for row in self._rows(run, left):
            if _ids_in(row, "candidate", "id") & people or (_ids_in(row, "id") | _ids_in(row, "refs")) & ids:
                return True
        return False

    async def _so_far(self, told: Sequence[Payload]) -> names.ImportReport:
        """What the last sign of life said, if there was any."""
        if not told:
            return names.ImportReport(status="running")
        (report,) = await self._client.data_converter.decode(told, [names.ImportReport])
        return report

    async def _opened(self, opening: Opening, key: str) -> names.Outcome:
        """The key tells whether it was this row of this import that opened it, should a worker die before it could say so."""
        opening = named(opening, key)
        if await self._applications.say_opening(opening, key):
            return "opened"
        view = await self._applications.view(opening.id or "")
        return "opened" if view["facts"][0].get("content") == content_of(opening, key) else "same"

    async def _rows(self, run: WorkflowExecution, left: timedelta) -> AsyncGenerator[str]:
        """The rows of a run, which may have gone by now."""
        try:
            async for event in self._client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history_events(
                page_size=1, rpc_timeout=left
            ):
                begun = event.workflow_execution_started_event_attributes.input.payloads
                (order,) = await self._client.data_converter.decode(begun, [names.ImportOrder])
                for _, row in rows_of(order):
                    yield row
                return
        except RPCError as e:
            if e.status != RPCStatusCode.NOT_FOUND:
                raise


def _ended(told: names.ImportReport, run: WorkflowExecution) -> names.ImportReport:
    """What was running when an operator ended the run is stopped."""
    return told if told.status == "finished" or run.status in _GOING else told.model_copy(update={"status": "stopped"})


def refused(line: int, why: NotDone) -> names.RefusedRow:
    """What is told of a row that was not opened: nothing that is in it, not even the name of a field that nobody knows."""
    faults = why.faults if isinstance(why, Invalid) else ()
    told = tuple(Fault(path=tuple(map(_known, fault.path)), detail=_plain(fault.detail)) for fault in faults[:_FAULTS])
    if not told:
        return names.RefusedRow(line=line, slug=why.slug, detail=_plain(why.detail))
    where = ".".join(map(str, told[0].path))
    more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
    return names.RefusedRow(line=line, slug=why.slug, detail=f"{where or 'the row'}: {told[0].detail}.{more}", faults=told)


def _known(part: str | int) -> str | int:
    return part if isinstance(part, int) or part in _FIELDS else "…"


def _plain(detail: str) -> str:
    """What a sentence says of the row itself is left out: an address or a zone that cannot be one, an id, the words of a letter."""
    for said in _SAID:
        detail = said.sub("…", detail)
    return detail[:_DETAIL]


def _refuse_unreadable(body: bytes) -> None:
    """Invalid for what is no lines of text; what is wrong with a line is found out when it is opened."""
    try:
        rows = sum(1 for _ in lines_of(body))
    except UnicodeDecodeError:
        raise Invalid("The body is not UTF-8.") from None
    if not rows:
        raise Invalid("The body has no lines: send one opening per line.")
    if rows > ROWS:
        raise Invalid(f"An import has at most {ROWS} lines: send the others in imports of their own.")


def _ids_in(row: str, *path: str) -> frozenset[str]:
    """The ids that stand there in a row, which may be anything."""
    try:
        value: Any = json.loads(row)
    except (ValueError, RecursionError):
        return frozenset()
    for name in path:
        value = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    many = cast("list[Any]", value) if isinstance(value, list) else [value]
    return frozenset(one for one in many if isinstance(one, str))
