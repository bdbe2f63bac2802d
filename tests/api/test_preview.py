"""`POST /v1/preview`: every worked date and story of the process, at once, and nothing started."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.core.worked_dates import ROWS, STORIES, Row, Story
from tests.running import body, slug

ASKING = ("follow-up", "follow-up-last-call", "ghosted", "rejection-reply")


def interview(ended: str) -> dict[str, Any]:
    return {"type": "interview_held", "interview": "i1", "ended_at": ended, "interviewers": [{"id": "g", "name": "Grace Hopper"}]}


def row_as_said(row: Row, *more: dict[str, Any]) -> dict[str, Any]:
    """The row as an opening says it, heard as it happens."""
    facts: list[dict[str, Any]] = [interview(row.ended), *more]
    if row.promised:
        facts.append({"type": "timeline_stated", "at": row.ended, "respond_by": row.promised})
    if row.away:
        facts.append({"type": "employer_away", "at": row.ended, "from": row.away[0], "until": row.away[1]})
    return body(
        candidate={"id": "c", "email": "c@example.org", "timezone": row.candidate},
        employer={"name": "E", "timezone": row.employer, "country": row.country, "subdivision": row.subdivision},
        facts=facts,
        as_of=row.ended,
    )


def kinds_and_moments(answer: httpx.Response, *kinds: str, skipped: bool = False) -> list[tuple[str, str]]:
    """Local moments to the minute, of these kinds."""
    assert answer.status_code == 200, answer.text
    steps = [
        (s["intent"].partition("/")[0], s["due"][:16].replace("T", " ")) for s in answer.json()["steps"] if ("skipped" in s) == skipped
    ]
    return [step for step in steps if step[0] in kinds]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_never_sent_has_its_worked_dates(api: httpx.AsyncClient, row: Row) -> None:
    """Thank-you, nudge, follow-up, last call, ghosted."""
    answer = await api.post("/v1/preview", json=row_as_said(row))
    assert kinds_and_moments(answer, "thank-you", "thank-you-nudge", *ASKING) == [
        ("thank-you", row.thank_you),
        ("thank-you-nudge", row.nudge),
        ("follow-up", row.follow_up),
        ("follow-up-last-call", row.last_call),
        ("ghosted", row.ghosted_if_never_sent),
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_with_the_follow_up_sent_ends_on_its_worked_date(api: httpx.AsyncClient, row: Row) -> None:
    """Sent one hour after the prompt."""
    first = await api.post("/v1/preview", json=row_as_said(row))
    prompt = next(step["due"] for step in first.json()["steps"] if step["intent"].startswith("follow-up/"))
    sent = {"type": "follow_up_sent", "at": (datetime.fromisoformat(prompt) + timedelta(hours=1)).isoformat()}
    answer = await api.post("/v1/preview", json=row_as_said(row, sent))
    assert kinds_and_moments(answer, *ASKING) == [("follow-up", row.follow_up), ("ghosted", row.ghosted_if_sent)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_a_story_goes_as_it_is_told(api: httpx.AsyncClient, story: Story) -> None:
    """What is received, and what is skipped."""
    said = row_as_said(ROWS[0], *story.heard) | {"as_of": story.as_of or "2026-03-02T15:00Z"}
    answer = await api.post("/v1/preview", json=said)
    assert kinds_and_moments(answer, *ASKING) == list(story.then)
    assert {kind for kind, _ in kinds_and_moments(answer, *story.skipped, skipped=True)} == set(story.skipped)


async def test_as_of_is_by_default_the_latest_own_time(api: httpx.AsyncClient) -> None:
    """The view is as of then: the interview is over, nothing was done yet."""
    view = (await api.post("/v1/preview", json=body(facts=[interview("2026-03-02T15:00:00Z")]))).json()["view"]
    assert (view["stage"], {f["type"] for f in view["facts"]}) == ("thanking", {"opened", "calendar", "interview_held"})
    assert view["agenda"][0]["due"] == "2026-03-02T17:00:00+00:00"


async def test_until_ends_the_play(api: httpx.AsyncClient) -> None:
    """Nothing later is in the answer."""
    said = body(facts=[interview("2026-03-02T15:00:00Z")], until="2026-03-04T00:00:00Z")
    assert [s["intent"] for s in (await api.post("/v1/preview", json=said)).json()["steps"]] == ["thank-you/i1", "thank-you-nudge/i1"]


async def test_facts_of_a_preview_are_judged_together(api: httpx.AsyncClient) -> None:
    """One refused refuses all, with the guide's reason."""
    facts = [interview("2026-03-02T15:00:00Z"), *({"type": "follow_up_sent", "at": f"2026-03-{day}T12:00:00Z"} for day in ("12", "13"))]
    answer = await api.post("/v1/preview", json=body(facts=facts))
    assert (answer.status_code, slug(answer)) == (409, "follow-up-already-sent")


async def test_a_preview_starts_nothing(api: httpx.AsyncClient, application: str) -> None:
    """Not even under an id of its own."""
    assert (await api.post("/v1/preview", json=body(application))).status_code == 200
    assert slug(await api.get(f"/v1/applications/{application}")) == "no-such-application"


async def test_a_preview_takes_less_than_fifty_milliseconds(api: httpx.AsyncClient) -> None:
    """The median of what a caller measures, connection and all."""
    took: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        await api.post("/v1/preview", json=row_as_said(ROWS[0]))
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.05
