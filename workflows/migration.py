"""Migration: open applications go on by another policy, each by a fact of its own, page by page, until a look finds none that is left.

Which step moves to when is decided by each application itself. Ended by an operator it leaves what it moved, and said again it goes on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.names import VIEW
    from workflows.names.migrating import (
        MIGRATE_PAGE,
        MIGRATION,
        PAGE,
        TOLD,
        MigratePage,
        MigrationOrder,
        MigrationProgress,
        PageMigrated,
    )

ATTEMPT: Final = timedelta(minutes=10)
ALIVE: Final = timedelta(seconds=15)
PATIENT: Final = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name=MIGRATION)
class Migration:
    """One migration. A page that is tried again counts the same and says nothing twice: the facts have the migration's own ids."""

    @workflow.init
    def __init__(self, order: MigrationOrder) -> None:
        self.order = order if order.fact else order.model_copy(update={"fact": f"migrated~{workflow.info().first_execution_run_id}"})

    @workflow.run
    async def run(self, order: MigrationOrder) -> MigrationProgress:
        while True:
            self._count(await self._page())
            workflow.set_current_details(self._told())
            if self._is_through():
                if not (self.order.where and self.order.found):
                    return self._progress("finished")
                self.order = self.order.model_copy(update={"look": self.order.look + 1, "found": 0})
                await workflow.sleep(self.order.again, summary="then it looks whether any is left")
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.order)

    @workflow.query(name=VIEW, description="How far it is.")
    def view(self) -> MigrationProgress:
        return self._progress("running")

    async def _page(self) -> PageMigrated:
        order = self.order
        request = MigratePage(
            policy=order.policy,
            fact=order.fact or "",
            look=order.look,
            where=order.where,
            cursor=order.cursor,
            applications=() if order.where else order.applications[order.done : order.done + PAGE],
        )
        return await workflow.execute_activity(
            MIGRATE_PAGE,
            request,
            result_type=PageMigrated,
            start_to_close_timeout=ATTEMPT,
            heartbeat_timeout=ALIVE,
            retry_policy=PATIENT,
            summary=f"to {order.policy.name} {order.policy.version}, after {order.moved}",
        )

    def _count(self, page: PageMigrated) -> None:
        order = self.order
        self.order = order.model_copy(
            update={
                "cursor": page.cursor,
                "done": min(order.done + PAGE, len(order.applications)),
                "found": order.found + page.moved,
                "moved": order.moved + page.moved,
                "same": order.same + page.same,
                "refused": (*order.refused, *page.refused)[:TOLD],
                "refusals": order.refusals + len(page.refused),
            }
        )

    def _is_through(self) -> bool:
        """Whether this look has seen all."""
        order = self.order
        return order.cursor is None if order.where else order.done >= len(order.applications)

    def _progress(self, status: str) -> MigrationProgress:
        order = self.order
        return MigrationProgress.model_validate(
            {
                "status": status,
                "policy": f"{order.policy.name} {order.policy.version}",
                **{name: getattr(order, name) for name in ("of", "moved", "same", "refused", "refusals")},
            }
        )

    def _told(self) -> str:
        """Markdown for Temporal's UI."""
        order = self.order
        lines = [f"To **{order.policy.name} {order.policy.version}**, look {order.look}: {order.moved} moved, {order.same} had it already."]
        lines += [f"- `{one.application}` stays: {one.reason}" for one in order.refused[:30]]
        return "\n".join(lines)
