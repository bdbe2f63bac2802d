"""Messages about several applications: the digest, the note to keep going, two offers with two deadlines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any, Final

import html5lib
import icalendar
import pytest

from activities.letters import drafts, render, render_candidate_notice
from activities.letters.links import Links
from activities.mail import compose_across, sender_of
from tests.activities.samples import DUE, ENDED, EVERY, OFFICE, WHY, notice
from workflows.facts import Contact
from workflows.names import Adviser, CandidateNotice, Notice, OfferTerms, Standing

TOGETHER: Final = "you chose one message in the morning."
LINKS: Final = Links(("k" * 40,), "https://afterword.example.com")
WAITING: Final = Standing(
    application="app-1",
    employer="Analytical Engines",
    position="Staff Engineer",
    stage="waiting",
    quiet_since=ENDED,
    next_action="Send your one follow-up",
    next_due=datetime(2026, 3, 19, 8, tzinfo=UTC),
)
EARLIER: Final = Standing(
    application="app-2",
    employer="Difference Works",
    position="Analyst",
    stage="deciding",
    decide_by=datetime(2026, 3, 20, 21, tzinfo=UTC),
    next_action="Decide on the offer",
    next_due=datetime(2026, 3, 19, 20, tzinfo=UTC),
)
LATER: Final = EARLIER.model_copy(
    update={"application": "app-3", "employer": "Loom & Sons", "position": "Weaver", "decide_by": datetime(2026, 3, 27, 17, tzinfo=UTC)}
)


def about(intent: str, **known: Any) -> CandidateNotice:
    """A message to Ada in London about several applications."""
    facts: dict[str, Any] = {
        "candidate": "cand-7",
        "intent": intent,
        "key": f"cand-7 {intent}",
        "due": DUE,
        "why": TOGETHER,
        "to": Contact(name="Ada Byron", email="ada@example.org"),
        "timezone": "Europe/London",
    }
    return CandidateNotice(**{**facts, **known})


def digest(*notices: Notice) -> CandidateNotice:
    return about("digest/2026-03-12", notices=notices)


def keep_going(*standings: Standing) -> CandidateNotice:
    return about("keep-going/2026-03-12", standings=standings)


def offers(*standings: Standing) -> CandidateNotice:
    return about("ask-for-time/1", standings=standings)


FOLLOW_UP: Final = notice("follow-up/1", candidate="cand-7", best_sent_at=OFFICE)
LAST_CALL: Final = notice("follow-up-last-call/1", candidate="cand-7", employer="Loom & Sons", until=DUE + timedelta(days=9))
REJECTION: Final = notice(
    "rejection-reply/1",
    candidate="cand-7",
    employer="Difference Works",
    rejected_by="employer",
    feedback="Fine.",
    until=DUE + timedelta(days=3),
)
GHOSTED: Final = notice("ghosted/1", candidate="cand-7", employer="Silent Ltd", follow_up_sent=True, why="they never answered.")
MARY: Final = Adviser(id="coach-9", name="Mary Somerville", ask="ask-1", until=DUE + timedelta(days=30))
THREE: Final = (
    digest(GHOSTED, FOLLOW_UP, LAST_CALL, REJECTION),
    keep_going(WAITING, LATER, EARLIER),
    offers(LATER, EARLIER),
)
ASKS: Final = about("coach/coach-9", coach=MARY)


def parse(html: str) -> None:
    """ParseError where the HTML is not as the standard has it."""
    parser: Any = html5lib.HTMLParser(strict=True)  # untyped
    parser.parse(html)


def words(html: str) -> str:
    """What a reader of the HTML sees."""
    body = html.partition("<body")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("of", [*THREE, ASKS], ids=lambda n: n.intent)
@pytest.mark.parametrize("linked", [False, True])
def test_text_and_html_say_the_same_with_greeting_and_reason(of: CandidateNotice, linked: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """As every message does; the HTML has no error of syntax and fetches nothing."""
    message = render_candidate_notice(of, LINKS.of_candidate(of, DUE) if linked else None)
    parse(message.html)
    seen = words(message.html)
    assert message.text.startswith("Hello Ada Byron,\n")
    assert f"\n\nWhy now: {TOGETHER}\n" in message.text
    assert seen.startswith("Hello Ada Byron,")
    assert f"Why now: {TOGETHER}" in seen
    assert message.text.endswith(f"Why now: {TOGETHER}\n") is not linked
    told = re.sub(r"https://\S+|^[-=>]+( |$)|:$", "", message.text, flags=re.MULTILINE).replace("·", "")
    assert sorted(set(re.findall(r"\w+", told)) - set(re.findall(r"\w+", seen))) in ([], ["Still", "fill"])
    assert not re.search(r"[{}\x00-\x09\x0b-\x1f]|\bNone\b|  +\w", message.text)
    assert not re.search(r"<script|<img|<link", message.html)


def test_a_digest_tells_everything_in_order_of_urgency() -> None:
    """What is over soonest comes first, then what has no end, in the order of the guide; each with its letters and its reason."""
    message = render_candidate_notice(THREE[0])
    titles = [render(one).subject for one in (REJECTION, LAST_CALL, FOLLOW_UP, GHOSTED)]
    assert message.subject == "4 things to look at today"
    assert [message.text.index(title) for title in titles] == sorted(message.text.index(title) for title in titles)
    assert [message.html.index(title.replace("&", "&amp;")) for title in titles] == sorted(
        message.html.index(title.replace("&", "&amp;")) for title in titles
    )
    assert message.text.count(f"Why now: {WHY}") == 3
    assert f"Why now: {GHOSTED.why}" in message.text
    for one in (REJECTION, LAST_CALL, FOLLOW_UP):
        assert all(draft.body in message.text for draft in drafts(one))
    assert message.text.count("Hello") == 1
    assert "> Fine." in message.text


def test_one_thing_alone_reads_as_its_own_message() -> None:
    """Nobody is told of a collection of one."""
    assert render_candidate_notice(digest(FOLLOW_UP)) == render(FOLLOW_UP)
    links = LINKS.of_candidate(digest(FOLLOW_UP), DUE)
    assert render_candidate_notice(digest(FOLLOW_UP), links) == render(FOLLOW_UP, links.notices[0])


def test_a_digest_can_hold_every_kind_of_message() -> None:
    """All of them in one, each under its own title."""
    message = render_candidate_notice(digest(*EVERY))
    assert message.subject == f"{len(EVERY)} things to look at today"
    parse(message.html)
    for one in EVERY:
        assert render(one).subject in message.text


def test_a_digest_attaches_the_dates_of_every_wait() -> None:
    """In one calendar, each entry with an identifier of its own."""
    waits = [notice("waiting/1", application=f"app-{n}", key=f"app-{n} waiting/1", employer=f"E{n}", follow_up_due=DUE) for n in (1, 2)]
    calendar: Any = icalendar.Calendar.from_ical(render_candidate_notice(digest(*waits, FOLLOW_UP)).calendar or "")
    events: list[Any] = calendar.walk("VEVENT")
    assert [str(event["SUMMARY"]).rpartition(", ")[2] for event in events] == ["E1", "E2"]
    assert len({str(event["UID"]) for event in events}) == 2
    assert render_candidate_notice(digest(FOLLOW_UP, REJECTION)).calendar is None


def test_each_thing_of_a_digest_has_the_links_of_its_own_application() -> None:
    """However they were ordered; the page and the way out stand once, at the end."""
    of = THREE[0]
    links = LINKS.of_candidate(of, DUE)
    text = render_candidate_notice(of, links).text
    for one, own in zip(of.notices, links.notices, strict=True):
        assert own is not None
        section = text[text.index(render(one).subject) :].split("\n===")[1]
        assert all(url in section for _, url in own.answers)
        assert all(ways.sent in section and ways.edit in section for ways in own.letters.values())
        assert own.page not in text
    assert links.unsubscribe
    assert text.count(links.page) == text.count(links.unsubscribe) == 1


def test_the_weekly_note_says_where_each_application_stands_and_what_comes_next() -> None:
    """Most urgent first, each in a line, with the guide's advice and without a reproach."""
    message = render_candidate_notice(
        keep_going(WAITING, EARLIER, Standing(application="x", employer="X", position="Y", stage="interviewing"))
    )
    assert message.subject == "Your week: 3 open applications"
    lines = [line for line in message.text.splitlines() if line.startswith("- ")]
    assert [line.partition(": ")[0] for line in lines] == [
        "- Staff Engineer at Analytical Engines",
        "- Analyst at Difference Works",
        "- Y at X",
    ]
    assert [line.partition(": ")[2] for line in lines] == [
        "they are working on their answer; it has been quiet since Mon 2 March. Next, on Thu 19 March: Send your one follow-up.",
        "you have an offer, to be answered by Fri 20 March, 21:00 (London). Next, on Thu 19 March: Decide on the offer.",
        "you are in the interviews. There is nothing to do for now.",
    ]
    assert all(advice in message.text for advice in ("keep applying", "patient", "look after yourself"))
    assert not re.search(r"\b(?:should have|failed|forgot|missed|late)\b", message.text)


