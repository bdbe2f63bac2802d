"""What a bound key reaches: of one candidate them and their applications, of one adviser what candidates agreed to. Others are not there.

A call is closed to the key of a candidate unless its path names whom it is about, or it says that it looks itself (`looks`); to the key of
an adviser unless it says that it is for them (`advises`). So what is added later is closed until somebody has thought of this.
"""

from __future__ import annotations

import re
from typing import Final, cast

from fastapi import Request

from client.api.problems import Turned
from client.applications import Applications
from client.opening import Opening, named
from client.refusals import NoSuchApplication, NoSuchCandidate, NoSuchCoach, Refused

_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)


async def within(request: Request, own: str, *, looks: bool) -> None:
    """NoSuchCandidate or NoSuchApplication for somebody else's; Turned for a call about more than one candidate. Unavailable."""
    about = request.path_params
    if "candidate" in about and about["candidate"] != own:
        raise NoSuchCandidate(about["candidate"] if _ID.fullmatch(about["candidate"]) else "of that id")
    if "application" in about:
        await _theirs(cast("Applications", request.app.state.applications), about["application"], own)
    if not looks and not about.keys() & {"candidate", "application"}:
        raise Turned("forbidden", "This key is for one candidate, and this call is about more.")


def advising(request: Request, own: str, *, advises: bool) -> None:
    """NoSuchCoach for another adviser's; Turned for every call that is not an adviser's."""
    if not advises:
        raise Turned("forbidden", "This key is for one adviser, and this call is not for them.")
    if request.path_params.get("coach") != own:
        raise NoSuchCoach


async def opening_within(applications: Applications, opening: Opening, own: str, key: str | None) -> Opening:
    """The opening as a key of that candidate may say it, with its id.

    An id made from an Idempotency-Key is this candidate's own, so that it meets nobody else's. Ids with a dot are the boards' to give: who
    took one before the board's first word would hear that word. What boards know is handed over only if it is this candidate's already.
    """
    if opening.candidate.id != own:
        raise NoSuchCandidate(opening.candidate.id)
    opening = named(opening, f"{own} {key}" if key else None)
    application = opening.id or ""
    if "." in application:
        raise Turned("forbidden", "With a key for one candidate an application's id has no dot: those are the boards'.")
    for ref in opening.refs:
        await _theirs(applications, ref, own)
    try:
        await _theirs(applications, application, own)
    except NoSuchApplication:
        if await _exists(applications, application):
            raise Refused("different-application", "This id is taken.") from None
    return opening


async def _theirs(applications: Applications, application: str, own: str) -> None:
    """NoSuchApplication unless it is this candidate's."""
    if not _ID.fullmatch(application):
        raise NoSuchApplication("of that id")
    candidate = (await applications.view(application))["candidate"]
    if not candidate or candidate["id"] != own:
        raise NoSuchApplication(application)


async def _exists(applications: Applications, application: str) -> bool:
    try:
        await applications.view(application)
    except NoSuchApplication:
        return False
    return True
