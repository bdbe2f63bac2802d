"""Which days do not count in a country: its weekend and its public holidays, as the `holidays` library knows them.

A pure look-up without network or Temporal, remembered for the life of the process. Whoever asks pins the answer as a fact, so that a newer
library never moves the dates of an open application.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Final

import holidays

from workflows.facts import Calendar

LIBRARY: Final = f"holidays {version('holidays')}"
_SATURDAY_AND_SUNDAY: Final = (5, 6)


@lru_cache(maxsize=1024)
def calendar_days(country: str | None, subdivision: str | None, first: date, last: date) -> Calendar:
    """The weekend and the holidays (observed days included) from `first` to `last`, both included, in the employer's country.

    A country that the library does not know has Saturday and Sunday and no holidays; `country` stays what was asked. A subdivision that it
    does not know, or none, means nation-wide holidays only: then the answer's `subdivision` is None. Names are English where the library
    has them. Asking again costs microseconds.
    """
    if country is None or country not in _countries():
        return Calendar(country=country, weekend=_SATURDAY_AND_SUNDAY, first=first, last=last, library=LIBRARY)
    part = _subdivision(country, subdivision)
    days = {day: name for year in range(first.year, last.year + 1) for day, name in _of_year(country, part, year) if first <= day <= last}
    weekend = _weekend(country, last)
    return Calendar(country=country, subdivision=part, weekend=weekend, holidays=days, first=first, last=last, library=LIBRARY)


@cache
def _countries() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=True)


@cache
def _language(country: str) -> str | None:
    """English as the country itself writes it, else British, else any; None where the library has no English."""
    known = [code for code in holidays.list_localized_countries(include_aliases=True).get(country, ()) if code.startswith("en")]
    ranked = [code for wanted in (f"en_{country}", "en_GB", "en_US") for code in known if code == wanted]
    return next(iter(ranked or known), None)


@cache
def _subdivision(country: str, said: str | None) -> str | None:
    """The library's code for a subdivision said as `NY`, `ny` or `US-NY`; None if it knows none such."""
    code = (said or "").upper().removeprefix(f"{country}-")
    return next((known for known in _countries()[country] if known.upper() == code), None)


@cache
def _of_year(country: str, subdivision: str | None, year: int) -> tuple[tuple[date, str], ...]:
    found = holidays.country_holidays(country, subdiv=subdivision, years=year, observed=True, expand=False, language=_language(country))
    return tuple(sorted(found.items()))


@cache
def _weekend(country: str, day: date) -> tuple[int, ...]:
    """The weekdays (Monday is 0) that are the weekend in the week up to a date: some countries moved theirs."""
    found = holidays.country_holidays(country, years=day.year, expand=False)
    week = (day - timedelta(days=n) for n in range(7))
    return tuple(sorted(d.weekday() for d in week if found.is_weekend(d)))
