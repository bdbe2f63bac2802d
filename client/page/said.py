"""What a form said, as facts: every field read, everything that is wrong named beside its field. Pure; the guide judges later."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from activities.letters.languages import languages
from client.page.forms import LONGEST_LINE, LONGEST_TEXT
from client.page.talk import Talk, clean
from workflows.application import Application
from workflows.application.approvals import BLANK
from workflows.facts import CATEGORIES, OUTSIDE_FACT, OutsideFact

_HOURS: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Wrong(Exception):  # noqa: N818 -- what the form is
    """The form cannot be kept as it is. `errors`: field -> what is wrong with it; the empty name is for all of it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors: Final = errors


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


class _Reader:
    """Reads the fields of one form and gathers what is wrong."""

    def __init__(self, talk: Talk, said: Mapping[str, str]) -> None:
        self._talk, self._said = talk, said
        self._ = talk.words.gettext
        self.errors: dict[str, str] = {}

    def line(self, name: str, *, required: bool = False) -> str | None:
        return self._kept(name, one_line(self._said.get(name, "")), LONGEST_LINE, required=required)

    def text(self, name: str, *, required: bool = False) -> str | None:
        return self._kept(name, clean(self._said.get(name, "")).strip(), LONGEST_TEXT, required=required)

    def _kept(self, name: str, said: str, longest: int, *, required: bool) -> str | None:
        if len(said) > longest:
            self.errors[name] = self._("This is too long: {n} characters, and {most} can be kept.", n=len(said), most=longest)
        elif required and not said:
            self.errors[name] = self._("This is needed.")
        return said or None

    def day(self, name: str, *, required: bool = False) -> date | None:
        said = self._said.get(name, "").strip()
        if not said and not required:
            return None
        try:
            found = date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII) else None
        except ValueError:
            found = None
        if found is None:
            self.errors[name] = self._("Write a date as in {example}.", example=self._talk.today.isoformat())
        elif found < self._talk.today:
            self.errors[name] = self._("This date has passed.")
        elif found.year > self._talk.today.year + 5:  # a slip of the finger
            self.errors[name] = self._("This date is too far ahead.")
        return found

    def choice(self, name: str, *known: str) -> str:
        said = self._said.get(name, "")
        if said not in known:
            self.errors[name] = self._("Choose one of these.")
        return said

    def hours(self, name: str) -> str:
        said = self._said.get(name, "").strip()[:5]  # some browsers say seconds too
        if not _HOURS.fullmatch(said):
            self.errors[name] = self._("Write a time as in {example}.", example="08:00")
        return said

    def number(self, name: str, most: int) -> int | None:
        said = self._said.get(name, "").strip()
        if not said:
            return None
        if not re.fullmatch(r"\d{1,4}", said, re.ASCII) or not 1 <= int(said) <= most:
            self.errors[name] = self._("Write a number from 1 to {most}, or nothing.", most=most)
            return None
        return int(said)

    def done(self) -> None:
        if self.errors:
            raise Wrong(self.errors)


Made = dict[str, Any]
Reading = Callable[[_Reader, Mapping[str, str], Application, str], tuple[Made, ...]]


def _letter_sent(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    """An answer to an offer that was sent is an answer."""
    kind, _, rest = about.partition("/")
    number, _, choice = rest.partition("/")
    answers = {"accept": "offer_accepted", "decline": "offer_declined"} if kind in ("offer-decide", "offer-overdue") else {}
    answer = ({"type": answers[choice]} | _offer(app, number),) if choice in answers else ()
    return ({"type": "letter_sent", "letter": about}, *answer)


def _letter_approved(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    subject, body = read.line("subject", required=True), read.text("body", required=True)
    for name, text in (("subject", subject), ("body", body)):
        if text and name not in read.errors and (blanks := [found[0] for found in BLANK.finditer(text)]):
            read.errors[name] = read._("Still to fill in: {blanks}", blanks=", ".join(dict.fromkeys(blanks)))
    return ({"type": "letter_approved", "letter": about, "subject": subject, "body": body},)


def _answered(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "employer_replied", "respond_by": read.day("respond_by")},)


def _date(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "timeline_stated", "respond_by": read.day("respond_by", required=True)},)


