"""Public holidays by hand, so that no test here depends on a library's opinion. Only countries and years that the tests use."""

from __future__ import annotations

from datetime import date
from typing import Final

_TABLES: Final[dict[tuple[str, str | None], str]] = {
    ("US", None): """
        2026-01-01 New Year's Day; 2026-01-19 Martin Luther King Jr. Day; 2026-02-16 Washington's Birthday; 2026-05-25 Memorial Day
        2026-06-19 Juneteenth; 2026-07-03 Independence Day (observed); 2026-07-04 Independence Day; 2026-09-07 Labor Day
        2026-10-12 Columbus Day; 2026-11-11 Veterans Day; 2026-11-26 Thanksgiving Day; 2026-12-25 Christmas Day
        2027-01-01 New Year's Day; 2027-01-18 Martin Luther King Jr. Day; 2027-02-15 Washington's Birthday; 2027-05-31 Memorial Day
        """,
    ("US", "NY"): "2026-02-12 Lincoln's Birthday; 2026-11-03 Election Day",
    ("DE", None): """
        2026-01-01 Neujahr; 2026-04-03 Karfreitag; 2026-04-06 Ostermontag; 2026-05-01 Erster Mai; 2026-05-14 Christi Himmelfahrt
        2026-05-25 Pfingstmontag; 2026-10-03 Tag der Deutschen Einheit; 2026-12-25 Erster Weihnachtstag; 2026-12-26 Zweiter Weihnachtstag
        """,
    ("DE", "BE"): "2026-03-08 Internationaler Frauentag",
    ("GB", "ENG"): """
        2026-01-01 New Year's Day; 2026-04-03 Good Friday; 2026-04-06 Easter Monday; 2026-05-04 May Day; 2026-05-25 Spring Bank Holiday
        2026-08-31 Late Summer Bank Holiday; 2026-12-25 Christmas Day; 2026-12-28 Boxing Day (observed)
        """,
    ("IN", None): "2026-01-26 Republic Day; 2026-08-15 Independence Day; 2026-10-02 Gandhi Jayanti",
}


def days_off(country: str | None, subdivision: str | None) -> dict[date, str]:
    """The days that do not count: the nation's, and the subdivision's where it is known."""
    rows = [row for key in ((country, None), (country, subdivision)) if key[0] for row in _TABLES.get((key[0], key[1]), "").splitlines()]
    named = [entry.strip().split(" ", 1) for row in rows for entry in row.split(";") if entry.strip()]
    return {date.fromisoformat(day): name for day, name in named}
