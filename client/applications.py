"""The façade: everything that others may ask of applications, typed, with Temporal behind it and nothing remembered here.

Views and letters are whole, private text included; who passes them on removes it. No rule of the guide is kept here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from temporalio.client import Client

from client.candidates import Candidates
from client.erasures import Erasures
from client.index import Filter, Index, Page
from client.letters import letters
from client.migrations import Migrations
from client.opening import Opening, Preview, content_of, days_in, named, opened, outgrown, settled
from client.patience import PATIENCE
from client.pinning import InForce, built_in, with_policy
from client.preview import preview
from client.refusals import Invalid, NoSuchApplication, NotDone, Refused, from_workflow
from client.runs import Runs, from_view
from client.subjects import Subjects, merge_of
from workflows.application import Application, objection
from workflows.boards.delivery import Erased, Merged
from workflows.facts import Candidate, CandidateChanged, DetailsChanged, Fact, Linked, Opened, Receipt, Word

_NEAR: Final = (timedelta(days=-180), timedelta(days=540))
"""Dates around now that every calendar pinned in the last year and a half covers: no need to look before speaking."""


@dataclass(frozen=True)
class Answer:
    """What an application is after it heard a word."""

    view: dict[str, Any]
    fresh: bool
    """Whether the word brought anything new."""


def _now() -> datetime:
    return datetime.now(UTC)


class Applications:
    """The applications of one namespace. Safe to share between tasks; every call answers within `patience` or raises Unavailable.

    `announced`: whether the facts of those that are opened go to the platform as events. `policies`: those that may be named.
    """

    def __init__(
        self,
        client: Client,
        *,
        patience: timedelta = PATIENCE,
        now: Callable[[], datetime] = _now,
        announced: bool = False,
        policies: InForce = built_in,
    ) -> None:
        self._runs = Runs(client, patience)
        self._index = Index(client, patience)
        self.candidates: Final = Candidates(client, patience=patience)
        """The people whose applications these are."""
        self.subjects: Final = Subjects(client, self._runs, self._index, self.candidates, patience)
        """What is held about them."""
        self.erasures: Final = Erasures(client, self.candidates, self.subjects, patience)
        self.migrations: Final = Migrations(client, self._index, patience)
        self._now = now
        self._announced = announced
        self._policies = policies

    async def open(self, opening: Opening, key: str | None = None) -> Answer:
        """Registers an application, under its own id or one made from the key or the content.

        Said again with the same content it answers the current state. Refused (erased, different-application, or what the guide says to
        one of its facts), Invalid (key-reused, a policy that is not in force), Unavailable; then nothing was kept, or everything was.
        """
        opening = named(opening, key)
        receipt = await self.say_opening(opening, key)
        return Answer(await self._runs.view(opening.id or "", receipt.revision if receipt else None), receipt is not None)

    async def say_opening(self, opening: Opening, key: str | None = None) -> Receipt | None:
        """As `open`, for those who need no view of it. None: it was opened before with the same content."""
        opening = named(opening, key)
        await self._refuse_erased_candidate(opening.candidate.id)
        application, content = opening.id or "", content_of(opening, key)
        word, update = self._opened(opening, key), uuid4().hex
        # Refused alone, an opening could still be right where a board has spoken before; but it must not begin an application.
        against = objection(Application(id=application), word, self._now())
        if against is None:
            await self._hand_over(application, content, opening.refs)
        try:
            if against:
                receipt = await self._runs.record(application, word, update)
            else:
                receipt = await self._runs.open(application, word, update, lambda facts: _said_before(content, facts))
        except NoSuchApplication:
            if against is None:
                raise
            await self._runs.refuse_erased(application)
            raise from_workflow(against.slug, against.detail) from None
        except (Refused, Invalid) as e:
            await self._refuse_unless_same(application, content, e)
            receipt = None
        await asyncio.gather(self._link(application, opening.refs), self.candidates.begun(application, opening.candidate))
        return receipt if receipt and receipt.fresh else None

    async def record(self, application: str, word: Word) -> Answer:
        """Facts, kept all or none. Said again they are no news, and the answer is the current state.

        NoSuchApplication, Refused with the guide's reason, Invalid (key-reused, a policy that is not in force), Unavailable.
        """
        word = await self._whole(application, word)
        receipt = await self._runs.record(application, word, uuid4().hex)
        view = await self._runs.view(application, receipt.revision if receipt.fresh else None)
        return Answer(view, receipt.fresh)

    async def heard(self, application: str, word: Word) -> None:
        """Facts that nobody refuses, durable when this returns; begins an unclaimed application where there is none. Unavailable.

        What is said to an application that was erased is dropped.
        """
        await self._runs.heard(application, word)

    async def open_from_board(self, opening: Opening, word: Word) -> None:
        """Opens from what a board knows, unless it was opened or stands for another application, and tells the word; durable, unrefused."""
        application = opening.id or ""
        try:
            known = {fact["type"] for fact in (await self._runs.view(application))["facts"]}
        except NoSuchApplication:
            known = set[str]()
        if not known & {"opened", "linked"}:
            if await self.candidates.is_erased(opening.candidate.id):
                return
            begin = self._opened(opening)
            begun = (f if f.by == "process" else f.model_copy(update={"by": word.by}) for f in begin.facts)
            word = word.model_copy(update={"facts": (*begun, *word.facts)})
            await self.candidates.begun(application, opening.candidate)
        if word.facts:
            await self._runs.heard(application, word)

    async def refuse_erased(self, application: str) -> None:
        """Refused if there is nothing to be seen because it was erased. Unavailable."""
        await self._runs.refuse_erased(application)

    async def erase(self, erased: Erased) -> None:
        """Ends and deletes the runs of these applications, and of every application of that candidate; nobody can begin them again.

        Repeating is harmless. An application that stands under several ids is erased under all of them. One that a merge took from that
        candidate is another's by now, and stays. What else there is about them, an erasure that goes on by itself deletes.
        """
        held = await self.subjects.held(erased.candidate, erased.applications)
        await self.subjects.bury(held)
        await self.subjects.delete(held)
        await self.erasures.begin(erased.candidate, erased.applications)

    async def merge(self, merged: Merged) -> None:
        """The applications that a board opened for the candidate who is gone are those of the one who stays. Repeating is harmless."""
        identity = merge_of(merged.gone, merged.survivor)
        for application in await self.subjects.of_candidate(merged.gone):
            try:
                candidate = (await self.application(application)).story.candidate
            except NoSuchApplication:
                continue
            if candidate and candidate.id == merged.gone:
                changed = candidate.model_copy(update={"id": merged.survivor})
                fact = CandidateChanged(id=identity, by="process", candidate=changed)
                await self._runs.heard(application, Word(facts=(fact,), by="process"))
                await self.candidates.begun(application, changed)
                await self.candidates.left(application, merged.gone)

    async def view(self, application: str, revision: int | None = None) -> dict[str, Any]:
        """The application as its first `revision` facts make it, by default all. NoSuchApplication, Unavailable."""
        return await self._runs.view(application, revision)

    async def facts(self, application: str, after: int = 0) -> tuple[list[dict[str, Any]], int]:
        """What was said after that revision, and the revision reached. NoSuchApplication, Unavailable."""
        view = await self._runs.view(application)
        return view["facts"][max(after, 0) :], view["revision"]

    async def application(self, application: str) -> Application:
        """What it is now, for the pure functions that read it. NoSuchApplication, Unavailable."""
        return from_view(await self._runs.view(application))

    async def letters(self, application: str) -> list[dict[str, Any]]:
        """Drafts of what was prompted and is not done, private text included. NoSuchApplication, Unavailable."""
        return letters(await self.application(application))

    def preview(self, said: Preview) -> dict[str, Any]:
        """What the process would do; starts nothing and asks nobody. Refused with the guide's reason, Invalid for an unknown policy."""
        return preview(said, self._now(), self._policies())

    async def list(self, wanted: Filter, cursor: str | None = None, limit: int = 50) -> Page:
        """Summaries from Temporal's index, a second or so behind. Invalid for a cursor of other filters, Unavailable."""
        return await self._index.page(wanted, cursor, limit)

    async def count(self, wanted: Filter) -> int:
        """How many of them Temporal's index has, a second or so behind. Unavailable."""
        return await self._index.count(wanted)

    def _opened(self, opening: Opening, key: str | None = None) -> Word:
        return opened(opening, self._now(), key, announced=self._announced, policies=self._policies())

    async def _refuse_erased_candidate(self, candidate: str) -> None:
        if await self.candidates.is_erased(candidate):
            raise Refused("erased", "The candidate was erased: nothing is opened for them any more.")

    async def _refuse_unless_same(self, application: str, content: str, refusal: NotDone) -> None:
        """A refused opening is only a repetition if the application was opened with the same content."""
        try:
            facts = from_view(await self._runs.view(application)).facts
        except NoSuchApplication:
            raise refusal from None
        if not _said_before(content, facts):
            raise refusal

    async def _hand_over(self, application: str, content: str, refs: tuple[str, ...]) -> None:
        """What is known under boards' ids, notes of prompts included, is there before the opening: else both would prompt what is due.

        Nothing is handed over for an opening that will be refused.
        """
        known = [ref for ref, found in zip(refs, await asyncio.gather(*map(self._is_known, refs)), strict=True) if found]
        if not known:
            return
        await self._runs.refuse_erased(application)
        with contextlib.suppress(NoSuchApplication):
            _said_before(content, (await self.application(application)).facts)
        await self._link(application, tuple(known))
        await asyncio.gather(*map(self._runs.settled, known))

    async def _is_known(self, application: str) -> bool:
        try:
            await self._runs.view(application)
        except NoSuchApplication:
            return False
        return True

    async def _link(self, application: str, refs: tuple[str, ...]) -> None:
        """The runs that stand under boards' ids hand over what they know and forward what they hear; again and again the same link."""
        link = Linked(id=f"linked:{application}", by="process", to=application)
        await asyncio.gather(*(self._runs.heard(ref, Word(facts=(link,), by="process")) for ref in refs))

    async def _whole(self, application: str, word: Word) -> Word:
        """The word with everything pinned that decides dates: policies by content, the calendar of a new country or of far dates."""
        policies, alone = self._policies(), len(word.facts) == 1
        facts = tuple(with_policy(fact, policies, *(() if alone else ("facts", n))) for n, fact in enumerate(word.facts))
        moved = any(isinstance(f, DetailsChanged) and f.employer for f in facts)
        today = self._now().date()
        if moved or any(not today + _NEAR[0] <= day <= today + _NEAR[1] for day in days_in(facts)):
            view = await self._runs.view(application)
            facts = tuple(_settled(fact, view["candidate"]) for fact in facts)
            calendar = outgrown(view, facts, self._now())
            facts = (*facts, calendar) if calendar else facts
        return word.model_copy(update={"facts": facts})


def _said_before(content: str, facts: tuple[Fact, ...]) -> bool:
    """Whether this is what the application was opened with. Refused or Invalid if it was opened with something else."""
    known = next((fact.content for fact in facts if isinstance(fact, Opened)), None)
    if known is None:
        return False
    (said, _, key), (had, _, known_key) = content.partition("."), known.partition(".")
    if said == had:
        return True
    if key and key == known_key:
        raise Invalid("The key was used before for an opening with other content.", slug="key-reused")
    raise Refused("different-application", "The application was opened before with other content. Say details_changed to change it.")


def _settled(fact: Fact, candidate: dict[str, Any] | None) -> Fact:
    if not isinstance(fact, DetailsChanged) or not fact.employer:
        return fact
    who = Candidate.model_validate(candidate) if candidate else None
    return fact.model_copy(update={"employer": settled(fact.employer, who)})
