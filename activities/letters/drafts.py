"""The letters that a candidate may send about a step, ready but for their blanks. Nothing here sends one.

A letter says only what the notice knows. What is missing is a visible blank, listed in `blanks`, such as
`[one specific point from your talk with Grace Hopper]`. Letters of one notice say it differently, or name the one that they resemble.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Final

from activities.letters.brevity import concise
from activities.letters.dates import Dates
from activities.letters.languages import words
from activities.letters.likeness import MOST_ALIKE, alike
from activities.letters.pages import page, plain
from workflows.application.approvals import TO_OTHERS
from workflows.facts import Contact, Frozen, Id, Intent, LetterId
from workflows.names import Addressee, Notice, Other

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
PHRASINGS: Final = 5
"""How many a template offers wherever letters to several people should differ."""
_NESTED: Final = str.maketrans("[]", "()")
"""A blank ends where its bracket closes, whatever a name in it holds."""
_DEPARTMENT: Final = frozenset((
    "abteilung", "acquisition", "bewerbermanagement", "bewerbungsteam", "careers", "departamento", "department", "département", "drh",
    "empleo", "equipo", "hiring", "hr", "human", "humaines", "humanos", "jobs", "karriere", "office", "operations", "people", "personal",
    "personalabteilung", "personalwesen", "personnel", "recrutement", "recruiters", "recruiting", "recruitingteam", "recruitment",
    "recursos", "resources", "ressources", "rh", "rrhh", "selección", "service", "staffing", "talent", "talento", "team", "équipe",
))  # fmt: skip
"""Words that make a name that of a department."""
_BETWEEN: Final = frozenset((
    "&", "and", "das", "de", "del", "der", "des", "die", "du", "el", "et", "für", "la", "le", "les", "the", "und", "y",
))  # fmt: skip
"""Words that a department's name may hold beside its own."""
_TEAMS_COME_FIRST: Final = ("equipo", "équipe")


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
    resembles: LetterId | None = None
    """An earlier letter of the notice that says nearly the same: a sentence should be changed before both are sent."""

    @property
    def can_be_sent(self) -> bool:
        """Whether it can be sent for the candidate: to this employer, at an address that is known."""
        return bool(self.to.email) and self.intent.partition("/")[0] not in TO_OTHERS


def kind_of(notice: Notice) -> str:
    return notice.intent.partition("/")[0]


def drafts(notice: Notice) -> tuple[Draft, ...]:
    """The letters that belong to this notice, in the order in which they are read. Pure: the same notice, the same letters."""
    kind = kind_of(notice)
    if kind in ("thank-you", "thank-you-nudge"):
        return _told_apart(notice, [_thanks(notice, kind, person, place) for person, place in _placed(notice.people)])
    if notice.others and kind == "close-others":
        return tuple(_withdrawal(notice, other) for other in notice.others)
    return tuple(_letter(notice, f"{notice.intent}{ending}", template) for ending, template in _LETTERS.get(kind, ()))


def _placed(people: Sequence[Addressee]) -> Iterator[tuple[Addressee, int]]:
    """Everyone with a place of their own: notices of old know none."""
    taken: set[int] = set()
    for person in people:
        place = next(n for n in count(person.place) if n not in taken)
        taken.add(place)
        yield person, place


def _told_apart(notice: Notice, letters: Sequence[Draft]) -> tuple[Draft, ...]:
    names = (notice.position, notice.employer, *notice.skills)
    but = tuple(plain(name) for name in (*names, *(person.name or "" for person in notice.people)))
    told: list[Draft] = []
    for letter in letters:
        same = next((earlier.id for earlier in told if alike(letter.body, (earlier.body,), but=but) > MOST_ALIKE), None)
        told.append(letter.model_copy(update={"resembles": same}) if same else letter)
    return tuple(told)


def is_department(name: str) -> bool:
    """Whether a name is that of a department, as in `Recruiting` or `HR & People`, who is not greeted like a person."""
    said = set(re.split(r"[\s-]+", plain(name).casefold()))
    return bool(said & _DEPARTMENT) and said <= _DEPARTMENT | _BETWEEN