@pytest.mark.parametrize(
    "stage", ["interviewing", "thanking", "waiting", "following_up", "awaiting_reply", "deciding", "unclaimed", "closed", "a later one"]
)
def test_the_weekly_note_can_be_written_at_every_stage(stage: str) -> None:
    """With nothing else known, too; one application is spoken of in the singular."""
    message = render_candidate_notice(keep_going(Standing(application="app-1", employer="X", position="Y", stage=stage)))
    assert message.subject == "Your week: one open application"
    assert "- Y at X: " in message.text
    assert "None" not in message.text


def test_two_deadlines_are_both_named_and_the_earlier_employer_is_asked_for_time() -> None:
    """In the words of that offer's own letters, on that employer's clock, and without a word about the other."""
    terms = OfferTerms(number=2, in_writing=True, decide_by=EARLIER.decide_by, stated=True)
    contact = Contact(name="Mary Somerville", email="mary@example.com")
    known = EARLIER.model_copy(update={"offer": terms, "contact": contact, "employer_timezone": "America/New_York"})
    message = render_candidate_notice(offers(LATER, known))
    assert message.subject == "2 offers: ask Difference Works for more time"
    assert message.text.index("Difference Works: your answer is due Fri 20 March") < message.text.index(
        "Loom & Sons: your answer is due Fri 27"
    )
    letter = message.text.split("-" * 60)[1]
    assert "To: Mary Somerville <mary@example.com>" in letter
    assert "You asked for it by Friday 20 March. Would it be possible" in letter
    assert "[the date by which you will answer]" in letter
    assert "Loom" not in letter


