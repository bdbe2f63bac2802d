"""Who is in the measurement: openings and facts, the same for the same number. Owns when something becomes due, and sends nothing.

Clocks are real. What shall be due at a moment is so by its facts (an interview that ended two hours before) or by its candidate's waking
hours (which begin at that moment); who shall be left alone sleeps for the next ten hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

Body = dict[str, Any]

STAGES: Final = ("interviewing", "thanking", "waiting", "awaiting_reply", "deciding")
"""Of those who are left alone, in turn."""
LEAST: Final = 20
"""So many stand in every measurement."""
APPLICATIONS: Final = 4
"""Of one candidate."""
THANK_AFTER: Final = timedelta(hours=2)
FOLLOW_UP_AFTER: Final = 7
"""Business days."""
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_SKILLS: Final = ("numerical tables", "Python", "distributed systems")


def standing(number: int, now: datetime) -> Body:
    """An application whose next step is at least ten hours ahead; its stage goes by its number."""
    stage = STAGES[number % len(STAGES)]
    candidate = _candidate(f"stands-{number // APPLICATIONS}", where=_where(21, now))  # asleep until eight, and it is nine in the evening
    return _opening(f"stands-{number}", candidate, *_past(stage, now))


def _past(stage: str, now: datetime) -> list[Body]:
    if stage == "interviewing":
        starts = now + 3 * _DAY
        return [
            {
                "type": "interview_scheduled",
                "interview": "i1",
                "starts_at": _at(starts),
                "ends_at": _at(starts + _HOUR),
                "interviewers": _people(),
            }
        ]
    if stage == "thanking":
        return [_held(now - _HOUR)]
    if stage == "deciding":
        offered = {"type": "offer_received", "in_writing": True, "decide_by": _at(now + 9 * _DAY), "at": _at(now - _HOUR)}
        return [*_thanked(now - 6 * _DAY), offered]
    replied = {"type": "employer_replied", "at": _at(now - 2 * _DAY)}
    asked = [{"type": "follow_up_sent", "at": _at(now - _DAY)}] if stage == "awaiting_reply" else []
    return [*_thanked(now - 4 * _DAY), replied, *asked]


def news(number: int, turn: int, now: datetime) -> Body:
    """What is said next about that application, which prompts nobody before its candidate wakes."""
    match STAGES[number % len(STAGES)]:
        case "interviewing":
            starts = now + (4 + turn % 9) * _DAY
            said = {"type": "interview_rescheduled", "interview": "i1", "starts_at": _at(starts), "ends_at": _at(starts + _HOUR)}
        case "thanking":
            said = {"type": "reflection_noted", "interview": "i1", "takeaways": f"A good talk, as I remember it the {turn}. time."}
        case "deciding":
            said = {"type": "offer_received", "in_writing": True, "decide_by": _at(now + (10 + turn % 9) * _DAY)}
        case "waiting":
            said = {"type": "timeline_stated", "respond_by": (now + (8 + turn % 9) * _DAY).date().isoformat()}
        case _:
            said = {"type": "hiring_step", "step": "debrief"}
    return {"id": f"news-{turn}", **said}


def due(name: str, moment: datetime, now: datetime) -> Body:
    """An application whose prompt to thank is due at that moment, within the next hours."""
    return _opening(name, _candidate(name, where=_where(12, now)), _held(moment - THANK_AFTER))


def wave(number: int, moment: datetime) -> Body:
    """An application whose candidate wakes at that minute, when a prompt is due: to thank, or, on a working day, to follow up in turn."""
    where, opens = _where(8, moment), f"08:{moment.minute:02d}"
    candidate = _candidate(f"wave-{number}", where=where) | {"waking_hours": [opens, "20:00"]}
    days = _weekdays_back(moment)
    if number % 2 and days:  # an employer for whom it is eight in the evening: the seventh day passed at five
        began = moment - (days[0] - days[FOLLOW_UP_AFTER]) - 8 * _HOUR
        return _opening(f"wave-{number}", candidate, *_thanked(began), employer={"timezone": _where(20, moment)})
    return _opening(f"wave-{number}", candidate, _held(moment - 6 * _HOUR))


def kind_of(number: int, moment: datetime) -> str:
    """Of the prompt that `wave` makes due."""
    return "follow-up" if number % 2 and _weekdays_back(moment) else "thank-you"


def _weekdays_back(moment: datetime) -> list[date]:
    """That day, where it is eight in the evening at that moment, and the working days before it; empty if it is none itself."""

    def before(day: date) -> Iterator[date]:
        while True:
            if day.weekday() < 5:
                yield day
            day -= _DAY

    today = (moment + timedelta(hours=_ahead(20, moment))).date()
    found = before(today)
    return [next(found) for _ in range(FOLLOW_UP_AFTER + 1)] if today.weekday() < 5 else []


def _opening(name: str, candidate: Body, *facts: Body, employer: Body | None = None) -> Body:
    return {
        "id": name,
        "candidate": candidate,
        "employer": {
            "name": "Analytical Engines",
            "timezone": "Europe/London",
            "contact": {"name": "Recruiting", "email": "jobs@example.com"},
            **(employer or {}),
        },
        "position": "Staff Engineer",
        "facts": [{"id": f"{name}-{place}", **fact} for place, fact in enumerate(facts)],
    }


def _candidate(name: str, where: str) -> Body:
    return {"id": name, "name": "Ada Byron", "email": f"{name}@example.org", "timezone": where, "skills": list(_SKILLS)}


def _people() -> list[Body]:
    return [
        {"id": "grace", "name": "Grace Hopper", "email": "grace@example.com", "role": "Engineering manager"},
        {"id": "alan", "name": "Alan Turing", "email": "alan@example.com", "role": "Staff engineer"},
    ]


def _held(at: datetime) -> Body:
    return {"type": "interview_held", "interview": "i1", "ended_at": _at(at), "interviewers": _people()}


def _thanked(at: datetime) -> list[Body]:
    """An interview that was held then, and everybody thanked an hour later."""
    return [_held(at), {"type": "thank_you_sent", "interview": "i1", "at": _at(at + _HOUR)}]


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _ahead(hour: int, moment: datetime) -> int:
    """By how many hours a clock is ahead of Greenwich's that shows this hour then: -11 to 12."""
    return (hour - moment.astimezone(UTC).hour + 11) % 24 - 11


def _where(hour: int, moment: datetime) -> str:
    """A zone in which it is that hour then."""
    ahead = _ahead(hour, moment)
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"
