"""Reads what the page is about: applications with their clocks, the candidate, and what a browser sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from temporalio.client import Client
from temporalio.service import RPCError

from client.applications import Applications
from client.candidates import Candidates
from client.clock import application_time
from client.page.sections import Known
from client.page.talk import Talk
from client.refusals import NoSuchApplication, NotDone, Refused, Unavailable
from workflows.facts import Candidate

AT_ONCE: Final = 8
_FIELDS: Final = 200
_HOPS: Final = 3
"""How far a board's id may stand for another one."""


def real() -> datetime:
    return datetime.now(UTC)


class NotYours(NotDone):
    """The application belongs to somebody else, or to nobody yet. Says no more than that there is none."""

    def __init__(self) -> None:
        super().__init__("no-such-application", "No such application is known.")


@dataclass(frozen=True)
class Whose:
    """The candidate whose page it is."""

    candidate: Candidate
    applications: tuple[str, ...]
    lost: datetime | None
    """Since when their run knows that messages do not arrive."""
    calendar: str
    """The nonce of their calendar feed."""
    coaches: list[dict[str, Any]]
    """Who asks to follow their applications, and who may."""


class Reader:
    """`clocks`: of applications, where they can be moved; None: every clock shows real time."""

    def __init__(self, applications: Applications, candidates: Candidates, clocks: Client | None) -> None:
        self._applications, self._candidates, self._clocks = applications, candidates, clocks
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def one(self, application: str, candidate: str) -> Known:
        """An application of this candidate. NotYours, NoSuchApplication, Refused (erased), Unavailable."""
        try:
            app = await self._applications.application(application)
        except NoSuchApplication:
            await self._applications.refuse_erased(application)
            raise
        for _ in range(_HOPS):
            if app.story.linked is None:
                break
            app = await self._applications.application(app.story.linked)
        if app.story.candidate is None or app.story.candidate.id != candidate:
            raise NotYours
        return Known(app, await self._shows(app.id))

    async def _shows(self, application: str) -> datetime:
        if self._clocks is None:
            return real()
        try:
            return await application_time(self._clocks, application)
        except RPCError as e:
            raise Unavailable from e

    async def every(self, applications: tuple[str, ...], candidate: str) -> tuple[Known, ...]:
        """Those that can be read; one that was erased meanwhile is left out. Unavailable."""

        async def each(application: str) -> Known | None:
            async with self._turns:
                try:
                    return await self.one(application, candidate)
                except (NoSuchApplication, Refused, NotYours):
                    return None

        found = await asyncio.gather(*map(each, applications))
        return tuple({one.app.id: one for one in found if one}.values())

    async def candidate(self, candidate: str) -> Whose:
        """NoSuchCandidate, Unavailable."""
        view = await self._candidates.view(candidate)
        lost = view["undeliverable"]
        profile = Candidate.model_validate({**view["profile"], "preferences": view["preferences"] or {}})
        since = datetime.fromisoformat(lost["since"]) if lost else None
        return Whose(profile, tuple(view["applications"]), since, view["calendar"], view["coaches"])


async def sent_by(request: Request) -> Mapping[str, str] | None:
    """The fields of a form, of several with one name all, joined by blanks; None for what is no form."""
    try:
        async with request.form(max_files=0, max_fields=_FIELDS) as form:
            said: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    said.setdefault(name, []).append(value)
    except (HTTPException, ValueError):
        return None
    return {name: " ".join(values) for name, values in said.items()}


def spoken(request: Request, now: datetime) -> Talk:
    """How to talk to somebody who is not known yet: in the language that the browser asks for first."""
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return Talk.unknown(first[:20], now)
