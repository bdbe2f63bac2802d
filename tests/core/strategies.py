"""Whole random histories: every kind of fact, in any zones, in any order, contradictions, retractions and nonsense included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from workflows.facts import FACT, KINDS, RULES, Fact
from workflows.guide.immediate import LAPSE_IS_FINAL
from workflows.policy import INDUSTRY, UNIVERSITY

START: Final = datetime(2026, 2, 20, tzinfo=UTC)
"""Both daylight-saving weekends of spring lie within the eighty days after it; that of autumn is reached by `AUTUMN`."""
AUTUMN: Final = datetime(2026, 9, 20, tzinfo=UTC)

ZONES: Final = (
    "Europe/London",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Chatham",
    "America/St_Johns",
    "America/Santiago",
    "Africa/Casablanca",
    "UTC",
)
WAKING: Final = (("08:00", "21:00"), ("06:00", "09:00"), ("20:00", "23:00"), ("10:30", "22:15"), ("00:00", "23:59"), ("01:30", "05:00"))
INTERVIEWS: Final = ("i1", "i2", "i3")
THINGS: Final = ("i1", "i2", "1", "2", "3")
NAMES: Final = tuple(f"f{n:02}" for n in range(24))

zones = st.sampled_from(ZONES)
minutes = st.integers(0, 80 * 24 * 60).map(lambda n: n - n % 5)
hours = st.integers(1, 8)
maybe = st.booleans()
days_ahead = st.integers(0, 40)


def iso(moment: datetime) -> str:
    return moment.isoformat()


@st.composite
def openings(draw: st.DrawFn, start: datetime = START) -> tuple[Fact, ...]:
    """What is known of candidate and employer, and the days that do not count."""
    candidate = {
        "id": "cand-1",
        "name": "Ada",
        "email": "ada@example.org",
        "timezone": draw(zones),
        "waking_hours": draw(st.sampled_from(WAKING)),
    }
    employer = {"name": "Acme", "timezone": draw(st.none() | zones)}
    opened = {
        "type": "opened",
        "id": "opened",
        "by": "platform",
        "at": iso(start),
        "candidate": candidate,
        "employer": employer,
        "position": "Engineer",
        "policy": draw(st.sampled_from((INDUSTRY, UNIVERSITY))),
        "rules": draw(st.sampled_from((RULES, RULES, LAPSE_IS_FINAL - 1))),
    }
    off = draw(st.sets(st.integers(0, 150), max_size=12))
    calendar = {
        "type": "calendar",
        "id": "calendar",
        "by": "process",
        "at": iso(start),
        "weekend": draw(st.sampled_from(((5, 6), (4, 5)))),
        "holidays": {start.date() + timedelta(days=n): f"Holiday {n}" for n in sorted(off)},
        "first": date(2025, 1, 1),
        "last": date(2029, 12, 31),
    }
    return FACT.validate_python(opened), FACT.validate_python(calendar)


@dataclass(frozen=True)
class Said:
    draw: st.DrawFn
    at: datetime

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def day(self) -> str:
        return (self.at.date() + timedelta(days=1 + self.draw(days_ahead))).isoformat()

    def moment(self) -> str:
        return iso(self.at + timedelta(minutes=5 * self.draw(st.integers(1, 8000))))

    def people(self) -> dict[str, Any]:
        chosen = self.one_of(None, (), ("g",), ("g", "k"))
        return {} if chosen is None else {"interviewers": [{"id": p, "name": p.upper()} for p in chosen]}

    def intent(self) -> str:
        return f"{self.one_of(*KINDS)}/{self.one_of(*THINGS)}"

    def when(self) -> str:
        return self.one_of(self.day, self.moment)()

    def slot(self) -> dict[str, Any]:
        starts = self.at + timedelta(minutes=15 * self.draw(st.integers(-400, 2000)))
        ends = starts + timedelta(hours=self.draw(hours))
        return {"interview": self.one_of(*INTERVIEWS), "starts_at": iso(starts), "ends_at": iso(ends)}


def _held(s: Said) -> dict[str, Any]:
    ended = s.at - timedelta(minutes=15 * s.draw(st.sampled_from((0, 0, 0, 4, 40, 400, 1000))))
    return {"interview": s.one_of(*INTERVIEWS), "ended_at": iso(ended), **s.people()}


def _optional(**fields: Any) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if v is not None}


OUTSIDE: Final[dict[str, Callable[[Said], dict[str, Any]]]] = {
    "interview_scheduled": lambda s: {**s.slot(), **s.people()},
    "interview_rescheduled": lambda s: {**s.slot(), **_optional(replaces=s.one_of(None, None, *INTERVIEWS))},
    "interview_cancelled": lambda s: {"interview": s.one_of(*INTERVIEWS), "by_whom": s.one_of("employer", "candidate")},
    "interview_held": _held,
    "reflection_noted": lambda s: {"interview": s.one_of(*INTERVIEWS), "questions": "why?", "points": {"g": "compilers"}},
    "thank_you_sent": lambda s: {"interview": s.one_of(*INTERVIEWS), **_optional(interviewer=s.one_of(None, "g", "k", "z"))},
    "thank_you_waived": lambda s: {"interview": s.one_of(*INTERVIEWS), **_optional(interviewer=s.one_of(None, "g", "k"))},
    "timeline_stated": lambda s: {"respond_by": s.day()},
    "follow_up_sent": lambda _: {},
    "employer_replied": lambda s: _optional(respond_by=s.one_of(None, s.day())),
    "employer_away": lambda s: {"until": s.day()},
    "hiring_step": lambda s: {"step": s.one_of("debrief", "shortlist", "reference_check", "approval")},
    "next_round_invited": lambda s: _optional(kind=s.one_of(None, "panel")),
    "offer_received": lambda s: {
        "in_writing": s.draw(maybe),
        **_optional(decide_by=s.one_of(None, s.when()), offer=s.one_of(None, "a", "b")),
    },
    "offer_accepted": lambda s: _optional(offer=s.one_of(None, "a")),
    "offer_declined": lambda s: _optional(offer=s.one_of(None, "a", "b")),
    "offer_withdrawn": lambda s: _optional(offer=s.one_of(None, "a", "b")),
    "rejected": lambda s: {"by_whom": s.one_of("employer", "unknown")},
    "withdrawn": lambda _: {},
    "details_changed": lambda s: s.one_of(
        {"position": "Lead"}, {"policy": UNIVERSITY}, {"employer": {"name": "Acme", "timezone": "Asia/Kathmandu"}}
    ),
    "paused": lambda s: _optional(until=s.one_of(None, s.when())),
    "resumed": lambda _: {},
    "snoozed": lambda s: {"intent": s.intent(), "until": s.when()},
    "bounced": lambda s: {"intent": s.intent(), "permanent": s.draw(maybe)},
    "retracted": lambda s: {"fact": s.one_of(*NAMES[:6], "opened", "nothing")},
    "confirmed": lambda s: {"fact": s.one_of(*NAMES[:6])},
    "letter_sent": lambda s: {"letter": s.one_of(s.intent(), f"thank-you/{s.one_of(*INTERVIEWS)}/g", "follow-up/1")},
}
"""Every fact of the contract that can come from outside."""

LIVELY: Final = tuple(
    kind for kind in OUTSIDE if kind not in ("rejected", "withdrawn", "offer_accepted", "offer_declined", "offer_withdrawn", "retracted")
)
"""Those that leave an application open, so that there is something to wait for."""

PROCESS: Final[dict[str, Callable[[Said], dict[str, Any]]]] = {
    "prompted": lambda s: {"intent": s.intent(), "uncertain": s.draw(maybe)},
    "skipped": lambda s: {"intent": s.intent(), "reason": s.one_of("too late", "superseded", "no longer needed")},
    "undeliverable": lambda s: {"intent": s.intent(), "reason": "no such mailbox"},
    "thank_you_lapsed": lambda s: {"interview": s.one_of(*INTERVIEWS), "interviewers": ["g"]},
    "ghosted": lambda _: {},
    "offer_lapsed": lambda s: {"number": s.one_of(1, 2, 3)},
    "interview_held": lambda s: {**_held(s), "assumed": True},
    "candidate_changed": lambda s: {"candidate": {"id": "cand-1", "email": "ada@example.net", "timezone": s.draw(zones)}},
    "unread": lambda _: {"raw": {"x": 1}, "reason": "unknown"},
    "expired": lambda _: {},
    "closed": lambda _: {},
}


@st.composite
def facts(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(OUTSIDE), *, notes: bool = False, start: datetime = START) -> Fact:
    """One fact with its own time, without an id."""
    own = draw(st.sampled_from(tuple(PROCESS))) if notes and draw(st.integers(0, 2)) == 0 else None
    s = Said(draw, start + timedelta(minutes=draw(minutes)))
    kind = own or draw(st.sampled_from(kinds))
    words = (PROCESS if own else OUTSIDE)[kind](s)
    by = "process" if own else s.one_of("platform", "platform", "candidate", "board:acme")
    rarely = draw(st.integers(0, 9))
    more = {} if own else {"tentative": rarely in (1, 2), "anyway": rarely in (2, 3, 4)}
    return FACT.validate_python({"type": kind, "at": iso(s.at), "by": by, **words, **more})


@st.composite
def histories(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = tuple(OUTSIDE),
    *,
    notes: bool = False,
    least: int = 0,
    most: int = 12,
    start: datetime = START,
) -> tuple[Fact, ...]:
    """Facts that each have a name, so that they can be retracted and confirmed."""
    told = draw(st.lists(facts(kinds, notes=notes, start=start), min_size=least, max_size=most))
    return tuple(fact.model_copy(update={"id": NAMES[n]}) for n, fact in enumerate(told))


@st.composite
def lives(draw: st.DrawFn) -> tuple[Fact, ...]:
    """A talk in the first days, and then a good deal of word that leaves the application open."""
    ended = iso(START + timedelta(minutes=15 * draw(st.integers(0, 700))))
    talk = {"type": "interview_held", "id": "talk", "by": "platform", "at": ended, "interview": "i1", "ended_at": ended}
    return FACT.validate_python({**talk, "interviewers": [{"id": "g", "name": "Grace"}]}), *draw(histories(LIVELY, least=3, most=9))
