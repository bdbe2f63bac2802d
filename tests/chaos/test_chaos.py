"""The short form: a small world, one seed; and that the books would notice. The long form is `make chaos`."""

from __future__ import annotations

import itertools
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.chaos.books import Book, Letter, audit, doubled
from tests.chaos.breaks import BREAKS
from tests.chaos.course import names
from tests.chaos.faults import PROCESSES, WAYS, schedule
from tests.chaos.life import LATE, life
from tests.chaos.world import ordeal
from tests.parts import ROOT
from workflows.view import view

SEED, APPLICATIONS = 29, 4


@pytest.mark.timeout(300)
async def test_whatever_is_killed_cut_off_or_full_the_books_agree() -> None:
    verdict = await ordeal(SEED, APPLICATIONS, rest=2, most=2)
    assert verdict.discrepancies == (), f"python -m tests.chaos --seed {SEED} --count 1 --applications {APPLICATIONS}"
    assert verdict.faults > 0
    assert verdict.letters > APPLICATIONS
    assert len(verdict.astray) < APPLICATIONS


def test_a_seed_makes_the_same_world_and_the_same_faults_each_time() -> None:
    assert [vars(life(3, n)) for n in range(5)] == [vars(life(3, n)) for n in range(5)]
    first, second = (list(itertools.islice(schedule(3, WAYS, 4), 30)) for _ in range(2))
    assert first == second
    assert {fault.name for fault in itertools.islice(schedule(3, PROCESSES, 4), len(PROCESSES))} == set(PROCESSES)


def test_every_channel_every_kind_of_end_and_a_revival_are_in_a_world() -> None:
    lives = [life(1, n) for n in range(40)]
    told = [telling for one in lives for telling in one.tellings]
    assert {telling.channel for telling in told} == {"platform", "hook", "link"}
    assert any(telling.given_up for telling in told)
    assert any(telling.intercepts for telling in told)
    assert any(one.course.ended for one in lives)
    assert any(("closed", "", "") in names(one.course.noted) and not one.course.ended for one in lives), "nobody was revived"


def test_a_script_comes_to_the_same_however_late_the_process_is() -> None:
    """Told anew to a process that is late by any time up to what the script was made for."""
    for number in range(12):
        one = life(5, number)
        late = one.played(LATE / 3)
        late.to(one.until + LATE)
        assert names(late.noted) == names(one.course.noted), one.id


# -- whether the books would notice --


def agreeing(number: int = 4) -> tuple[Book, list[Letter]]:
    """A life as it must go, as its view and its mail would show it."""
    one = life(1, number)
    app, course = one.course.app, one.course
    letters = [Letter(one.id, noted.name[1], f"<{n}>", noted.when) for n, noted in enumerate(course.noted) if noted.mail]
    said = {telling.name: telling.name for telling in one.tellings}
    return Book(one, acknowledged=said, slack=timedelta(minutes=1), view=view(app), over=course.ended), letters


def found(book: Book, letters: list[Letter]) -> str:
    return "\n".join(map(str, (*audit(book, letters), *doubled(letters))))


def without(book: Book, kind: str, **fields: Any) -> Book:
    """The same with the first fact of that kind gone."""
    shown = deepcopy(book.view)
    place = next(n for n, f in enumerate(shown["facts"]) if f["type"] == kind and fields.items() <= f.items())
    del shown["facts"][place]
    return replace(book, view=shown)


def test_books_that_agree_are_found_to() -> None:
    for number in range(12):
        book, letters = agreeing(number)
        assert found(book, letters) == "", number


def test_a_lost_fact_is_found() -> None:
    book, letters = agreeing()
    lost = book.life.tellings[0]
    assert f"{lost.name} is there 0 times" in found(without(book, lost.said["type"], id=lost.name), letters)


def test_a_doubled_fact_is_found() -> None:
    book, letters = agreeing()
    book.view["facts"].append(next(f for f in book.view["facts"] if f["id"] == book.life.tellings[0].name))
    assert "is there 2 times" in found(book, letters)


def test_a_prompt_that_was_forgotten_or_made_twice_is_found() -> None:
    book, letters = agreeing()
    assert "are missing" in found(without(book, "prompted"), letters)
    book.view["facts"].append(next(f for f in book.view["facts"] if f["type"] == "prompted"))
    assert "too often" in found(book, letters)


def test_a_late_prompt_is_found() -> None:
    book, letters = agreeing()
    prompt = next(f for f in book.view["facts"] if f["type"] == "prompted")
    prompt["at"] = (datetime.fromisoformat(prompt["at"]) + timedelta(minutes=2)).isoformat()
    assert "and noted at" in found(book, letters)


def test_a_letter_that_is_missing_doubled_or_too_early_is_found() -> None:
    book, letters = agreeing()
    assert "sent 0 times" in found(book, [letter for letter in letters if letter.intent != letters[0].intent])
    assert "as one and the same message" in found(book, [*letters, letters[0]])
    early = replace(letters[0], at=(letters[0].at or datetime.now(UTC)) - timedelta(hours=1))
    assert "and sent at" in found(book, [early, *letters[1:]])


def test_a_letter_of_unknown_fate_may_have_left_or_not() -> None:
    book, letters = agreeing()
    intent = letters[0].intent
    next(f for f in book.view["facts"] if f["type"] == "prompted" and f["intent"] == intent)["uncertain"] = True
    counted = Counter(letter.intent for letter in letters)
    assert counted[intent] == 1
    assert found(book, letters) == ""
    assert found(book, letters[1:]) == ""
    assert found(book, [replace(letters[0], message_id="<again>"), *letters])


def test_a_run_that_should_have_ended_is_found() -> None:
    book, letters = agreeing()
    assert "its run" in found(replace(book, over=not book.over), letters)


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_still_there(name: str) -> None:
    """A bug whose text is gone, or stands twice, breaks nothing or something else: it is to be written anew."""
    for edit in BREAKS[name]:
        assert ((ROOT / edit.file).read_text().count(edit.text), edit.file) == (1, edit.file)
        assert edit.instead != edit.text
