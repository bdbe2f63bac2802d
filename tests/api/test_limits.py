"""How much a key may ask, and what it is told about it."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from client.api.app import create_app
from client.api.limits import COSTS, DEFAULT, Limit, Limits, limit_in
from client.embedded import Stack
from client.settings import CannotStart, Settings, read
from tests.running import slug

SECRET = "a-secret-that-is-long-enough"
PLAIN = "/v1/applications"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_with_calls_and_fills_with_time() -> None:
    """What was not enough costs nothing, and is told when to come again."""
    clock = Clock()
    limits = Limits(Limit(3, 60), clock)
    assert [standing.left for _ in range(3) if (standing := limits.charge("p", PLAIN))] == [2, 1, 0]
    empty = limits.charge("p", PLAIN)
    assert empty
    assert (empty.taken, empty.again, empty.headers) == (False, 20, {"RateLimit-Policy": '"key";q=3;w=60', "RateLimit": '"key";r=0;t=60'})
    clock.now += 20
    again = limits.charge("p", PLAIN)
    assert again
    assert (again.taken, again.left) == (True, 0)
    clock.now += 3600
    full = limits.charge("p", PLAIN)
    assert full
    assert full.headers["RateLimit"] == '"key";r=2;t=20'


def test_each_name_has_its_own_bucket() -> None:
    """One that asks too much takes nothing from another."""
    limits = Limits(Limit(1, 60), Clock())
    assert [standing.taken for name in ("a", "a", "b") if (standing := limits.charge(name, PLAIN))] == [True, False, True]


def test_what_makes_much_work_costs_more_and_never_more_than_there_is() -> None:
    """So that a small limit closes no call for good."""
    standing = Limits(Limit(100, 60), Clock()).charge("p", "/v1/preview")
    assert standing
    assert standing.left == 100 - COSTS["/v1/preview"]
    small = Limits(Limit(2, 60), Clock()).charge("p", "/v1/preview")
    assert small
    assert small.taken


def test_a_limit_is_set_as_units_and_seconds_or_off() -> None:
    """Off there is none."""
    assert (limit_in("600/60"), limit_in("off"), limit_in(DEFAULT)) == (Limit(600, 60), None, Limit(6000, 60))
    assert Limits(None).charge("p", PLAIN) is None


@pytest.mark.parametrize("said", ["", "60", "0/60", "60/0", "-1/60", "1e3/60", "60/min", "٦/60", "99999999/1"])
def test_a_limit_that_makes_no_sense_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """With a sentence that names the setting."""
    monkeypatch.setenv("AFTERWORD_RATE_LIMIT", said)
    with pytest.raises(CannotStart, match="AFTERWORD_RATE_LIMIT: write units/seconds"):
        read(Settings)


async def test_too_many_calls_are_turned_away_with_the_time_to_come_again(stack: Stack) -> None:
    """By key; what has no key is not counted, and every answer to a key says what is left."""
    keys = SecretStr(f"a:read:{SECRET}-a b:read:{SECRET}-b")
    app = create_app(Settings(api_keys=keys, rate_limit="2/600"), stack.client)
    ours, theirs = ({"Authorization": f"Bearer {SECRET}-{name}"} for name in "ab")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as http:
        first = await http.get("/v1/applications/nobody", headers=ours)
        second = await http.get("/v1/applications?limit=x", headers=ours)
        assert (first.status_code, first.headers["ratelimit"]) == (404, '"key";r=1;t=300')
        assert (second.status_code, second.headers["ratelimit-policy"]) == (422, '"key";q=2;w=600')
        third = await http.get("/v1/applications", headers=ours)
        assert (third.status_code, slug(third)) == (429, "too-many")
        assert 290 <= int(third.headers["retry-after"]) <= 300
        assert third.headers["ratelimit"].startswith('"key";r=0;t=')
        assert (await http.get("/v1/applications/nobody", headers=theirs)).status_code == 404
        for path in ("/healthz", "/readyz"):
            free = await http.get(path, headers=ours)
            assert (free.status_code, "ratelimit" in free.headers) == (200, False)


async def test_the_embedded_server_has_no_limit_unless_it_is_set(api: httpx.AsyncClient) -> None:
    """So that no demonstration is turned away."""
    assert "ratelimit" not in (await api.get("/v1/applications")).headers


async def test_every_call_that_costs_more_is_there(api: httpx.AsyncClient) -> None:
    """A route that was renamed would cost one again."""
    assert set(COSTS) <= set((await api.get("/openapi.json")).json()["paths"])
