"""The two clocks, from the terms of the process's first section. Expected moments are worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.core.days_off import days_off
from workflows.calendar import CandidateClock, EmployerClock, country_of, zone

NEW_YORK = EmployerClock(zone("America/New_York"), holidays=days_off("US", "NY"))
BERLIN = EmployerClock(zone("Europe/Berlin"), holidays=days_off("DE", "BE"))


def local(zone_name: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(zone_name)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def awake(zone_name: str, start: str = "08:00", end: str = "21:00") -> CandidateClock:
    return CandidateClock(zone(zone_name), time.fromisoformat(start), time.fromisoformat(end))


class TestBusinessDays:
    @pytest.mark.parametrize(
        ("start", "n", "expected"),
        [
            ("2026-03-02", 1, "2026-03-03"),
            ("2026-03-02", 7, "2026-03-11"),
            ("2026-03-02", 10, "2026-03-16"),
            ("2026-03-02", 15, "2026-03-23"),
            ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-07", 1, "2026-03-09"),
            ("2026-03-08", 1, "2026-03-09"),
            ("2026-11-25", 1, "2026-11-27"),
            ("2026-11-26", 1, "2026-11-27"),
            ("2026-07-02", 1, "2026-07-06"),
            ("2026-12-31", 1, "2027-01-04"),
            ("2026-02-11", 2, "2026-02-17"),
        ],
    )
    def test_the_nth_business_day_is_strictly_later_and_skips_weekends_and_holidays(self, start: str, n: int, expected: str) -> None:
        assert NEW_YORK.business_day(date.fromisoformat(start), n) == date.fromisoformat(expected)

    def test_a_holiday_of_the_subdivision_counts_only_where_the_subdivision_is_known(self) -> None:
        nation = EmployerClock(zone("America/New_York"), holidays=days_off("US", None))

        assert nation.business_day(date(2026, 2, 11), 1) == date(2026, 2, 12)
        assert NEW_YORK.business_day(date(2026, 2, 11), 1) == date(2026, 2, 13)

    def test_days_on_which_the_employer_is_away_do_not_count_first_and_last_included(self) -> None:
        away = EmployerClock(zone("Europe/Berlin"), holidays=days_off("DE", "BE"), absences=((date(2026, 5, 11), date(2026, 5, 15)),))

        assert away.business_day(date(2026, 5, 5), 3) == date(2026, 5, 8)
        assert away.business_day(date(2026, 5, 5), 4) == date(2026, 5, 18)
        assert away.passed(date(2026, 5, 5), 7) == local("Europe/Berlin", "2026-05-21 17:00")

    def test_a_weekend_may_lie_on_other_days(self) -> None:
        riyadh = EmployerClock(zone("Asia/Riyadh"), weekend=(4, 5))

        assert riyadh.business_day(date(2026, 3, 5), 1) == date(2026, 3, 8)

    def test_a_holiday_on_a_weekend_is_not_counted_twice(self) -> None:
        assert BERLIN.business_day(date(2026, 3, 6), 1) == date(2026, 3, 9)

    def test_an_absence_without_end_still_gives_a_date(self) -> None:
        gone = EmployerClock(zone("Europe/Berlin"), absences=((date(2026, 1, 1), date(2199, 1, 1)),))

        assert gone.passed(date(2026, 3, 2), 7) > utc("2026-03-02 00:00")


class TestPassed:
    @pytest.mark.parametrize(
        ("clock", "start", "n", "expected"),
        [
            (NEW_YORK, "2026-03-02", 4, utc("2026-03-06 22:00")),  # the last Friday of winter time
            (NEW_YORK, "2026-03-02", 5, utc("2026-03-09 21:00")),  # the Monday after the change
            (NEW_YORK, "2026-10-29", 1, utc("2026-10-30 21:00")),
            (NEW_YORK, "2026-10-30", 1, utc("2026-11-02 22:00")),
            (BERLIN, "2026-03-26", 1, utc("2026-03-27 16:00")),
            (BERLIN, "2026-03-26", 2, utc("2026-03-30 15:00")),
            (BERLIN, "2026-10-22", 1, utc("2026-10-23 15:00")),
            (BERLIN, "2026-10-23", 1, utc("2026-10-26 16:00")),
            (EmployerClock(zone("Europe/London")), "2026-03-26", 1, utc("2026-03-27 17:00")),
            (EmployerClock(zone("Europe/London")), "2026-03-27", 1, utc("2026-03-30 16:00")),
            (EmployerClock(zone("Europe/London")), "2026-10-23", 1, utc("2026-10-26 17:00")),
            (EmployerClock(zone("Australia/Lord_Howe")), "2026-04-02", 1, utc("2026-04-03 06:00")),  # +11:00
            (EmployerClock(zone("Australia/Lord_Howe")), "2026-04-03", 1, utc("2026-04-06 06:30")),  # +10:30
            (EmployerClock(zone("Australia/Lord_Howe")), "2026-10-01", 1, utc("2026-10-02 06:30")),
            (EmployerClock(zone("Australia/Lord_Howe")), "2026-10-02", 1, utc("2026-10-05 06:00")),
            (EmployerClock(zone("Asia/Kolkata")), "2026-03-02", 1, utc("2026-03-03 11:30")),
            (EmployerClock(zone("Asia/Kathmandu")), "2026-03-02", 1, utc("2026-03-03 11:15")),
            (EmployerClock(zone("Australia/Adelaide")), "2026-03-02", 1, utc("2026-03-03 06:30")),
            (EmployerClock(zone("Australia/Adelaide")), "2026-04-03", 1, utc("2026-04-06 07:30")),
            (EmployerClock(zone("Pacific/Auckland")), "2026-03-02", 1, utc("2026-03-03 04:00")),
            (EmployerClock(zone("Pacific/Apia")), "2026-03-02", 1, utc("2026-03-03 04:00")),
            (EmployerClock(zone("Pacific/Kiritimati")), "2026-03-02", 1, utc("2026-03-03 03:00")),
            (EmployerClock(zone("Pacific/Pago_Pago")), "2026-03-02", 1, utc("2026-03-04 04:00")),
        ],
    )
    def test_days_have_passed_at_17_local_time_whatever_the_clocks_did(
        self, clock: EmployerClock, start: str, n: int, expected: datetime
    ) -> None:
        assert clock.passed(date.fromisoformat(start), n) == expected

    def test_the_date_of_a_moment_is_the_employers_own(self) -> None:
        moment = utc("2026-03-02 15:00")

        assert EmployerClock(zone("Pacific/Kiritimati")).date_of(moment) == date(2026, 3, 3)
        assert EmployerClock(zone("Pacific/Pago_Pago")).date_of(moment) == date(2026, 3, 2)
        assert EmployerClock(zone("Pacific/Auckland")).date_of(moment) == date(2026, 3, 3)
        assert NEW_YORK.date_of(moment) == date(2026, 3, 2)


class TestWaking:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-03 07:59:59", "2026-03-03 08:00"),
            ("2026-03-03 08:00", "2026-03-03 08:00"),
            ("2026-03-03 12:34:56", "2026-03-03 12:34:56"),
            ("2026-03-03 20:59:59", "2026-03-03 20:59:59"),
            ("2026-03-03 21:00", "2026-03-04 08:00"),
            ("2026-03-03 23:30", "2026-03-04 08:00"),
            ("2026-03-04 00:00", "2026-03-04 08:00"),
            ("2026-03-28 22:00", "2026-03-29 08:00"),  # clocks go forward that night
            ("2026-03-29 00:30", "2026-03-29 08:00"),
            ("2026-10-24 22:00", "2026-10-25 08:00"),  # and back
            ("2026-10-25 01:30", "2026-10-25 08:00"),
        ],
    )
    def test_outside_waking_hours_the_next_start_is_meant(self, moment: str, expected: str) -> None:
        assert awake("Europe/London").waking(local("Europe/London", moment)) == local("Europe/London", expected)

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-03 07:59", "2026-03-02 20:00"),
            ("2026-03-03 00:00", "2026-03-02 20:00"),
            ("2026-03-03 08:00", "2026-03-03 08:00"),
            ("2026-03-03 20:59", "2026-03-03 20:59"),
            ("2026-03-03 21:00", "2026-03-03 20:00"),
            ("2026-03-03 23:59", "2026-03-03 20:00"),
            ("2026-03-29 06:00", "2026-03-28 20:00"),
            ("2026-03-29 22:00", "2026-03-29 20:00"),
            ("2026-10-25 06:00", "2026-10-24 20:00"),
        ],
    )
    def test_before_means_one_hour_before_the_end_of_the_latest_waking_hours(self, moment: str, expected: str) -> None:
        assert awake("Europe/London").waking_before(local("Europe/London", moment)) == local("Europe/London", expected)

    def test_the_hour_before_the_end_is_that_of_the_candidates_own_hours(self) -> None:
        clock = awake("Asia/Kolkata", "06:30", "09:45")

        assert clock.waking_before(local("Asia/Kolkata", "2026-03-03 06:00")) == local("Asia/Kolkata", "2026-03-02 08:45")
        assert clock.waking(local("Asia/Kolkata", "2026-03-03 09:45")) == local("Asia/Kolkata", "2026-03-04 06:30")

    @pytest.mark.parametrize(
        ("zone_name", "asleep", "expected"),
        [
            ("Asia/Kolkata", "2026-03-02 23:00", "2026-03-03 02:30"),
            ("Asia/Kathmandu", "2026-03-02 23:00", "2026-03-03 02:15"),
            ("Australia/Adelaide", "2026-03-02 20:00", "2026-03-02 21:30"),
            ("Pacific/Apia", "2026-03-02 12:00", "2026-03-02 19:00"),
            ("Pacific/Kiritimati", "2026-03-02 12:00", "2026-03-02 18:00"),
            ("Pacific/Auckland", "2026-03-02 12:00", "2026-03-02 19:00"),
            ("Pacific/Auckland", "2026-04-04 10:00", "2026-04-04 20:00"),  # the night of the change back: one hour more
            ("Pacific/Auckland", "2026-09-26 10:00", "2026-09-26 19:00"),  # and forward: one hour less
            ("Australia/Lord_Howe", "2026-04-04 12:00", "2026-04-04 21:30"),
            ("Australia/Lord_Howe", "2026-10-03 12:00", "2026-10-03 21:00"),
            ("America/New_York", "2026-03-08 03:00", "2026-03-08 12:00"),
            ("America/New_York", "2026-11-01 03:00", "2026-11-01 13:00"),
            ("Europe/Berlin", "2026-03-29 00:30", "2026-03-29 06:00"),
            ("Europe/Berlin", "2026-10-25 00:30", "2026-10-25 07:00"),
            ("America/St_Johns", "2026-03-02 02:00", "2026-03-02 11:30"),
        ],
    )
    def test_the_start_is_a_local_hour_in_every_zone(self, zone_name: str, asleep: str, expected: str) -> None:
        assert awake(zone_name).waking(utc(asleep)) == utc(expected)

    @pytest.mark.parametrize("zone_name", ["Europe/London", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
    def test_hours_that_start_in_a_gap_still_start_once_that_day(self, zone_name: str) -> None:
        clock = awake(zone_name, "02:15", "12:00")
        moment = utc("2026-01-01 00:00")

        while moment < utc("2027-01-01 00:00"):
            start = clock.waking(moment)
            assert start >= moment
            assert clock.waking(start) == start
            assert start.astimezone(zone(zone_name)).time() >= time(2, 15)
            moment += timedelta(hours=5)

    def test_a_date_that_the_date_line_swallowed_is_passed_over(self) -> None:
        clock = awake("Pacific/Apia")

        assert clock.waking(local("Pacific/Apia", "2011-12-29 22:00")) == local("Pacific/Apia", "2011-12-31 08:00")


class TestOffice:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-03 08:59", "2026-03-03 09:00"),
            ("2026-03-03 09:00", "2026-03-03 09:00"),
            ("2026-03-03 16:59:59", "2026-03-03 16:59:59"),
            ("2026-03-03 17:00", "2026-03-04 09:00"),
            ("2026-03-06 17:00", "2026-03-09 09:00"),  # over the weekend of the change of clocks
            ("2026-03-07 12:00", "2026-03-09 09:00"),
            ("2026-11-25 18:00", "2026-11-27 09:00"),
            ("2026-11-26 12:00", "2026-11-27 09:00"),
            ("2026-10-30 17:30", "2026-11-02 09:00"),
        ],
    )
    def test_office_is_the_first_moment_within_office_hours_of_a_business_day(self, moment: str, expected: str) -> None:
        assert NEW_YORK.office(local("America/New_York", moment)) == local("America/New_York", expected)

    def test_office_hours_are_the_employers_wherever_the_moment_was_named(self) -> None:
        assert NEW_YORK.office(local("Europe/London", "2026-03-12 08:00")) == local("America/New_York", "2026-03-12 09:00")


class TestCountries:
    @pytest.mark.parametrize(
        ("zone_name", "country"),
        [
            ("America/New_York", "US"),
            ("Europe/Berlin", "DE"),
            ("Asia/Kolkata", "IN"),
            ("Europe/Oslo", "NO"),  # a link in tzdata to Berlin, with a row of its own
            ("Europe/Stockholm", "SE"),
            ("Europe/Copenhagen", "DK"),
            ("Europe/Amsterdam", "NL"),
            ("Europe/Luxembourg", "LU"),
            ("Asia/Calcutta", "IN"),  # a link without a row: its target's
            ("US/Eastern", "US"),
            ("GB", "GB"),
            ("Asia/Saigon", "VN"),
            ("Pacific/Kiritimati", "KI"),
            ("UTC", None),
            ("Etc/GMT+5", None),
        ],
    )
    def test_a_zone_has_the_country_of_its_own_row_or_else_of_its_links_target(self, zone_name: str, country: str | None) -> None:
        assert country_of(zone_name) == country

    @pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../../etc/passwd", "europe/london", "localtime", "Europe"])
    def test_an_unknown_zone_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="zone"):
            zone(name)
