"""Statistics are counted from Temporal's index, each application once, and show no group that would name somebody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
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


def test_replies_are_counted_among_those_that_were_asked() -> None:
    """Not among all, and none of runs from before follow-ups were counted: of those only the answered ones are known."""
    rows = [Row("closed", "ghosted", follow_ups=1)] * 9 + [Row("waiting", follow_ups=2, replied_after_follow_up=True)] * 3
    rows += [Row("closed", "rejected", replied_after_follow_up=True)] * 5 + [Row("waiting")] * 50
    assert of(rows, 10)["follow_ups"] == {"asked": 12, "replied": 3, "share": 0.25}
    assert of(rows, 13)["follow_ups"] == {"asked": 12, "replied": 3, "share": None}


def test_the_median_silence_is_that_of_those_that_are_over() -> None:
    """And none is told of too few."""
    rows = [Row("closed", "ghosted", silence_days=days) for days in (0, 2, 4, 4, 6, 8, 9, 21, 30, 30)] + [Row("waiting")] * 50
    assert of(rows, 10)["silence"] == {"known": 10, "median_days": 7.0}
    assert of(rows, 11)["silence"] == {"known": 10, "median_days": None}


async def test_the_index_holds_follow_ups_and_how_long_a_silence_was(stack: Stack, api: httpx.AsyncClient, application: str) -> None:
    """Asked after nine days and answered after twelve."""
    path, ended = f"/v1/applications/{application}", datetime.now(UTC) - timedelta(days=12, hours=1)
    opening = body(application)
    opening["facts"] = [{"type": "interview_held", "interview": "i1", "ended_at": ended.isoformat()}]
    await api.post("/v1/applications", json=opening)

    async def held() -> dict[str, Any]:
        described = await stack.client.get_workflow_handle(f"application/{application}").describe()
        pairs = cast("Iterable[Any]", described.typed_search_attributes)
        return {pair.key.name: pair.value for pair in pairs if pair.key.name in {"FollowUps", "SilenceDays", "RepliedAfterFollowUp"}}

    assert await held() == {}
    asked = (ended + timedelta(days=9)).isoformat()
    answer = await api.post(f"{path}/facts", json={"type": "follow_up_sent", "at": asked})
    assert answer.status_code == 200, answer.text
    await eventually_equal(held, {"FollowUps": 1})
    answer = await api.post(f"{path}/facts", json={"type": "employer_replied"})
    assert answer.status_code == 200, answer.text
    await eventually_equal(held, {"FollowUps": 1, "SilenceDays": 12, "RepliedAfterFollowUp": True})


async def eventually_equal(look: Callable[[], Awaitable[dict[str, Any]]], wanted: dict[str, Any]) -> None:
    async def same() -> bool:
        return await look() == wanted

    await eventually(same)


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
