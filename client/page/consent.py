"""The links about one adviser: the one that decides, which works while that ask stands, and the one that ends it, which works for good.

Once it was agreed to, both show how to end it. GET shows who asks and exactly what they would see; only POST acts, and what it says is the
candidate's fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from activities.letters.links import Link
from client.coaches import Coaches, consent_of
from client.page import answers, html
from client.page.advisers import AGREE, asking
from client.page.talk import Talk
from client.refusals import NoSuchCandidate, Refused
from workflows.facts import Candidate


async def consent(coaches: Coaches, link: Link, now: datetime, sent: Mapping[str, str] | None) -> Response:
    """Shows the page of that link, or does what its form says. `now`: real time. NotDone."""
    if link.application is not None:
        raise NoSuchCandidate("of that id")
    view = await coaches.candidates.view(link.candidate)
    talk = Talk.to(Candidate.model_validate(view["profile"]), now)
    known, what = consent_of(view, link.about), sent.get("what", "") if sent is not None else None
    if known is None:
        return html.told(409, talk.words, *answers.consent_over(talk))
    if what == AGREE and known["since"]:
        return html.told(409, talk.words, *answers.done(talk))
    shown = asking(link, known, talk)
    if not shown.forms:
        return html.told(409, talk.words, *answers.pointless(talk))
    if what not in {form.what for form in shown.forms}:
        return html.consent(200 if what is None else 422, talk, shown)
    if what != AGREE:
        await coaches.end(link.candidate, link.about, "candidate")
        return html.told(200, talk.words, answers.recorded(talk), *answers.coach_ended(known["name"], talk))
    try:
        await coaches.allow(link.candidate, link.about, known["ask"], link.identity)
    except Refused:  # it ended just then, or was asked anew
        return html.told(409, talk.words, *answers.pointless(talk))
    return html.told(200, talk.words, answers.recorded(talk), *answers.coach_agreed(known["name"], talk))