def _offered(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    written = read.choice("in_writing", "yes", "no") == "yes"
    return ({"type": "offer_received", "in_writing": written, "decide_by": read.day("decide_by"), "starts_on": read.day("starts_on")},)


def _rejected(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "rejected", "feedback": read.text("feedback")},)


def _invited(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "next_round_invited", "kind": read.line("kind"), "with": read.line("with")},)


def _put_off(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "snoozed", "intent": about, "until": read.day("until", required=True)},)


def _stopped(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "withdrawn" if read.choice("how", "pause", "withdrawn") == "withdrawn" else "paused"},)


def _withdrew(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "withdrawn"},)


def _paused(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "paused", "until": read.day("until")},)


def _resumed(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "resumed"},)


def _accepted(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "offer_accepted"} | _offer(app, about),)


def _declined(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "offer_declined"} | _offer(app, about),)


def _waived(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "thank_you_waived", "interview": about},)


def _reflected(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    interview = app.story.interview(about)
    people = interview.interviewers if interview else ()
    points = {person.id: point for person in people if (point := read.text(f"point.{person.id}"))}
    noted = {name: read.text(name) for name in ("questions", "answers", "takeaways")}
    if not points and not any(noted.values()) and not read.errors:
        read.errors[""] = read._("Write something first.")
    return ({"type": "reflection_noted", "interview": about, "points": points or None, **noted},)


def _undone(read: _Reader, said: Mapping[str, str], app: Application, about: str) -> tuple[Made, ...]:
    return ({"type": "retracted", "fact": about},)


READINGS: Final[Mapping[str, Reading]] = {
    "sent": _letter_sent,
    "edit": _letter_approved,
    "answered": _answered,
    "date": _date,
    "offer": _offered,
    "rejected": _rejected,
    "next-round": _invited,
    "snooze": _put_off,
    "stop": _stopped,
    "withdraw": _withdrew,
    "pause": _paused,
    "resume": _resumed,
    "accept": _accepted,
    "decline": _declined,
    "waive": _waived,
    "reflect": _reflected,
    "undo": _undone,
}
"""What can be said of an application by a form."""


def facts(what: str, said: Mapping[str, str], *, talk: Talk, app: Application, about: str, identity: str) -> tuple[OutsideFact, ...]:
    """The facts that this form says, named by `identity`. Wrong; KeyError for a form that there is none of."""
    read = _Reader(talk, said)
    made = READINGS[what](read, said, app, about)
    read.done()
    try:
        return tuple(
            OUTSIDE_FACT.validate_python(
                {name: value for name, value in one.items() if value is not None}
                | {"id": f"{identity}:{n}" if n else identity, "by": "candidate"}
            )
            for n, one in enumerate(made)
        )
    except ValidationError:
        raise Wrong({"": read._("This cannot be kept.")}) from None


def preferences(said: Mapping[str, str], talk: Talk) -> dict[str, Any]:
    """The changes of the profile that the form about preferences says. Wrong."""
    read = _Reader(talk, said)
    start, end = read.hours("waking_start"), read.hours("waking_end")
    if not read.errors and int(end[:2]) * 60 + int(end[3:]) - int(start[:2]) * 60 - int(start[3:]) < 180:
        read.errors["waking_end"] = read._("Leave at least three hours, within one day.")
    language = read.choice("language", *languages())
    limit = read.number("daily_limit", 50)
    read.done()
    left = said.get("unsubscribed", "").split()
    return {
        "language": language,
        "waking_hours": (start, end),
        "preferences": {
            "digest": bool(said.get("digest")),
            "weekends": bool(said.get("weekends")),
            "daily_limit": limit,
            "unsubscribed": tuple(one for one in CATEGORIES if one in left),
        },
    }


def _offer(app: Application, number: str) -> Made:
    named: dict[str, Made] = {str(offer.number): {"offer": offer.id} for offer in app.story.offers if offer.id}
    return named.get(number, {})
