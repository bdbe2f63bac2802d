"""The languages: which there are, and the short texts of each, from one catalogue per language beside this file.

English stands in the code and in the templates; `<language>.po` says the same in another language. A whole message or letter is no short
text but a file of `templates/<language>/`. Nothing here knows of applications, and nothing is written: catalogues are edited by people.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH: Final = "en"
_CATALOGUES: Final = files(__name__)
_TAG: Final = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")

_SOUNDS_AS_I: Final = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""In Spanish, `y` before such a name becomes `e`."""


@cache
def languages() -> tuple[str, ...]:
    """Those that we speak, English first: there is a catalogue for each other."""
    return (ENGLISH, *sorted(file.name.removesuffix(".po") for file in _CATALOGUES.iterdir() if file.name.endswith(".po")))


@cache
def language_of(said: str) -> str:
    """The one of our languages that a tag such as `de-AT` is best served in; English where we do not speak it."""
    tag = _TAG.fullmatch(said)
    return tag[1].lower() if tag and tag[1].lower() in languages() else ENGLISH


@dataclass(frozen=True)
class Words:
    """What one reader's language needs beside the templates: short texts, lists, and the locale that dates are written by."""

    language: str
    """One of `languages()`."""
    locale: Locale
    """The reader's own where it is known, such as that of `de-AT`; plain English is that of Great Britain."""
    texts: NullTranslations

    def gettext(self, text: str, /, **values: object) -> str:
        """The text in this language, with `{name}` filled in. KeyError for a name that the text has and the values lack."""
        said = self.texts.gettext(text)
        return said.format(**values) if values else said

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The same for a number, which may be shown as `{n}`."""
        return self.texts.ngettext(one, many, n).format(n=n, **values)

    def listed(self, names: Iterable[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        each = list(names)
        said = format_list(each, locale=self.locale)
        if self.language == "es" and len(each) > 1 and _SOUNDS_AS_I.match(each[-1]):
            return f"{said.removesuffix(f' y {each[-1]}')} e {each[-1]}"
        return said

    @property
    def own_name(self) -> str:
        """What the language calls itself, as in a list to choose from: `Deutsch`."""
        name = Locale(self.language).get_display_name() or self.language
        return name[:1].upper() + name[1:]


@cache
def words(said: str) -> Words:
    """The words for a language tag as a candidate states it; English for one that we do not speak."""
    language = language_of(said)
    return Words(language, _locale(said, language), _texts(language))


def _locale(said: str, language: str) -> Locale:
    try:
        found = Locale.parse(said, sep="-")
    except (UnknownLocaleError, ValueError):
        found = None
    if language == ENGLISH and (found is None or found.language != ENGLISH or not found.territory):
        return Locale("en", "GB")
    return found if found and found.language == language else Locale(language)


@cache
def _texts(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    compiled = io.BytesIO()
    with _CATALOGUES.joinpath(f"{language}.po").open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
