"""A candidate across applications: the facts in order of arrival, and what they amount to.

The profile and the preferences that hold, the applications and what each means for the others, and the messages that wait. State changes
only in `Person.apply`; the order of arrival never matters to `life`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Final

from pydantic import ValidationError

from workflows.application.story import NO_LONGER_NEEDED, Objection
from workflows.calendar import CandidateClock, zone
from workflows.facts import Candidate
from workflows.ledger import EARLIEST, Ledger, digest, reused
from workflows.names import Meaning
from workflows.person.coaches import Consent, tell_of_coach
from workflows.person.facts import (
    ApplicationBegun,
    ApplicationLeft,
    CalendarRotated,
    CoachAllowed,
    CoachAsked,
    CoachWithdrawn,
    Deferred,
    MeaningTold,
    PersonFact,
    PersonWord,
    ProfileChanged,
    Prompted,
    Pushed,
    Registered,
    Skipped,
    Undeliverable,
    Unread,
    changed,
)

SPEAKS: Final = timedelta(days=100)
"""So long a closed application may still say something; one that opens again learns the profile then."""
KEPT: Final = 30
"""How many of the process's own notes of digests outlive a run that goes on as new, at least."""
RECENT: Final = timedelta(days=2)
"""All notes of so long outlive it: what was said on a day is counted."""


@dataclass
class Known:
    """What is known here of one application."""

    id: str
    begun: datetime
    has: str = ""
    """Digest of the profile that it knows; empty: only what it means was told, and what it knows is what holds unless that was changed."""
    meaning: Meaning = field(default_factory=Meaning)
    told: datetime = EARLIEST
    """When that was said."""


@dataclass(frozen=True)
class Note:
    """What became of a message about several applications."""

    kind: str
    at: datetime
    fact: Prompted | Skipped | Undeliverable


@dataclass
class Life:
    """The candidate as the facts make them."""

    profile: Candidate | None = None
    applications: dict[str, Known] = field(default_factory=dict[str, Known])
    left: set[str] = field(default_factory=set[str])
    """Applications that are another candidate's by now."""
    deferred: list[Deferred] = field(default_factory=list[Deferred])
    notes: list[Note] = field(default_factory=list[Note])
    own: set[str] = field(default_factory=set[str])
    """Fields of the profile that the candidate set, which no later opening unsays."""
    coaches: dict[str, Consent] = field(default_factory=dict[str, Consent])
    """By the adviser's id: those who ask, and those whom the candidate agreed to."""
    calendar: str = "1"
    """Names the calendar feed's present address."""
    changed_at: datetime | None = None
    """When somebody last set something."""
    moved_at: datetime | None = None
    """When the address last changed, or a channel came."""
    unread: int = 0
    objections: dict[str, Objection] = field(default_factory=dict[str, Objection])

    @property
    def clock(self) -> CandidateClock:
        who = self.profile
        if who is None:
            return CandidateClock(zone("UTC"))
        start, end = (time.fromisoformat(t) for t in who.waking_hours)
        return CandidateClock(zone(who.timezone), start, end)

    @cached_property
    def profile_digest(self) -> str:
        return digest_of(self.profile) if self.profile else ""

    @property
    def open(self) -> list[Known]:
        return [known for known in self.applications.values() if known.meaning.outcome is None]

    def behind(self, now: datetime) -> tuple[str, ...]:
        """Applications that do not know the profile as it is, and may still write to the candidate."""
        if self.profile is None:
            return ()
        speaking = (k for k in self.applications.values() if k.meaning.outcome is None or now - k.told < SPEAKS)
        return tuple(k.id for k in speaking if k.has != self.profile_digest and (k.has or (self.changed_at and self.changed_at > k.told)))

    @property
    def pending(self) -> list[Deferred]:
        """Messages that wait, each as it was handed over last, in the order of that."""
        ends = [(key, note) for note in self.notes for key in note.fact.keys]
        waiting = [d for d in self.deferred if not any(key == d.notice.key and self._ends(note, d) for key, note in ends)]
        latest = {d.notice.key: d for d in waiting}
        return [d for d in waiting if latest[d.notice.key] is d]

    def _ends(self, note: Note, deferred: Deferred) -> bool:
        """Whether a message is done with for ever, or until it is handed over anew."""
        if isinstance(note.fact, Prompted) or (isinstance(note.fact, Skipped) and note.fact.reason != NO_LONGER_NEEDED):
            return True
        return not self._undone(note) and (deferred.at or EARLIEST) <= note.at

    @property
    def done(self) -> list[Note]:
        """The notes that stand: what could not be delivered is due again when the address has changed."""
        return [note for note in self.notes if not self._undone(note)]

    @property
    def lost(self) -> Note | None:
        """The message that could not be delivered, while the address is still the same."""
        last = self.notes[-1] if self.notes else None
        return last if last and isinstance(last.fact, Undeliverable) and not self._undone(last) else None

    def _undone(self, note: Note) -> bool:
        """A message that could not be delivered is due again when the address has changed."""
        return isinstance(note.fact, Undeliverable) and self.moved_at is not None and self.moved_at > note.at


