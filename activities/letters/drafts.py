"""The letters that a candidate may send about a step, ready but for their blanks. Nothing here sends one.

A letter says only what the notice knows. What is missing is a visible blank, listed in `blanks`, such as
`[one specific point from your talk with Grace Hopper]`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from activities.letters.dates import Dates
from activities.letters.pages import page, plain
from workflows.facts import Contact, Frozen, Id, Intent, LetterId
from workflows.names import Addressee, Notice

_LETTERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "follow-up": (("", "follow-up"),),
    "follow-up-last-call": (("", "follow-up"),),
    "references": (("", "references"),),
    "offer-thanks": (("", "offer-thanks"),),
    "offer-decide": (("/accept", "offer-accept"), ("/decline", "offer-decline"), ("/ask-for-time", "offer-ask-for-time")),
    "offer-overdue": (("/accept", "offer-accept"), ("/decline", "offer-decline"), ("/ask-for-time", "offer-ask-for-time")),
    "rejection-reply": (("", "rejection-reply"),),
    "next-round": (("", "next-round"),),
    "close-others": (("", "close-others"),),
    "farewell": (("", "farewell"),),
}
"""Kind of step -> the endings of its letters' ids and their templates. Thank-yous have one letter per person; other kinds have none."""
_TO_OTHERS: Final = ("references", "close-others")
"""Letters that do not go to this employer."""
_DEPARTMENT: Final = re.compile(
    r"(?:(?:and|careers|department|hiring|hr|human|jobs|office|people|personnel|recruiters|recruiting|recruitment|resources|staffing"
    r"|talent|acquisition|operations|team|the|&)(?:\s+|$))+",
    re.IGNORECASE,
)


class Draft(Frozen):
    """One letter, to be sent by the candidate."""

    id: LetterId
    """`<kind>/<interview>/<interviewer>` for a thank-you, else the intent, followed by the choice where there are several."""
    intent: Intent
    interview: Id | None = None
    interviewer: Id | None = None
    to: Contact
    """Name and address, each as far as known."""
    subject: str
    body: str
    """Plain text; paragraphs parted by an empty line."""
    blanks: tuple[str, ...] = ()
    """The blanks as they stand in subject or body, brackets included: what the candidate has still to say."""
    best_sent_at: datetime | None = None
    """First moment in the employer's office hours; None: any time."""


def kind_of(notice: Notice) -> str:
    return notice.intent.partition("/")[0]


def drafts(notice: Notice) -> tuple[Draft, ...]:
    """The letters that belong to this notice, in the order in which they are read. Pure: the same notice, the same letters."""
    kind = kind_of(notice)
    if kind in ("thank-you", "thank-you-nudge"):
        used: set[str] = set()
        return tuple(_thanks(notice, kind, person, used) for person in notice.people)
    return tuple(_letter(notice, f"{notice.intent}{ending}", template) for ending, template in _LETTERS.get(kind, ()))


def is_department(name: str) -> bool:
    """Whether a name is that of a department, as in `Recruiting` or `HR & People`, who is not greeted like a person."""
    return bool(_DEPARTMENT.fullmatch(plain(name)))


@dataclass
class _Choices:
    """What a template may ask for while it is written.

    Blanks, which are noted; and one of several phrasings: the person's own, or the next one that no earlier letter of the notice has used.
    """

    seed: str
    used: set[str]
    """Phrasings in the notice's earlier letters."""
    blanks: list[str] = field(default_factory=list[str])
    asked: int = 0

    def blank(self, what: str) -> str:
        shown = f"[{plain(what)}]"
        if shown not in self.blanks:
            self.blanks.append(shown)
        return shown

    def vary(self, *phrasings: str) -> str:
        self.asked += 1
        first = int.from_bytes(hashlib.sha256(f"{self.seed}/{self.asked}".encode()).digest()[:4], "big") % len(phrasings)
        ranked = phrasings[first:] + phrasings[:first]
        chosen = next((phrasing for phrasing in ranked if phrasing not in self.used), ranked[0])
        self.used.add(chosen)
        return chosen


