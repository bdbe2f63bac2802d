"""The reason for a date: one sentence, said in English by the core and in the candidate's language in a letter."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

import pytest

from activities.letters import render
from activities.letters.languages import words
from activities.letters.reasons import in_words
from tests.activities.samples import WHY
from tests.activities.samples import notice as sample
from tests.activities.test_from_the_guide import STORIES
from tests.activities.test_languages import ENGLISH, other_language
from tests.core.test_guide_why import worked
from tests.core.worked_dates import ROWS
from workflows.application import Application
from workflows.facts import Opened
from workflows.guide import agenda, every_step
from workflows.names import Notice
from workflows.notice import notice
from workflows.sentences import Clock, Day, Listed, Moment, Place, say, say_number

APPLICATIONS: Final = {**STORIES, **{f"row {row.name}": worked(row.name) for row in ROWS}}
TEN: Final = datetime.fromisoformat("2026-03-12T10:00:00+00:00")


def speaking(app: Application, language: str) -> Application:
    """The same application of a candidate who reads that language."""
    opening = next(fact for fact in app.facts if isinstance(fact, Opened))
    other = opening.model_copy(update={"candidate": opening.candidate.model_copy(update={"language": language})})
    return Application(id=app.id).apply(*(other if fact is opening else fact for fact in app.facts))


@pytest.mark.parametrize("story", APPLICATIONS)
def test_what_the_core_says_is_the_sentence_in_english(story: str) -> None:
    for step in every_step(APPLICATIONS[story].story):
        assert step.why == str(step.reason)


@pytest.mark.parametrize("story", APPLICATIONS)
def test_an_english_notice_has_no_sentence_to_carry(story: str) -> None:
    """What is stored of it is what was stored before there were other languages."""
    for language in ("en", "en-US"):
        app = speaking(APPLICATIONS[story], language)
        notices = [notice(app, step) for step in agenda(app) if step.message]
        assert all(of.reason is None and '"reason"' not in of.model_dump_json(exclude_unset=True) for of in notices)


@other_language
@pytest.mark.parametrize("story", APPLICATIONS)
def test_a_reason_is_told_in_the_candidates_language(story: str, language: str) -> None:
    """Nothing of it is left in English, and none of its dates, places and numbers gets lost on the way through storage."""
    app = speaking(APPLICATIONS[story], language)
    for step in agenda(app):
        if not step.message:
            continue
        of = Notice.model_validate_json(notice(app, step).model_dump_json(exclude_unset=True))
        assert of.reason == step.reason
        said = render(of).text.rstrip().rpartition("\n\n")[2]
        assert ENGLISH.findall(re.sub(r"Thanksgiving Day|New York", "", said)) == []
        assert said.rstrip(".").endswith("industry 1")
        assert numbers(said) == numbers(step.why)


def numbers(said: str) -> list[int]:
    """Of days, dates and times, in any order."""
    return sorted(map(int, re.findall(r"\d+", said)))


READ_WELL: Final = {
    "de": (
        "Do., 12. März, 08:00 Uhr (London): 7 Arbeitstage nach dem Mo., 2. März (New York) sind am Mi., 11. März, 17:00 Uhr dort"
        " vergangen; Ihre Wachzeit beginnt um 08:00. Regelwerk industry 1."
    ),
    "fr": (
        "jeu. 12 mars à 08:00 (Londres) : 7 jours ouvrés après le lun. 2 mars (New York) sont écoulés le mer. 11 mars à 17:00 là-bas ;"
        " vos heures d\u2019éveil commencent à 08:00. Règles industry 1."
    ),
    "es": (
        "jue 12 mar, 8:00 (Londres): 7 días hábiles después del lun 2 mar (Nueva York) se cumplen el mié 11 mar, 17:00 allí;"
        " sus horas de vigilia empiezan a las 8:00. Reglas industry 1."
    ),
}


@pytest.mark.parametrize(("language", "said"), READ_WELL.items())
def test_the_reason_of_the_guides_own_example_reads_well(language: str, said: str) -> None:
    step = next(step for step in agenda(worked("A")) if step.kind == "follow-up")
    assert in_words(step.reason, words(language)).replace("\u00a0", " ") == said


def test_values_are_written_as_the_language_writes_them() -> None:
    """Names stay as they are; a number chooses its form; a list is parted by commas."""
    days = Listed((say("{day} ({reason})", day=Day(date(2026, 4, 3)), reason="Karfreitag {x}"), say("away")))
    rule = say_number("{n} business day after {start} has passed on {end}", "", 1, start="x", end="y")
    sentence = say("{rule}, not counting {days}", rule=rule, days=days)
    assert in_words(sentence, words("de")).endswith("nicht mitgezählt Fr., 3. Apr. (Karfreitag {x}), abwesend")
    assert in_words(Place("Europe/London"), words("es")) == "Londres"
    assert in_words(Clock(time(21)), words("en-US")) == "9:00 PM"
    assert in_words(Moment(TEN, "Europe/Berlin", named=True), words("de")) == "Do., 12. März, 11:00 Uhr (Berlin)"
    assert str(Moment(TEN, "Europe/Berlin", named=True)) == "Thu 12 Mar 11:00 Berlin"


@pytest.mark.parametrize("language", ["it", "en-GB"])
def test_where_english_is_read_the_cores_own_words_are_told(language: str) -> None:
    """Also where we do not speak the candidate's language, whose notice has a sentence to carry."""
    of = sample("follow-up/1", language=language, reason=say("the offer came"))
    assert render(of).text.endswith(f"Why now: {WHY}\n")


def test_a_notice_from_before_there_were_sentences_tells_its_reason_in_english() -> None:
    assert render(sample("follow-up/1", language="de")).text.endswith(f"Warum jetzt: {WHY}\n")
