"""The days that do not count, country by country."""

from __future__ import annotations

import time
from datetime import date

import pytest
from temporalio.testing import ActivityEnvironment

from activities.holidays import calendar_days
from activities.look_up import look_up_holidays
from workflows import names

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def test_observed_days_count_as_holidays() -> None:
    """Independence Day 2026 is a Saturday and is kept on the Friday before, New Year's Day 2028 on the last day of 2027."""
    days = calendar_days("US", "NY", FIRST, LAST).holidays
    assert days[date(2026, 7, 3)] == "Independence Day (observed)"
    assert date(2027, 12, 31) in days


def test_a_subdivision_adds_its_own_days() -> None:
    """International Women's Day is a holiday in Berlin and not in all of Germany."""
    assert date(2027, 3, 8) in calendar_days("DE", "BE", FIRST, LAST).holidays
    assert date(2027, 3, 8) not in calendar_days("DE", None, FIRST, LAST).holidays


@pytest.mark.parametrize("said", ["BE", "be", "DE-BE"])
def test_a_subdivision_is_understood_in_every_way_of_writing_it(said: str) -> None:
    """BE, be and DE-BE are Berlin."""
    assert calendar_days("DE", said, FIRST, LAST).subdivision == "BE"


@pytest.mark.parametrize("said", [None, "XX", "US-", "-"])
def test_an_unknown_subdivision_means_nation_wide_days_and_says_so(said: str | None) -> None:
    """The answer names no subdivision, and has the days of the whole country only."""
    found = calendar_days("US", said, FIRST, LAST)
    assert found.subdivision is None
    assert date(2026, 5, 25) in found.holidays  # Memorial Day
    assert date(2026, 2, 12) not in found.holidays  # Lincoln's Birthday is New York's


@pytest.mark.parametrize("country", [None, "ZZ"])
def test_an_unknown_country_has_weekends_and_no_holidays(country: str | None) -> None:
    """Saturday and Sunday, nothing else, and no failure."""
    found = calendar_days(country, "NY", FIRST, LAST)
    assert (found.country, found.subdivision, found.weekend, found.holidays) == (country, None, (5, 6), {})


@pytest.mark.parametrize(
    ("country", "last", "weekend"),
    [("IL", LAST, (4, 5)), ("IR", LAST, (4,)), ("AE", LAST, (5, 6)), ("AE", date(2021, 12, 31), (4, 5)), ("GB", LAST, (5, 6))],
)
def test_the_weekend_is_the_countrys(country: str, last: date, weekend: tuple[int, ...]) -> None:
    """Monday is 0; the Emirates moved theirs in 2022."""
    assert calendar_days(country, None, date(2021, 1, 1), last).weekend == weekend


@pytest.mark.parametrize(("country", "day", "name"), [("DE", date(2026, 4, 6), "Easter Monday"), ("IN", date(2026, 1, 26), "Republic Day")])
def test_names_are_english(country: str, day: date, name: str) -> None:
    """A reader of `why` need not know the country's language."""
    assert calendar_days(country, None, FIRST, LAST).holidays[day] == name


def test_only_the_dates_asked_for_are_answered_and_the_library_is_named() -> None:
    """Both ends are included; the version tells by which tables a pinned calendar was made."""
    found = calendar_days("GB", "ENG", date(2026, 12, 25), date(2027, 1, 1))
    assert list(found.holidays) == [date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)]
    assert (found.first, found.last) == (date(2026, 12, 25), date(2027, 1, 1))
    assert found.library.startswith("holidays 0.")


def test_asking_again_costs_nothing() -> None:
    """A second call takes microseconds, so the preview may ask every time."""
    calendar_days("US", "CA", FIRST, LAST)
    start = time.perf_counter()
    for _ in range(1000):
        calendar_days("US", "CA", FIRST, LAST)
    assert time.perf_counter() - start < 0.1


async def test_the_activity_answers_the_same_calendar() -> None:
    """A run without a calendar gets what the façade would have said."""
    request = names.HolidayRequest(country="US", subdivision="NY", first=FIRST, last=LAST)
    assert await ActivityEnvironment().run(look_up_holidays, request) == calendar_days("US", "NY", FIRST, LAST)