def _thanks(notice: Notice, kind: str, person: Addressee, used: set[str]) -> Draft:
    intent = f"{kind}/{person.interview}"
    contact = notice.contact or Contact()
    person_name = named(person)
    through = _through_contact(person, contact)
    known = {
        "to": person_name or contact.name or person.name or "",
        "person": person_name,
        "through": through,
        "through_name": (contact.name or "") if through else "",
        "through_team": is_department(contact.name or ""),
        "interviewed_at": person.ended_at,
        "point": _sentence(person.point) if person.point else "",
    }
    return _write(
        notice,
        template="thank-you",
        choices=_Choices(f"{person.interview}/{person.interviewer}", used),
        known=known,
        head={
            "id": f"{intent}/{person.interviewer}" if person.interviewer else intent,
            "intent": intent,
            "interview": person.interview,
            "interviewer": person.interviewer,
            "to": Contact(name=_name(contact.name if through else person.name or contact.name), email=person.email),
        },
    )


def named(person: Addressee) -> str:
    """The name of somebody who interviewed; empty where nobody is known by name and the contact stands in."""
    return plain(person.name) if person.interviewer and person.name else ""


def _through_contact(person: Addressee, contact: Contact) -> bool:
    """Whether a person without an address of their own is written to through the contact."""
    return bool(named(person) and person.email and person.email == contact.email and named(person) != plain(contact.name or ""))


def _letter(notice: Notice, letter: str, template: str) -> Draft:
    to = Contact() if template in _TO_OTHERS else _correspondent(notice)
    return _write(
        notice,
        template=template,
        choices=_Choices(letter, set()),
        known={"to": to.name or "", "late": kind_of(notice) == "offer-overdue", "last_call": kind_of(notice) == "follow-up-last-call"},
        head={"id": letter, "intent": notice.intent, "to": to},
    )


def _correspondent(notice: Notice) -> Contact:
    """Who is written to about anything but thanks: the one that the notice names, else the employer's contact."""
    for person in notice.people[:1]:
        return Contact(name=_name(person.name), email=person.email)
    contact = notice.contact or Contact()
    return Contact(name=_name(contact.name), email=contact.email)


def _write(notice: Notice, *, template: str, choices: _Choices, known: dict[str, Any], head: dict[str, Any]) -> Draft:
    words = {**facts_of(notice), **_words(notice, choices), **known, **_greeted(known["to"])}
    written = page(notice.language, f"letters/{template}", words)
    body = "\n\n".join(block.text or "\n".join(f"- {item}" for item in block.items) for block in written.blocks)
    shown = tuple(blank for blank in choices.blanks if blank in body or blank in written.subject)
    return Draft(**head, subject=written.subject, body=body, blanks=shown, best_sent_at=notice.best_sent_at)


def _greeted(name: str) -> dict[str, Any]:
    return {"to_team": is_department(name), "to_ends_in_team": plain(name).lower().endswith("team")}


def _words(notice: Notice, choices: _Choices) -> dict[str, Any]:
    dates = Dates.of(notice)
    blank: Callable[[str], str] = choices.blank
    return {
        "blank": blank,
        "vary": choices.vary,
        "me": plain(notice.to.name) if notice.to.name else "",
        "day": dates.letter_day,
        "time": dates.letter_time,
        "deadline": dates.letter_deadline,
    }


def facts_of(notice: Notice) -> dict[str, Any]:
    """What every template may use of a notice, under the names that `templates/README.md` explains."""
    return {
        "employer": notice.employer,
        "position": notice.position,
        "skills": listed(tuple(plain(skill) for skill in notice.skills[:2])),
        "interviewed_at": notice.interviewed_at,
        "quiet_since": notice.quiet_since,
        "promised": notice.promised,
        "follow_up_sent": notice.follow_up_sent,
        "offer": notice.offer,
        "round": notice.round,
        "next_round_awaited": _next_round_awaited(notice),
        "interview_starts_at": notice.interview_starts_at,
        "round_kind": notice.round_kind,
        "round_with": notice.round_with,
        "has_feedback": bool(notice.feedback and notice.feedback.strip()),
        "rejected_by": notice.rejected_by,
    }


def _next_round_awaited(notice: Notice) -> bool:
    """Whether the wait began with a word after the last interview, in a later round that has no date yet."""
    later = notice.quiet_since is not None and (notice.interviewed_at is None or notice.quiet_since > notice.interviewed_at)
    return later and notice.round > 1 and notice.interview_starts_at is None


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _sentence(text: str) -> str:
    """A point in the candidate's own words, as the end of a sentence."""
    said = plain(text)
    return said if said.endswith((".", "!", "?", "…", "。")) else f"{said}."


def _name(name: str | None) -> str | None:
    return (plain(name)[:400].strip() or None) if name else None
