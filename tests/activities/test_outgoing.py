"""A candidate's own letter, sent to real mail servers: exactly as approved, answers to the candidate, never what must not leave."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError

from activities.mail import NoSuchAddressError, sender_of
from activities.outgoing import Outgoing, UnsendableError, compose_letter
from tests.activities.sending import FROM, STARTED, environment
from tests.activities.servers import Post, mail_server
from workflows import names
from workflows.facts import Contact
from workflows.names import ApprovedLetter

ADA = Contact(name="Ada Byron", email="ada@example.org")
GRACE = Contact(name="Grace Hopper", email="grace@example.com")
BODY = "Dear Grace,\n\nthank you for the talk.\n\n  - indented, as I like it\n.\n..\nFrom here on: trailing space \n\nAda Byron"
LETTER = ApprovedLetter(
    application="app-1",
    letter="thank-you/i1/g",
    key="app-1 thank-you/i1/g approval-1",
    to=GRACE,
    candidate=ADA,
    subject="Thank you for the talk on Monday",
    body=BODY,
)


def letter(**other: object) -> ApprovedLetter:
    return LETTER.model_copy(update=other)


async def send(post: Post | str, of: ApprovedLetter = LETTER, ahead: timedelta = timedelta(0)) -> names.Delivery:
    url = post if isinstance(post, str) else post.url
    return await environment().run(Outgoing(url, FROM).send_letter, names.LetterRequest(letter=of, ahead=ahead))


async def failure(post: Post | str, of: ApprovedLetter = LETTER) -> tuple[str | None, bool]:
    """Type of the error, and whether it is for good; nothing private is in it."""
    with pytest.raises(ApplicationError) as raised:
        await send(post, of)
    assert raised.value.__cause__ is None
    for private in ("ada", "Ada", "grace", "Grace", "talk", "example"):
        assert private not in str(raised.value)
    return raised.value.type, raised.value.non_retryable


def read(of: ApprovedLetter) -> EmailMessage:
    """The letter as a mail program reads it."""
    mail = message_from_bytes(compose_letter(of, sender_of(FROM), STARTED).content, policy=policy.SMTPUTF8)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


# -- what leaves ------------------------------------------------------------------------------------------------------------------------


async def test_it_comes_from_the_platform_in_the_candidates_name_and_answers_go_to_the_candidate() -> None:
    """The address is the platform's own, so that its servers may send for it."""
    async with mail_server(Post()) as post:
        delivery = await send(post)
    (mail,) = post.taken
    assert mail["From"] == "Ada Byron via Afterword <afterword@mail.example.com>"
    assert mail["Reply-To"] == "Ada Byron <ada@example.org>"
    assert mail["To"] == "Grace Hopper <grace@example.com>"
    assert post.recipients == ["grace@example.com"]
    assert mail["Message-ID"] == delivery.message_id
    assert mail["X-Afterword-Application"] == "app-1"


async def test_subject_and_body_arrive_as_they_were_approved() -> None:
    """One plain text, to the last dot; nothing is added, not even another form of the same."""
    async with mail_server(Post()) as post:
        await send(post)
    (mail,) = post.taken
    assert (mail["Subject"], mail.get_content_type()) == (LETTER.subject, "text/plain")
    assert body(mail) == f"{BODY}\n"
    assert not mail.is_multipart()


async def test_it_is_a_persons_letter_and_tells_nothing_of_the_process() -> None:
    """No mark of a machine, which would keep the other end from answering; no step, no list, no reason."""
    envelope = {"From", "Reply-To", "To", "Subject", "Date", "Message-ID", "X-Afterword-Application"}
    assert set(read(LETTER).keys()) == envelope | {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}


async def test_it_is_dated_at_the_attempt_on_the_applications_clock_and_known_by_its_approval() -> None:
    """A second copy would be known as one; another approval is another letter."""
    async with mail_server(Post()) as post:
        first = await send(post, ahead=timedelta(days=3))
        again = await send(post)
        other = await send(post, letter(key="app-1 thank-you/i1/g approval-2"))
    assert post.taken[0]["Date"].datetime == STARTED + timedelta(days=3)
    assert first == again != other


@pytest.mark.parametrize(
    ("mail_from", "name", "shown"),
    [
        ("Afterword <a@mail.example.com>", "Ada Byron", "Ada Byron via Afterword"),
        ("a@mail.example.com", "Ada Byron", "Ada Byron via mail.example.com"),
        ("Afterword <a@mail.example.com>", None, "Afterword"),
        (
            "Afterword <a@mail.example.com>",
            'Byron, "Ada" <x@y.z>\r\nBcc: all@example.com',
            'Byron, "Ada" <x@y.z> Bcc: all@example.com via Afterword',
        ),
    ],
)
def test_whoever_sends_is_named(mail_from: str, name: str | None, shown: str) -> None:
    """As far as they have names; whatever stands in a name is a name."""
    of = letter(candidate=Contact.model_construct(name=name, email="ada@example.org"))
    mail = message_from_bytes(compose_letter(of, sender_of(mail_from), STARTED).content, policy=policy.SMTPUTF8)
    (address,) = mail["From"].addresses
    assert (address.display_name, address.addr_spec) == (shown, "a@mail.example.com")


LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=400).map(str.strip).filter(bool)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t ."), min_size=1, max_size=2000).filter(str.strip)


@given(subject=LINES, text=TEXTS, name=LINES)
def test_words_of_every_script_and_length_arrive_whole(subject: str, text: str, name: str) -> None:
    """Whatever an approval may hold either arrives to the letter, in short lines, or is refused as a whole."""
    of = letter(subject=subject, body=text, candidate=Contact(name=name, email="ada@example.org"))
    try:
        mail = compose_letter(of, sender_of(FROM), STARTED)
    except UnsendableError:
        assert "[" in subject + text
        return
    found = message_from_bytes(mail.content, policy=policy.SMTPUTF8)
    assert isinstance(found, EmailMessage)
    assert " ".join(found["Subject"].split()) == " ".join(subject.split())
    assert body(found).rstrip("\n") == text.rstrip("\n")
    assert all(len(line) <= 998 for line in mail.content.split(b"\r\n"))
    assert [a.addr_spec for a in found["Reply-To"].addresses] == ["ada@example.org"]
    assert len(found.keys()) == len(read(LETTER).keys())


# -- what does not leave ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "of",
    [
        letter(body="Dear Grace,\n\n[one specific point from your talk with Grace Hopper]"),
        letter(body="Dear Grace, I liked [one specific\npoint from your talk]."),
        letter(subject="Thank you, [name]"),
        letter(body=""),
        letter(body=" \n\t\n"),
        letter(subject=" "),
        letter(subject="Thank you\r\nBcc: all@example.com"),
        letter(subject="Thank you\nX-Other: 1"),
        letter(subject="Thank you\u2028Bcc: all@example.com"),
        letter(body="half a character: \ud83d"),
        letter(candidate=Contact(name="Ada Byron")),
        letter(candidate=Contact.model_construct(name="Ada Byron", email="ada@example.org\r\nBcc: all@example.com")),
    ],
    ids=[
        "blank",
        "blank-in-two-lines",
        "blank-in-subject",
        "empty",
        "white",
        "no-subject",
        "crlf",
        "lf",
        "separator",
        "half",
        "nobody",
        "header",
    ],
)
async def test_what_must_not_leave_is_refused_for_good_and_no_server_is_asked(of: ApprovedLetter) -> None:
    """There need not even be one."""
    assert await failure("smtp://127.0.0.1:1", of) == (names.UNSENDABLE, True)


@pytest.mark.parametrize("to", [Contact(name="Grace Hopper"), Contact.model_construct(name="X", email="g@example.com\r\nRCPT TO:<x@y.z>")])
async def test_an_addressee_without_an_address_is_a_bad_address(to: Contact) -> None:
    """Nothing was sent, and never will be."""
    assert await failure("smtp://127.0.0.1:1", letter(to=to)) == (names.BAD_ADDRESS, True)
    with pytest.raises(NoSuchAddressError):
        compose_letter(letter(to=to), sender_of(FROM), STARTED)


@pytest.mark.parametrize(
    ("post", "told"),
    [
        (Post(rcpt="450 4.2.1 try later"), (names.REFUSED, False)),
        (Post(rcpt="550 5.1.1 no such user"), (names.BAD_ADDRESS, True)),
        (Post(data="451 4.3.0 not now"), (names.REFUSED, False)),
        (Post(dies="data"), (names.REFUSED, False)),
        (Post(answer="554 5.6.0 not this"), (names.REFUSED, False)),
        (Post(dies="message"), (names.UNCERTAIN, True)),
        (Post(answer="hello"), (names.UNCERTAIN, True)),
    ],
    ids=str,
)
async def test_its_ends_are_those_of_every_message(post: Post, told: tuple[str, bool]) -> None:
    """The same conversation, the same certainty."""
    async with mail_server(post):
        assert await failure(post) == told
    assert post.taken == []


async def test_a_candidate_with_an_international_address_needs_a_server_that_knows_them() -> None:
    """Else nobody could answer; a domain alone has an ASCII form."""
    async with mail_server(Post()) as post:
        await send(post, letter(candidate=Contact(name="Ädä", email="ädä@bücher.example")))
    assert "<ädä@xn--bcher-kva.example>".encode() in post.raw[0]
    async with mail_server(Post(), utf8=False) as plain:
        assert await failure(plain, letter(candidate=Contact(email="ädä@example.org"))) == (names.BAD_ADDRESS, True)
        await send(plain, letter(candidate=Contact(email="ada@bücher.example")))
    assert len(plain.taken) == 1
