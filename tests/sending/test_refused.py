"""What is not sent for a candidate: letters with blanks, before their time, about what is over; and when those leave that are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.running import slug
from tests.sending.approvals import approval, ended, letter_of, talked
from tests.sending.post_office import PostOffice
from tests.server import eventually

REPLY = "rejection-reply/1"
pytestmark = pytest.mark.timeout(120)


def where_it_is(hour: int) -> str:
    """A zone in which it is about that hour now."""
    ahead = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


def rejected(application: str, zone: str) -> dict[str, Any]:
    """An opening with a rejection of 30 hours ago; a reply to it is welcome from now on, in office hours."""
    employer = {"name": "Analytical Engines", "timezone": zone, "contact": {"name": "Recruiting", "email": f"{application}@example.com"}}
    said = talked(application, timedelta(days=3), employer=employer)
    awake = {**said["candidate"], "waking_hours": ["00:00", "23:59"]}
    return {
        **said,
        "candidate": awake,
        "facts": [*said["facts"], {"type": "rejected", "at": (datetime.now(UTC) - timedelta(hours=30)).isoformat()}],
    }


async def said(api: httpx.AsyncClient, application: str, *facts: dict[str, Any]) -> httpx.Response:
    return await api.post(f"/v1/applications/{application}/facts", json={"facts": facts})


async def opened(api: httpx.AsyncClient, opening: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post("/v1/applications", json=opening)
    assert answer.is_success, answer.text
    return answer.json()


async def asleep(api: httpx.AsyncClient, application: str) -> None:
    """An approved reply to a rejection that waits for the employer's morning."""
    await opened(api, rejected(application, where_it_is(2)))
    assert (await said(api, application, approval(REPLY))).status_code == 200
    assert (await letter_of(api, application, REPLY))["status"] == "approved"


async def through(api: httpx.AsyncClient, application: str) -> None:
    """Its clock is moved over the next week."""
    later = (datetime.now(UTC) + timedelta(days=7)).isoformat()

    async def is_there() -> bool:
        return (await api.post(f"/v1/applications/{application}/advance", json={"to": later})).status_code == 200

    await eventually(is_there, timedelta(seconds=60))


# -- never, or not yet ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        {"body": "Dear Grace,\n\nI liked [one specific point from your talk with Grace Hopper]."},
        {"subject": "Thank you for [what]"},
        {"body": "  \n"},
    ],
    ids=["body", "subject", "nothing"],
)
async def test_a_letter_with_a_blank_is_refused(
    api: httpx.AsyncClient, office: PostOffice, application: str, words: dict[str, str]
) -> None:
    """Also where somebody insists: to insist fills in no blank."""
    await opened(api, talked(application))
    for anyway in (False, True):
        answer = await said(api, application, {**approval(**words), "anyway": anyway})
        assert (answer.status_code, slug(answer)) == (409, "letter-has-blanks")
    await through(api, application)
    assert office.tried[f"{application}@example.com"] == 0


async def test_a_follow_up_before_its_time_is_refused_with_the_date_when_it_opens(api: httpx.AsyncClient, application: str) -> None:
    """The same moment as in the agenda, on the candidate's clock."""
    employer = {"name": "Analytical Engines", "timezone": "Europe/London", "contact": {"name": "Recruiting", "email": "jobs@example.com"}}
    view = await opened(api, talked(application, employer=employer))
    due = next(step["due"] for step in view["agenda"] if step["intent"] == "follow-up/1")
    answer = await said(api, application, approval("follow-up/1"))
    assert (answer.status_code, slug(answer)) == (409, "too-early")
    opens = datetime.fromisoformat(due).astimezone(ZoneInfo("Europe/London"))
    assert opens.isoformat(timespec="minutes") in answer.json()["detail"]


async def test_a_thank_you_before_the_talk_is_over_is_refused(api: httpx.AsyncClient, application: str) -> None:
    """With the moment of its end."""
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    talk = {"type": "interview_scheduled", "interview": "i1", "starts_at": begins.isoformat()}
    talk |= {"ends_at": (begins + timedelta(hours=1)).isoformat(), "interviewers": [{"id": "g", "name": "Grace", "email": "g@example.com"}]}
    await opened(api, {**talked(application), "facts": [talk]})
    answer = await said(api, application, approval())
    assert (answer.status_code, slug(answer)) == (409, "too-early")
    ends = (begins + timedelta(hours=1)).astimezone(ZoneInfo("Europe/London"))
    assert ends.isoformat(timespec="minutes") in answer.json()["detail"]


