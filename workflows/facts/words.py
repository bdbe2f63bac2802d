"""The small types that facts are made of: ids, lines, texts, addresses, zones, times, intents. They refuse what cannot be one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta, timezone
from typing import Annotated, Final, Literal, TypeVar, get_args

from pydantic import AfterValidator, AwareDatetime, Field

from workflows.calendar import zone

KINDS: Final = (
    "thank-you",
    "thank-you-nudge",
    "thank-you-lapsed",
    "waiting",
    "follow-up",
    "follow-up-last-call",
    "ghosted",
    "references",
    "offer-thanks",
    "offer-review",
    "offer-decide",
    "offer-overdue",
    "offer-lapsed",
    "rejection-reply",
    "next-round",
    "close-others",
    "farewell",
)
"""The kinds of step, in the order of the guide."""

Category = Literal["thanks", "waiting", "follow-up", "offers", "next-round", "outcomes", "keep-going"]
"""What a candidate may unsubscribe from, each apart."""
CATEGORIES: Final = get_args(Category)


EARLIEST_ZONE: Final = timezone(timedelta(hours=-12))
"""Where a date ends last: before it nowhere on earth is that day any more."""
_Dated = TypeVar("_Dated", bound=date)


def _one_line(text: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text):
        raise ValueError("control characters and line breaks are not allowed here")
    return text.strip()


def _several_lines(text: str) -> str:
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        raise ValueError("control characters other than line breaks and tabs are not allowed here")
    return text


def _plausible(moment: _Dated) -> _Dated:
    if not 1970 <= moment.year <= 2200:
        raise ValueError("a date of an application lies between the years 1970 and 2200")
    return moment


def _known_zone(name: str) -> str:
    zone(name)
    return name


def _address(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,253}", text) or _one_line(text) != text:
        raise ValueError("this cannot be an e-mail address")
    return text


Id = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~-]{1,128}\z")]
FactId = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~:-]{1,256}\z")]
Line = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_one_line), Field(min_length=1)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_several_lines)]
Address = Annotated[str, Field(max_length=320), AfterValidator(_address)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
Country = Annotated[str, Field(pattern=r"\A[A-Z]{2}\z")]
Time = Annotated[AwareDatetime, AfterValidator(_plausible)]
Day = Annotated[date, AfterValidator(_plausible)]
DateOrTime = Annotated[Time | Day, Field(union_mode="left_to_right")]
Intent = Annotated[str, Field(pattern=rf"\A(?:{'|'.join(KINDS)})/[A-Za-z0-9._~-]{{1,128}}\z")]
LetterId = Annotated[str, Field(pattern=rf"\A(?:{'|'.join(KINDS)})/[A-Za-z0-9._~-]{{1,128}}(?:/[A-Za-z0-9._~-]{{1,128}})?\z")]
Speaker = Annotated[str, Field(pattern=r"\A(?:candidate|platform|process|board:[A-Za-z0-9._~-]{1,128})\z")]
