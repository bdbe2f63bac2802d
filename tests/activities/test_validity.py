"""Every kind of mail, as its bytes leave: what the standards ask of it, read by the standard library and by a strict HTML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.letters.languages import languages
from activities.letters.links import Links
from activities.mail import Mail, compose, compose_across, sender_of
from activities.outgoing import compose_letter
from tests.activities.samples import DUE, EVERY, GRACE, RECRUITING, STATED, WHY, notice
from tests.activities.sending import FROM, STARTED
from workflows.facts import Contact
from workflows.guide.steps import CAN_WAIT
from workflows.names import ApprovedLetter, CandidateNotice, Notice, Standing

LINKS: Final = Links(("k" * 40,), "https://afterword.example.com")
ISSUED: Final = datetime(2030, 3, 12, 8, tzinfo=UTC)
LONGEST: Final = 998
"""Octets of a line, RFC 5322."""
ONCE: Final = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
LETTER: Final = ApprovedLetter(
    application="app-1",
    letter="follow-up/1",
    key="app-1 follow-up/1 1",
    to=RECRUITING,
    candidate=Contact(name="Ada Byron", email="ada@example.org"),
    subject="The Staff Engineer position",
    body="Dear Recruiting,\n\nmay I ask how it stands?\n\nKind regards\nAda Byron",
)
HOSTILE: Final = (
    '"><img src=x> & <b> {{ 7 }}\r\nBcc: all@example.com\r\n\r\n.\r\n\u05e2\u05d3\u05d4 \u202e \U0001f469\u200d\U0001f680 =20 ' + "x" * 1200
)


def sent(of: Notice) -> Mail:
    """As `send_notice` hands it over."""
    of = of.model_copy(update={"candidate": "cand-7"})
    return compose(of, sender_of(FROM), STARTED, LINKS.of_notice(of, ISSUED))


def across(of: CandidateNotice) -> Mail:
    """As `send_candidate_notice` hands it over."""
    return compose_across(of, sender_of(FROM), STARTED, LINKS.of_candidate(of, ISSUED))


def letter(**other: Any) -> Mail:
    return compose_letter(LETTER.model_copy(update=other), sender_of(FROM), STARTED)


def hostile(of: Notice) -> Notice:
    """The same with everything in it written by somebody who means harm, or writes at great length."""
    people = tuple(p.model_copy(update={"name": HOSTILE, "point": HOSTILE, "role": HOSTILE}) for p in of.people)
    told = {"employer": HOSTILE, "position": HOSTILE, "skills": (HOSTILE,), "why": HOSTILE, "feedback": HOSTILE, "people": people}
    to = Contact.model_construct(name=HOSTILE, email="ada@example.org")
    return of.model_copy(update={**told, "to": to, "contact": Contact.model_construct(name=HOSTILE, email="jobs@example.com")})


def several(kind: str, employer: str = "Analytical Engines") -> CandidateNotice:
    """A message about all applications, of which there are two."""
    standings = tuple(
        Standing(application=f"app-{n}", employer=employer, position="Staff Engineer", stage="waiting", next_due=DUE, decide_by=by)
        for n, by in enumerate((STATED.decide_by, DUE), 1)
    )
    handed = tuple(
        of.model_copy(update={"candidate": "cand-7", "employer": employer}) for of in EVERY if of.intent.partition("/")[0] in CAN_WAIT
    )
    to = Contact(name="Ada Byron", email="ada@example.org")
    about: dict[str, Any] = {"notices": handed} if kind == "digest" else {"applications": ("app-1", "app-2"), "standings": standings}
    said: dict[str, Any] = {"candidate": "cand-7", "intent": f"{kind}/2026-03-12", "key": f"cand-7 {kind}", "due": DUE, "why": WHY}
    return CandidateNotice(**said, to=to, timezone="Europe/London", **about)


ACROSS: Final = ("digest", "keep-going", "ask-for-time")
MAILS: Final[dict[str, Mail]] = {
    **{f"{language} {of.intent}": sent(of.model_copy(update={"language": language})) for of in EVERY for language in languages()},
    **{kind: across(several(kind)) for kind in ACROSS},
    **{f"hostile {kind}": across(several(kind, HOSTILE)) for kind in ACROSS},
    **{f"hostile {of.intent}": sent(hostile(of)) for of in EVERY},
    "approved letter": letter(),
    "approved letter to everywhere": letter(body=HOSTILE, candidate=Contact.model_construct(name=HOSTILE, email="ada@example.org")),
}
every_mail: Final = pytest.mark.parametrize("mail", [pytest.param(mail, id=name) for name, mail in MAILS.items()])
notices: Final = pytest.mark.parametrize("mail", [pytest.param(mail, id=name) for name, mail in MAILS.items() if "letter" not in name])


def parsed(mail: Mail) -> EmailMessage:
    found = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(mail: Mail, kind: str) -> str:
    found = parsed(mail).get_body((kind,))
    assert found is not None
    return str(found.get_content())


@every_mail
def test_the_standard_library_finds_nothing_wrong(mail: Mail) -> None:
    """No defect in the whole, in a part, or in a header of either."""
    for one in parsed(mail).walk():
        assert one.defects == []
        for name, value in one.items():
            assert getattr(value, "defects", ()) == (), name


@every_mail
def test_lines_are_short_plain_and_end_as_they_must(mail: Mail) -> None:
    """At most 998 octets, all of them ASCII, CRLF and no other line break: no relay has a reason to touch what a signature covers."""
    assert mail.content.isascii()
    assert b"\r" not in mail.content.replace(b"\r\n", b"")
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert max(map(len, mail.content.split(b"\r\n"))) <= LONGEST
    assert b"\0" not in mail.content


@every_mail
def test_each_header_that_a_signature_covers_is_there_once(mail: Mail) -> None:
    """And its domain is that of the envelope, which SPF asks, and of the Message-ID."""
    said = parsed(mail)
    assert {name: len(said.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    (author,) = said["From"].addresses
    domain = sender_of(FROM).domain
    assert author.domain == domain
    assert mail.sender.rpartition("@")[2] == domain
    assert re.fullmatch(rf"<[0-9a-f]{{40}}@{re.escape(domain)}>", said["Message-ID"])
    assert said["Message-ID"] == mail.message_id
    assert said["Date"].datetime == STARTED
    assert [said[name] for name in ("Bcc", "Cc", "Sender", "Return-Path")] == [None] * 4
    assert [address.addr_spec for address in said["To"].addresses] == [mail.recipient]


@every_mail
def test_every_part_can_pass_a_server_of_seven_bits(mail: Mail) -> None:
    """Each is encoded for it, says its charset, and is what it says."""
    for one in parsed(mail).walk():
        if not one.is_multipart():
            assert one["Content-Transfer-Encoding"] in ("quoted-printable", "base64")
            assert one.get_content_charset() == "utf-8"
            assert isinstance(one.get_content(), str)


@notices
def test_text_comes_before_html_and_dates_beside_both(mail: Mail) -> None:
    """A reader takes the last alternative that it can show."""
    said = parsed(mail)
    parts = list(said.iter_parts())
    body = parts[0] if said.get_content_type() == "multipart/mixed" else said
    assert isinstance(body, EmailMessage)
    assert body.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in body.iter_parts()] == ["text/plain", "text/html"]
    assert [one.get_content_type() for one in said.iter_attachments()] == ["text/calendar"] * (said is not body)


@notices
def test_the_html_is_html(mail: Mail) -> None:
    """Read by a parser that forgives nothing; and it fetches nothing."""
    document = tree(mail)
    assert one_line(document.find("head/title").text) == one_line(str(parsed(mail)["Subject"]))
    assert {element.tag for element in document.iter()} <= ALLOWED
    assert all(not name.startswith("on") for element in document.iter() for name in element.attrib)


ALLOWED: Final = {
    "html", "head", "meta", "title", "style", "body", "main", "h2", "h3", "p", "ul", "li", "div", "blockquote", "br", "mark", "a", "bdi",
}  # fmt: skip


@notices
def test_the_text_is_complete_by_itself(mail: Mail) -> None:
    """Every paragraph of the HTML, every letter, every date and every link stands in the text too."""
    text = one_line(part(mail, "plain"))
    said = list(blocks(tree(mail).find("body")))
    assert said
    assert [block for block in said if block not in text] == []
    links = {element.attrib["href"] for element in tree(mail).iter("a")}
    assert {link for link in links if not link.startswith("mailto:") and link not in text} == set()


@notices
def test_it_can_be_unsubscribed_from_by_one_click(mail: Mail) -> None:
    """RFC 8058: one address, over TLS, and the promise to take a POST; and it is in the message as well."""
    said = parsed(mail)
    assert said.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    (address,) = said.get_all("List-Unsubscribe", [])
    assert re.fullmatch(r"<https://afterword\.example\.com/act/[A-Za-z0-9._-]+>", address)
    assert address.strip("<>") in part(mail, "plain")
    assert said["Auto-Submitted"] == "auto-generated"


def test_without_links_nothing_is_promised() -> None:
    """A message that cannot be unsubscribed from does not say so."""
    said = parsed(compose(EVERY[0], sender_of(FROM), STARTED))
    assert (said["List-Unsubscribe"], said["List-Unsubscribe-Post"]) == (None, None)


def test_a_long_link_is_not_broken_in_its_header() -> None:
    """Ids of the greatest length: still one line that a program can read, within what a line may have."""
    long = notice("thank-you/" + "i" * 128, application="a" * 128, candidate="c" * 128, people=(GRACE,))
    (line,) = [line for line in sent(long).content.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert re.fullmatch(rb"List-Unsubscribe: <https://afterword\.example\.com/act/[A-Za-z0-9._-]+>", line)


@settings(max_examples=50)
@given(
    name=st.text(max_size=60),
    employer=st.text(min_size=1, max_size=60),
    position=st.text(min_size=1, max_size=60),
    n=st.integers(0, len(EVERY) - 1),
)
def test_whatever_is_written_in_names_the_mail_stays_one_that_can_be_read(name: str, employer: str, position: str, n: int) -> None:
    """Any characters in candidate, employer and position: the checks above, at once."""
    to = Contact.model_construct(name=name, email="ada@example.org")
    mail = sent(EVERY[n].model_copy(update={"to": to, "employer": employer, "position": position}))
    for check in (
        test_the_standard_library_finds_nothing_wrong,
        test_lines_are_short_plain_and_end_as_they_must,
        test_each_header_that_a_signature_covers_is_there_once,
        test_the_html_is_html,
        test_the_text_is_complete_by_itself,
    ):
        check(mail)


def tree(mail: Mail) -> Any:
    """The document of the HTML part; a parse error of the standard fails."""
    parser: Any = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)  # it has no types
    return parser.parse(part(mail, "html"))


def blocks(element: Any) -> Iterator[str]:
    """What stands in one paragraph each, without the links' own labels."""
    for one in element.iter():
        if one.tag in ("p", "li", "h2", "h3", "blockquote") and (said := one_line("".join(words(one)))):
            yield from (said,) if one.find(".//a") is None else ()


def words(element: Any) -> Iterator[str]:
    yield element.text or ""
    for one in element:
        yield from (" ",) if one.tag == "br" else words(one)
        yield one.tail or ""


def one_line(text: str) -> str:
    return " ".join(re.sub(r"(?m)^> ?", "", text).split())
