"""What a candidate who reads another language is told, and may send: all of it in that language, and as brief."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.letters import drafts, render, render_candidate_notice
from activities.letters.brevity import LONGEST
from activities.letters.links import Links
from tests.activities.samples import ALAN, EVERY, GRACE, NOBODY, SPOKEN, STATED, notice
from tests.activities.test_brevity import KNOWN, combinations, template
from tests.activities.test_languages import ENGLISH, other_language
from tests.activities.test_several import EARLIER, LATER, MARY, WAITING, about
from workflows.facts import Contact
from workflows.names import CandidateNotice, Notice
from workflows.sentences import say

LINKS: Final = Links(("k" * 40,), "https://afterword.example.com")


def in_language(of: Notice, language: str) -> Notice:
    """With nothing in it that could be taken for English."""
    people = tuple(p.model_copy(update={"name": p.name and "Xu", "point": p.point and "Vzz"}) for p in of.people)
    known = {"round_kind": of.round_kind and "Rrr", "round_with": of.round_with and "Sss", "feedback": of.feedback and "Fff"}
    others = tuple(o.model_copy(update={"employer": "Kkk", "position": "Lll"}) for o in of.others)
    reason = say("{due}: {rule}. Policy {policy}.", due="x", rule=say("the offer came"), policy="x 1")
    to = of.to.model_copy(update={"name": of.to.name and "Ada"})
    named = {"employer": "Zyx", "position": "Qwv", "skills": ("Ptk", "Mng")[: len(of.skills)], "to": to}
    return of.model_copy(update={**named, **known, "people": people, "others": others, "language": language, "reason": reason})


def leftovers(text: str) -> list[str]:
    """English words among the others; of addresses and links nothing is said."""
    return ENGLISH.findall(re.sub(r"https?://\S+|\S+@\S+|New York", "", text))


@other_language
@pytest.mark.parametrize("intent", KNOWN)
def test_letters_have_no_english_and_are_brief(language: str, intent: str) -> None:
    """Over every combination of what may be known, within the same limits; English ones, by the same measure, are full of it."""
    for of in combinations(intent):
        written, english = drafts(in_language(of, language)), drafts(in_language(of, "en"))
        assert [draft.id for draft in written] == [draft.id for draft in english]
        for draft, before in zip(written, english, strict=True):
            assert leftovers(f"{draft.subject}\n{draft.body}") == []
            assert len(draft.blanks) == len(before.blanks)
            assert len(draft.body.split()) <= LONGEST[template(draft)], draft.body
            assert leftovers(before.body)


@other_language
@pytest.mark.parametrize("of", EVERY, ids=lambda of: of.intent)
@settings(max_examples=12)
@given(data=st.data())
def test_messages_have_no_english_whatever_is_unknown(of: Notice, language: str, data: st.DataObject) -> None:
    """Both forms, with links and without."""
    moments = st.none() | st.datetimes(datetime(2026, 3, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
    times = ("interviewed_at", "quiet_since", "follow_up_due", "last_call_due", "best_sent_at", "until", "interview_starts_at")
    known = {name: data.draw(moments) for name in times} | {
        "promised": data.draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        "offer": data.draw(st.sampled_from((None, SPOKEN, STATED, STATED.model_copy(update={"stated": False, "starts_on": None})))),
        "rejected_by": data.draw(st.sampled_from((None, "employer", "unknown", "offer-withdrawn"))),
        "people": data.draw(st.sampled_from(((), (GRACE,), (GRACE, ALAN), (NOBODY.model_copy(update={"email": None}),)))),
        "feedback": data.draw(st.sampled_from((None, "Fff"))),
        "round_kind": data.draw(st.sampled_from((None, "Rrr"))),
        "follow_up_sent": data.draw(st.booleans()),
        "contact": data.draw(st.sampled_from((None, Contact(), Contact(name="HR"), Contact(email="jobs@example.com")))),
    }
    foreign = in_language(of.model_copy(update=known), language)
    message = render(foreign, LINKS.of_notice(foreign, foreign.due) if data.draw(st.booleans()) else None)
    assert leftovers(f"{message.subject}\n{message.text}") == []
    assert leftovers(re.sub(r"<[^>]*>", " ", message.html.partition("<body")[2])) == []
    assert f'<html lang="{language}">' in message.html
    assert leftovers(message.calendar or "") == []


SEVERAL: Final = {
    "digest": about("digest/2026-03-12", notices=tuple(of for of in EVERY if of.intent in ("waiting/1", "ghosted/1", "follow-up/1"))),
    "keep-going": about("keep-going/2026-03-12", standings=(WAITING, EARLIER)),
    "keep-going, one": about("keep-going/2026-03-12", standings=(WAITING,)),
    "ask-for-time": about("ask-for-time/1", standings=(EARLIER, LATER)),
    "coach": about("coach/coach-9", coach=MARY),
}


@other_language
@pytest.mark.parametrize("of", SEVERAL.values(), ids=SEVERAL)
def test_messages_about_several_applications_have_no_english(language: str, of: CandidateNotice) -> None:
    """Whatever each stands at."""
    stages = ("deciding", "interviewing", "thanking", "following_up", "awaiting_reply", "waiting")
    standings = tuple(
        one.model_copy(update={"employer": "Zyx", "position": "Qwv", "stage": stage})
        for one in of.standings
        for stage in (stages if of.intent.startswith("keep-going") and len(of.standings) > 1 else (one.stage,))
    )
    notices = tuple(in_language(one, language) for one in of.notices)
    known = {"standings": standings, "notices": notices, "language": language, "reason": say("you chose a digest in the morning")}
    message = render_candidate_notice(of.model_copy(update=known))
    assert leftovers(f"{message.subject}\n{message.text}") == []


@other_language
def test_the_first_five_letters_to_one_team_differ(language: str) -> None:
    """With skills and without; of the next some say that they resemble another, as in English."""
    for skills in ((), ("Ptk",)):
        people = tuple(GRACE.model_copy(update={"interviewer": f"p{n}", "name": f"X{n}", "place": n}) for n in range(5))
        written = drafts(notice("thank-you/i1", people=people, skills=skills, language=language))
        assert [draft.resembles for draft in written] == [None] * 5


def test_a_letters_dates_are_its_languages() -> None:
    """In the sentence where English has its own."""
    of = notice("follow-up/1", language="de-AT", interviewed_at=datetime(2026, 1, 12, 15, tzinfo=UTC))
    assert "Gespräch am Montag, 12. Jänner über" in drafts(of)[0].body
