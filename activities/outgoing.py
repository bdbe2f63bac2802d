"""Sending a candidate's own letter, once they approved it: exactly their words, to the employer, with answers to the candidate.

The letter is plain text alone. It is a personal letter, not a page: an HTML part could only repeat its words in another dress, and be what
a filter judges it by. It is not marked as sent by a machine (RFC 3834 forbids that for what a person wrote and released), so that an
absence at the other end is answered as to anybody. Nothing in it tells what step it belongs to.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.attempt import attempt, bad_address, moment
from activities.handover import MailServer
from activities.headers import policy_of
from activities.letters.pages import plain
from activities.mail import LONGEST_NAME, Mail, NoSuchAddressError, address_of, message_id_of, sender_of
from workflows import names
from workflows.application.approvals import BLANK
from workflows.facts import Contact


class UnsendableError(ValueError):
    """This letter must not leave as it stands. Says why, and none of its words."""


class Outgoing:
    """The activity of sending letters, with the mail server that it uses.

    `smtp_url` as in `MailServer.at`; `mail_from` is an address, or `Name <address>`. ValueError if either cannot be read.
    """

    def __init__(self, smtp_url: str, mail_from: str) -> None:
        self._server = MailServer.at(smtp_url)
        self._sender = sender_of(mail_from)

    @activity.defn(name=names.SEND_LETTER)
    async def send_letter(self, request: names.LetterRequest) -> names.Delivery:
        """Send one letter; returns and fails as `attempt`, and with LetterUnsendable (nothing was sent, and never will be)."""
        try:
            mail = compose_letter(request.letter, self._sender, moment(request.ahead))
        except NoSuchAddressError:
            raise bad_address() from None
        except UnsendableError as error:
            raise ApplicationError(str(error), type=names.UNSENDABLE, non_retryable=True) from None
        return await attempt(mail, self._server)


def compose_letter(letter: names.ApprovedLetter, sender: Address, at: datetime) -> Mail:
    """The mail of one approved letter, dated at the moment of the attempt: subject and body as approved, to the letter.

    NoSuchAddressError where the addressee cannot be written to; UnsendableError where the letter itself must not leave.
    """
    answers = _answers_to(letter.candidate)
    for text in (letter.subject, letter.body):
        if not text.strip():
            raise UnsendableError("the letter has no words")
        if BLANK.search(" ".join(text.split())):  # an editor may have broken a blank into lines
            raise UnsendableError("the letter still has a blank")
    to = address_of(letter.to)
    international = not (to.addr_spec + answers.addr_spec).isascii()
    message_id = message_id_of(letter.key, sender)
    mail = EmailMessage(policy=policy_of(to.addr_spec, answers.addr_spec))
    try:
        mail["From"] = _on_behalf(letter.candidate, sender)
        mail["Reply-To"] = answers
        mail["To"] = to
        mail["Subject"] = letter.subject
        mail["Date"] = at
        mail["Message-ID"] = message_id
        mail["X-Afterword-Application"] = plain(letter.application)
        mail.set_content(letter.body, cte="quoted-printable")
        content = mail.as_bytes()
    except ValueError:  # two lines as a subject, half a character: the candidate is told, and can say it otherwise
        raise UnsendableError("the letter cannot be put into a mail") from None
    return Mail(sender.addr_spec, to.addr_spec, message_id, content, international)


def _answers_to(candidate: Contact) -> Address:
    try:
        return address_of(candidate)
    except NoSuchAddressError:
        raise UnsendableError("there is no address that answers could go to") from None


def _on_behalf(candidate: Contact, sender: Address) -> Address:
    """The platform's address, which its servers answer for, under the name of the person whose letter it is."""
    name, platform = plain(candidate.name or "")[:LONGEST_NAME], sender.display_name or sender.domain
    return Address(display_name=f"{name} via {platform}" if name else platform, addr_spec=sender.addr_spec)
