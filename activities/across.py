"""What an application and its candidate have to do with each other: messages that wait, and messages about several applications.

What a message about several applications says is read when it is sent: whatever came in meanwhile wins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Protocol

from temporalio import activity

from activities.attempt import attempt, bad_address, moment, writing
from activities.channels import by_channels
from activities.handover import MailServer
from activities.letters.links import Links
from activities.mail import compose_across, sender_of
from activities.prompts import Prompts, prompt_across
from workflows import names
from workflows.application import Application
from workflows.facts import CandidateChanged, Fact, Word
from workflows.ledger import digest
from workflows.notice import other, renewed, standing
from workflows.person.facts import Deferred, MeaningTold, PersonWord

AT_ONCE: Final = 5
"""How many applications are asked at the same time."""


class Others(Protocol):
    """The way to applications and candidates, in whatever state they are."""

    async def application(self, application: str) -> Application | None:
        """What it is now; None: there is none, or it was erased."""
        ...

    async def heard(self, application: str, word: Word) -> None: ...

    async def candidate_heard(self, candidate: str, word: PersonWord) -> None: ...

    async def open_applications(self, candidate: str) -> tuple[str, ...]: ...


class Across:
    """The activities, with the way that they use, the mail server, and the platform's endpoint. Without `links` messages have none."""

    def __init__(self, others: Others, smtp_url: str, mail_from: str, links: Links | None = None, prompts: Prompts | None = None) -> None:
        self._others: Final = others
        self._server: Final = MailServer.at(smtp_url)
        self._sender: Final = sender_of(mail_from)
        self._links: Final = links
        self._prompts: Final = prompts or Prompts()

    @activity.defn(name=names.DEFER_NOTICE)
    async def defer_notice(self, request: names.NoticeRequest) -> names.Delivery:
        """Hand a message that can wait to its candidate's run. Repeating is harmless: an attempt says the same fact."""
        notice, info = request.notice, activity.info()
        if notice.candidate is None or (notice.unaddressed and "webhook" not in notice.channels):
            raise bad_address()
        fact = Deferred(id=f"deferred:{info.workflow_run_id}:{info.activity_id}", by="process", notice=notice)
        await self._others.candidate_heard(notice.candidate, PersonWord(facts=(fact,), by="process"))
        return names.Delivery(message_id="")

    @activity.defn(name=names.TELL_CANDIDATE)
    async def tell_candidate(self, request: names.TellRequest) -> None:
        """Tell the candidate's run what an application means for the others. Repeating is harmless."""
        name = f"means:{request.application}:{digest(request.model_dump_json())}"
        fact = MeaningTold(id=name, by="process", at=request.at, application=request.application, meaning=request.meaning)
        await self._others.candidate_heard(request.candidate, PersonWord(facts=(fact,), by="process"))

    @activity.defn(name=names.PUSH_PROFILE)
    async def push_profile(self, request: names.PushRequest) -> None:
        """Tell applications the profile as it is. Repeating is harmless: the fact is named by the profile and when it was set."""
        info = activity.info()
        name = f"candidate:{request.digest}:{info.workflow_run_id}:{info.activity_id}"
        fact: Fact = CandidateChanged(id=name, by="process", candidate=request.candidate, of=request.candidate.id)
        few = asyncio.Semaphore(AT_ONCE)

        async def tell(application: str) -> None:
            async with few:
                await self._others.heard(application, Word(facts=(fact,), by="process"))

        theirs = await _known(self._others, request.candidate.id, request.applications)
        await asyncio.gather(*map(tell, theirs))

    @activity.defn(name=names.SEND_CANDIDATE_NOTICE)
    async def send_candidate_notice(self, request: names.CandidateNoticeRequest) -> names.Delivery:
        """Send one message about several applications; returns and fails as `by_channels`. Nothing is sent where nothing is left to say."""
        at = moment(request.ahead)
        notice = await self._renewed(request.notice, at)
        if notice is None:
            return names.Delivery(message_id="", nothing=True)
        with writing(notice.intent):
            links = self._links.of_candidate(notice, datetime.now(UTC)) if self._links else None  # people follow them in real time

        async def mail() -> names.Delivery:
            with writing(notice.intent):
                written = compose_across(notice, self._sender, at, links)
            return await attempt(written, self._server)

        async def prompt() -> names.Delivery:
            with writing(notice.intent):
                written = prompt_across(notice, at, links)
            return await self._prompts.attempt(written)

        if notice.coach:  # it is the candidate who agrees, so nobody else gets the link
            return await mail()
        return await by_channels(mail if "email" in notice.channels else None, prompt if "webhook" in notice.channels else None)

    async def _renewed(self, notice: names.CandidateNotice, at: datetime) -> names.CandidateNotice | None:
        if notice.coach:
            return notice
        known = await _known(self._others, notice.candidate, {*notice.applications, *(n.application for n in notice.notices)})
        notices = [new for n in notice.notices if (app := known.get(n.application)) and (new := renewed(app, n, at))]
        standings = [found for name in notice.applications if (app := known.get(name)) and (found := standing(app))]
        if notice.intent.startswith("ask-for-time/"):
            standings = [s for s in standings if s.decide_by]
            if len(standings) < len(notice.applications):
                return None
        if not notices and not standings:
            return None
        return notice.model_copy(update={"notices": tuple(notices), "standings": tuple(standings)})


async def others_of(others: Others, candidate: str, application: str) -> tuple[names.Other, ...]:
    """The candidate's other open applications, as they are now."""
    known = await _known(others, candidate, set(await others.open_applications(candidate)) - {application})
    return tuple(found for app in known.values() if (found := other(app)))


async def _known(others: Others, candidate: str, wanted: Iterable[str]) -> dict[str, Application]:
    """Those that are this candidate's by now."""
    few = asyncio.Semaphore(AT_ONCE)

    async def read(name: str) -> Application | None:
        async with few:
            return await others.application(name)

    ids = sorted(wanted)
    found = await asyncio.gather(*map(read, ids))
    return {name: app for name, app in zip(ids, found, strict=True) if app and app.story.candidate and app.story.candidate.id == candidate}
