"""The calendar's address: a token instead of a key, which can be made void, and answers that tell nothing to whoever guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import icalendar
import pytest

from activities.letters.links import Links, keys_in
from client.embedded import Stack
from tests.running import body


@pytest.fixture
def candidate() -> str:
    """An id that nobody had before."""
    return f"cand-{uuid4().hex[:12]}"


@pytest.fixture
async def url(api: httpx.AsyncClient, candidate: str, application: str) -> str:
    """The calendar's address of a candidate with one application, whose interview was held."""
    who = {"id": candidate, "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
    await api.post("/v1/applications", json=body(application, candidate=who))
    return str((await api.get(f"/v1/candidates/{candidate}")).json()["calendar_url"])


@pytest.fixture
async def anybody(stack: Stack) -> Any:
    """A caller without a key, as calendars are."""
    async with httpx.AsyncClient(base_url=stack.api, timeout=30, trust_env=False) as http:
        yield http


async def test_a_calendar_needs_no_key_but_its_address(anybody: httpx.AsyncClient, url: str) -> None:
    """What it reads is a calendar, for its eyes only, and not for long."""
    answer = await anybody.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"].startswith("private, max-age=")
    read: Any = icalendar.Calendar.from_ical(answer.content)
    assert {str(e["summary"]).partition(":")[0] for e in read.walk("VEVENT")} == {"Thank-you due", "Ask for news"}


async def test_what_was_said_just_now_is_in_it(api: httpx.AsyncClient, anybody: httpx.AsyncClient, url: str, application: str) -> None:
    """Of every application of the candidate; with another ETag."""
    before = await anybody.get(url)
    starts = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    said = {
        "type": "interview_scheduled",
        "interview": "i2",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
    }
    await api.post(f"/v1/applications/{application}/facts", json=said)
    after = await anybody.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    read: Any = icalendar.Calendar.from_ical(after.content)
    assert starts in [e["dtstart"].dt for e in read.walk("VEVENT")]


async def test_a_calendar_that_did_not_change_is_not_sent_again(anybody: httpx.AsyncClient, url: str) -> None:
    """The same facts are the same bytes."""
    first = await anybody.get(url)
    assert (await anybody.get(url)).content == first.content
    for tag in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await anybody.get(url, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_another_address_makes_the_old_one_void(api: httpx.AsyncClient, anybody: httpx.AsyncClient, url: str, candidate: str) -> None:
    """At once; and every time another one."""
    second = (await api.post(f"/v1/candidates/{candidate}/calendar-token")).json()["calendar_url"]
    third = (await api.post(f"/v1/candidates/{candidate}/calendar-token")).json()["calendar_url"]
    assert len({url, second, third}) == 3
    assert [(await anybody.get(one)).status_code for one in (url, second, third)] == [404, 404, 200]
    assert (await api.get(f"/v1/candidates/{candidate}")).json()["calendar_url"] == third


async def test_whoever_guesses_learns_nothing(
    stack: Stack, api: httpx.AsyncClient, anybody: httpx.AsyncClient, url: str, candidate: str
) -> None:
    """Void, forged, somebody else's, missing, of nobody, with a key, of one who is gone: one answer to all of them, byte for byte."""
    path, _, token = url.partition("?token=")
    other = f"cand-{uuid4().hex[:12]}"
    await api.post(f"/v1/candidates/{candidate}/calendar-token")
    guesses = [
        await anybody.get(url),
        await anybody.get(f"{path}?token={token[:-1]}{'A' if token[-1] != 'A' else 'B'}"),
        await anybody.get(path, params={"token": "\u202e\0" + "x" * 5000}),
        await anybody.get(path),
        await anybody.get(path.replace(candidate, other), params={"token": token}),
        await anybody.get(path.replace(candidate, "%7B%00%7D"), params={"token": token}),
        await api.get(path),
        await anybody.get(Links(keys_in((stack.home / "link-key").read_text()), stack.api).calendar(other, "1")),
    ]
    assert {(answer.status_code, answer.headers["content-type"], answer.content) for answer in guesses} == {
        (404, "text/plain; charset=utf-8", b"There is no calendar at this address. It may have been given another one.\n")
    }


async def test_the_token_is_in_no_log(stack: Stack, anybody: httpx.AsyncClient, url: str) -> None:
    """Neither of the one that was let in nor of the one that was not."""
    await anybody.get(url)
    await anybody.get(url + "x")
    token = url.partition("?token=")[2]
    logs = [file.read_text(errors="replace") for file in (stack.home / "logs").iterdir() if file.is_file()]
    assert any("calendar.ics" in log for log in logs)
    assert all(token not in log for log in logs)
