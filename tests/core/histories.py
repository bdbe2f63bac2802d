"""Small words for building histories: facts as they arrive, and short questions to what they amount to.

Moments are RFC 3339 text. A fact's id is a digest of what it says, so that the same words are the same fact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from tests.core.days_off import days_off
from workflows.application import Application, objection
from workflows.calendar import zone
from workflows.facts import FACT, RULES, Fact, Word
from workflows.guide import Step, agenda, stage
from workflows.policy import INDUSTRY, Policy

__all__ = ["Application", "Step", "agenda", "stage"]

GRACE: Final = {"id": "g", "name": "Grace Hopper", "email": "grace@example.com", "role": "hiring manager"}
KATHERINE: Final = {"id": "k", "name": "Katherine Johnson", "email": "katherine@example.com"}
HEDY: Final = {"id": "h", "name": "Hedy Lamarr"}

LONDON: Final = "Europe/London"
NEW_YORK: Final = "America/New_York"
BERLIN: Final = "Europe/Berlin"


def at(text: str, zone_name: str | None = None) -> datetime:
    """A moment: RFC 3339 text, or local time in a zone."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=zone(zone_name)).astimezone(UTC) if zone_name else moment


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def london(text: str) -> datetime:
    return at(text, LONDON)


# -- facts ------------------------------------------------------------------------------------------------------------------------------


def said(kind: str, moment: str, /, **fields: Any) -> Fact:
    """A fact as the platform says it, with own time."""
    words = {"type": kind, "at": moment, "by": "platform", **fields}
    words.setdefault("id", f"{kind}-{hashlib.sha256(repr(sorted(words.items())).encode()).hexdigest()[:12]}")
    return FACT.validate_python(words)


def by_board(kind: str, moment: str, /, **fields: Any) -> Fact:
    return said(kind, moment, by="board:acme", **fields)


def noted(kind: str, moment: str, /, **fields: Any) -> Fact:
    """A fact of the process's own."""
    return said(kind, moment, by="process", **fields)


def opened(
    moment: str = "2026-01-05T09:00Z",
    *,
    candidate: str = LONDON,
    employer: str | None = NEW_YORK,
    country: str | None = "US",
    subdivision: str | None = "NY",
    waking: tuple[str, str] = ("08:00", "21:00"),
    policy: Policy = INDUSTRY,
    email: str = "ada@example.org",
    rules: int = RULES,
) -> Fact:
    return said(
        "opened",
        moment,
        id="opened",
        candidate={"id": "cand-7", "name": "Ada Byron", "email": email, "timezone": candidate, "waking_hours": waking},
        employer={
            "name": "Analytical Engines",
            "timezone": employer,
            "country": country,
            "subdivision": subdivision,
            "contact": {"name": "Recruiting", "email": "jobs@example.com"},
        },
        position="Staff Engineer",
        policy=policy,
        rules=rules,
    )


def calendar(country: str | None = "US", subdivision: str | None = "NY", moment: str = "2026-01-05T09:00Z", **fields: Any) -> Fact:
    return noted(
        "calendar",
        moment,
        id=f"calendar-{country}-{subdivision}",
        country=country,
        subdivision=subdivision,
        **{"holidays": days_off(country, subdivision), "first": date(2025, 1, 1), "last": date(2029, 12, 31), **fields},
    )


def held(interview: str, ended: str, *interviewers: dict[str, str], **fields: Any) -> Fact:
    people = {"interviewers": interviewers} if interviewers else {}
    return said("interview_held", fields.pop("moment", ended), interview=interview, ended_at=ended, **people, **fields)


def scheduled(interview: str, starts: str, ends: str, moment: str, *interviewers: dict[str, str], **fields: Any) -> Fact:
    people = {"interviewers": interviewers} if interviewers else {}
    word = fields.pop("word", "interview_scheduled")
    return said(word, moment, interview=interview, starts_at=starts, ends_at=ends, **people, **fields)


