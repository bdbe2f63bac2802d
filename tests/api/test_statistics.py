"""Statistics are counted from Temporal's index, each application once, and show no group that would name somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.embedded import Stack
from client.statistics import LEAST, Counted, Group, Row, Statistics, folded, summed
from tests.running import body
from tests.server import eventually

WHICH = st.tuples(st.sampled_from([None, "a", "b", "c", "d"]), st.sampled_from(["industry 1", "x 2"]))
GROUPS = st.dictionaries(WHICH, st.integers(1, 30)).map(lambda sizes: [Group(*which, size, size // 2) for which, size in sizes.items()])


def of(rows: list[Row], minimum: int) -> dict[str, Any]:
    return summed(Counted(tuple(rows), datetime(2030, 3, 4, tzinfo=UTC)), minimum)


@given(groups=GROUPS, minimum=st.integers(LEAST, 40))
def test_neither_a_group_nor_the_rest_is_ever_smaller_than_the_minimum(groups: list[Group], minimum: int) -> None:
    """Unless all together are: then nothing is shown. No group is lost."""
    shown, rest = folded(groups, minimum)
    assert sorted([*shown, *rest], key=repr) == sorted(groups, key=repr)
    assert all(group.ended >= minimum for group in shown)
    together = sum(group.ended for group in rest)
    assert together == 0 or together >= minimum or not shown


@given(groups=GROUPS, minimum=st.integers(LEAST, 40), more=st.integers(1, 20))
def test_a_larger_minimum_only_joins_what_a_smaller_one_showed(groups: list[Group], minimum: int, more: int) -> None:
    """So that two answers cannot be subtracted from each other."""
    _, rest = folded(groups, minimum)
    _, larger = folded(groups, minimum + more)
    assert set(rest) <= set(larger)


def test_a_single_small_group_takes_the_next_larger_with_it() -> None:
    """Alone it would be what is left when the others are subtracted from the whole."""
    rows = [Row("closed", "ghosted", "a", "industry 1")] * 30
    rows += [Row("closed", "rejected", "b", "industry 1")] * 12 + [Row("closed", "ghosted", "c", "industry 1")] * 2
    ghosted = of(rows, 10)["ghosted"]
    assert ghosted == {
        "minimum_group": 10,
        "ended": 44,
        "ghosted": 32,
        "share": 0.727,
        "groups": [{"connection": "a", "policy": "industry 1", "ended": 30, "ghosted": 30, "share": 1.0}],
        "other": {"groups": 2, "ended": 14, "ghosted": 2, "share": 0.143},
    }


def test_too_few_have_counts_and_no_share() -> None:
    """Of thank-yous, of what ended; open applications are in no group."""
    rows = [Row("closed", "ghosted", "a", "industry 1", thanked_in_time=True)] * 9 + [Row("waiting", None, "a", "industry 1")] * 50
    told = of(rows, 10)
    assert (told["ghosted"]["share"], told["ghosted"]["groups"], told["ghosted"]["other"]) == (None, [], None)
    assert told["thank_yous"] == {"known": 9, "in_time": 9, "share": None}
    assert told["applications"] == {
        "total": 59,
        "by_stage": {"closed": 9, "waiting": 50},
        "by_outcome": {"ghosted": 9},
        "by_connection": {"a": 59},
    }


def test_what_the_index_does_not_hold_is_null() -> None:
    """How many follow-ups were sent, and how long a silence was."""
    told = of([Row("closed", "rejected", replied_after_follow_up=True)] * 20, 10)
    assert (told["follow_ups"], told["silence"]) == ({"replied": 20, "share": None}, {"median_days": None})


async def test_nobody_is_shown_a_smaller_group_than_the_least(stack: Stack) -> None:
    """Whatever a caller of the façade asks."""
    assert (await Statistics(stack.client).told(1))["ghosted"]["minimum_group"] == LEAST


async def test_a_resumed_application_counts_once(stack: Stack, api: httpx.AsyncClient, application: str) -> None:
    """Its ended run stays in the index, and no longer says what became of it."""
    path, policy = f"/v1/applications/{application}", "university"

    async def ours(stage: str) -> tuple[int, int, int]:
        told = (await Statistics(stack.client, kept=0).told())["applications"]
        return told["total"], told["by_outcome"].get("ghosted", 0), told["by_stage"].get(stage, 0)

    total, ghosted, closed = await ours("closed")
    _, _, waiting = await ours("waiting")
    await api.post("/v1/applications", json=body(application, policy=policy))
    await api.post(f"{path}/advance", json={"to": (await api.get(path)).json()["agenda"][-1]["due"]})
    await api.post(f"{path}/advance", json={"to": "2199-01-01T00:00:00Z"})

    async def has_ended() -> bool:
        return await ours("closed") == (total + 1, ghosted + 1, closed + 1)

    async def waits() -> bool:
        return await ours("waiting") == (total + 1, ghosted, waiting + 1)

    await eventually(has_ended)
    await api.post(f"{path}/facts", json={"type": "employer_replied"})
    await eventually(waits)
    assert await stack.client.count_workflows(f"WorkflowId = 'application/{application}'")


async def test_it_counts_once_for_all_who_ask_within_a_minute(stack: Stack, api: httpx.AsyncClient) -> None:
    """And again afterwards."""
    clock = [0.0]
    statistics = Statistics(stack.client, now=lambda: clock[0])
    before = await statistics.told()
    application = f"app-{uuid4().hex[:12]}"
    await api.post("/v1/applications", json=body(application))
    assert await statistics.told() == before
    clock[0] = 61.0

    async def counted() -> bool:
        clock[0] += 61.0
        return (await statistics.told())["applications"]["total"] > before["applications"]["total"]

    await eventually(counted, timedelta(seconds=20))


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?minimum=5", 200), ("?minimum=4", 422), ("?minimum=x", 422)])
async def test_the_call_answers_with_the_minimum_that_was_asked(api: httpx.AsyncClient, query: str, status: int) -> None:
    """Ten if none was; below five it is refused."""
    answer = await api.get(f"/v1/statistics{query}")
    assert answer.status_code == status, answer.text
    if answer.is_success:
        assert answer.json()["ghosted"]["minimum_group"] == (5 if query else 10)
