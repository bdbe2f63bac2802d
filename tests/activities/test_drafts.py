"""The letters that a candidate would send: to whom, under which id, with which blanks, and never with more than is known."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from activities.letters import Draft, drafts
from activities.letters.drafts import is_department
from activities.letters.pages import plain
from tests.activities.samples import ALAN, ENDED, EVERY, GRACE, NOBODY, OFFICE, SPOKEN, STATED, notice
from workflows.facts import Contact, LetterId
from workflows.names import Addressee, Notice, OfferTerms, Other


def only(of: Notice) -> Draft:
    (draft,) = drafts(of)
    return draft


@pytest.mark.parametrize("of", EVERY, ids=lambda n: n.intent)
def test_ids_are_letter_ids_and_blanks_stand_where_they_are_listed(of: Notice) -> None:
    """Every draft has an id of its own that `letter_sent` takes, one line of subject, and each listed blank in its words."""
    written = drafts(of)
    assert len({draft.id for draft in written}) == len(written)
    for draft in written:
        TypeAdapter(LetterId).validate_python(draft.id)
        assert draft.id.startswith(draft.intent)
        assert draft.subject == " ".join(draft.subject.split())
        assert draft.body.count("[") == sum(draft.body.count(blank) for blank in draft.blanks)
        assert all(blank in draft.body + draft.subject for blank in draft.blanks)
        assert draft.body.endswith("Kind regards,\n\nAda Byron")


def test_how_many_letters_each_kind_has() -> None:
    """A thank-you has one per person, the decision has three, and messages that close or inform have none."""
    assert {of.intent.partition("/")[0]: len(drafts(of)) for of in EVERY} == {
        "thank-you": 2,
        "thank-you-nudge": 1,
        "waiting": 0,
        "follow-up": 1,
        "follow-up-last-call": 1,
        "ghosted": 0,
        "references": 1,
        "offer-thanks": 1,
        "offer-review": 0,
        "offer-decide": 3,
        "offer-overdue": 3,
        "offer-lapsed": 0,
        "rejection-reply": 1,
        "next-round": 1,
        "close-others": 1,
        "farewell": 1,
    }


def test_each_interviewer_gets_a_letter_of_their_own() -> None:
    """Ids name interview and interviewer, the known point is said, the missing one is a blank that names the person."""
    grace, alan = drafts(notice("thank-you/i1", people=(GRACE, ALAN)))
    assert (grace.id, grace.interview, grace.interviewer) == ("thank-you/i1/g", "i1", "g")
    assert grace.to == Contact(name="Grace Hopper", email="grace@example.com")
    assert grace.blanks == ("[one specific point from your talk with Grace Hopper]",)
    assert "Dear Grace Hopper," in grace.body
    assert "the move to steam." in alan.body
    assert alan.blanks == ()
    assert grace.body.replace("Grace Hopper", "") != alan.body.replace("Alan Turing", "")


def test_a_letter_about_a_later_interview_of_the_day_is_named_by_that_interview() -> None:
    """One message for several interviews, yet each letter belongs to its own."""
    later = GRACE.model_copy(update={"interview": "i2"})
    of = notice("thank-you-nudge/i1", intents=("thank-you-nudge/i1", "thank-you-nudge/i2"), people=(ALAN, later))
    assert [(d.id, d.intent) for d in drafts(of)] == [
        ("thank-you-nudge/i1/a", "thank-you-nudge/i1"),
        ("thank-you-nudge/i2/g", "thank-you-nudge/i2"),
    ]


def test_nobody_known_by_name_is_thanked_through_the_contact() -> None:
    """One letter to the contact, whose id is the intent, that asks to pass the thanks on."""
    draft = only(notice("thank-you/i1", people=(NOBODY,)))
    assert (draft.id, draft.interviewer, draft.to) == ("thank-you/i1", None, Contact(name="Recruiting", email="jobs@example.com"))
    assert draft.body.startswith("Dear Recruiting team,")
    assert "everyone who took the time" in draft.body


def test_an_interviewer_without_an_address_is_thanked_through_the_contact() -> None:
    """The contact is asked to pass on a note that is addressed to the interviewer."""
    draft = only(notice("thank-you/i1", people=(ALAN.model_copy(update={"email": "jobs@example.com"}),)))
    assert draft.to == Contact(name="Recruiting", email="jobs@example.com")
    assert draft.body.index("pass this note on to Alan Turing") < draft.body.index("Dear Alan Turing,")


def test_a_contact_who_was_the_interviewer_is_not_asked_to_pass_on_a_note() -> None:
    """Somebody is not asked to give themselves a letter."""
    contact = Contact(name="Alan Turing", email="alan@example.com")
    draft = only(notice("thank-you/i1", contact=contact, people=(ALAN,)))
    assert "pass this note on" not in draft.body


def test_without_skills_how_the_point_meets_them_is_a_blank() -> None:
    """The letter does not invent an experience."""
    assert "[how this point meets your own skills or experience]" in only(notice("thank-you/i1", people=(GRACE,), skills=())).blanks


def test_each_other_open_application_gets_a_withdrawal_of_its_own() -> None:
    """To its contact or its team, about its position, under an id that names it; when their office is open is not known here."""
    others = (
        Other(application="app-2", employer="Difference Works", position="Analyst", contact=Contact(name="HR", email="hr@example.com")),
        Other(application="app-3", employer="Loom & Sons", position="Weaver"),
    )
    analyst, weaver = drafts(notice("close-others/1", others=others, best_sent_at=OFFICE))
    assert [d.id for d in (analyst, weaver)] == ["close-others/1/app-2", "close-others/1/app-3"]
    assert (analyst.to, weaver.to) == (Contact(name="HR", email="hr@example.com"), Contact())
    assert analyst.body.startswith("Dear HR team,")
    assert weaver.body.startswith("Dear hiring team at Loom & Sons,")
    assert "the position of Weaver at Loom & Sons" in weaver.body
    assert "Analytical Engines" not in weaver.body + weaver.subject
    assert [(d.blanks, d.best_sent_at) for d in (analyst, weaver)] == [((), None)] * 2


def test_office_hours_are_this_employers_only() -> None:
    """A reference or another employer keeps others."""
    assert [only(notice(i, best_sent_at=OFFICE)).best_sent_at for i in ("references/1", "close-others/1", "farewell/1")] == [
        None,
        None,
        OFFICE,
    ]


def test_a_farewell_says_what_was_decided() -> None:
    """An offer is declined, an application withdrawn."""
    assert "decided not to accept" in only(notice("farewell/1", offer=STATED)).body
    assert "withdraw my application" in only(notice("farewell/1")).body


def test_letters_to_three_people_share_no_sentence() -> None:
    """Interviewers compare notes; nobody gets the sentence that a colleague got."""
    people = [GRACE.model_copy(update={"interviewer": name, "name": name, "point": f"point {name}"}) for name in ("g", "k", "h")]
    sentences = [re.split(r"(?<=[.:]) |\n\n", draft.body) for draft in drafts(notice("thank-you/i1", people=tuple(people)))]
    shared = set(sentences[0]) & set(sentences[1]) | set(sentences[0]) & set(sentences[2]) | set(sentences[1]) & set(sentences[2])
    assert shared == {"Kind regards,", "Ada Byron"}


def test_words_of_a_letter_do_not_depend_on_the_letters_after_it() -> None:
    """The same notice, the same letters, and the first person's words are always their own."""
    both = drafts(notice("thank-you/i1", people=(GRACE, ALAN)))
    assert both == drafts(notice("thank-you/i1", people=(GRACE, ALAN)))
    assert both[0] == only(notice("thank-you/i1", people=(GRACE,)))


