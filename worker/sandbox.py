"""The sandbox of a run, which is entered to run the run and for nothing else.

Temporal asks each run, for every payload that it writes or reads, in which context that is: six times a payload, and each question sets the
sandbox up and takes it down. No converter and no codec of ours reads the answer, and nothing is stored outside of the history, so the
questions are answered outside. They were a quarter of what a replay cost.

And it refuses what Temporal's library must not hand a run: news at the time of the task before. A question that nobody was there to answer
brings the history as it is when a worker comes; what was signalled and what fell due meanwhile is in it, but not yet the task that gives
it its time. The library (1.35) lets the run take it all the same: a word would be dated to days before; a timer would have rung with
nothing due, be set once more, and part the run from its history. Refused, the question fails and the run is forgotten; whoever asked asks
again, and the task itself brings the news at their time.
"""

from __future__ import annotations

from typing import Any, Final

from temporalio import workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

NOWHERE: Final = StorageDriverStoreContext(target=None)

NEWS: Final = {"signal_workflow", "fire_timer", "resolve_activity", "do_update", "cancel_workflow"}
TOO_EARLY: Final = "a question came before the task that has the news; ask again"


def _is_news(job: WorkflowActivationJob) -> bool:
    """What only a new task can bring. A local activity ends within the task that began it."""
    kind = job.WhichOneof("variant")
    return kind in NEWS and not (kind == "resolve_activity" and job.resolve_activity.is_local)


class Sandbox(SandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Run(super().create_instance(det))


class _Run(WorkflowInstance):
    def __init__(self, within: WorkflowInstance) -> None:
        self._within = within
        self._time: int | None = None
        """Of the task before, in nanoseconds; no two tasks of a run have the same."""

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        time = act.timestamp.ToNanoseconds()
        if time == self._time and not act.is_replaying and any(_is_news(job) for job in act.jobs):
            refused = WorkflowActivationCompletion(run_id=act.run_id)
            refused.failed.failure.message = TOO_EARLY
            return refused
        self._time = time
        return self._within.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return NOWHERE

    def get_info(self) -> workflow.Info:
        return self._within.get_info()

    def get_thread_id(self) -> int | None:
        return self._within.get_thread_id()
