"""Made-up histories: the same chance makes the same one. Facts are JSON, as the outside says them, with id, speaker and own time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from activities.holidays import calendar_days
from workflows.facts import FACT, RULES, Fact
from workflows.policy import POLICIES

PLACES = (
    ("Europe/London", "GB", "ENG"), ("America/New_York", "US", "NY"), ("Europe/Berlin", "DE", "BE"), ("Asia/Tokyo", "JP", None),
    ("Asia/Dubai", "AE", None), ("Australia/Lord_Howe", "AU", "NSW"), ("Asia/Kathmandu", "NP", None), ("America/St_Johns", "CA", "NL"),
)  # fmt: skip
HOURS = (("08:00", "21:00"), ("08:00", "21:00"), ("05:30", "09:15"), ("00:00", "23:59"), ("12:00", "22:30"), ("06:00", "09:00"))
STARTS = (date(2026, 3, 2), date(2026, 3, 26), date(2026, 10, 22), date(2026, 12, 18), date(2026, 5, 4), date(2026, 11, 16))
"""Around both changes of the clock, Easter, Christmas, May's bridge days and Thanksgiving."""
KINDS = (
    ["held"] * 6 + ["scheduled"] * 4 + ["moved"] * 3 + ["cancelled"] * 2 + ["thanked"] * 6 + ["waived"] + ["timeline"] * 4
    + ["follow_up"] * 4 + ["replied"] * 4 + ["away"] * 2 + ["step"] * 2 + ["invited"] * 2 + ["offer"] * 3 + ["decision"] * 2
    + ["rejected", "withdrawn", "paused", "resumed", "snoozed", "retracted"]
)  # fmt: skip


def history(chance: random.Random, length: int | None = None) -> list[dict[str, Any]]:
    """An opening, the employer's calendar and some facts in the order of own time."""
    zone, country, part = chance.choice(PLACES)
    home = chance.choice(PLACES)[0]
    start = chance.choice(STARTS) + timedelta(days=chance.randrange(10))
    clock = datetime(start.year, start.month, start.day, 9, tzinfo=UTC)
    calendar = calendar_days(country, part, date(2026, 1, 1), date(2029, 12, 31))
    told: list[dict[str, Any]] = [
        {"type": "opened", "id": "opened", "by": "platform", "at": clock, "position": "Engineer",
         "rules": RULES, "policy": POLICIES[chance.choice(("industry", "industry", "university"))].model_dump(),
         "candidate": {"id": "c", "email": "c@example.org", "timezone": home, "waking_hours": list(chance.choice(HOURS))},
         "employer": {"name": "E", "timezone": chance.choice((zone, zone, None)), "country": country, "subdivision": part}},
        calendar.model_dump() | {"id": "calendar", "by": "process", "at": clock},
    ]  # fmt: skip
    for n in range(length if length is not None else chance.choice((1, 2, 3, 4, 5, 6, 8, 11))):
        clock += timedelta(minutes=chance.choice((7, 61, 200, 600, 1440, 1440 * 2, 1440 * 4, 1440 * 9)) + chance.randrange(600))
        said = {"id": f"f{n}", "by": chance.choice(("platform", "candidate", "platform", "board:b")), "at": clock}
        told.append(said | fact(chance, clock, told))
    return [FACT.validate_python(f).model_dump(mode="json", by_alias=True, exclude_unset=True) for f in told]


def fact(chance: random.Random, now: datetime, told: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: C901, PLR0912 -- one case for each kind of fact
    interview = chance.choice(("i1", "i1", "i2", "i3"))
    people = [{"id": p, "name": p} for p in ("p", "q")[: chance.choice((0, 1, 1, 2))]]
    end = now + timedelta(minutes=chance.choice((60, 300, 1440, 3000, 7000)) + chance.randrange(300))
    slot = {"interview": interview, "starts_at": end - timedelta(minutes=50), "ends_at": end, "interviewers": people}
    day = (now + timedelta(days=chance.randrange(1, 25))).astimezone(ZoneInfo("Asia/Tokyo")).date()
    kind = chance.choice(KINDS) if len(told) > 2 else chance.choice(("held", "held", "scheduled", "scheduled", "invited", "offer"))
    match kind:
        case "held":
            ended = now - timedelta(minutes=chance.choice((0, 0, 40, 600)))
            return {"type": "interview_held", "interview": interview, "ended_at": ended, "interviewers": people, "at": ended}
        case "scheduled":
            return {"type": "interview_scheduled"} | slot
        case "moved":
            return {"type": "interview_rescheduled"} | slot
        case "cancelled":
            return {"type": "interview_cancelled", "interview": interview, "by_whom": chance.choice(("employer", "candidate"))}
        case "thanked" | "waived":
            who = chance.choice(({}, {"interviewer": "p"}, {"interviewer": "q"}))
            return {"type": "thank_you_sent" if kind == "thanked" else "thank_you_waived", "interview": interview} | who
        case "timeline":
            return {"type": "timeline_stated", "respond_by": day}
        case "follow_up":
            return {"type": "follow_up_sent"}
        case "replied":
            return {"type": "employer_replied"} | chance.choice(({}, {"respond_by": day}))
        case "away":
            return {"type": "employer_away", "until": day}
        case "step":
            return {"type": "hiring_step", "step": chance.choice(("debrief", "shortlist", "reference_check", "approval"))}
        case "invited":
            return {"type": "next_round_invited"}
        case "offer":
            by = chance.choice(({}, {"decide_by": day}, {"decide_by": now + timedelta(hours=chance.randrange(10, 200))}))
            return {"type": "offer_received", "in_writing": chance.random() < 0.5} | by
        case "decision":
            return {"type": chance.choice(("offer_accepted", "offer_declined", "offer_withdrawn"))}
        case "paused":
            return {"type": "paused"} | chance.choice(({}, {"until": day}))
        case "snoozed":
            intent = chance.choice((f"thank-you/{interview}", "follow-up/1", "waiting/1", "ghosted/1", "offer-thanks/1"))
            return {"type": "snoozed", "intent": intent, "until": now.date() + timedelta(days=chance.randrange(1, 4))}
        case "retracted" if len(told) > 3:
            return {"type": "retracted", "fact": chance.choice(told[2:])["id"]}
        case "rejected" | "withdrawn" | "resumed":
            return {"type": kind}
        case _:
            return {"type": "hiring_step", "step": "debrief"}


def facts(told: Sequence[dict[str, Any]]) -> list[Fact]:
    return [FACT.validate_python(f) for f in told]
