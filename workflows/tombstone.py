"""Tombstone: what stays of an application that was erased: that there was one, under a digest of its id. It holds nothing else."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.names import TOMBSTONE


@workflow.defn(name=TOMBSTONE)
class Tombstone:
    """Stands until an operator ends it, who thereby allows the id again."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)
