"""Headers as they are written, read by two readers: what was meant comes back, in lines that every server takes."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from activities.headers import policy_of
from activities.letters.pages import plain

_PIECES = (
    "Ada",
    "x",
    "עדה",
    "\U0001f469\u200d\U0001f680",
    "職",
    "é",
    '"',
    "=?",
    "?=",
    ",",
    "<",
    ">",
    "(",
    "\\",
    ";",
    ":",
    "@",
    "'",
    ".",
    "_",
    "=20",
)
LINES = st.lists(
    st.tuples(st.sampled_from(_PIECES), st.sampled_from((1, 2, 9, 40))).map(lambda p: p[0] * p[1]) | st.text(max_size=12), max_size=14
).map(lambda words: plain(" ".join(words)))


def written(subject: str = "x", name: str = "Ada") -> bytes:
    mail = EmailMessage(policy=policy_of("ada@example.org"))
    mail["To"] = Address(display_name=name[:150], username="ada", domain="example.org")
    mail["Subject"] = subject
    mail.set_content("x")
    return mail.as_bytes()


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def header(raw: bytes, name: str) -> str:
    """As it stands there, its lines joined again."""
    (found,) = re.findall(rb"(?ms)^" + name.encode() + rb": (.*?)\r\n(?! )", raw)
    return found.decode().replace("\r\n", "")


def decoded(text: str) -> str:
    """By the older of the library's readers, which joins encoded words as the standard says."""
    return "".join(part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in decode_header(text))


def narrow(raw: bytes) -> bool:
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    return raw.isascii() and all(len(line) <= 78 or (b" " not in line.strip() and len(line) <= 998) for line in lines)


@given(subject=LINES)
@example(subject="עדה \U0001f469\u200d\U0001f680 at עדה עדה " + "é " * 40)
@example(subject="=?utf-8?q?evil?=")
@example(subject="\\ ,,,, ( @ ?= " + "longer " * 20)
def test_a_subject_is_read_as_it_was_meant(subject: str) -> None:
    """Blanks between foreign words, signs that look encoded, lengths that need several lines."""
    raw = written(subject=subject)
    assert str(read(raw)["Subject"]) == subject
    assert narrow(raw) or max(map(len, subject.split(" "))) > 60


@given(name=LINES)
@example(name="::: evil@example.com, " + "x" * 120)
@example(name="=?utf-8?q?evil?=")
@example(name="0 \xa00")
@example(name='A "B" \\, <evil@example.com>')
def test_a_name_never_becomes_an_address(name: str) -> None:
    """One recipient, whose name is what it was, however it is quoted and however long it is."""
    name = name[:150].strip()
    raw = written(name=name)
    (address,) = read(raw)["To"].addresses
    assert address.addr_spec == "ada@example.org"
    assert read(raw)["To"].defects == ()
    said, spec = parseaddr(header(raw, "To"))
    assert (decoded(said), spec) == (name, "ada@example.org")
    if header(raw, "To").count("=?utf-8?") < 2:  # the newer reader puts blanks between encoded words of a name, and for any other blank
        assert address.display_name.split() == name.split()


def test_ordinary_headers_are_written_as_people_expect() -> None:
    """Nothing is encoded or quoted that need not be."""
    assert header(written("Time to ask Analytical Engines for news"), "Subject") == "Time to ask Analytical Engines for news"
    assert header(written(name="Ada Byron"), "To") == "Ada Byron <ada@example.org>"
    assert header(written(name="Byron, Ada"), "To") == '"Byron, Ada" <ada@example.org>'


def test_several_people_stay_several() -> None:
    """A comma in a name and a comma between people are different things."""
    mail = EmailMessage(policy=policy_of("ada@example.org"))
    people = [Address(f"Nº {n}, of many", "ada", f"{n}.example.org") for n in range(8)]
    mail["To"] = people
    assert read(mail.as_bytes())["To"].addresses == tuple(people)


@pytest.mark.parametrize("address", ["ädä@example.org", "ada@bücher.example"])
def test_an_address_that_is_not_ascii_stands_in_an_international_mail(address: str) -> None:
    """Whole, since an address cannot be encoded."""
    mail = EmailMessage(policy=policy_of("jobs@example.com", address))
    mail["To"] = Address("Ädä", *address.split("@"))
    assert address.encode() in mail.as_bytes()
