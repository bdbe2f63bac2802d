"""The disk of Temporal's database is full: calls are answered with one sentence, and once there is room all goes on, each thing once."""

from __future__ import annotations

import asyncio
import re
import resource
import sys
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest

from tests.durability.accidents import Fragile, doubled, is_over, letters, noted, persist, view_of, with_offer, written_down
from tests.server import eventually
from workflows.names import metrics

pytestmark = [pytest.mark.timeout(180), pytest.mark.skipif(sys.platform != "linux", reason="limits another process")]


@contextmanager
def full(fragile: Fragile) -> Generator[int]:
    """Its process can write no file beyond the first page, which the database meets as a disk without room."""
    pid = [pid for name, pid in written_down(fragile.home) if name == "temporal"][-1]
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield pid
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def failed(api: httpx.AsyncClient, fragile: Fragile) -> float:
    """Answers of 5xx, as the alert of an API that fails reads them."""
    told = (await api.get(f"http://127.0.0.1:{fragile.ports.api_metrics}/metrics")).text
    return sum(float(value) for value in re.findall(rf'^{metrics.ANSWERS}{{.*status="5xx".*}} (\S+)$', told, re.MULTILINE))


async def test_what_is_said_while_the_disk_is_full_is_refused_in_one_sentence_and_then_kept_once(
    fragile: Fragile, api: httpx.AsyncClient, application: str
) -> None:
    before, meanwhile = f"{application}-before", f"{application}-meanwhile"
    await persist(api, "/v1/applications", with_offer(before))
    await noted(api, before, "offer-thanks/1")
    alarming = await failed(api, fragile)
    with full(fragile) as temporal:
        answers = await asyncio.gather(
            api.post("/v1/applications", json=with_offer(meanwhile)),
            api.post(f"/v1/applications/{before}/facts", json={"type": "hiring_step", "step": "debrief", "id": "full"}),
        )
        for answer in answers:
            assert (answer.status_code, answer.headers["retry-after"], answer.json()["detail"]) == (
                503,
                "2",
                "The service did not answer in time. Say the same again: repeating is safe.",
            )
        assert await failed(api, fragile) >= alarming + 2
        assert (await api.get("/readyz")).status_code == 200
        assert not is_over(temporal)
    await persist(api, f"/v1/applications/{before}/facts", {"type": "hiring_step", "step": "debrief", "id": "full"})
    await persist(api, "/v1/applications", with_offer(meanwhile))
    await noted(api, meanwhile, "offer-thanks/1")
    assert [fact["id"] for fact in (await view_of(api, before))["facts"] if fact["type"] == "hiring_step"] == ["full"]

    async def arrived() -> bool:
        return {of for of, *_ in letters(fragile.home)} >= {before, meanwhile}

    await eventually(arrived)
    assert doubled(fragile.home) == []
