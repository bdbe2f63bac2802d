"""How a candidate is shown: the whole view, for those who may see it, and the text in Temporal's UI, which has ids only."""

from __future__ import annotations

from typing import Any

from workflows.person import Person
from workflows.person.agenda import every_step


def view(person: Person) -> dict[str, Any]:
    """Profile, preferences and the ids of all applications that were opened for them: consistent with everything that was said."""
    life = person.life
    profile = life.profile.model_dump(mode="json", exclude={"preferences"}) if life.profile else None
    lost = life.lost
    return {
        "id": person.id,
        "revision": person.revision,
        "profile": profile,
        "preferences": life.profile.preferences.model_dump(mode="json") if life.profile else None,
        "applications": list(life.applications),
        "open": [known.id for known in life.open],
        "undeliverable": {"since": lost.at.isoformat(), "intent": lost.fact.intent} if lost else None,
        "calendar": life.calendar,
        "coaches": [
            {
                "id": one.coach,
                "name": one.name,
                "ask": one.ask,
                "asked": one.asked.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "since": one.since.isoformat() if one.since else None,
            }
            for one in life.coaches.values()
        ],
        "waiting": [d.notice.intent for d in life.pending],
        "agenda": [
            {"intent": s.intent, "due": s.due.astimezone(life.clock.where).isoformat(), "why": s.why}
            for s in every_step(person)
            if not s.facts
        ],
    }


def details(person: Person) -> str:
    """Markdown for Temporal's UI."""
    life = person.life
    head = f"{len(life.open)} open of {len(life.applications)} applications, {len(life.pending)} messages waiting"
    ahead = [f"- `{s.intent}` {s.why}" for s in every_step(person)]
    return "\n".join([head, "", *(ahead or ["Nothing is ahead."]), "", *(f"- `application/{name}`" for name in life.applications)][:60])


def index(person: Person, attention: str | None = None) -> dict[str, Any]:
    """The values of the search attributes by name; None: unset."""
    life = person.life
    step = next((s for s in every_step(person) if not s.facts), None)
    uncertain = bool(life.notes) and getattr(life.notes[-1].fact, "uncertain", False)
    shown = "bug" if life.unread else "undeliverable" if life.lost else "uncertain" if uncertain else None
    return {
        "CandidateId": person.id,
        "NextStep": step.kind if step else None,
        "NextDueAt": step.due.replace(microsecond=0) if step else None,
        "Attention": attention or shown,
        "Coaches": sorted(one.coach for one in life.coaches.values() if one.since) or None,
    }
