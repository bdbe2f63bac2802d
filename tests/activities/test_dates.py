"""Dates, times and places as the reader's language and country write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from activities.letters.dates import Dates, place, written_time
from activities.letters.languages import words
from tests.activities.samples import DUE, notice
from workflows.calendar import zone

LATE = datetime(2026, 3, 13, 2, tzinfo=UTC)
"""Friday in London, Thursday in New York."""


def dates(language: str, own: str = "Europe/London", theirs: str = "America/New_York") -> Dates:
    return Dates.of(notice("waiting/1", language=language, timezone=own, employer_timezone=theirs))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Thu 12 March, 08:00 (London; 04:00 in New York)"),
        ("en-GB", "Thu 12 March, 08:00 (London; 04:00 in New York)"),
        ("en-US", "Thu, March 12, 8:00 AM (London; 4:00 AM in New York)"),
        ("en-AU", "Thu 12 March, 8:00 am (London; 4:00 am in New York)"),
        ("de", "Donnerstag, 12. März, 08:00 Uhr (London; 04:00 Uhr in New York)"),
        ("fr", "jeudi 12 mars à 08:00 (Londres ; New York : 04:00)"),
        ("fr-CA", "jeudi 12 mars à 08 h 00 (Londres ; New York : 04 h 00)"),
        ("es", "jueves 12 de marzo, 8:00 (Londres; 4:00 en Nueva York)"),
        ("es-MX", "jueves 12 de marzo, 8:00 a.m. (Londres; 4:00 a.m. en Nueva York)"),
        ("it", "Thu 12 March, 08:00 (London; 04:00 in New York)"),
    ],
)
def test_a_moment_for_the_candidate_is_on_both_clocks(language: str, said: str) -> None:
    """The order of day and month, 12 or 24 hours, and the names of places are those of the reader's country."""
    assert dates(language).when(DUE).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Thursday 12 March, 04:00 New York time (08:00 in London)"),
        ("en-US", "Thursday, March 12, 4:00 AM New York time (8:00 AM in London)"),
        ("de", "Donnerstag, 12. März, 04:00 Uhr Ortszeit New York (08:00 Uhr in London)"),
        ("fr", "jeudi 12 mars à 04:00, heure locale (New York ; Londres : 08:00)"),
        ("es", "jueves 12 de marzo, 4:00, hora de Nueva York (8:00 en Londres)"),
    ],
)
def test_a_moment_in_a_letter_is_on_the_employers_clock_first(language: str, said: str) -> None:
    assert dates(language).letter_time(DUE).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Thursday 12 March, 22:00 New York time (Fri 13 March, 02:00 in London)"),
        ("de", "Donnerstag, 12. März, 22:00 Uhr Ortszeit New York (Freitag, 13. März, 02:00 Uhr in London)"),
    ],
)
def test_the_other_date_is_named_where_it_is_another(language: str, said: str) -> None:
    assert dates(language).letter_time(LATE) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Mon 4 January 2027"),
        ("en-US", "Mon, January 4, 2027"),
        ("de", "Montag, 4. Januar 2027"),
        ("de-AT", "Montag, 4. Jänner 2027"),
        ("fr", "lundi 4 janvier 2027"),
        ("es", "lunes 4 de enero de 2027"),
    ],
)
def test_another_year_is_named(language: str, said: str) -> None:
    assert dates(language).day(datetime(2027, 1, 4, tzinfo=UTC)) == said


def test_the_first_of_a_month_has_its_ending_in_french() -> None:
    """And only the first."""
    assert [dates("fr").day(datetime(2026, 11, n, tzinfo=UTC)) for n in (1, 11)] == ["dimanche 1er novembre", "mercredi 11 novembre"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_one_clock_is_named_where_both_agree(language: str) -> None:
    said = dates(language, "Europe/Berlin", "Europe/Paris").when(DUE)
    assert "Berl" in said
    assert "Par" not in said


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("Europe/London", ("London", "London", "Londres", "Londres")),
        ("Africa/Cairo", ("Cairo", "Kairo", "Le Caire", "El Cairo")),
        ("America/Argentina/Buenos_Aires", ("Buenos Aires",) * 4),
        ("America/New_York", ("New York", "New York", "New York", "Nueva York")),
        ("UTC", ("UTC",) * 4),
        ("Etc/GMT+3", ("GMT+3",) * 4),
    ],
)
def test_a_zone_is_a_place_as_the_language_calls_it(where: str, named: tuple[str, ...]) -> None:
    """Where it has no name in that language, the zone's own."""
    assert tuple(place(zone(where), words(language)) for language in ("en", "de", "fr", "es")) == named


def test_a_time_is_one_line_of_plain_blanks() -> None:
    """The narrow blank before AM would be a question mark in some mail programs."""
    assert written_time(DUE, words("en-US")) == "8:00 AM"
