"""What a history cost: events, bytes and billable actions, without what only moving its clock brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

_CLOCK: Final = frozenset(
    {"workflow_execution_options_updated_event_attributes", "workflow_execution_time_skipping_transitioned_event_attributes"}
)
_BILLED: Final = frozenset(
    {
        "workflow_execution_started_event_attributes",
        "workflow_execution_continued_as_new_event_attributes",
        "workflow_execution_signaled_event_attributes",
        "workflow_execution_update_accepted_event_attributes",
        "timer_started_event_attributes",
        "upsert_workflow_search_attributes_event_attributes",
    }
)
"""One action each. Rejected updates and queries are billed too and leave no event; the lifecycle has none. Summaries cost nothing."""


@dataclass(frozen=True)
class Cost:
    events: int
    bytes: int
    """Of the events, as they are written."""
    billable_actions: int


def cost(history: WorkflowHistory) -> Cost:
    events = [event for event in history.events if _kind(event) not in _CLOCK]
    return Cost(len(events), sum(event.ByteSize() for event in events), billed(events))


def billed(events: Iterable[HistoryEvent]) -> int:
    """Actions by Temporal Cloud's rules: each attempt of an activity is one, all local activities of one workflow task together are one."""
    told = list(events)
    attempts = sum(e.activity_task_started_event_attributes.attempt for e in told if _kind(e) == "activity_task_started_event_attributes")
    local = {
        e.marker_recorded_event_attributes.workflow_task_completed_event_id for e in told if _kind(e) == "marker_recorded_event_attributes"
    }
    return sum(_kind(e) in _BILLED for e in told) + attempts + len(local)


def _kind(event: HistoryEvent) -> str | None:
    return event.WhichOneof("attributes")
