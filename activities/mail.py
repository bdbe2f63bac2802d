"""A notice as an e-mail: headers, text, HTML, and the dates attached. Sends nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from email_validator import EmailNotValidError, validate_email

from activities.headers import policy_of
from activities.letters import Message, render, render_candidate_notice
from activities.letters.links import CandidateLinks, NoticeLinks
from activities.letters.pages import plain
from workflows.facts import Contact
from workflows.names import CandidateNotice, Notice

LONGEST_NAME: Final = 150


class NoSuchAddressError(ValueError):
    """This cannot be written to. Says no more, so that no address gets into a log."""


@dataclass(frozen=True)
class Mail:
    """What is handed to a mail server."""

    sender: str
    recipient: str
    """As in the envelope: an international domain is in its ASCII form."""
    message_id: str
    content: bytes
    international: bool
    """The recipient's local part is not ASCII: only a server with SMTPUTF8 can take it."""


def address_of(person: Contact) -> Address:
    """The person as an address that can stand in a header; NoSuchAddressError if there is none or it cannot be one."""
    if not person.email:
        raise NoSuchAddressError
    local, _, domain = person.email.rpartition("@")
    try:
        if not person.email.isascii():
            valid = validate_email(person.email, check_deliverability=False, test_environment=True)
            local, domain = valid.local_part, valid.ascii_domain
        name = plain(person.name or "")[:LONGEST_NAME]
        address = Address(display_name=name, username=local, domain=domain)
    except (EmailNotValidError, ValueError, IndexError):
        raise NoSuchAddressError from None
    if not (local and domain) or plain(address.addr_spec) != address.addr_spec:
        raise NoSuchAddressError
    return address


def sender_of(mail_from: str) -> Address:
    """The address that messages come from, said as `Name <address>`; ValueError if it is none."""
    name, address = parseaddr(mail_from)
    try:
        if plain(mail_from) != mail_from.strip():
            raise NoSuchAddressError
        return address_of(Contact(name=plain(name) or None, email=address))
    except ValueError:
        raise ValueError("the sender of messages must be an e-mail address, as in: Afterword <afterword@example.com>") from None


def message_id_of(key: str, sender: Address) -> str:
    """Depends on nothing but the key and whence it comes, so that a second copy would be known as one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{sender.domain}>"


def compose(notice: Notice, sender: Address, at: datetime, links: NoticeLinks | None = None) -> Mail:
    """The mail about one notice, dated at the moment of the attempt; with links its reader can answer and unsubscribe.

    Its Message-ID depends on nothing but the notice's key, so that a second copy would be known as one. NoSuchAddressError where the
    candidate cannot be written to.
    """
    about = {"X-Afterword-Application": plain(notice.application)} | _headers(notice, links)
    return _composed(render(notice, links), notice, (sender, at), about)


def compose_across(notice: CandidateNotice, sender: Address, at: datetime, links: CandidateLinks | None = None) -> Mail:
    """The mail about several applications, as `compose`."""
    about = {"X-Afterword-Candidate": plain(notice.candidate)} | _headers(notice, links)
    return _composed(render_candidate_notice(notice, links), notice, (sender, at), about)


def _headers(notice: Notice | CandidateNotice, links: NoticeLinks | CandidateLinks | None) -> dict[str, str]:
    about = {"X-Afterword-Intent": plain(notice.intent)}
    if links and links.unsubscribe:
        about |= {"List-Unsubscribe": f"<{links.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return about


def _composed(letter: Message, notice: Notice | CandidateNotice, sent: tuple[Address, datetime], about: dict[str, str]) -> Mail:
    sender, at = sent
    to = address_of(notice.to)
    international = not to.addr_spec.isascii()
    message_id = message_id_of(notice.key, sender)
    mail = EmailMessage(policy=policy_of(to.addr_spec))
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = letter.subject
    mail["Date"] = at
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    for header, said in about.items():
        mail[header] = said
    # quoted-printable keeps every line short and every server content, whether or not it takes eight bits
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        kind = {"charset": "utf-8", "method": "PUBLISH"}
        mail.add_attachment(letter.calendar.encode(), maintype="text", subtype="calendar", filename="dates.ics", params=kind)
    return Mail(sender.addr_spec, to.addr_spec, message_id, mail.as_bytes(), international)
