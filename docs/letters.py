"""Writes `docs/letters.md` from the code: `python -m docs.letters`. The letters of five interviews, as the candidates get them.

Each interview is told in facts, the guide says which step is due, and the step's letters are printed as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from activities.letters import Draft, drafts
from docs.diagram import ROOT, fact
from workflows.application import Application
from workflows.facts import Fact
from workflows.guide import agenda
from workflows.names import Other
from workflows.notice import notice
from workflows.policy import INDUSTRY

DOCUMENT: Final[Path] = ROOT / "docs" / "letters.md"
BEGIN: Final = "<!-- written from the code by `make letters` -->"


@dataclass(frozen=True)
class Interview:
    """One interview, and the letters that are to be seen."""

    title: str
    told: str
    """What is known, for the reader."""
    facts: tuple[Fact, ...]
    kinds: tuple[str, ...]
    """Of the steps whose letters are printed."""
    others: tuple[Other, ...] = ()


def opened(at: datetime, candidate: dict[str, Any], employer: dict[str, Any], position: str) -> tuple[Fact, ...]:
    """A candidate and an employer, without public holidays."""
    candidate = {"id": "candidate", "email": "candidate@example.org", **candidate}
    country = employer["country"]
    return (
        fact("opened", at, candidate=candidate, employer=employer, position=position, policy=INDUSTRY),
        fact("calendar", at, country=country, first=date(2025, 1, 1), last=date(2030, 1, 1)),
    )


def person(name: str, zone: str, *skills: str) -> dict[str, Any]:
    return {"name": name, "timezone": zone, "skills": skills}


def held(at: datetime, *people: dict[str, str], points: dict[str, str] | None = None) -> tuple[Fact, ...]:
    """An interview that ended then, and what the candidate noted about it in private."""
    interview = fact("interview_held", at, interview="i1", ended_at=at, interviewers=people)
    return (interview, fact("reflection_noted", at, interview="i1", points=points)) if points else (interview,)


def engineer() -> Interview:
    end = datetime(2026, 3, 2, 15, tzinfo=UTC)
    bridges = {"name": "Thames Bridges", "timezone": "Europe/London", "country": "GB"}
    head = {"id": "ms", "name": "Miriam Sands", "email": "m.sands@example.com", "role": "head of design"}
    return Interview(
        "One talk, one point",
        "A structural engineer, interviewed by the head of design. She noted what they spoke about. No date was named for an answer.",
        (
            *opened(end, person("Ottilie Grant", "Europe/London", "fatigue analysis", "site surveys"), bridges, "Structural Engineer"),
            *held(end, head, points={"ms": "how you monitor the old chain bridge instead of closing it for surveys"}),
        ),
        ("thank-you", "follow-up"),
    )


def nurse() -> Interview:
    end = datetime(2026, 3, 3, 11, tzinfo=UTC)
    contact = {"name": "Human Resources", "email": "hr@example.com"}
    clinic = {"name": "Lakeside Hospital", "timezone": "America/Chicago", "country": "US", "contact": contact}
    people = (
        {"id": "dk", "name": "Dolores Kim", "email": "d.kim@example.com", "role": "nursing director"},
        {"id": "pa", "name": "Peter Adeyemi", "email": "p.adeyemi@example.com"},
        {"id": "rb", "name": "Ruth Berger"},
    )
    points = {
        "dk": "Your night shifts plan their own breaks, and sick leave has halved since.",
        "pa": "the triage board that everyone in the corridor can read",
    }
    return Interview(
        "Three people, three letters",
        "A nurse, interviewed by three people. He noted a point for two of them; of the third neither a point nor an address is known,"
        " so that letter goes through the office, and has a blank.",
        (
            *opened(end, person("Samuel Roth", "America/Chicago", "triage", "training new colleagues"), clinic, "Charge Nurse"),
            *held(end, *people, points=points),
        ),
        ("thank-you",),
    )


def teacher() -> Interview:
    end = datetime(2026, 4, 13, 9, tzinfo=UTC)
    contact = {"name": "Ines Moreau", "email": "i.moreau@example.com"}
    school = {"name": "Collège Saint-Exupéry", "timezone": "Europe/Paris", "country": "FR", "contact": contact}
    return Interview(
        "Nobody known by name",
        "A teacher in Dublin, of whose interview only the time is known, the secretary to write to, and the date by which she was to hear.",
        (
            *opened(end, person("Aoife Brennan", "Europe/Dublin"), school, "Teacher of English"),
            *held(end),
            fact("timeline_stated", end + timedelta(hours=1), respond_by=date(2026, 4, 24)),
        ),
        ("thank-you", "follow-up"),
    )


def analyst() -> Interview:
    end = datetime(2026, 5, 4, 13, tzinfo=UTC)
    contact = {"name": "Jonas Weber", "email": "j.weber@example.com"}
    bank = {"name": "Nordbank", "timezone": "Europe/Berlin", "country": "DE", "contact": contact}
    start = end + timedelta(days=1)
    return Interview(
        "A second interview, references, an offer",
        "A data analyst who is invited again without a date, whose references are then called, and who is offered the position: first by"
        " telephone, then in writing with a deadline.",
        (
            *opened(end, person("Priya Nair", "Europe/Berlin", "forecasting", "plain reports"), bank, "Data Analyst"),
            *held(end, {"id": "jw", "name": "Jonas Weber", "email": "j.weber@example.com"}),
            fact("thank_you_sent", end + timedelta(hours=3), interview="i1"),
            fact("next_round_invited", start),
        ),
        ("next-round", "references", "offer-thanks", "offer-decide"),
    )


def cook() -> Interview:
    end = datetime(2026, 6, 1, 14, tzinfo=UTC)
    contact = {"name": "Recruiting", "email": "jobs@example.com"}
    inn = {"name": "The Harbour Inn", "timezone": "Europe/Dublin", "country": "IE", "contact": contact}
    return Interview(
        "Endings",
        "A cook, as it may end: a rejection without a reason; a withdrawal; or an acceptance while another application is still open.",
        (
            *opened(end, person("Luca Ferri", "Europe/Dublin", "pastry"), inn, "Sous-Chef"),
            *held(end, {"id": "kb", "name": "Kate Byrne", "email": "k.byrne@example.com"}),
            fact("thank_you_sent", end + timedelta(hours=3), interview="i1"),
        ),
        ("rejection-reply", "farewell", "close-others"),
        (Other(application="other", employer="Hotel Bellevue", position="Head Pastry Chef", contact=None),),
    )


def later(interview: Interview, kind: str) -> tuple[Fact, ...]:
    """What must have been heard for that step to be ahead."""
    last = max(f.at for f in interview.facts if f.at)
    soon, then = last + timedelta(days=2), last + timedelta(days=3)
    match kind:
        case "references":
            return (fact("hiring_step", soon, step="reference_check"),)
        case "offer-thanks":
            return (fact("offer_received", soon, in_writing=False),)
        case "offer-decide":
            written = {"in_writing": True, "decide_by": date(2026, 5, 15), "starts_on": date(2026, 7, 1)}
            return (fact("offer_received", soon, **written),)
        case "rejection-reply":
            return (fact("rejected", soon),)
        case "farewell":
            return (fact("withdrawn", soon),)
        case "close-others":
            return (fact("offer_received", soon, in_writing=True), fact("offer_accepted", then))
        case _:
            return ()


def letters(interview: Interview) -> Iterator[Draft]:
    """The letters of an interview, in the order of the steps that they belong to."""
    for kind in interview.kinds:
        app = Application(id="-".join(interview.title.casefold().replace(",", "").split())).apply(*interview.facts, *later(interview, kind))
        step = next(step for step in agenda(app) if step.kind == kind)
        about = notice(app, step).model_copy(update={"others": interview.others})
        yield from drafts(about)


def shown(draft: Draft) -> str:
    to = " ".join(part for part in (draft.to.name, f"&lt;{draft.to.email}&gt;" if draft.to.email else "") if part) or "to be filled in"
    best = f"  \nBest sent: {draft.best_sent_at:%a %d %b %Y, %H:%M} UTC" if draft.best_sent_at else ""
    body = "\n>\n".join(f"> {paragraph}" for paragraph in draft.body.split("\n\n"))
    return f"`{draft.id}`  \nTo: {to}  \nSubject: **{draft.subject}**{best}\n\n{body}"


def document() -> str:
    sections = [
        "\n\n".join((f"## {interview.title}", interview.told, *(shown(draft) for draft in letters(interview))))
        for interview in (engineer(), nurse(), teacher(), analyst(), cook())
    ]
    head = (
        "# Letters\n\n"
        "What candidates find in their messages, for five interviews. A letter says only what is known; what is missing stands in\n"
        "brackets, and a letter with brackets in it is never sent for anybody. The words are in `activities/letters/templates`.\n"
    )
    return f"{BEGIN}\n\n{head}\n" + "\n\n".join(sections) + "\n"


def main() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
