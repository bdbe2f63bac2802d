"""Names written from right to left, and emoji, amid words written from left to right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from activities.letters import render
from activities.letters.direction import html_text
from tests.activities.samples import GRACE, notice
from workflows.facts import Contact

HEBREW, ARABIC = "חברה 7", "شركة النور (2)"


@pytest.mark.parametrize(
    ("text", "names", "html"),
    [
        ("Dear Grace & co.", (), "Dear Grace &amp; co."),
        (f"At {HEBREW}, 12 March", (HEBREW,), "At <bdi>חברה 7</bdi>, 12 March"),
        (f"{ARABIC} (London)", (ARABIC,), "<bdi>شركة النور (2)</bdi> (London)"),
        ("a שלום עולם b שלום.", (), "a <bdi>שלום עולם</bdi> b <bdi>שלום</bdi>."),
        ("<b>שלום</b>", (), "&lt;b&gt;<bdi>שלום</bdi>&lt;/b&gt;"),
        ("Grace 👩🏽‍🚀 and José", ("José",), "Grace 👩🏽‍🚀 and José"),
    ],
)
def test_what_runs_from_right_to_left_is_isolated_and_nothing_else_is(text: str, names: tuple[str, ...], html: str) -> None:
    """A name keeps its digits and signs; what stands beside it stays where it is."""
    assert html_text(text, names) == html


def test_a_name_may_stand_in_a_blank() -> None:
    said = html_text("Say [one point of שרה 2] <here>", ("שרה 2",), ("[one point of שרה 2]",))
    assert said == "Say <mark>[one point of <bdi>שרה 2</bdi>]</mark> &lt;here&gt;"


@given(text=st.text(), names=st.lists(st.text(max_size=9), max_size=3), marked=st.lists(st.text(min_size=1, max_size=9), max_size=2))
def test_the_words_are_those_of_the_text(text: str, names: list[str], marked: list[str]) -> None:
    """Whatever is a name or a blank: nothing is lost, nothing is said twice, nothing becomes markup."""
    html = html_text(text, names, marked)
    assert re.sub(r"</?(?:bdi|mark)>", "", html) == escape(text)


def test_ten_thousand_letters_by_turns_are_written_at_once() -> None:
    """Time grows with the text, not with what it could be cut into."""
    assert html_text("ש x " * 5000, ("ש",)).count("<bdi>") == 5000


def test_a_message_isolates_every_name_and_leaves_the_text_plain() -> None:
    """Employer, position, candidate and interviewer, in the message, in its letter and in the blanks."""
    people = (GRACE.model_copy(update={"name": "שרה 2"}),)
    known = {"employer": HEBREW, "position": "مهندس 3", "people": people, "to": Contact(name="עדה 1", email="ada@example.org")}
    message = render(notice("thank-you/i1", **known))
    shown = re.sub(r"<title>.*?</title>", "", message.html)
    for name in (HEBREW, "مهندس 3", "שרה 2", "עדה 1"):
        assert f"<bdi>{name}</bdi>" in shown
        assert not re.search(rf"(?<!<bdi>){re.escape(name)}", re.sub(r'href="[^"]*"', "", shown))
    assert "<bdi>" not in message.text
    assert not re.search("[\u2066-\u2069\u202a-\u202e\u200e\u200f]", message.text)
