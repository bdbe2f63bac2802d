"""Telling the applications what was read at a board, whoever read it: the entrance of the boards, an intake or a poll.

Owns how a reading becomes words: openings, retractions, links, erasures, merges. Nothing is kept here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import replace
from typing import Protocol

from pydantic import ValidationError

from client.connections import Connection
from client.opening import Opening
from client.refusals import NoSuchApplication, Unavailable
from workflows.application import Application
from workflows.boards.delivery import Erased, Known, Merged, Reading, Said, retractions
from workflows.facts import Candidate, Employer, Linked, Word


class Applications(Protocol):
    """Who keeps what the boards say. Each call is durable when it returns, may be repeated, and raises where it could not be kept."""

    async def heard(self, application: str, word: Word) -> None:
        """Tells an application, one that nobody has opened yet included."""
        ...

    async def application(self, application: str) -> Application:
        """What it is now; NoSuchApplication where nobody ever spoke of it."""
        ...

    async def open_from_board(self, opening: Opening, word: Word) -> None:
        """Opens the application unless it is open, in whatever way, and tells it the word. The word may be without facts."""
        ...

    async def erase(self, erased: Erased) -> None:
        """Cancels what is pending for these applications, and for this candidate of a board, deletes their runs, and keeps it so."""
        ...

    async def merge(self, merged: Merged) -> None:
        """Gives the applications of the candidate who is gone to the one who stays."""
        ...


async def tell(applications: Applications, known: Connection, reading: Reading) -> bool:
    """Tells the applications what was read, one word each. Whether there was anything to tell; raises where one could not be told."""
    told = [await _with_retractions(applications, known, said) for said in reading.said]
    calls = [call for said in told for call in _words(applications, known, said)]
    if reading.erased:
        calls.append(applications.erase(reading.erased))
    if reading.merged:
        calls.append(applications.merge(reading.merged))
    await asyncio.gather(*calls)
    return bool(calls)


async def _with_retractions(applications: Applications, known: Connection, said: Said) -> Said:
    """With what is taken back named. What is not there yet may be on its way: the board is asked to come again after it."""
    if said.taken_back is None:
        return said
    try:
        facts = (await applications.application(said.application)).facts
    except NoSuchApplication:
        facts = ()
    found = retractions(known.id, said.taken_back, facts)
    if not found and said.taken_back.certain:
        raise Unavailable("There is nothing yet that could be taken back.")
    return replace(said, facts=(*said.facts, *found))


def _words(applications: Applications, known: Connection, said: Said) -> Iterator[Awaitable[None]]:
    word = Word(facts=said.facts, by=f"board:{known.id}")
    if known.opens and (opening := opening_of(known, said)):
        yield applications.open_from_board(opening, word)
    elif said.facts:
        yield applications.heard(said.application, word)
    for ref in said.refs:
        link = Linked(id=f"linked:{said.application}", by="process", to=said.application)
        yield applications.heard(ref, Word(facts=(link,), by="process"))


def opening_of(known: Connection, said: Said) -> Opening | None:
    """The opening of an application from what a payload and the connection know; None where that is not enough."""
    about: Known = said.known
    if "id" not in about.candidate:
        return None
    try:
        return Opening(
            id=said.application,
            candidate=Candidate.model_validate({**known.candidate, **about.candidate, "id": known.terms.own(about.candidate["id"])}),
            employer=Employer.model_validate({**(known.employer or {}), **about.employer}),
            position=about.position or "",
        )
    except ValidationError:
        return None
