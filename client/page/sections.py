"""What the page shows, from the applications as they are: what is to be done now, what is coming, where each application stands.

Pure. What may be said of an application is what the guide would not object to: it is asked, not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from activities.letters.languages import Words, language_of, languages, words
from activities.letters.reasons import in_words
from client.letters import letters, outstanding
from client.page import forms
from client.page.forms import Form
from client.page.story import Told, story
from client.page.talk import Line, Talk
from client.refusals import Refused
from workflows.application import Application, objection
from workflows.facts import OUTSIDE_FACT, Candidate, OutsideFact, Word
from workflows.guide import Step, agenda, stage
from workflows.ledger import fresh

_PROBE: Final = "page:probe"


@dataclass(frozen=True)
class Known:
    """An application as it was read, and what its clock shows."""

    app: Application
    now: datetime


@dataclass(frozen=True)
class Letter:
    """One letter: a draft to be sent, or what became of an approved one."""

    to: str
    subject: str
    body: str
    blanks: tuple[str, ...]
    best: str
    """When it is best sent, if that is ahead; of an approved one, when it leaves."""
    state: Line | None
    """What became of it; None: a draft."""
    uncertain: bool
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Todo:
    """What was prompted and is not done."""

    action: str
    employer: str
    position: str
    why: str
    until: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Ahead:
    """A step that comes if nobody says another word."""

    due: datetime
    when: str
    action: str
    employer: str
    why: str
    later: Form | None
    """Of an application's next one alone: the others can be put off when their time comes."""


@dataclass(frozen=True)
class Shown:
    """One application."""

    place: int
    """Its number on the page, from 1: what names its parts."""
    position: str
    employer: str
    stands: str
    closed: bool
    resting: Line | None
    letters: tuple[Letter, ...]
    """Those that were approved."""
    forms: tuple[Form, ...]
    notes: tuple[tuple[str, Form], ...]
    """For each interview that was held, when it was, and the form for notes about it."""
    story: tuple[Told, ...]


@dataclass(frozen=True)
class Sections:
    """The page."""

    name: str
    todo: tuple[Todo, ...]
    ahead: tuple[Ahead, ...]
    applications: tuple[Shown, ...]
    """Open ones first."""
    preferences: Form
    unreachable: str
    """Since when messages do not arrive; empty: they do."""

    @property
    def forms(self) -> Iterator[Form]:
        """Every form on the page."""
        for todo in self.todo:
            for letter in todo.letters:
                yield from letter.forms
        yield from (step.later for step in self.ahead if step.later)
        for application in self.applications:
            yield from application.forms
            yield from (form for _, form in application.notes)
            yield from (told.undo for told in application.story if told.undo)
        yield self.preferences


def sections(candidate: Candidate, known: Sequence[Known], real: Talk, unreachable: datetime | None = None) -> Sections:
    """`real`: how the candidate is talked to of what concerns no single application. `unreachable`: since when their run knows of it."""
    talks = [(one, Talk(real.words, real.where, one.now)) for one in known if one.app.story.opened]
    found = sorted((step for one, talk in talks for step in _ahead(one, talk)), key=lambda step: step.due)
    by_state = sorted(talks, key=lambda pair: pair[0].app.story.outcome is not None)
    return Sections(
        name=candidate.name or "",
        todo=tuple(todo for one, talk in talks for todo in _todo(one, talk)),
        ahead=tuple(found),
        applications=tuple(_shown(n, one, talk) for n, (one, talk) in enumerate(by_state, 1)),
        preferences=preferences(candidate, real),
        unreachable=real.day(min(lost)) if (lost := [at for at in (unreachable, *map(_lost, known)) if at]) else "",
    )


def _lost(known: Known) -> datetime | None:
    """Since when messages about this application do not arrive."""
    story = known.app.story
    return story.unreachable.lost_at if story.unreachable else None


def preferences(candidate: Candidate, talk: Talk) -> Form:
    speaks = tuple((language, words(language).own_name) for language in languages())
    return forms.preferred(talk, candidate.preferences, language_of(candidate.language), candidate.waking_hours, speaks)


def _employer(app: Application) -> str:
    return app.story.employer.name if app.story.employer else ""


def _todo(known: Known, talk: Talk) -> Iterator[Todo]:
    app, _ = known.app, talk.words.gettext
    drafts = [one for one in letters(app) if one["status"] in ("draft", "undeliverable")]
    for step, _things in outstanding(app):
        own = tuple(letter_of(known, one, talk) for one in drafts if one["intent"] in step.intents)
        until = talk.moment(step.until) if step.until else ""
        yield Todo(_(step.action), _employer(app), app.story.position or "", in_words(step.reason, talk.words), until, own)


def letter_of(known: Known, one: dict[str, Any], talk: Talk) -> Letter:
    """A letter as `client.letters` lists it."""
    app, to = known.app, one["to"]
    person, state = to["name"] or to["email"] or "", one["status"]
    found: list[Form] = []
    if state in ("draft", "undeliverable"):
        found.append(forms.sent(talk, one["id"], one["subject"], person).of(app.id))
        if objected(known, {"type": "letter_approved", "letter": one["id"], "subject": "x", "body": "x"}) is None:
            found.append(forms.edited(talk, one["id"], one["subject"], one["body"], person).of(app.id))
    best = datetime.fromisoformat(one["best_sent_at"]) if one["best_sent_at"] else None
    return Letter(
        to=f"{to['name']} <{to['email']}>" if to["name"] and to["email"] else person,
        subject=one["subject"],
        body=one["body"],
        blanks=tuple(one["blanks"]),
        best=talk.moment(best) if best and best > known.now else "",
        state=_state(one, talk),
        uncertain=state == "uncertain",
        forms=tuple(found),
    )