@dataclass
class _Choices:
    """What a template may ask for while it is written: blanks, which are noted, and one of several phrasings.

    Which one is a line through a square of five by five: two lines meet in one point at most, so of the phrasings that a template asks for
    (up to five times, each among five) two letters have at most one in common, up to 25 letters; the first five have none.
    """

    row: int = 0
    column: int = 0
    blanks: list[str] = field(default_factory=list[str])
    asked: int = 0

    @classmethod
    def of(cls, application: str, place: int) -> _Choices:
        """The person's line. Where it begins is the application's: who interviews several candidates reads different letters, too."""
        start = int.from_bytes(hashlib.sha256(application.encode()).digest()[:4], "big")
        return cls(place + start, place // PHRASINGS + start // PHRASINGS)

    def blank(self, what: str) -> str:
        shown = f"[{plain(what).translate(_NESTED)}]"
        if shown not in self.blanks:
            self.blanks.append(shown)
        return shown

    def vary(self, *phrasings: str) -> str:
        point = self.asked * self.row + self.column if self.asked else self.row
        self.asked += 1
        return phrasings[point % PHRASINGS % len(phrasings)]


def _thanks(notice: Notice, kind: str, person: Addressee, place: int) -> Draft:
    intent = f"{kind}/{person.interview}"
    contact = notice.contact or Contact()
    person_name = named(person)
    through = _through_contact(person, contact)
    point = plain(person.point or "")
    known = {
        "to": person_name or contact.name or person.name or "",
        "person": person_name,
        "through": through,
        "through_name": (contact.name or "") if through else "",
        "through_team": is_department(contact.name or ""),
        "interviewed_at": person.ended_at,
        "point": _sentence(point) if point and concise(point) else "",
        "point_too_long": bool(point and not concise(point)),
        "skills": words(notice.language).listed(_fitting(notice.skills, point)),
    }
    return _write(
        notice,
        template="thank-you",
        choices=_Choices.of(notice.application, place),
        known=known,
        head={
            "id": f"{intent}/{person.interviewer}" if person.interviewer else intent,
            "intent": intent,
            "interview": person.interview,
            "interviewer": person.interviewer,
            "to": Contact(name=_name(contact.name if through else person.name or contact.name), email=person.email),
            "best_sent_at": notice.best_sent_at,
        },
    )


def _fitting(skills: Sequence[str], point: str) -> tuple[str, ...]:
    """The skills that the point speaks of, else the candidate's first; two at most."""
    said = _stems(point)
    return tuple(plain(skill) for skill in [skill for skill in skills if said & _stems(skill)] or skills)[:2]


def _stems(text: str) -> set[str]:
    """Words of some length, without their endings."""
    return {word[:6] for word in re.findall(r"\w{4,}", text.casefold())}


def named(person: Addressee) -> str:
    """The name of somebody who interviewed; empty where nobody is known by name and the contact stands in."""
    return plain(person.name) if person.interviewer and person.name else ""


def _through_contact(person: Addressee, contact: Contact) -> bool:
    """Whether a person without an address of their own is written to through the contact."""
    return bool(named(person) and person.email and person.email == contact.email and named(person) != plain(contact.name or ""))


def _letter(notice: Notice, letter: str, template: str) -> Draft:
    elsewhere = template in TO_OTHERS
    to = Contact() if elsewhere else _correspondent(notice)
    return _write(
        notice,
        template=template,
        choices=_Choices(),
        known={
            "to": to.name or "",
            "late": kind_of(notice) == "offer-overdue",
            "last_call": kind_of(notice) == "follow-up-last-call",
            "other": False,
        },
        head={"id": letter, "intent": notice.intent, "to": to, "best_sent_at": None if elsewhere else notice.best_sent_at},
    )


def _withdrawal(notice: Notice, other: Other) -> Draft:
    """To another employer, whose office hours are not known here."""
    to = Contact(name=_name(other.contact.name), email=other.contact.email) if other.contact else Contact()
    return _write(
        notice,
        template="close-others",
        choices=_Choices(),
        known={"to": to.name or "", "employer": other.employer, "position": other.position, "other": True},
        head={"id": f"{notice.intent}/{other.application}", "intent": notice.intent, "to": to},
    )


def _correspondent(notice: Notice) -> Contact:
    """Who is written to about anything but thanks: the one that the notice names, else the employer's contact."""
    for person in notice.people[:1]:
        return Contact(name=_name(person.name), email=person.email)
    contact = notice.contact or Contact()
    return Contact(name=_name(contact.name), email=contact.email)


def _write(notice: Notice, *, template: str, choices: _Choices, known: dict[str, Any], head: dict[str, Any]) -> Draft:
    filled = {**facts_of(notice), **_words(notice, choices), **known, **_greeted(known["to"])}
    written = page(notice.language, f"letters/{template}", filled)
    body = "\n\n".join(block.text or "\n".join(f"- {item}" for item in block.items) for block in written.blocks)
    shown = tuple(blank for blank in choices.blanks if blank in body or blank in written.subject)
    return Draft(**head, subject=written.subject, body=body, blanks=shown)


def _greeted(name: str) -> dict[str, Any]:
    said = plain(name).casefold()
    return {"to_team": is_department(name), "to_ends_in_team": said.endswith("team") or said.startswith(_TEAMS_COME_FIRST)}


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
        "skills": words(notice.language).listed(plain(skill) for skill in notice.skills[:2]),
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


def _sentence(text: str) -> str:
    """A point in the candidate's own words, as the end of a sentence. Already one line."""
    return text if text.endswith((".", "!", "?", "…", "。")) else f"{text}."


def _name(name: str | None) -> str | None:
    return (plain(name)[:400].strip() or None) if name else None
