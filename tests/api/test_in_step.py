"""`POST /v1/candidates/{id}/advance`: a candidate's clock and those of all their applications move together, over HTTP alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.running import body, slug
from tests.server import eventually

AHEAD = (15 - datetime.now(UTC).hour + 9) % 24 - 9
HERE = ZoneInfo(f"Etc/GMT{-AHEAD:+d}" if AHEAD else "Etc/UTC")
"""Where it is the afternoon: the same morning is next, whenever this is run."""
pytestmark = pytest.mark.timeout(180)


def ahead() -> dict[str, Any]:
    """An interview in four weeks, agreed on three days ago, before which nobody is prompted."""
    starts = datetime.now(HERE) + timedelta(days=28)
    ends = starts + timedelta(hours=1)
    times = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat(), "at": (starts - timedelta(days=31)).isoformat()}
    return {"type": "interview_scheduled", "interview": "i1", **times}


async def opened(api: httpx.AsyncClient, candidate: str, name: str, position: str, *facts: dict[str, Any]) -> None:
    """An application of somebody who chose the digest."""
    who = {"id": candidate, "name": "Ada Byron", "email": "ada@example.org", "timezone": HERE.key, "preferences": {"digest": True}}
    answer = await api.post("/v1/applications", json=body(name, candidate=who, position=position, facts=facts or [ahead()]))
    assert answer.is_success, answer.text


async def say(api: httpx.AsyncClient, name: str, **fact: Any) -> None:
    assert (await api.post(f"/v1/applications/{name}/facts", json=fact)).status_code == 200


async def moved(api: httpx.AsyncClient, candidate: str, to: datetime) -> dict[str, Any]:
    """Asks until they are there, as a caller does."""

    async def there() -> dict[str, Any] | None:
        answer = await api.post(f"/v1/candidates/{candidate}/advance", json={"to": to.isoformat()})
        assert answer.status_code in (200, 202), answer.text
        return answer.json() if answer.status_code == 200 else None

    return await eventually(there, timedelta(seconds=120))


async def sent(api: httpx.AsyncClient, **about: str) -> list[dict[str, Any]]:
    return (await api.get("/v1/messages", params=about)).json()["messages"]


async def test_three_prompts_of_one_morning_are_one_digest_and_an_offer_arrives_at_once(api: httpx.AsyncClient, application: str) -> None:
    """The digest is in the order of urgency: what helps for five days stands before what helps until the follow-up."""
    candidate, now = f"cand-{application}", datetime.now(HERE)
    held = {"type": "interview_held", "interview": "i1", "ended_at": (now - timedelta(hours=2)).isoformat()}
    await opened(api, candidate, f"{application}-waits", "Mathematician", held, {"type": "thank_you_waived", "interview": "i1"})
    for position in ("Engineer", "Translator"):
        await opened(api, candidate, f"{application}-{position}", position)
        await say(api, f"{application}-{position}", type="rejected", at=(now - timedelta(hours=30)).isoformat())
    await opened(api, candidate, f"{application}-offer", "Analyst")
    morning = datetime.combine(now.date() + timedelta(days=1), time(8), HERE)
    view = await moved(api, candidate, morning + timedelta(minutes=10))
    assert len(view["applications"]) == 4
    [digest] = await sent(api, candidate=candidate)
    assert digest["intent"].startswith("digest/")
    assert morning <= datetime.fromisoformat(digest["application_time"]) < morning + timedelta(minutes=5)
    places = [digest["text"].find(position) for position in ("Engineer", "Translator", "Mathematician", "Analyst")]
    assert -1 < min(places[:2]) <= max(places[:2]) < places[2]
    assert places[3] == -1
    for name in ("waits", "Engineer", "Translator"):
        assert not [m for m in await sent(api, application=f"{application}-{name}") if not m["intent"].startswith("thank-you")]
    await say(api, f"{application}-offer", type="offer_received", in_writing=True)
    [offer] = await eventually(lambda: sent(api, application=f"{application}-offer"))
    assert offer["intent"] == "offer-thanks/1"
    assert len(await sent(api, candidate=candidate)) == 1


async def test_next_is_the_next_moment_at_which_anybody_is_told_something(api: httpx.AsyncClient, application: str) -> None:
    candidate = f"cand-{application}"
    for n in range(2):
        await opened(api, candidate, f"{application}-{n}", "Engineer")
    await say(api, f"{application}-1", type="rejected")
    due = datetime.fromisoformat((await api.get(f"/v1/applications/{application}-1")).json()["agenda"][0]["due"])
    answer = await api.post(f"/v1/candidates/{candidate}/advance", json={"to": "next"})
    assert answer.status_code in (200, 202)
    await moved(api, candidate, due)
    facts = (await api.get(f"/v1/applications/{application}-1")).json()["facts"]
    assert [fact["intent"] for fact in facts if fact["type"] == "prompted"] == ["rejection-reply/1"]


async def test_nobodys_clock_is_moved(api: httpx.AsyncClient, application: str) -> None:
    answer = await api.post(f"/v1/candidates/{application}/advance", json={"to": "next"})
    assert (answer.status_code, slug(answer)) == (404, "no-such-candidate")
