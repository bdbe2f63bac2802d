"""The message to the candidate about each kind of step: that it can be written, and that it says what the process says it says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.letters import drafts, render
from activities.letters.pages import LONGEST_SUBJECT
from tests.activities.samples import ALAN, DUE, EVERY, GRACE, NOBODY, OFFICE, SPOKEN, STATED, WHY, notice
from workflows.facts import KINDS, Contact
from workflows.names import Notice


def words(html: str) -> str:
    """What a reader of the HTML sees."""
    body = html.partition("<body")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_every_kind_but_the_silent_one_has_a_message() -> None:
    """A lapsed thank-you is noted without a word."""
    assert [of.intent.partition("/")[0] for of in EVERY] == [kind for kind in KINDS if kind != "thank-you-lapsed"]


@pytest.mark.parametrize("of", EVERY, ids=lambda n: n.intent)
def test_text_and_html_say_the_same_and_end_with_the_reason(of: Notice) -> None:
    """Greeting, letters and the plain reason for the date are in both; nothing of the template is left over."""
    message = render(of)
    seen = words(message.html)
    assert message.text.startswith("Hello Ada Byron,\n")
    assert message.text.endswith(f"\n\nWhy now: {WHY}\n")
    assert seen.startswith("Hello Ada Byron,")
    assert seen.endswith(f"Why now: {WHY}")
    for draft in drafts(of):
        assert draft.body in message.text
        assert f"Subject: {draft.subject}" in message.text
        assert all(blank in message.text.partition("Still to fill in:")[2] for blank in draft.blanks)
        assert all(f">{blank}</mark>" in message.html for blank in draft.blanks if "'" not in blank)
    assert not re.search(r"[{}\x00-\x09\x0b-\x1f]|\bNone\b|  +\w", message.text)
    assert "Analytical Engines" in message.subject or of.intent.startswith(("thank-you-nudge", "close-others"))


def test_the_html_fetches_nothing_and_knows_the_dark() -> None:
    """Styles are inlined, the dark colours stay as a rule, and there is no script, picture or remote address."""
    html = render(EVERY[0]).html
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<script|<img|<link|https?://", html)


def test_the_thank_you_invites_private_notes() -> None:
    """Questions, answers, takeaways; and that nobody at the employer sees them."""
    text = render(notice("thank-you/i1", people=(GRACE, ALAN), reflect=("i1",))).text
    assert "the questions that you were asked" in text
    assert "Nobody at Analytical Engines sees these notes" in text
    assert "For yourself" not in render(notice("thank-you/i1", people=(GRACE,))).text


def test_with_everyone_thanked_the_prompt_is_only_the_invitation() -> None:
    """No letter, no list of how to write one."""
    message = render(notice("thank-you/i1", reflect=("i1",)))
    assert "Subject:" not in message.text
    assert "nobody left to thank" in message.text
    assert "private notes" in message.text


def test_the_nudge_names_who_is_left() -> None:
    """One by name in the subject, several in the text, and until when it is worth it, on both clocks."""
    one = render(notice("thank-you-nudge/i1", people=(GRACE,), until=datetime(2026, 3, 4, 15, tzinfo=UTC)))
    two = render(notice("thank-you-nudge/i1", people=(GRACE, ALAN)))
    unknown = render(notice("thank-you-nudge/i1", people=(NOBODY,)))
    assert one.subject == "Still time to thank Grace Hopper"
    assert "until Wed 4 March, 15:00 (London; 10:00 in New York)" in one.text
    assert "Grace Hopper and Alan Turing have not been thanked yet" in two.text
    assert "No thank-you has been noted yet" in unknown.text


def test_the_waiting_message_tells_and_attaches_both_dates() -> None:
    """When they will answer, when to ask, what they do meanwhile, and to keep applying."""
    ask = datetime(2026, 3, 17, 8, tzinfo=UTC)
    message = render(notice("waiting/1", promised=date(2026, 3, 13), follow_up_due=ask))
    assert "by Fri 13 March" in message.text
    assert "Tue 17 March, 08:00 (London; 04:00 in New York)" in message.text
    assert "shortlist" in message.text
    assert "Keep applying elsewhere" in message.text
    calendar: Any = icalendar.Calendar.from_ical(message.calendar or "")
    events: list[Any] = calendar.walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [date(2026, 3, 13), ask]
    assert len({str(event["UID"]) for event in events}) == 2
    assert message == render(notice("waiting/1", promised=date(2026, 3, 13), follow_up_due=ask))


def test_without_a_promise_only_the_day_to_ask_is_attached() -> None:
    """And the message says that no date was named."""
    message = render(notice("waiting/1", follow_up_due=DUE))
    assert "They named no date" in message.text
    assert (message.calendar or "").count("BEGIN:VEVENT") == 1
    assert render(notice("waiting/1")).calendar is None


def test_only_the_waiting_message_attaches_dates() -> None:
    """Everything else is words."""
    assert [of.intent for of in EVERY if render(of).calendar] == ["waiting/1"]


def test_a_follow_up_says_when_it_is_best_sent() -> None:
    """Later, on both clocks; now, if the office is open; and nothing if that is not known."""
    later = render(notice("follow-up/1", best_sent_at=OFFICE)).text
    assert "best sent on Thu 12 March, 13:00 (London; 09:00 in New York)" in later
    assert "it can go out now" in render(notice("follow-up/1", best_sent_at=DUE)).text
    unknown = render(notice("follow-up/1")).text
    assert "best sent" not in unknown
    assert "go out now" not in unknown


def test_ghosting_is_told_with_care() -> None:
    """It is about their process, there is nothing more to write, and the application can open again."""
    text = render(notice("ghosted/1", follow_up_sent=True)).text
    assert "asked once" in text
    assert "nothing about your qualifications" in text
    assert "open again" in text
    assert "asked once" not in render(notice("ghosted/1")).text


def test_thanks_and_review_due_together_are_one_message() -> None:
    """Named by the thanks, with the list of what to check, and one letter."""
    both = notice("offer-thanks/1", intents=("offer-thanks/1", "offer-review/1"), offer=STATED)
    message = render(both)
    assert "what the letter leaves out" in message.text
    assert [draft.id for draft in drafts(both)] == ["offer-thanks/1"]
    assert "what the letter leaves out" not in render(notice("offer-thanks/1", offer=SPOKEN)).text


def test_whose_deadline_it_is_is_told() -> None:
    """The employer's is theirs; the policy's is what is usual."""
    policys = STATED.model_copy(update={"stated": False})
    assert "asked for your answer" in render(notice("offer-decide/1", offer=STATED)).text
    assert "named no date" in render(notice("offer-decide/1", offer=policys)).text


def test_an_unknown_closing_presumes_nothing() -> None:
    """Neither rejection nor withdrawal is claimed."""
    text = render(notice("rejection-reply/1", rejected_by="unknown")).text
    assert "Who closed it, and why, is not known here" in text
    assert "decided not to go on" not in text


def test_feedback_is_quoted_with_its_lines_and_without_its_markup() -> None:
    """What they wrote is text, in both forms."""
    message = render(notice("rejection-reply/1", rejected_by="employer", feedback="You were good.\n<script>alert(1)</script>\n- steam"))
    assert "> You were good.\n> <script>alert(1)</script>\n> - steam" in message.text
    assert "<script" not in message.html
    assert "&lt;script&gt;" in message.html


def test_nothing_that_people_wrote_becomes_markup_or_a_template() -> None:
    """In names, positions, employers, points, reasons: no element, no attribute, no template, no second line of a subject."""
    evil = "\"><img src=x onerror=alert(1)> {{ config }} {% include 'x' %}\r\nBcc: all@example.com"
    people = (GRACE.model_copy(update={"name": evil, "point": evil}),)
    facts: dict[str, Any] = {"people": people, "employer": evil, "position": evil, "skills": (evil,), "why": evil}
    message = render(notice("thank-you/i1", to=Contact(name=evil.partition("{")[0], email="ada@example.org"), **facts))
    assert "<img" not in message.html
    assert "onerror=alert(1)>" not in re.sub(r">[^<]*<", "><", message.html)
    assert "{{ config }}" in message.text
    assert "\n" not in message.subject


@pytest.mark.parametrize("of", EVERY, ids=lambda n: n.intent)
def test_what_people_wrote_changes_no_paragraph(of: Notice) -> None:
    """Empty lines, list marks and headings in a name stay inside the sentence that shows it."""
    hostile = of.model_copy(update={"employer": "A\n\n- B\n\n# C", "position": "X\r\n\r\nSubject: Y"})
    ours, theirs = render(of), render(hostile)
    assert theirs.text.count("\n") == ours.text.count("\n")
    assert [theirs.html.count(tag) for tag in ("<p", "<li", "<h2")] == [ours.html.count(tag) for tag in ("<p", "<li", "<h2")]


def test_the_link_to_write_opens_the_letter_whole() -> None:
    """A mailto: link with address, subject and body, every character of it encoded; none where there would be too much."""
    html = render(notice("thank-you/i1", people=(GRACE,))).html
    link = re.search(r'href="(mailto:[^"]+)"', html)
    assert link
    assert link[1].startswith("mailto:grace@example.com?subject=Thank")
    assert "%0D%0A%0D%0A" in link[1]
    assert "mailto:" not in render(notice("thank-you/i1", people=(GRACE,), position="🙂" * 200)).html


def test_a_subject_stays_one_readable_line() -> None:
    """However long the names in it are."""
    subject = render(notice("follow-up/1", employer="x" * 400)).subject
    assert len(subject) == LONGEST_SUBJECT
    assert subject.endswith("…")


@pytest.mark.parametrize(
    ("zones", "moment", "written"),
    [
        ("Europe/London Europe/Lisbon", datetime(2026, 3, 12, 8, tzinfo=UTC), "Thu 12 March, 08:00 (London)"),
        ("Pacific/Auckland America/New_York", DUE, "Thu 12 March, 21:00 (Auckland; 04:00 in New York)"),
        (
            "Asia/Kolkata America/New_York",
            datetime(2026, 3, 12, 3, tzinfo=UTC),
            "Thu 12 March, 08:30 (Kolkata; Wed 11 March, 23:00 in New York)",
        ),
        ("Europe/London Europe/London", datetime(2027, 1, 4, 8, tzinfo=UTC), "Mon 4 January 2027, 08:00 (London)"),
    ],
)
def test_dates_are_the_candidates_with_the_employers_where_they_differ(zones: str, moment: datetime, written: str) -> None:
    """The other clock is named only where it shows another time, the other date only where it is another date."""
    own, theirs = zones.split()
    of = notice("thank-you-nudge/i1", people=(GRACE,), timezone=own, employer_timezone=theirs, until=moment)
    assert f"until {written}" in render(of).text


_MOMENTS = st.none() | st.datetimes(datetime(2026, 3, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
_TIMES = ("interviewed_at", "quiet_since", "follow_up_due", "last_call_due", "best_sent_at", "until", "interview_starts_at")
_LINES = st.text("<&{%- \n\u202ex🙂", min_size=1, max_size=30).filter(str.strip)


@given(data=st.data(), of=st.sampled_from(EVERY))
def test_a_message_can_be_written_whatever_is_unknown(data: st.DataObject, of: Notice) -> None:
    """Every optional fact may be missing: no failure, no `None`, no hole in a sentence."""
    moments = {name: data.draw(_MOMENTS) for name in _TIMES}
    lines = {name: data.draw(st.none() | _LINES) for name in ("round_kind", "round_with", "feedback")}
    choices = {
        "promised": data.draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        "offer": data.draw(st.sampled_from((None, SPOKEN, STATED, STATED.model_copy(update={"stated": False, "starts_on": None})))),
        "rejected_by": data.draw(st.sampled_from((None, "employer", "unknown", "offer-withdrawn"))),
        "contact": data.draw(st.sampled_from((None, Contact(), Contact(name="HR"), Contact(email="jobs@example.com")))),
        "people": data.draw(st.sampled_from(((), (GRACE,), (GRACE, ALAN), (NOBODY.model_copy(update={"email": None}),)))),
        "skills": data.draw(st.sampled_from(((), ("a", "b", "c")))),
        "to": Contact(name=data.draw(st.sampled_from((None, "Ada"))), email="ada@example.org"),
    }
    message = render(of.model_copy(update={**moments, **lines, **choices}))
    assert message.text.endswith(f"Why now: {WHY}\n")
    assert "None" not in message.text
