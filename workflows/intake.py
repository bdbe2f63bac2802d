"""Intake: one delivery that only hints at what happened. Durable from the board's acknowledgement until the applications have been told.

It remembers what was delivered and sees to it that it is taken in; what the board's API answers never becomes part of its history. A run
that failed in the end may be begun anew by the same delivery.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.asking import patiently
    from workflows.names import INTAKE, TAKE_IN, IntakeRequest, Taken

ATTEMPT = timedelta(seconds=90)


@workflow.defn(name=INTAKE)
class Intake:
    """One delivery of a board; its id is made of the connection and of what names the delivery, so that it is taken in once."""

    @workflow.run
    async def run(self, request: IntakeRequest) -> Taken:
        return await patiently(TAKE_IN, request, Taken, attempt=ATTEMPT, summary=request.connection, attention="intake")
