"""Interviewers compare notes: letters to several people differ by more than their names, and where they cannot, they say so."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.letters import MOST_ALIKE, Draft, alike, drafts, render
from tests.activities.samples import GRACE, notice
from workflows.names import Addressee, Notice

TWELVE = ("Grace", "Alan", "Katherine", "Hedy", "Annie", "Mary", "Dorothy", "Jean", "Betty", "Frances", "Radia", "Sophie")
NOTED = (
    "how the tables are checked before they are printed",
    "We spoke of the move to steam by next spring.",
    "the culture of open doors",
    "why the second engine was never built",
)


def people(number: int, *points: str | None) -> tuple[Addressee, ...]:
    """So many interviewers, with these points by turns."""
    said = points or (None,)
    return tuple(
        GRACE.model_copy(update={"interviewer": f"p{n}", "name": f"{TWELVE[n % 12]} {n}", "point": said[n % len(said)], "place": n})
        for n in range(number)
    )


def likeness(of: Notice, one: Draft, other: Draft) -> float:
    names = (of.position, of.employer, *of.skills, *(person.name or "" for person in of.people))
    return alike(one.body, (other.body,), but=names)


def sentences(draft: Draft) -> set[str]:
    """The letter's own words between greeting and signature, names and what is particular to a person taken out."""
    middle = "\n\n".join(draft.body.split("\n\n")[1:-2])
    return set(re.split(r"(?<=[.:]) |\n\n", re.sub(r"\[[^\]]*\]\.?", "", middle))) - {""}


@given(
    application=st.from_regex(r"[A-Za-z0-9._~-]{1,20}", fullmatch=True),
    number=st.integers(2, 12),
    points=st.lists(st.none() | st.sampled_from(NOTED) | st.text(st.characters(codec="utf-8"), max_size=200), max_size=12),
    skills=st.lists(st.sampled_from(("numerical tables", "steam engines", "leadership", "Python")), unique=True),
)
def test_no_two_letters_are_alike_beyond_the_threshold_unless_they_say_so(
    application: str, number: int, points: list[str | None], skills: list[str]
) -> None:
    """Up to twelve interviewers, with points, without, or with the same for several."""
    of = notice("thank-you/i1", application=application, people=people(number, *points), skills=tuple(skills))
    written = drafts(of)
    for earlier, later in combinations(written, 2):
        assert likeness(of, earlier, later) <= MOST_ALIKE or later.resembles is not None
    earlier_ids = [draft.id for draft in written]
    assert all(d.resembles is None or d.resembles in earlier_ids[:n] for n, d in enumerate(written))


@pytest.mark.parametrize("points", [(), NOTED, ("the move to steam",)], ids=("none", "some", "one for all"))
@pytest.mark.parametrize("skills", [(), ("numerical tables",)], ids=("unknown", "known"))
@pytest.mark.parametrize("application", [f"app-{n}" for n in range(25)])
def test_twelve_letters_need_no_such_word(points: tuple[str, ...], skills: tuple[str, ...], application: str) -> None:
    """Our own phrasings go round, even for a short point that is the same for all."""
    of = notice("thank-you/i1", application=application, people=people(12, *points), skills=skills)
    written = drafts(of)
    assert [draft.id for draft in written if draft.resembles] == []
    assert max(likeness(of, one, other) for one, other in combinations(written, 2)) <= MOST_ALIKE


def test_a_long_point_noted_for_two_people_is_pointed_out() -> None:
    """The later letter names the earlier one, and the message says what to do."""
    point = (
        "how the tables are checked twice, by two people who never meet, before they are printed, bound and sent to the observatories,"
        " year after year"
    )
    of = notice("thank-you/i1", people=people(2, point))
    first, second = drafts(of)
    assert (first.resembles, second.resembles) == (None, first.id)
    message = render(of)
    assert message.text.count("This says nearly the same as another letter above") == 1
    assert message.html.count("This says nearly the same as another letter above") == 1


def test_five_letters_have_no_sentence_in_common_and_twenty_five_at_most_one() -> None:
    """The phrasings are dealt so, whoever the people are."""
    written = drafts(notice("thank-you/i1", people=people(25), skills=()))
    assert all(not sentences(one) & sentences(other) for one, other in combinations(written[:5], 2))
    # "Thank you for our conversation … I enjoyed it." are two sentences of one phrasing
    assert all(len(sentences(one) & sentences(other)) <= 2 for one, other in combinations(written, 2))
    assert len({draft.body.partition(",")[2] for draft in written}) == 25


def test_a_letter_keeps_its_words_when_others_are_thanked() -> None:
    """Whose words are whose depends on the person's place, not on who is left."""
    everyone = people(4)
    (alone,) = drafts(notice("thank-you/i1", people=everyone[2:3]))
    assert alone == drafts(notice("thank-you/i1", people=everyone))[2]


def test_notices_without_places_have_letters_that_differ_as_well() -> None:
    """Those from before people had places."""
    unplaced = tuple(person.model_copy(update={"place": 0}) for person in people(3))
    assert [d.body for d in drafts(notice("thank-you/i1", people=unplaced))] == [
        d.body for d in drafts(notice("thank-you/i1", people=people(3)))
    ]


def test_who_interviews_several_candidates_reads_different_letters() -> None:
    """Where the phrasings begin is the application's."""
    first = {drafts(notice("thank-you/i1", application=f"app-{n}", people=people(1)))[0].body for n in range(60)}
    assert len(first) > 15


def test_greeting_closing_names_and_blanks_do_not_count() -> None:
    """Only what is said between them does."""
    one = "Dear Grace Hopper,\n\nI liked our talk about steam very much.\n\nKind regards,\n\nAda Byron"
    other = (
        "Would you pass this on? Thank you.\n\nDear Jean,\n\n[a point] The tables that you print are the best.\n\nKind regards,\n\nAda B."
    )
    assert alike(one, (one.replace("Grace Hopper", "Jean").replace("Ada", "Augusta"),)) == 1
    assert alike(one, (other,)) == 0
    assert alike(one, (one.replace("steam", "a very long position name"),), but=("steam", "a very long position name")) == 1
    assert alike(one, (other, one)) == 1
    assert alike(one, ()) == 0


@pytest.mark.parametrize(("greeting", "closing"), [("Guten Tag Grace Hopper,", "Freundliche Grüße"), ("Estimada Grace:", "Atentamente,")])
def test_greetings_and_closings_of_other_languages_are_known_by_their_form(greeting: str, closing: str) -> None:
    """A line that is no sentence, at the beginning or the end."""
    body = "I liked our talk about steam very much."
    assert alike(f"{greeting}\n\n{body}\n\n{closing}\n\nAda Byron", (body,)) == 1


@pytest.mark.parametrize(("point", "shown"), [("The move to STEAM.", "steam engines"), ("the dog", "numerical tables and steam engines")])
def test_a_letter_names_the_skills_that_its_point_speaks_of(point: str, shown: str) -> None:
    """Else the first two; one letter is no list."""
    of = notice("thank-you/i1", people=people(1, point), skills=("numerical tables", "steam engines", "weaving"))
    body = drafts(of)[0].body
    assert shown in body
    assert "weaving" not in body