def _state(one: dict[str, Any], talk: Talk) -> Line | None:
    _ = talk.words.gettext
    when = {"when": talk.moment(datetime.fromisoformat(one["sent_at"])) if one.get("sent_at") else ""}
    match one["status"]:
        case "approved":
            return Line(_("It is on its way."))
        case "delivered":
            return Line(_("It was sent for you on {when}."), when)
        case "uncertain":
            return Line(_("It may have been sent for you on {when}. Whether it was is not known, and it is never sent again."), when)
        case "undeliverable":
            return Line(_("It was not sent for you. You can send it yourself, or try again."))
        case _:
            return None


def _ahead(known: Known, talk: Talk) -> Iterator[Ahead]:
    _ = talk.words.gettext
    first = next_step(known)
    for step in agenda(known.app):
        if not step.held:
            later = forms.put_off(talk, step).of(known.app.id) if step is first else None
            why = in_words(step.reason, talk.words)
            yield Ahead(step.due, talk.moment(step.due), _(step.action), _employer(known.app), why, later)


def next_step(known: Known) -> Step | None:
    """The one that somebody who wants to be reminded later means."""
    return next((step for step in agenda(known.app) if not step.held and step.message and step.due > known.now), None)


def objected(known: Known, made: dict[str, Any]) -> Refused | None:
    """Why the guide would refuse this, were it said now; None if it would not."""
    fact: OutsideFact = OUTSIDE_FACT.validate_python(made | {"id": _PROBE, "by": "candidate"})
    found = objection(known.app, Word(facts=(fact,), by="candidate"), known.now)
    return Refused(found.slug, found.detail) if found else None


def _changes_something(known: Known, made: dict[str, Any]) -> bool:
    fact: OutsideFact = OUTSIDE_FACT.validate_python(made | {"id": _PROBE, "by": "candidate"})
    later = known.app.apply(*fresh(known.app, Word(facts=(fact,), by="candidate"), known.now))
    return _PROBE not in later.story.objections


def _shown(place: int, known: Known, talk: Talk) -> Shown:
    app, _ = known.app, talk.words.gettext
    told = app.story
    rests = told.pause is not None and told.outcome is None
    until = told.pause.until if told.pause else None
    resting = Line(_("Messages about it rest until {day}."), {"day": talk.day(until)}) if until else Line(_("Messages about it rest."))
    approved = [one for one in letters(app) if one["status"] in ("approved", "delivered", "uncertain")]
    return Shown(
        place=place,
        position=told.position or "",
        employer=_employer(app),
        stands=stands(app, talk.words),
        closed=told.outcome is not None,
        resting=resting if rests else None,
        letters=tuple(letter_of(known, one, talk) for one in approved),
        forms=tuple(form.of(app.id) for form in _sayable(known, talk)),
        notes=tuple((talk.moment(i.ended_at), forms.reflected(talk, i).of(app.id)) for i in told.interviews.values() if i.held),
        story=story(app, talk),
    )


def _sayable(known: Known, talk: Talk) -> Iterator[Form]:
    """What may have happened: every form whose fact would change something now."""
    told, later = known.app.story, _far(talk.today)
    probes: tuple[tuple[Form, dict[str, Any]], ...] = (
        (forms.answered(talk), {"type": "employer_replied"}),
        (forms.date_named(talk), {"type": "timeline_stated", "respond_by": later}),
        (forms.invited(talk), {"type": "next_round_invited"}),
        (forms.offered(talk), {"type": "offer_received", "in_writing": True}),
        (forms.rejected(talk), {"type": "rejected"}),
    )
    yield from (form for form, made in probes if _changes_something(known, made))
    for offer in told.open_offers:
        yield forms.accepted(talk, str(offer.number))
        yield forms.declined(talk, str(offer.number))
    for interview in told.interviews.values():
        if interview.held and interview.unthanked and not interview.lapsed and told.outcome is None:
            yield forms.waived(talk, interview)
    if told.outcome is None:
        yield forms.resumed(talk) if told.pause else forms.paused(talk)
    if _changes_something(known, {"type": "withdrawn"}):
        yield forms.withdrew(talk)


def _far(day: date) -> date:
    return day + timedelta(days=28)


def stands(app: Application, spoken: Words) -> str:
    """Where the application stands, in a few words."""
    _, outcome = spoken.gettext, app.story.outcome
    outcomes = {
        "accepted": _("You accepted their offer"),
        "declined": _("You declined their offer"),
        "rejected": _("They decided for somebody else"),
        "ghosted": _("No answer came"),
        "withdrawn": _("You withdrew"),
        "lapsed": _("Their offer lapsed"),
    }
    if outcome:
        return outcomes[outcome.name]
    stages = {
        "interviewing": _("An interview is ahead"),
        "thanking": _("Time to say thank you"),
        "waiting": _("Waiting for their answer"),
        "following_up": _("Time to ask for news"),
        "awaiting_reply": _("Waiting for news after you asked"),
        "deciding": _("An offer is open"),
    }
    return stages.get(stage(app), "")
