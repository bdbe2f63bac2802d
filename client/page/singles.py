"""The forms of links for one purpose. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from activities.letters.links import Link, Purpose
from client.letters import letters
from client.page import forms
from client.page.forms import Form
from client.page.sections import Known, Letter, letter_of, next_step
from client.page.talk import Talk

_WORDS: Final[dict[Purpose, Callable[[Talk], Form]]] = {
    "answered": forms.answered,
    "date": forms.date_named,
    "offer": forms.offered,
    "rejected": forms.rejected,
    "next-round": forms.invited,
    "stop": forms.stopped,
}
_PROBES: Final[dict[Purpose, dict[str, Any]]] = {
    "answered": {"type": "employer_replied"},
    "offer": {"type": "offer_received", "in_writing": True},
    "rejected": {"type": "rejected"},
    "next-round": {"type": "next_round_invited"},
    "stop": {"type": "withdrawn"},
}


def form_of(link: Link, known: Known, talk: Talk) -> tuple[Form, Letter | None] | None:
    """The link's form, and the letter that it is about; None where what it was for is over."""
    if make := _WORDS.get(link.purpose):
        return make(talk), None
    if link.purpose == "snooze":
        step = next_step(known)
        return (forms.put_off(talk, step), None) if step else None
    one = next((one for one in letters(known.app) if one["id"] == link.about), None)
    if link.purpose == "sent":
        shown = letter_of(known, one, talk) if one and one["status"] in ("draft", "undeliverable") else None
        person = (one["to"]["name"] or one["to"]["email"] or "") if one else ""
        return forms.sent(talk, link.about, one["subject"] if one else "", person), shown
    if one is None or one["status"] not in ("draft", "undeliverable"):
        return None
    to = one["to"]["name"] or one["to"]["email"] or ""
    return forms.edited(talk, link.about, one["subject"], one["body"], to), None


def probe_of(link: Link) -> dict[str, Any] | None:
    """What the link will say, as far as it is known before its form is filled in: the guide can be asked about it."""
    if link.purpose == "sent":
        return {"type": "letter_sent", "letter": link.about}
    if link.purpose == "edit":
        return {"type": "letter_approved", "letter": link.about, "subject": "x", "body": "x"}
    return _PROBES.get(link.purpose)
