"""Every language says all that English says: the files, what stands in them, and the short texts."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, TemplateNotFound, nodes

from activities.letters import drafts
from activities.letters.languages import language_of, languages, words
from activities.letters.pages import environment
from tests.activities.extraction import ROOT, Text, texts
from tests.activities.samples import notice

TEMPLATES: Final = ROOT / "activities/letters/templates"
OTHERS: Final = tuple(language for language in languages() if language != "en")
ENGLISH: Final = re.compile(
    r"\b(?:the|you|your|yours|they|their|with|have|has|and|this|that|which|would|from|not|is|are|been)\b", re.IGNORECASE
)
"""Words that no other of our languages has."""

other_language = pytest.mark.parametrize("language", OTHERS)


def test_four_languages_are_spoken() -> None:
    """English first, and each knows what it calls itself."""
    assert {language: words(language).own_name for language in languages()} == {
        "en": "English",
        "de": "Deutsch",
        "es": "Español",
        "fr": "Français",
    }


@pytest.mark.parametrize(
    ("said", "spoken", "locale"),
    [
        ("de-AT", "de", "de_AT"),
        ("DE", "de", "de"),
        ("fr-CA", "fr", "fr_CA"),
        ("es-419", "es", "es_419"),
        ("en", "en", "en_GB"),
        ("en-US", "en", "en_US"),
        ("de-1996", "de", "de"),
        ("it", "en", "en_GB"),
        ("is-IS", "en", "en_GB"),
        ("zh-Hant-TW", "en", "en_GB"),
        ("../de", "en", "en_GB"),
        ("", "en", "en_GB"),
    ],
)
def test_a_tag_is_served_in_its_language_by_its_own_locale_else_in_english(said: str, spoken: str, locale: str) -> None:
    """What is no tag is no path either."""
    assert (language_of(said), str(words(said).locale)) == (spoken, locale)


# -- files -----------------------------------------------------------------------------------------------------------------------------


def files_of(language: str) -> dict[str, str]:
    folder = TEMPLATES / language
    return {str(file.relative_to(folder)): file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.txt"))}


@other_language
def test_a_language_has_every_file_and_no_other(language: str) -> None:
    """And there is no folder of a language without a catalogue."""
    assert list(files_of(language)) == list(files_of("en"))
    assert {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()} == set(languages())


def anatomy(source: str) -> dict[str, Any]:
    """What a file asks for and how it is built, apart from its words."""
    tree = Environment(autoescape=True).parse(source)
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]
    return {
        "names": {name.name for name in tree.find_all(nodes.Name)},
        "parts of them": {(repr(get.node), get.attr) for get in tree.find_all(nodes.Getattr)},
        "conditions": {repr(choice.test) for choice in tree.find_all(nodes.If)},
        "loops": [repr((loop.target, loop.iter)) for loop in tree.find_all(nodes.For)],
        "includes": sorted(re.sub(r"^[^'\"]*['\"]\w+/", "", repr(include.template)) for include in tree.find_all(nodes.Include)),
        "blanks": sum(call.node.name == "blank" for call in calls if isinstance(call.node, nodes.Name)),
        "phrasings": [len(call.args) for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "vary"],
        "inserts": re.findall(r"^\{\{ (letters|feedback|notices) \}\}$", source, re.MULTILINE),
        "headings": len(re.findall(r"^# ", source, re.MULTILINE)),
        "items": len(re.findall(r"^- ", source, re.MULTILINE)),
        "subject": source.startswith("Subject:"),
    }


@other_language
@pytest.mark.parametrize("file", files_of("en"))
def test_a_file_is_built_as_the_english_one_is(language: str, file: str) -> None:
    """The same names, conditions, parts, blanks, phrasings, headings and list items."""
    assert anatomy(files_of(language)[file]) == anatomy(files_of("en")[file])


@other_language
def test_what_a_file_includes_is_its_own_languages(language: str) -> None:
    included = {name for source in files_of(language).values() for name in re.findall(r'\{% include "(\w+)/', source)}
    assert included == {language}


def test_a_file_that_a_language_lacks_is_the_english_one() -> None:
    """Each by itself; what English lacks too is an error."""
    spoken = environment().get_template("it/parts/regards.txt").render(me="Ada")
    assert spoken.startswith("Kind regards,")
    for name in ("it/parts/none.txt", "it/../en/parts/regards.txt"):
        with pytest.raises(TemplateNotFound):
            environment().get_template(name)


# -- short texts -----------------------------------------------------------------------------------------------------------------------


def catalogue(language: str) -> Catalog:
    with (ROOT / f"activities/letters/languages/{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(language: str) -> dict[Text, tuple[str, ...]]:
    found: dict[Text, tuple[str, ...]] = {}
    for message in catalogue(language):
        if message.id:
            key = (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found


@other_language
def test_a_catalogue_has_every_text_that_is_said_and_no_other(language: str) -> None:
    """Named with where it is said."""
    said, there = texts(), entries(language)
    assert {text: said[text] for text in said if text not in there} == {}
    assert set(there) - set(said) == set()


def test_the_texts_are_found_where_they_are_said() -> None:
    """Else nothing would be compared: in code, in templates, in the reasons, in the names of what is to be done."""
    assert {
        ("Why now:", None),
        ("Open in your mail program", None),
        ("{first}; {then}", None),
        ("Brief your references", None),
        ("{n} business day after {start} has passed on {end}", "{n} business days after {start} have passed on {end}"),
    } <= set(texts())


@other_language
def test_a_text_is_said_with_the_same_names_in_it(language: str) -> None:
    """Each once at least; a plural has both its forms; nothing is empty, or marked as doubtful."""
    for (one, many), translations in entries(language).items():
        assert all(text.strip() for text in translations), one
        assert len(translations) == (2 if many else 1), one
        assert all(set(re.findall(r"\{\w*\}", text)) == set(re.findall(r"\{\w*\}", one)) for text in translations), one
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@other_language
def test_a_text_is_not_left_in_english(language: str) -> None:
    patterns = ("EEE", "{")
    assert [one for (one, _), said in entries(language).items() if one == said[0] and not one.startswith(patterns)] == []
    assert [said for said in entries(language).values() if ENGLISH.search(re.sub(r"\{\w*\}", "", said[0]))] == []


def test_a_number_has_its_form() -> None:
    one, many = "{n} business day after {start} has passed on {end}", "{n} business days after {start} have passed on {end}"
    said = [words("de").ngettext(one, many, n, start="dem Montag", end="Dienstag") for n in (1, 2)]
    assert said == ["1 Arbeitstag nach dem Montag ist am Dienstag vergangen", "2 Arbeitstage nach dem Montag sind am Dienstag vergangen"]


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("en", ("a",), "a"),
        ("en", ("a", "b", "c"), "a, b and c"),
        ("en-US", ("a", "b", "c"), "a, b, and c"),
        ("de", ("a", "b"), "a und b"),
        ("fr", ("a", "b", "c"), "a, b et c"),
        ("es", ("Ana", "Berta"), "Ana y Berta"),
        ("es", ("Ana", "Irene"), "Ana e Irene"),
        ("es", ("Ana y", "b", "Hilda"), "Ana y, b e Hilda"),
        ("es", ("agua", "hielo"), "agua y hielo"),
        ("es", ("Ana y Irene",), "Ana y Irene"),
        ("de", (), ""),
    ],
)
def test_names_are_listed_as_the_language_does(language: str, names: tuple[str, ...], said: str) -> None:
    assert words(language).listed(names) == said


def test_french_keeps_its_punctuation_on_the_line() -> None:
    """Colons, semicolons, question, exclamation and quotation marks stay beside their word, in the texts and on the way into a letter."""
    loose = re.compile(r"\S [;:?!»]|« \S")
    assert [name for name, source in files_of("fr").items() if loose.search(source)] == []
    assert [said for said in entries("fr").values() if loose.search("".join(said))] == []
    (draft,) = drafts(notice("follow-up/1", language="fr"))
    assert "« Staff Engineer »" in draft.body.replace("\u00a0", " ")
    assert "« Staff Engineer »" not in draft.body
