"""The world's books against what the applications say of themselves, and against the mail that arrived.

The books know what was told and acknowledged, and the course that follows; nothing in them was asked of whoever is tested.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

from client.runs import from_view
from tests.chaos.course import Course, Name, Noted, name_of, names
from tests.chaos.life import Life
from workflows.application import Application
from workflows.application.story import NO_LONGER_NEEDED
from workflows.facts import FACT
from workflows.guide import agenda, stage

SOONER: Final = timedelta(seconds=2)
"""How much a clock's own leeway may bring forward."""
NOT_NOTES: Final = ("opened", "calendar", "candidate_changed")
OPENING: Final = 2
"""Facts that the opening says: itself and the first interview."""


@dataclass(frozen=True)
class Discrepancy:
    application: str
    what: str

    def __str__(self) -> str:
        return f"{self.application}: {self.what}"


@dataclass(frozen=True)
class Letter:
    application: str
    intent: str
    message_id: str
    at: datetime | None
    """When it was sent, on the application's clock."""


@dataclass
class Book:
    """What the world knows of one life at its end."""

    life: Life
    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    """Id of every fact that was acknowledged -> name of its telling."""
    given_up: set[str] = field(default_factory=set[str])
    """Ids of what may have been kept or not."""
    slack: timedelta = SOONER
    """How late the process may be: as long as the outages that it met."""
    view: dict[str, Any] = field(default_factory=dict[str, Any])
    left: frozenset[str] = frozenset()
    """Intents of messages that were recalled and may have left all the same, as was noted."""
    settled: Counter[Name] = field(default_factory=Counter[Name])
    """What was seen to be noted so far."""
    over: bool = False
    """Whether its run has ended."""

    @property
    def course(self) -> Course:
        return self.life.course

    def may_have_left(self, view: dict[str, Any]) -> frozenset[str]:
        """With what the view adds to those; empty where it adds nothing."""
        recalled = {one.name[1] for one in self.course.noted if one.name[2] == NO_LONGER_NEEDED}
        fresh = {fact["intent"] for fact in notes(view) if fact["type"] == "prompted" and fact.get("uncertain")} & recalled
        if fresh:
            self.left |= fresh
        return self.left if fresh else frozenset()


def notes(view: dict[str, Any]) -> list[dict[str, Any]]:
    """What the process noted by itself, in order."""
    return [fact for fact in view["facts"] if fact["by"] == "process" and fact["type"] not in NOT_NOTES]


def missing(expected: Counter[Name], view: dict[str, Any]) -> Counter[Name]:
    """What must be noted and is not."""
    return expected - Counter(name_of(fact) for fact in notes(view))


def audit(book: Book, letters: list[Letter]) -> Iterator[Discrepancy]:
    """Everything in which the two disagree."""
    for what in (*_told(book), *_noted(book), *_shown(book), *_sent(book, letters)):
        yield Discrepancy(book.life.id, what)


def _told(book: Book) -> Iterator[str]:
    """Every acknowledged fact once, with what was said; what was given up at most once; nothing else."""
    facts = [fact for fact in book.view["facts"] if fact["by"] != "process" and fact["type"] != "opened"]
    counts = Counter(str(fact["id"]) for fact in facts)
    first = {str(one["id"]) for one in book.life.opening["facts"]}
    for name in sorted({*book.acknowledged, *first}):
        if counts[name] != 1:
            yield f"the acknowledged fact {name} is there {counts[name]} times"
    for name in sorted(set(counts) - set(book.acknowledged) - first):
        if name not in book.given_up or counts[name] > 1:
            yield f"the fact {name} is there {counts[name]} times and was {'given up' if name in book.given_up else 'never said'}"
    said = {telling.name: telling for telling in book.life.tellings}
    for fact in facts:
        telling = said.get(str(fact["id"]))
        shown = {name: value for name, value in fact.items() if name != "no_effect"}
        if telling and FACT.validate_python(shown) != telling.fact():
            yield f"the fact {fact['id']} is {shown} and was said as {telling.said}"
    if [fact["type"] for fact in book.view["facts"]].count("opened") != 1:
        yield "it was not opened once"


