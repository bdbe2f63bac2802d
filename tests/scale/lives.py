"""Whole lives of applications in fast-forward, each told by chance and by the same chance for the same number, until its run has ended."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

Body = dict[str, Any]

OF_ONE: Final = 3
"""Lives of one candidate; with the last of every tenth candidate everything of theirs is erased, whatever lives."""
TURNS: Final = 14
"""How often the clock is moved to the next step, before the end is told."""
LISTENS: Final = timedelta(days=200)
"""Longer than anybody listens after the end."""
PATIENCE: Final = 60.0
ENDS: Final[tuple[Body, ...]] = (
    {"type": "rejected"},
    {"type": "withdrawn"},
    {"type": "offer_accepted"},
    {"type": "offer_declined"},
    {"type": "ghosted by silence"},
)
"""The last is said by nobody."""


class Lives:
    """Lives against one stack. `books` counts what was called and how it was answered."""

    def __init__(self, api: httpx.AsyncClient, client: Client, name: str = "soak") -> None:
        self._api = api
        self._client = client
        self._name = name
        self.books: Counter[str] = Counter()

    async def live(self, number: int) -> None:
        """From the opening to the end of its run. RuntimeError for an answer that nobody should get, TimeoutError for a run that stays."""
        dice, name = random.Random(number), f"{self._name}-{number}"  # noqa: S311 -- to be the same again
        candidate = f"{self._name}-of-{number // OF_ONE}"
        await self._call("POST", "/v1/applications", _opening(name, candidate, dice))
        path, ending = f"/v1/applications/{name}", dice.choice(ENDS)
        for turn in range(dice.randrange(2, TURNS)):
            view = await self._call("POST", f"{path}/advance", {"to": "next"})
            if view is None or view["stage"] == "closed":
                break
            for said in _said(view, turn, dice):
                await self._call("POST", f"{path}/facts", {"facts": [said]})
            await self._call(
                "GET", dice.choice((path, f"{path}/letters", f"{path}/facts", f"/v1/candidates/{candidate}", "/v1/applications"))
            )
        if ending["type"] != "ghosted by silence":
            await self._call("POST", f"{path}/facts", {"facts": [ending]})
        await self._until_it_ends(name, path)
        self.books["lives"] += 1
        if number % (10 * OF_ONE) == OF_ONE - 1:
            await self._call("DELETE", f"/v1/candidates/{candidate}")

    async def _until_it_ends(self, name: str, path: str) -> None:
        """Weeks pass; what is still open then, because nobody ever answered, is told to be over."""
        handle = self._client.get_workflow_handle(names.workflow_id(name))
        async with asyncio.timeout(PATIENCE):
            while await _goes_on(handle):
                view = await self._call("GET", path)
                if view and view["stage"] not in ("closed", "unclaimed") and not view["agenda"]:
                    await self._call("POST", f"{path}/facts", {"facts": [{"type": "withdrawn"}]})
                moment = max(datetime.fromisoformat(fact["at"]) for fact in view["facts"]) if view else datetime.now(UTC)
                await self._call("POST", f"{path}/advance", {"to": (moment + LISTENS).isoformat()})

    async def _call(self, method: str, path: str, body: Body | None = None) -> Body | None:
        """The answer; None where it is refused. What is not available yet is asked for again."""
        kind = f"{method} {path.rpartition('/')[2] if path.count('/') > 3 else path.split('/')[2]}"
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = await self._api.request(method, path, json=body)
                self.books[f"{kind} {answer.status_code}"] += 1
                if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                    break
                await asyncio.sleep(0.2)
        if answer.is_success:
            return answer.json()
        if answer.status_code in (404, 409, 410, 422):
            return None
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")


async def _goes_on(handle: WorkflowHandle[Any, Any]) -> bool:
    """Not where its candidate was erased meanwhile."""
    try:
        return (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
    except RPCError as e:
        if e.status == RPCStatusCode.NOT_FOUND:
            return False
        raise


def _opening(name: str, candidate: str, dice: random.Random) -> Body:
    """Every life of a candidate knows them alike: another profile is told to their other applications, and begins again what had ended."""
    now, theirs = datetime.now(UTC), random.Random(candidate)  # noqa: S311 -- to be the same again
    starts = now + timedelta(days=dice.randrange(1, 4), hours=dice.randrange(8))
    return {
        "id": name,
        "candidate": {
            "id": candidate,
            "name": "Ada Byron",
            "email": f"{candidate}@example.org",
            "timezone": theirs.choice(("Europe/London", "America/New_York", "Asia/Tokyo", "Europe/Berlin")),
            "language": theirs.choice(("en", "de", "fr", "es")),
        },
        "employer": {"name": "Analytical Engines", "timezone": dice.choice(("America/New_York", "Europe/Paris")), "country": "US"},
        "position": "Staff Engineer",
        "policy": dice.choice(("industry", "university")),
        "facts": [_scheduled("i1", starts)],
    }


def _scheduled(interview: str, starts: datetime) -> Body:
    people = [{"id": "grace", "name": "Grace Hopper", "email": "grace@example.com"}, {"id": "alan", "name": "Alan Turing"}]
    ends = starts + timedelta(hours=1)
    return {
        "type": "interview_scheduled",
        "interview": interview,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "interviewers": people,
    }


def _said(view: Body, turn: int, dice: random.Random) -> list[Body]:
    """What somebody may say at that moment, whether or not it is refused."""
    now = max(datetime.fromisoformat(fact["at"]) for fact in view["facts"])
    later = now + timedelta(days=dice.randrange(2, 12))
    chances: tuple[Body, ...] = (
        {"type": "thank_you_sent", "interview": "i1"},
        {"type": "reflection_noted", "interview": "i1", "takeaways": "They listen."},
        {"type": "follow_up_sent"},
        {"type": "employer_replied"},
        {"type": "employer_replied", "respond_by": later.date().isoformat()},
        {"type": "timeline_stated", "respond_by": later.date().isoformat()},
        {"type": "hiring_step", "step": "reference_check"},
        {"type": "next_round_invited"},
        _scheduled(f"i{turn + 2}", later),
        {"type": "interview_cancelled", "interview": "i1"},
        {"type": "employer_away", "until": later.date().isoformat()},
        {"type": "offer_received", "in_writing": True, "decide_by": later.isoformat()},
        {"type": "paused", "until": later.isoformat()},
    )
    return [{"id": f"said-{turn}-{place}", **said} for place, said in enumerate(dice.sample(chances, dice.randrange(3)))]
