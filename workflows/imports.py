"""Import: openings that were posted together are opened, however often a worker dies meanwhile.

Once it is done it goes on as new without the rows and deletes its own past, so that what stays is a report that names nobody.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.names import FORGET_ERASED, IMPORT, IMPORT_OPENINGS, IMPORTS, VIEW, ImportOrder, ImportReport

ATTEMPT = timedelta(hours=2)
"""Much longer than a thousand rows take of which none can be kept at once."""
ALIVE = timedelta(seconds=10)
"""A worker that shows no sign of life for so long is dead, and another one goes on."""
AGAIN = timedelta(minutes=1)
"""Between two looks at its own past: the server takes a while to delete a run."""
PATIENT = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name=IMPORT)
class Import:
    """One import. Terminated, it leaves what it has opened; posted again it goes on."""

    @workflow.init
    def __init__(self, order: ImportOrder) -> None:
        self.order = order

    @workflow.run
    async def run(self, order: ImportOrder) -> ImportReport:
        if order.report is None:
            report = await workflow.execute_activity(
                IMPORT_OPENINGS,
                order,
                result_type=ImportReport,
                task_queue=IMPORTS,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=ALIVE,
                retry_policy=PATIENT,
                summary="row by row",
            )
            workflow.continue_as_new(ImportOrder(report=report))
        while await workflow.execute_activity(
            FORGET_ERASED,
            result_type=bool,
            start_to_close_timeout=ATTEMPT,
            heartbeat_timeout=ALIVE,
            retry_policy=PATIENT,
            summary="its own past, which has the rows",
        ):
            await workflow.sleep(AGAIN, summary="then it looks again")
        return order.report

    @workflow.query(name=VIEW, description="What became of the rows; while they are being opened, only that.")
    def view(self) -> ImportReport:
        return self.order.report or ImportReport(status="running")