def test_the_follow_up_names_position_and_interview_and_the_promised_date() -> None:
    """Polite, brief, on the employer's calendar: an interview at 01:00 in London was the day before in New York."""
    draft = only(notice("follow-up/1", interviewed_at=datetime(2026, 3, 3, 1, tzinfo=UTC), promised=date(2026, 3, 10), best_sent_at=OFFICE))
    assert draft.id == "follow-up/1"
    assert "Monday 2 March" in draft.body
    assert "Staff Engineer" in draft.body
    assert "by Tuesday 10 March" in draft.body
    assert draft.best_sent_at == OFFICE
    assert len(draft.body.split()) < 90


def test_the_decision_has_three_letters_whose_ids_say_which() -> None:
    """To accept, to decline, to ask for time; only the last has a blank."""
    accept, decline, more = drafts(notice("offer-decide/1", offer=STATED))
    assert [d.id for d in (accept, decline, more)] == ["offer-decide/1/accept", "offer-decide/1/decline", "offer-decide/1/ask-for-time"]
    assert {d.intent for d in (accept, decline, more)} == {"offer-decide/1"}
    assert "starting on Monday 4 May" in accept.body
    assert [d.blanks for d in (accept, decline, more)] == [(), (), ("[the date by which you will answer]",)]


def test_a_late_answer_to_an_offer_says_sorry() -> None:
    """After the deadline each draft begins with it."""
    assert all("sorry" in draft.body for draft in drafts(notice("offer-overdue/1", offer=STATED)))
    assert not any("sorry" in draft.body for draft in drafts(notice("offer-decide/1", offer=STATED)))