class Person(Ledger[PersonFact]):
    """The facts of one candidate."""

    @cached_property
    def life(self) -> Life:
        life = Life()
        for fact in sorted(self.facts, key=_own_order):
            _tell(life, fact)
        return life

    def kept(self) -> Person:
        """What the next run needs: everything but messages that left long ago and statements that were followed by newer ones."""
        life, waiting = self.life, {d.id for d in self.life.pending}
        told = [f for f in sorted(self.facts, key=_own_order) if isinstance(f, MeaningTold)]
        first, last = {f.application: f.id for f in told[::-1]}, {f.application: f.id for f in told}
        since = life.notes[-1].at - RECENT if life.notes else EARLIEST
        notes = {note.fact.id for note in life.notes if note.at > since or note.kind != "digest"}
        notes |= {note.fact.id for note in life.notes[-KEPT:]}
        pushed = [f.id for f in self.facts if isinstance(f, Pushed)][-KEPT:]
        return self._with(
            tuple(
                f
                for f in self.facts
                if (f.id in waiting if isinstance(f, Deferred) else True)
                and (f.id in (first[f.application], last[f.application]) if isinstance(f, MeaningTold) else True)
                and (f.id in notes if isinstance(f, Prompted | Skipped | Undeliverable) else True)
                and (f.id in pushed if isinstance(f, Pushed) else True)
            )
        )


def _own_order(fact: PersonFact) -> tuple[datetime, bool, int, str]:
    return fact.at or EARLIEST, fact.by == "process", fact.order, fact.id or ""


def _tell(life: Life, fact: PersonFact) -> None:
    at = fact.at or EARLIEST
    match fact:
        case Registered():
            _register(life, fact.candidate, at)
        case ProfileChanged():
            _change(life, fact, at)
        case Deferred():
            life.deferred.append(fact)
        case CalendarRotated():
            life.calendar = fact.nonce
        case Pushed():
            for name in fact.applications:
                if name in life.applications:
                    life.applications[name].has = fact.digest
        case Prompted() | Skipped() | Undeliverable():
            life.notes.append(Note(fact.intent.partition("/")[0], at, fact))
        case Unread():
            life.unread += 1
        case CoachAsked() | CoachAllowed() | CoachWithdrawn():
            _tell_of_coach(life, fact, at)
        case ApplicationBegun() | ApplicationLeft() | MeaningTold():
            _tell_of_application(life, fact, at)


def _tell_of_application(life: Life, fact: ApplicationBegun | ApplicationLeft | MeaningTold, at: datetime) -> None:
    name = fact.application
    match fact:
        case ApplicationBegun():
            known = life.applications.setdefault(name, Known(name, at))
            known.begun, known.has = min(known.begun, at), known.has or fact.has
            life.left.discard(name)
        case ApplicationLeft():
            life.applications.pop(name, None)
            life.left.add(name)
        case MeaningTold():
            if name not in life.left:
                known = life.applications.setdefault(name, Known(name, at))
                known.meaning, known.told = fact.meaning, at


def _tell_of_coach(life: Life, fact: CoachAsked | CoachAllowed | CoachWithdrawn, at: datetime) -> None:
    who = life.profile
    if isinstance(fact, CoachAsked) and (who is None or who.email is None):
        against = Objection("no-address", "The candidate has no address, and only they can agree, by the link in their mail.")
    else:
        against = tell_of_coach(life.coaches, fact, at)
    if against:
        life.objections[fact.id or ""] = against


def _register(life: Life, said: Candidate, at: datetime) -> None:
    """A later opening says what is new about the candidate: it does not unsay what it leaves out, nor what they set themselves."""
    if life.profile is None:
        life.profile = said
        return
    known = life.profile
    news = {name: getattr(said, name) for name in said.model_fields_set - life.own}
    if "preferences" in news:
        wishes = said.preferences
        news["preferences"] = known.preferences.model_copy(update={name: getattr(wishes, name) for name in wishes.model_fields_set})
    if "email" in news.get("channels", known.channels) and news.get("email", known.email) is None:
        news |= {"channels": known.channels, "email": known.email}  # it does not go with what they set themselves, which holds
    _set(life, Candidate.model_validate({**dict(known), **news}), at)


def _set(life: Life, profile: Candidate, at: datetime) -> None:
    if life.profile and profile.is_elsewhere(life.profile):
        life.moved_at = at
    life.profile = profile


def _change(life: Life, fact: ProfileChanged, at: datetime) -> None:
    if life.profile is None:
        life.objections[fact.id or ""] = Objection("no-such-candidate", "Nobody has registered this candidate.")
        return
    try:
        profile = changed(life.profile, fact.change)
    except (ValidationError, ValueError) as error:
        life.objections[fact.id or ""] = Objection("invalid", _plain(error))
        return
    named = fact.change.model_fields_set
    life.changed_at = at
    life.own = life.own | named if fact.by == "candidate" else life.own - named
    _set(life, profile, at)


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
    return str(error)


def digest_of(candidate: Candidate) -> str:
    """The same for the same profile, whichever of its fields were said."""
    return digest(candidate.model_dump_json())


def objection(person: Person, word: PersonWord, now: datetime, later: Person) -> Objection | None:
    """Why a word is refused, if it is: all of it or none."""
    if why := reused(person, word, now):
        return Objection("key-reused", why)
    return next((found for f in later.facts[person.revision :] if (found := later.life.objections.get(f.id or ""))), None)
