"""A hold whose run has a long history goes on as new, and at no moment seems to be over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from client.embedded import DYNAMIC, Stack
from client.holds import HoldRuns
from workflows.names.holding import HOLD_ID, HOLDS, HoldChange, Holds

pytestmark = pytest.mark.timeout(120)


async def test_the_next_run_of_a_hold_begins_with_what_is_held() -> None:
    """Senders read it there, also while no worker has had that run yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DYNAMIC, "limit.historyCount.suggestContinueAsNew", "20")
        async with Stack.start(parts=("worker",)) as stack:
            runs, until, held = HoldRuns(stack.client), datetime.now(UTC) + timedelta(hours=1), Holds()
            for minutes in range(10):
                held = await runs.change(HoldChange(scope="all", until=until + timedelta(minutes=minutes)))
            assert await runs.current() == held
            now = (await stack.client.get_workflow_handle(HOLD_ID).describe()).raw_description.workflow_execution_info
            assert now.first_run_id != now.execution.run_id
            begun = stack.client.get_workflow_handle(HOLD_ID, run_id=now.execution.run_id).fetch_history_events(page_size=1)
            memo = (await anext(begun)).workflow_execution_started_event_attributes.memo.fields
            assert HOLDS in memo
            (kept,) = await stack.client.data_converter.decode([memo[HOLDS]], [Holds])
            assert [one.scope for one in kept.holds] == ["all"]