def test_a_spoken_offer_is_asked_for_in_writing_and_for_a_day_or_two() -> None:
    """Only what the guide allows: time is asked for where no date was named."""
    body = only(notice("offer-thanks/1", offer=SPOKEN)).body
    assert "in writing" in body
    assert "a day or two" in body


@pytest.mark.parametrize("stated", [True, False])
def test_a_known_deadline_is_confirmed(stated: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """The employer's, or a longer one of the policy, as a date on their calendar; no time is asked for then."""
    offer = OfferTerms(number=1, in_writing=True, decide_by=datetime(2026, 3, 20, 21, tzinfo=UTC), stated=stated)
    body = only(notice("offer-thanks/1", offer=offer)).body
    assert "by Friday 20 March" in body
    assert "a day or two" not in body


def test_a_deadline_with_an_hour_names_it_on_their_clock() -> None:
    """Noon in New York is said as such, with London's time beside it."""
    offer = OfferTerms(number=1, in_writing=True, decide_by=datetime(2026, 3, 20, 16, tzinfo=UTC), stated=True)
    assert "by Friday 20 March, 12:00 New York time (16:00 in London)" in only(notice("offer-thanks/1", offer=offer)).body


def test_a_rejection_is_answered_with_one_question_for_feedback_unless_it_was_given() -> None:
    """Never a question for what has been said already."""
    asked = only(notice("rejection-reply/1", rejected_by="employer")).body
    given = only(notice("rejection-reply/1", rejected_by="employer", feedback="Too much steam.")).body
    assert asked.count("feedback") == 1
    assert "Thank you also for your feedback" in given
    assert "If you could" not in given
    assert "steam" not in given


def test_rejection_unknown_closing_and_withdrawn_offer_read_differently() -> None:
    """Nothing is presumed: an unknown end is not called a decision, a withdrawn offer is called by its name."""
    bodies = {by: only(notice("rejection-reply/1", rejected_by=by)).body for by in ("employer", "unknown", "offer-withdrawn")}
    assert len(set(bodies.values())) == 3
    assert "did not work out" not in bodies["unknown"]
    assert "withdrawn your offer" in bodies["offer-withdrawn"]


def test_an_invitation_without_a_date_is_answered_by_asking_for_one() -> None:
    """With a date the letter confirms it instead, the employer's clock first."""
    asks = only(notice("next-round/2", round=2))
    confirms = only(
        notice("next-round/2", round=2, interview_starts_at=datetime(2026, 3, 18, 14, tzinfo=UTC), round_with="Charles Babbage")
    )
    assert "which date would suit you" in asks.body
    assert asks.blanks == ("[two or three times that suit you]",)
    assert "Wednesday 18 March, 10:00 New York time (14:00 in London)" in confirms.body
    assert "whom I will meet" not in confirms.body


def test_letters_to_others_do_not_go_to_the_employer() -> None:
    """References and other employers are not known: their names are blanks."""
    for intent in ("references/1", "close-others/1"):
        draft = only(notice(intent))
        assert draft.to == Contact()
        assert draft.blanks


def test_the_one_to_write_to_goes_before_the_contact() -> None:
    """Whoever wrote the offer is answered."""
    person = Addressee(interview="i1", name="Mary Somerville", email="mary@example.com", ended_at=ENDED)
    draft = only(notice("offer-thanks/1", offer=SPOKEN, people=(person,)))
    assert draft.to == Contact(name="Mary Somerville", email="mary@example.com")
    assert draft.body.startswith("Dear Mary Somerville,")


def test_without_names_a_letter_still_reads_well() -> None:
    """No contact, no candidate's name: the team is greeted, and the signature is a blank."""
    draft = only(notice("follow-up/1", contact=None, to=Contact(email="ada@example.org")))
    assert draft.to == Contact()
    assert draft.body.startswith("Dear hiring team at Analytical Engines,")
    assert draft.blanks == ("[your name]",)


@pytest.mark.parametrize(
    ("name", "department"),
    [
        ("Recruiting", True),
        ("HR", True),
        ("Hiring Team", True),
        ("People & Talent", True),
        ("Personalabteilung", True),
        ("Service des ressources humaines", True),
        ("Equipo de Selección", True),
        ("Grace Hopper", False),
        ("Jobst", False),
        ("Du Le", False),
    ],
)
def test_departments_are_told_from_people(name: str, department: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """`Dear Recruiting,` would be an embarrassment, and so would `Dear Grace Hopper team,`."""
    assert is_department(name) is department


def test_what_people_wrote_is_one_line_of_plain_text() -> None:
    """No second subject, no list, no template, no marks that turn the rest of the line round; right-to-left letters stay."""
    hostile = GRACE.model_copy(
        update={"name": "Grace\r\nBcc: x@example.com \u202e{{ 7 * 7 }}", "point": "- one\n\n# two\n{% raw %} שלום 🙂"}
    )
    draft = only(notice("thank-you/i1", people=(hostile,), employer="# Acme", position="- Engineer\u2028Subject: x"))
    assert "\n" not in draft.subject
    assert "{{ 7 * 7 }}" in draft.body
    assert "\u202e" not in draft.body
    assert "- one # two {% raw %} שלום 🙂." in draft.body
    assert draft.to.name == "Grace Bcc: x@example.com {{ 7 * 7 }}"


def test_a_blank_ends_where_its_bracket_closes() -> None:
    """Whatever brackets the name in it has."""
    (blank,) = only(notice("thank-you/i1", people=(GRACE.model_copy(update={"name": "Grace [G.] Hopper"}),))).blanks
    assert blank == "[one specific point from your talk with Grace (G.) Hopper]"


EVIL = st.text(
    st.sampled_from("a \r\n\u2028\x00\x85\u202e\u2066<>&\"'{}%#-:[]@,;שׁ🙂\U0001f469\u200d\U0001f680"), min_size=1, max_size=40
).filter(lambda text: bool(plain(text)))


@given(data=st.data(), of=st.sampled_from(EVERY))
def test_a_letter_is_a_letter_whatever_people_wrote(data: st.DataObject, of: Notice) -> None:
    """In every field: one line of subject, as many paragraphs as ever, nothing unprintable, every blank where it is listed."""
    say = lambda: data.draw(EVIL)  # noqa: E731 -- shorter than what it stands for
    people = tuple(person.model_copy(update={"name": say(), "point": say(), "role": say()}) for person in of.people)
    told = {"employer": say(), "position": say(), "skills": (say(), say()), "people": people, "feedback": say()}
    to, contact = (
        Contact.model_construct(name=say(), email="ada@example.org"),
        Contact.model_construct(name=say(), email="jobs@example.com"),
    )
    harmless = of.model_copy(update={"people": tuple(p.model_copy(update={"name": "N", "point": "p"}) for p in of.people), "feedback": "f"})
    written = drafts(of.model_copy(update={**told, "to": to, "contact": contact, "round_kind": say(), "round_with": say()}))
    for draft, usual in zip(written, drafts(harmless.model_copy(update={"round_kind": "k", "round_with": "w"})), strict=True):
        assert draft.subject == plain(draft.subject)
        assert draft.body.count("\n") == usual.body.count("\n")
        assert draft.body == "\n".join(plain(line) for line in draft.body.split("\n"))
        assert all(blank in draft.body + draft.subject for blank in draft.blanks)


@pytest.mark.parametrize("name", ["\u05d2\u05e8\u05d9\u05d9\u05e1 \u05d4\u05d5\u05e4\u05e8", "محمد", "Zoë \U0001f469\u200d\U0001f680"])
def test_a_name_in_any_script_is_greeted_as_it_is_written(name: str) -> None:
    """Right-to-left letters and emoji are names like others."""
    draft = only(notice("thank-you/i1", people=(GRACE.model_copy(update={"name": name}),)))
    assert f"Dear {name}," in draft.body
    assert draft.to.name == name


def test_an_unknown_language_is_written_in_english() -> None:
    """So is a tag that looks like a path."""
    assert drafts(notice("follow-up/1", language="tlh")) == drafts(notice("follow-up/1"))