def test_an_offer_of_which_only_the_date_is_known_can_be_asked_about_as_well() -> None:
    """The team is greeted, the date is the candidate's."""
    letter = render_candidate_notice(offers(EARLIER, LATER)).text.split("-" * 60)[1]
    assert "Dear hiring team at Difference Works," in letter
    assert "by Friday 20 March, 21:00" in letter


@pytest.mark.parametrize("of", [digest(), keep_going(), offers()], ids=lambda n: n.intent)
def test_a_message_about_nothing_is_not_written(of: CandidateNotice) -> None:
    """Who has nothing to tell sends nothing."""
    with pytest.raises(ValueError, match="about none"):
        render_candidate_notice(of)


EVIL: Final = "\"><img src=x onerror=alert(1)> {{ 7 * 7 }} {% include 'x' %}\r\n\r\n- one\n# two\u202e שלום 🙂"


def test_what_people_wrote_stays_text_in_messages_about_several() -> None:
    """No element, no template, no second line of a subject, no other paragraph."""
    evil = {"employer": EVIL, "position": EVIL}
    for of, harmless in ((keep_going, WAITING), (offers, EARLIER)):
        ours = render_candidate_notice(of(harmless, LATER))
        theirs = render_candidate_notice(of(harmless.model_copy(update=evil), LATER))
        assert "<img" not in theirs.html
        assert "{{ 7 * 7 }}" in theirs.text
        assert "\n" not in theirs.subject
        assert "\u202e" not in theirs.text + theirs.html
        assert theirs.text.count("\n") == ours.text.count("\n")
        assert [theirs.html.count(tag) for tag in ("<p", "<li", "<h2")] == [ours.html.count(tag) for tag in ("<p", "<li", "<h2")]
        parse(theirs.html)
    told = render_candidate_notice(digest(FOLLOW_UP.model_copy(update={**evil, "why": EVIL}), GHOSTED))
    assert "<img" not in told.html
    assert "שלום 🙂" in told.text


@pytest.mark.parametrize("of", THREE, ids=lambda n: n.intent)
def test_the_mail_about_several_keeps_to_its_headers_and_line_lengths(of: CandidateNotice) -> None:
    """Whatever is in it: no header that we did not write, no line of more than 998 octets, the words whole after decoding."""
    long = EVIL + "x" * 10_000
    evil = {"employer": long, "position": long}
    told = of.model_copy(
        update={
            "to": Contact.model_construct(name=f"Ada\r\nBcc: all@example.com {EVIL}", email="ada@example.org"),
            "why": long,
            "notices": tuple(one.model_copy(update={**evil, "why": long, "feedback": long}) for one in of.notices),
            "standings": tuple(one.model_copy(update={**evil, "next_action": None}) for one in of.standings),
        }
    )
    mail = compose_across(told, sender_of("Afterword <afterword@example.com>"), DUE, LINKS.of_candidate(told, DUE))
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    read = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert (read["Bcc"], read.defects, len(read.get_all("To", [])), len(read.get_all("Subject", []))) == (None, [], 1, 1)
    body = read.get_body(("plain",))
    assert body is not None
    assert "x" * 10_000 in body.get_content()
    assert "{{ 7 * 7 }}" in body.get_content()


def test_an_adviser_who_asks_is_named_with_what_they_would_see_and_two_links() -> None:
    """One that decides while the ask stands, one that ends it for good; there is nothing to unsubscribe from."""
    links = LINKS.of_candidate(ASKS, DUE)
    assert links.consent
    mail = message_from_bytes(
        compose_across(ASKS, sender_of("Afterword <afterword@example.com>"), DUE, links).content, policy=policy.default
    )
    assert isinstance(mail, EmailMessage)
    text = mail.get_body(("plain",)).get_content().replace("\n", " ")  # pyright: ignore[reportOptionalMemberAccess] -- every mail has one
    assert mail["Subject"] == "Mary Somerville asks to follow your applications"
    assert mail["List-Unsubscribe"] is None
    assert all(part in text for part in ("the employer and the position", "They never see", links.consent.decide, links.consent.end))
    decides, ends = (LINKS.read(url.rpartition("/")[2], DUE) for url in (links.consent.decide, links.consent.end))
    assert (decides.purpose, decides.about, decides.expires - DUE) == ("coach", "coach-9", timedelta(days=30))
    assert (ends.purpose, ends.about, ends.expires - DUE) == ("coach-end", "coach-9", timedelta(days=3650))