def _noted(book: Book) -> Iterator[str]:
    """Everything that was to be noted, once, and when it was due or as much later as nobody was there."""
    actual, expected = notes(book.view), names(book.course.noted)
    for name, count in missing(expected, book.view).items():
        yield f"{' '.join(name).strip()} was to be noted {expected[name]} times, {count} are missing"
    unexpected = Counter(name_of(fact) for fact in actual) - expected
    for name, count in unexpected.items():
        yield f"{' '.join(name).strip()} was noted {count} times too often"
    waiting: dict[Name, list[Noted]] = defaultdict(list)
    for one in book.course.noted:
        waiting[one.name].append(one)
    for fact in actual:
        if due := waiting[name_of(fact)]:
            one, at = due.pop(0), datetime.fromisoformat(fact["at"])
            if not one.at - SOONER <= at <= one.at + book.slack:
                yield f"{' '.join(one.name).strip()} was due at {one.at} and noted at {at}, though nothing lasted longer than {book.slack}"


def _shown(book: Book) -> Iterator[str]:
    """The view is what the guide makes of the facts, of those in it and of those in the books."""
    ours, theirs = book.course.app, from_view(book.view)
    if (wanted := [(s.intent, s.due) for s in agenda(theirs)]) != (shown := _agenda(book.view)):
        yield f"of its own facts the guide makes {wanted}, and the view shows {shown}"
    expected = sorted((step.intent, step.due) for step in agenda(ours))
    if [intent for intent, _ in expected] != [intent for intent, _ in sorted(shown)] or any(
        abs(due - seen) > book.slack for (_, due), (_, seen) in zip(expected, sorted(shown), strict=True)
    ):
        yield f"its agenda is {sorted(shown)} and must be {expected}"
    found, must = (book.view["stage"], book.view["outcome"]), (stage(ours), _outcome(ours))
    if found != must:
        yield f"it is {found} and must be {must}"
    if book.over != book.course.ended:
        yield f"its run {'ended' if book.over else 'is open'}, and must {'have ended' if book.course.ended else 'be open'}"


def _agenda(view: dict[str, Any]) -> list[tuple[str, datetime]]:
    return [(step["intent"], datetime.fromisoformat(step["due"])) for step in view["agenda"]]


def _outcome(app: Application) -> str | None:
    return app.story.outcome.name if app.story.outcome else None


def _sent(book: Book, letters: list[Letter]) -> Iterator[str]:
    """Each message once; one of unknown fate at most once; none that was not due, too early, or after it helps anybody."""
    sent: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        sent[letter.intent].append(letter)
    prompts = [fact for fact in notes(book.view) if fact["type"] == "prompted"]
    due: dict[str, list[Noted]] = defaultdict(list)
    for one in book.course.noted:
        if one.mail:
            due[one.name[1]].append(one)
    for intent in sorted({*sent, *due}):
        uncertain = sum(bool(fact.get("uncertain")) for fact in prompts if fact["intent"] == intent)
        most = len(due[intent]) + (intent in book.left)
        if not most - uncertain <= len(sent[intent]) <= most:
            yield f"{intent} was due {len(due[intent])} times, {uncertain} of unknown fate, and sent {len(sent[intent])} times"
        if uncertain or len(sent[intent]) != len(due[intent]):
            continue
        for one, letter in zip(due[intent], sent[intent], strict=True):
            late = one.when + book.slack
            if letter.at is None or not one.when - SOONER <= letter.at <= late or (one.until and letter.at >= one.until + book.slack):
                yield f"{intent} was due at {one.when}, until {one.until}, and sent at {letter.at}"


def letters_in(folder: Path) -> list[Letter]:
    """Everything that the mail server has kept."""
    found: list[Letter] = []
    for file in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        at = getattr(mail.get("Date"), "datetime", None)
        found.append(Letter(str(mail["X-Afterword-Application"]), str(mail["X-Afterword-Intent"]), str(mail["Message-ID"]), at))
    return found


def doubled(letters: list[Letter]) -> Iterator[Discrepancy]:
    """The same message twice, whatever it is about."""
    for name, count in Counter(letter.message_id for letter in letters).items():
        if count > 1:
            about = next(letter for letter in letters if letter.message_id == name)
            yield Discrepancy(about.application, f"{about.intent} was sent {count} times as one and the same message")
