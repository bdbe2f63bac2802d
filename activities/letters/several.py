"""The message to a candidate about several applications: the digest, the weekly note to keep going, two offers with two deadlines.

And the one about an adviser who asks to follow them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from activities.letters.attached import dates_to_keep
from activities.letters.dates import Dates
from activities.letters.drafts import Draft, drafts, kind_of
from activities.letters.forms import Form, Part, html_of, text_of
from activities.letters.languages import Words, words
from activities.letters.links import CandidateLinks, NoticeLinks
from activities.letters.message import Message, render, written
from activities.letters.pages import Insert, page, plain
from activities.letters.reasons import reason_of
from workflows.calendar import zone
from workflows.facts import KINDS
from workflows.names import Adviser, CandidateNotice, Notice, OfferTerms, Standing

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def render_candidate_notice(notice: CandidateNotice, links: CandidateLinks | None = None) -> Message:
    """What the candidate is told about several applications. Pure. A digest of one notice is the message about that one.

    ValueError if there is nothing to tell: a digest without a notice, or the other two without an application.
    """
    kind = notice.intent.partition("/")[0]
    if not (notice.coach if kind == "coach" else notice.notices if kind == "digest" else notice.standings):
        raise ValueError("a message about several applications that is about none")
    if notice.coach:
        said = page(notice.language, "several/coach", _asked(notice, notice.coach))
        return _message(
            notice, links, said.subject, (Part(said.blocks, reason_of(notice), names=(notice.to.name or "", notice.coach.name)),)
        )
    if kind == "digest":
        return _digest(notice, links)
    names = tuple(filter(None, (notice.to.name, *(name for one in notice.standings for name in (one.employer, one.position)))))
    letters = letters_across(notice)
    said = page(notice.language, f"several/{kind}", _known(notice))
    return _message(notice, links, said.subject, (Part(said.blocks, reason_of(notice), letters, names=names),))


def letters_across(notice: CandidateNotice) -> tuple[Draft, ...]:
    """The letters that belong to it, in the order in which they are read. Pure."""
    if notice.intent.startswith("ask-for-time/"):
        return (_extension(notice, _soonest(notice)[0]),)
    return tuple(draft for one in sorted(notice.notices, key=_urgency) for draft in drafts(one))


def _digest(notice: CandidateNotice, links: CandidateLinks | None) -> Message:
    each = links.notices if links else (None,) * len(notice.notices)
    told = sorted(zip(notice.notices, each, strict=True), key=lambda one: _urgency(one[0]))
    if len(told) == 1:
        return render(*told[0])
    said = page(notice.language, "several/digest", _known(notice))
    place = next(n for n, block in enumerate(said.blocks) if block.kind == "insert")
    before, after = Part(said.blocks[:place], names=(notice.to.name or "",)), Part(said.blocks[place + 1 :], reason_of(notice))
    calendar = dates_to_keep(*(one for one, _ in told if kind_of(one) == "waiting"))
    return _message(notice, links, said.subject, (before, *(_section(*one) for one in told), after), calendar)


def _message(
    notice: CandidateNotice, links: CandidateLinks | None, subject: str, parts: tuple[Part, ...], calendar: str | None = None
) -> Message:
    form = Form(subject, words(notice.language), parts, links)
    return Message(subject=subject, text=text_of(form), html=html_of(form), calendar=calendar)


def _urgency(notice: Notice) -> tuple[datetime, int]:
    """Soonest over first; those that end at the same time or never in the order of the guide."""
    return notice.until or _NEVER, KINDS.index(kind_of(notice))


def _section(notice: Notice, links: NoticeLinks | None) -> Part:
    """One notice of a digest: its subject is the title, and the greeting, which is a message's first paragraph, is left out."""
    subject, part = written(notice, links)
    return replace(part, title=subject, blocks=part.blocks[1:])


def _soonest(notice: CandidateNotice) -> list[Standing]:
    """The applications by when something is due; in a message about deadlines only these count."""
    deadlines = notice.intent.startswith("ask-for-time/")

    def soonest(one: Standing) -> datetime:
        decide_by = one.decide_by or _NEVER
        return decide_by if deadlines else min(decide_by, one.next_due or _NEVER)

    return sorted(notice.standings, key=soonest)


def _known(notice: CandidateNotice) -> dict[str, Any]:
    spoken, own = words(notice.language), zone(notice.timezone)
    dates = Dates(own, own, notice.due.astimezone(own).year, spoken)
    standings = [_shown(one, spoken) for one in _soonest(notice)]
    return {
        "me": plain(notice.to.name) if notice.to.name else "",
        "count": len(notice.notices or standings),
        "notices": Insert("notices"),
        "letters": Insert("letters"),
        "standings": standings,
        "first": next(iter(standings), None),
        "when": dates.when,
        "day": dates.day,
        "own_day": dates.own_day,
    }


def _asked(notice: CandidateNotice, coach: Adviser) -> dict[str, Any]:
    own = zone(notice.timezone)
    dates = Dates(own, own, notice.due.astimezone(own).year, words(notice.language))
    return {"me": plain(notice.to.name) if notice.to.name else "", "coach": coach.name, "until": coach.until, "own_day": dates.own_day}


def _shown(standing: Standing, spoken: Words) -> dict[str, Any]:
    action = spoken.gettext(standing.next_action) if standing.next_action else None
    return {
        "employer": standing.employer,
        "position": standing.position,
        "stage": standing.stage,
        "next_action": action,
        "next_due": standing.next_due,
        "quiet_since": standing.quiet_since,
        "decide_by": standing.decide_by,
    }


def _extension(notice: CandidateNotice, first: Standing) -> Draft:
    """The letter that asks for more time: one of those that belong to the decision about that offer."""
    offer = first.offer or OfferTerms(number=1, in_writing=True, decide_by=first.decide_by, stated=first.decide_by is not None)
    intent = f"offer-decide/{offer.number}"
    about = Notice(
        application=first.application,
        intent=intent,
        intents=(intent,),
        key=notice.key,
        due=notice.due,
        why=notice.why,
        reason=notice.reason,
        to=notice.to,
        language=notice.language,
        timezone=notice.timezone,
        employer_timezone=first.employer_timezone or notice.timezone,
        employer=first.employer,
        contact=first.contact,
        position=first.position,
        offer=offer,
    )
    return next(letter for letter in drafts(about) if letter.id == f"{intent}/ask-for-time")
