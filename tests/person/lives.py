"""Small words for a candidate's life across applications, and that life played as time passes.

The candidate is in London, awake from 08:00 to 21:00. London is at UTC until its clocks change on Sunday 29 March 2026.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from tests.core.histories import at
from workflows.facts import Candidate
from workflows.names import Meaning, OpenOffer
from workflows.person import Person, digest_of
from workflows.person.agenda import PersonStep, every_step, turn
from workflows.person.facts import PersonFact

READ: Final[TypeAdapter[PersonFact]] = TypeAdapter(PersonFact)
ADA: Final = {"id": "cand-7", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
TURNS: Final = 1000
"""More than any of these lives has: one that never settles is found, not waited for."""


def told(kind: str, moment: str, /, **fields: Any) -> PersonFact:
    """A fact with its own time; its id is a digest of what it says."""
    words = {"type": kind, "at": moment, "by": "platform", **fields}
    words.setdefault("id", f"{kind}-{hashlib.sha256(repr(sorted(words.items())).encode()).hexdigest()[:12]}")
    return READ.validate_python(words)


def registered(moment: str = "2026-03-01T09:00Z", **candidate: Any) -> PersonFact:
    """An opening's words about the candidate."""
    return told("registered", moment, candidate={**ADA, **candidate})


def changed(moment: str, by: str = "candidate", **change: Any) -> PersonFact:
    return told("profile_changed", moment, by=by, change=change)


def begun(application: str, moment: str = "2026-03-01T09:00Z", has: str = "") -> PersonFact:
    return told("application_begun", moment, application=application, has=has)


def means(application: str, moment: str, outcome: str | None = None, *offers: OpenOffer) -> PersonFact:
    return told("meaning_told", moment, application=application, meaning=Meaning(outcome=outcome, offers=offers), by="process")


def offered(decide_by: str | None, number: int = 1, **fields: Any) -> OpenOffer:
    """An open offer whose deadline the employer named, unless it says otherwise."""
    return OpenOffer(number=number, decide_by=at(decide_by) if decide_by else None, **{"stated": True, **fields})


def handed(intent: str, moment: str, application: str = "app-1", **fields: Any) -> PersonFact:
    """A message that can wait, as an application hands it over."""
    notice: dict[str, Any] = {
        "application": application,
        "intent": intent,
        "intents": (intent,),
        "key": f"{application} {intent}",
        "candidate": "cand-7",
        "due": at(moment),
        "why": "because",
        "to": {"name": "Ada Byron", "email": "ada@example.org"},
        "timezone": "Europe/London",
        "employer_timezone": "America/New_York",
        "employer": "Acme",
        "position": "Engineer",
    }
    return told("deferred", moment, by="process", notice=notice | fields)


def ended(kind: str, moment: str, *keys: str, intent: str = "digest/2026-03-12", **fields: Any) -> PersonFact:
    """What became of a message: `prompted`, `skipped` or `undeliverable`."""
    return told(kind, moment, intent=intent, keys=keys, by="process", **fields)


def person(*facts: PersonFact) -> Person:
    return Person(id="cand-7").apply(*facts)


def ada(*facts: PersonFact, **preferences: Any) -> Person:
    """Registered on Sunday 1 March 2026 with these preferences; nothing is open unless facts say so."""
    return person(registered(preferences=preferences), *facts)


def profile(who: Person) -> Candidate:
    assert who.life.profile is not None
    return who.life.profile


def ahead(who: Person, kind: str) -> list[tuple[datetime, tuple[str, ...]]]:
    """What is still to be said of that kind: when, and the keys that it is about."""
    return [(step.due, step.keys) for step in every_step(who) if step.kind == kind and not step.facts]


def due(who: Person, kind: str) -> datetime:
    ((moment, _),) = ahead(who, kind)
    return moment.astimezone(UTC)


def waiting(who: Person) -> list[str]:
    return [deferred.notice.key for deferred in who.life.pending]


def knows(who: Person) -> str:
    return digest_of(profile(who))


@dataclass(frozen=True)
class Message:
    """What left at a moment."""

    at: datetime
    intents: tuple[str, ...]
    keys: tuple[str, ...]
    applications: tuple[str, ...]


def lived(who: Person, *coming: PersonFact, until: str) -> tuple[list[Message], Person]:
    """The life from the first fact on: facts are heard at their own time, messages leave, and are noted, when they are due."""
    script = sorted((*who.facts, *coming), key=lambda f: f.at or at("2026-01-01T00:00Z"))
    now, end, so_far, sent = script[0].at or at(until), at(until), Person(id=who.id), list[Message]()
    for _ in range(TURNS):
        heard = [f for f in script if f.at and f.at <= now]
        script = script[len(heard) :]
        so_far = so_far.apply(*heard)
        plan = turn(so_far, now)
        if plan.notes:
            so_far = so_far.note((fact for _, fact in plan.notes), now)
            continue
        for step in plan.sends:
            assert isinstance(step, PersonStep)
            sent.append(Message(now, step.intents, step.keys, step.applications))
            so_far = so_far.note(step.sent(), now)
        if plan.sends:
            continue
        moments = [*(f.at for f in script[:1] if f.at), *((plan.next,) if plan.next else ())]
        if not moments or min(moments) > end:
            return sent, so_far
        now = max(min(moments), now + timedelta(microseconds=1))
    raise AssertionError("it does not settle")
