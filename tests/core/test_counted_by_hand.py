"""The dates of the wait, counted by hand for any start, zone and absence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.histories import Application, due, kinds, the
from tests.core.looking import MORE, examples
from tests.core.strategies import AUTUMN, START, WAKING, ZONES
from workflows.calendar import zone
from workflows.facts import FACT, Fact
from workflows.policy import INDUSTRY, Policy

pytestmark = pytest.mark.timeout(60 * MORE)


def nth_day(start: date, n: int, off: set[date]) -> date:
    while n:
        start += timedelta(days=1)
        n -= start.weekday() < 5 and start not in off
    return start


def at_five(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time(17), zone(zone_name)).astimezone(UTC)


def next_waking(moment: datetime, zone_name: str, hours: tuple[str, str]) -> datetime:
    start, end = (time.fromisoformat(t) for t in hours)
    local = moment.astimezone(zone(zone_name))
    if start <= local.time() < end:
        return moment
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, zone(zone_name)).astimezone(UTC)


class TestCounting:
    @examples(250)
    @given(
        candidate=st.sampled_from(ZONES),
        employer=st.sampled_from(ZONES),
        waking=st.sampled_from(WAKING[:4]),
        start=st.sampled_from((START, AUTUMN)),
        minute=st.integers(0, 60 * 24 * 60),
        off=st.sets(st.integers(0, 100), max_size=12),
        away=st.none() | st.tuples(st.integers(0, 40), st.integers(0, 10)),
        stated=st.none() | st.integers(0, 30),
    )
    def test_the_dates_of_the_wait_are_those_counted_by_hand_and_each_names_the_days_that_did_not_count(
        self,
        *,
        candidate: str,
        employer: str,
        waking: tuple[str, str],
        start: datetime,
        minute: int,
        off: set[int],
        away: tuple[int, int] | None,
        stated: int | None,
    ) -> None:
        ended = start + timedelta(minutes=minute)
        first = ended.astimezone(zone(employer)).date()
        holidays = {start.date() + timedelta(days=n): f"Holiday {n}" for n in off}
        absent = {first + timedelta(days=away[0] + n) for n in range(away[1] + 1)} if away else set[date]()
        told = [said("interview_held", ended, interview="i1", ended_at=ended)]
        if away:
            told.append(said("employer_away", ended, until=max(absent), **{"from": min(absent)}))
        if stated is not None:
            told.append(said("timeline_stated", ended - timedelta(days=2), respond_by=first + timedelta(days=stated)))
        policy: Policy = INDUSTRY
        base, counts = (first, (7, 10, 15)) if stated is None else (first + timedelta(days=stated), (1, 4, 9))

        app = Application(id="app-1").apply(
            said(
                "opened",
                start - timedelta(days=9),
                candidate={"id": "c", "email": "ada@example.org", "timezone": candidate, "waking_hours": waking},
                employer={"name": "Acme", "timezone": employer},
                position="Engineer",
                policy=policy,
            ),
            said("calendar", start - timedelta(days=9), holidays=holidays, first=date(2025, 1, 1), last=date(2029, 12, 31)),
            *told,
        )

        for kind, n in zip(("follow-up", "follow-up-last-call", "ghosted"), counts, strict=True):
            last = nth_day(base, n, set(holidays) | absent)
            assert due(app, kind) == next_waking(at_five(last, employer), candidate, waking)
            why = the(app, kind).why
            assert f"{n} business day" in why
            for day, name in holidays.items():
                within = base < day < last and day.weekday() < 5
                assert (f"{day.day} {day:%b} ({name})" in why) == within, (why, name)
            lost = {day for day in absent if base < day < last and day.weekday() < 5 and day not in holidays}
            assert ("away" in why) == bool(lost), why
        assert "follow-up" in kinds(app)


def said(kind: str, moment: datetime, **fields: Any) -> Fact:
    return FACT.validate_python({"type": kind, "id": kind, "by": "platform", "at": moment, **fields})
