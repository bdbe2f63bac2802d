"""The step of an import: its rows are opened, a few at a time, and what became of them is told in their order.

How far it is goes with every sign of life, so that another worker goes on from there. Where a worker died with rows in its hands they are
opened again, which is harmless, and whoever opens them knows them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol, cast

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workflows.names import IMPORT_OPENINGS, ImportOrder, ImportReport, Outcome
from workflows.names.importing import rows_of

AT_ONCE: Final = 8
"""Rows under way."""
HEARTBEAT: Final = 1.0
"""Seconds between signs of life."""


class Opener(Protocol):
    """Who opens a row."""

    async def open_row(self, importing: str, line: int, row: str) -> Outcome:
        """What became of it; said again for the same import and line the same. Raises where that cannot be known yet.

        Of rows with one id the one that is said first is opened first.
        """
        ...


class Importing:
    """The activity, with the way to the applications."""

    def __init__(self, opener: Opener) -> None:
        self._opener: Final = opener

    @activity.defn(name=IMPORT_OPENINGS)
    async def import_openings(self, order: ImportOrder) -> ImportReport:
        """Opens the rows that no attempt before was done with. Every failure may be tried again; its words would have rows in them."""
        importing = (activity.info().workflow_id or "").rpartition("/")[2]
        try:
            async with _Progress(_so_far()).told() as progress:
                await self._open(importing, list(rows_of(order))[progress.report.rows :], progress)
                return progress.report.model_copy(update={"status": "finished"})
        except Exception as e:  # noqa: BLE001 -- see above
            raise ApplicationError("the rows could not be opened yet", type=type(_first(e)).__name__) from None

    async def _open(self, importing: str, rows: list[tuple[int, str]], progress: _Progress) -> None:
        few = asyncio.Semaphore(AT_ONCE)

        async def opened(line: int, row: str) -> Outcome:
            async with few:
                return await self._opener.open_row(importing, line, row)

        async with asyncio.TaskGroup() as group:
            for under_way in [group.create_task(opened(line, row)) for line, row in rows]:
                progress.report = progress.report.and_(await under_way)


class _Progress:
    """How far it is."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report

    @asynccontextmanager
    async def told(self) -> AsyncGenerator[_Progress]:
        beating = asyncio.create_task(self._beat())
        try:
            yield self
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
            activity.heartbeat(self.report)

    async def _beat(self) -> None:
        while True:
            activity.heartbeat(self.report)
            await asyncio.sleep(HEARTBEAT)


def _first(error: BaseException) -> BaseException:
    """Of several the one that ended the others."""
    return cast("ExceptionGroup[Exception]", error).exceptions[0] if isinstance(error, ExceptionGroup) else error


def _so_far() -> ImportReport:
    """What an attempt before this one told last."""
    told = activity.info().heartbeat_details
    return ImportReport.model_validate(told[0]) if told else ImportReport(status="running")