def rescheduled(interview: str, starts: str, ends: str, moment: str, *interviewers: dict[str, str], **fields: Any) -> Fact:
    return scheduled(interview, starts, ends, moment, *interviewers, word="interview_rescheduled", **fields)


def offer(moment: str = "2026-03-05T12:00Z", **fields: Any) -> Fact:
    """A written offer, unless it says otherwise."""
    return said("offer_received", moment, **{"in_writing": True, **fields})


def assumed(interview: str, ended: str) -> Fact:
    """The process's own conclusion, half an hour after the end of a scheduled interview."""
    return noted("interview_held", iso(at(ended) + timedelta(minutes=30)), interview=interview, ended_at=ended, assumed=True)


def prompted(intent: str, moment: str, **fields: Any) -> Fact:
    return noted("prompted", moment, intent=intent, **fields)


def skipped(intent: str, moment: str, reason: str = "too late") -> Fact:
    return noted("skipped", moment, intent=intent, reason=reason)


def ghosted(moment: str) -> Fact:
    return noted("ghosted", moment)


def retracted(fact: Fact, moment: str, **fields: Any) -> Fact:
    return said("retracted", moment, fact=fact.id, **fields)


def confirmed(fact: Fact, moment: str, **fields: Any) -> Fact:
    return said("confirmed", moment, fact=fact.id, **fields)


# -- histories ---------------------------------------------------------------------------------------------------------------------------

TALK: Final = "2026-03-02T15:00Z"
"""When the interview of the worked example A ended: Monday, 15:00 in London, 10:00 in New York."""


def history(*facts: Fact, opening: Sequence[Fact] = ()) -> Application:
    """An open application, of a candidate in London with an employer in New York unless an opening says otherwise."""
    return Application(id="app-1").apply(*(opening or (opened(), calendar())), *facts)


def after_talk(*facts: Fact, opening: Sequence[Fact] = ()) -> Application:
    """The worked example A, its one interviewer known by name, and what was said besides."""
    return history(held("i1", TALK, GRACE), *facts, opening=opening)


def thanked(*facts: Fact) -> Application:
    """The same with everybody thanked in time, so that only the waiting remains."""
    return after_talk(said("thank_you_sent", "2026-03-02T18:00Z", interview="i1"), *facts)


# -- questions ---------------------------------------------------------------------------------------------------------------------------


def steps(app: Application, *kinds: str) -> list[Step]:
    return [step for step in agenda(app) if not kinds or step.kind in kinds]


def dues(app: Application, *kinds: str) -> list[tuple[str, datetime]]:
    """What is ahead, soonest first: kind and moment."""
    return [(step.kind, step.due.astimezone(UTC)) for step in steps(app, *kinds)]


def what_was_told(app: Application) -> tuple[Fact, ...]:
    """Its facts without the opening and the calendar."""
    return app.facts[2:]


def the(app: Application, kind: str) -> Step:
    """The one step of that kind."""
    (step,) = steps(app, kind)
    return step


def due(app: Application, kind: str) -> datetime:
    return the(app, kind).due


def kinds(app: Application) -> list[str]:
    return [step.kind for step in agenda(app)]


def outcome(app: Application) -> str | None:
    return app.story.outcome.name if app.story.outcome else None


def current_round(app: Application) -> int:
    return app.story.round


def silence_start(app: Application) -> datetime | None:
    silence = app.story.silence()
    return silence.start if silence else None


def promised(app: Application) -> date | None:
    silence = app.story.silence()
    return silence.promised if silence else None


def open_offers(app: Application) -> int:
    return len(app.story.open_offers)


def objection_slug(app: Application, *facts: Fact) -> str | None:
    """Why these facts, said together, are refused; None: they are taken."""
    now = max(fact.at for fact in (*app.facts, *facts) if fact.at)
    refusal = objection(app, Word(facts=facts), now)
    return refusal.slug if refusal else None