@pytest.mark.parametrize("letter", ["follow-up/1", "next-round/2", "offer-decide/1/accept", "farewell/1"])
async def test_a_letter_about_what_is_over_or_never_was_is_refused(api: httpx.AsyncClient, application: str, letter: str) -> None:
    """After a rejection there is nothing to ask, to accept or to say goodbye to."""
    await opened(api, rejected(application, "Europe/London"))
    answer = await said(api, application, approval(letter))
    assert answer.status_code == 409
    assert slug(answer) in ("no-such-letter", "no-offer", "application-closed")


async def test_a_letter_to_nobody_is_refused(api: httpx.AsyncClient, application: str) -> None:
    """Neither the interviewer nor anybody else has an address."""
    opening = talked(application)
    opening["facts"][0]["interviewers"] = [{"id": "g", "name": "Grace Hopper"}]
    await opened(api, opening)
    answer = await said(api, application, approval())
    assert (answer.status_code, slug(answer)) == (409, "no-address")


# -- when it leaves, and when it does not after all -------------------------------------------------------------------------------------


async def test_it_leaves_in_the_employers_office_hours(api: httpx.AsyncClient, office: PostOffice, application: str) -> None:
    """It is the middle of their night when it is approved; it is with them on their next morning, once."""
    await asleep(api, application)
    assert office.tried[f"{application}@example.com"] == 0
    await through(api, application)
    (end,) = await ended(api, application)
    assert (end["type"], end.get("uncertain", False)) == ("letter_delivered", False)
    (taken,) = office.letters_to(f"{application}@example.com")
    theirs = parsedate_to_datetime(taken["Date"]).astimezone(ZoneInfo(where_it_is(2)))
    assert 9 <= theirs.hour < 17
    assert theirs.weekday() < 5
    assert office.tried[f"{application}@example.com"] == 1


async def test_taken_back_before_it_leaves_it_never_does(api: httpx.AsyncClient, office: PostOffice, application: str) -> None:
    """And may be approved again in other words."""
    await asleep(api, application)
    assert (await said(api, application, {"type": "retracted", "fact": "approval-1"})).status_code == 200
    assert (await said(api, application, approval(REPLY, id="approval-2", body="Other words."))).status_code == 200
    await through(api, application)
    assert [end["approval"] for end in await ended(api, application)] == ["approval-2"]
    assert office.tried[f"{application}@example.com"] == 1


async def test_pointless_before_it_leaves_it_is_noted_as_not_sent(api: httpx.AsyncClient, office: PostOffice, application: str) -> None:
    """The employer asks them to come again after all."""
    await asleep(api, application)
    assert (await said(api, application, {"type": "next_round_invited"})).status_code == 200
    await through(api, application)
    (end,) = await ended(api, application)
    assert (end["type"], end["reason"]) == ("letter_undeliverable", "no longer needed")
    assert office.tried[f"{application}@example.com"] == 0


async def test_it_goes_to_where_the_employer_is_when_it_leaves(api: httpx.AsyncClient, office: PostOffice, application: str) -> None:
    """A new address of the contact counts, the old one is not written to."""
    await asleep(api, application)
    moved = {
        "name": "Analytical Engines",
        "timezone": where_it_is(2),
        "contact": {"name": "Hiring", "email": f"new-{application}@example.com"},
    }
    assert (await said(api, application, {"type": "details_changed", "employer": moved})).status_code == 200
    await through(api, application)
    assert (office.tried[f"{application}@example.com"], office.tried[f"new-{application}@example.com"]) == (0, 1)


async def test_approved_in_many_tabs_at_once_it_leaves_once(api: httpx.AsyncClient, office: PostOffice, application: str) -> None:
    """The first is taken, the others are told; the same said again is the same."""
    await opened(api, talked(application))
    same = [said(api, application, approval()) for _ in range(5)]
    others = [said(api, application, approval(id=f"tab-{n}", body=f"Words of tab {n}.")) for n in range(5)]
    told = await asyncio.gather(*(call for pair in zip(same, others, strict=True) for call in pair))
    taken = [answer for answer in told if answer.status_code == 200]
    assert {slug(answer) for answer in told if answer.status_code != 200} <= {"letter-already-approved", "letter-already-sent"}
    assert len(taken) in (1, 5)
    assert len(await ended(api, application)) == 1
    await through(api, application)
    assert office.tried[f"{application}@example.com"] == 1
