"""The typed things between a board and an application: what was delivered, and what an adapter reads in it.

An adapter is one function `read(delivery, terms)`, total and pure: whatever JSON comes, it gives a `Reading` and never raises.
What it does not know, or what lacks a field that the fact needs, gives no fact and is counted by the event's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from workflows.boards.payload import digest, opaque, parse, ref
from workflows.boards.signing import Scheme
from workflows.facts import OUTSIDE_FACT, Fact, OutsideFact, Retracted

_EVENT: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_STEPS: Final = ("debrief", "shortlist", "reference_check", "approval")
STAGES: Final = (*_STEPS, "next_round", "offer", "rejected")
"""What a connection may say that a stage means."""
REASONS: Final = ("withdrawn", "rejected", "unknown")
"""What a connection may say that a reason for an end means."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of a board: header names in lower case, the body's bytes, and the JSON in it (None: unreadable)."""

    headers: Mapping[str, str]
    body: bytes
    payload: Any
    fetched: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The JSON found at the paths that an earlier reading of it needed."""

    @classmethod
    def of(cls, headers: Mapping[str, str], body: bytes, fetched: Mapping[str, Any] | None = None) -> Delivery:
        return cls({name.lower(): value for name, value in headers.items()}, body, parse(body), fetched or {})

    @property
    def digest(self) -> str:
        """Names a delivery that has no signed id of its own."""
        return opaque(self.body.decode("latin-1"), longest=0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a connection says about a board's words."""

    connection: str
    stages: Mapping[str, str] = field(default_factory=dict[str, str])
    """Stage id -> one of `STAGES`. A stage that is not named here means nothing: names are never guessed at."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Reason id -> one of `REASONS`."""
    opens: bool = False
    """Whether an unknown application is opened from what the board tells of it: a thin board is then asked for that too."""

    def own(self, board_id: str) -> str:
        """The id here of something that has `board_id` on the board: an application or a candidate."""
        return f"{self.connection}.{opaque(board_id, longest=127 - len(self.connection))}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a payload tells of the application itself, cleaned: enough, perhaps, to open it."""

    candidate: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields of `facts.Candidate`; `id` is the board's own."""
    employer: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields of `facts.Employer`."""
    position: str | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The board takes back what it said, and does not say which of its words that was."""

    stems: tuple[str, ...]
    """The facts whose ids begin with one of these."""
    until: datetime | None
    """Only what was said up to then, in own time: what comes later stands. None: everything so far."""
    certain: bool = True
    """Whether there must be something to take back, now or soon; else there may be nothing."""

    def names(self, fact: Fact) -> bool:
        in_time = self.until is None or fact.own_time is None or fact.own_time <= self.until
        return in_time and any((fact.id or "").startswith(f"{stem}:") for stem in self.stems)


@dataclass(frozen=True, slots=True)
class Said:
    """What a delivery says about one application."""

    application: str
    """Its id here."""
    facts: tuple[OutsideFact, ...]
    known: Known = Known()
    refs: tuple[str, ...] = ()
    """Ids under which the board may later speak of the same application without naming it."""
    taken_back: TakenBack | None = None
    """None: nothing. Else what it names is found among the application's facts, and retracted."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The board has deleted or anonymised these: nothing about them may be kept. Ids here."""

    applications: tuple[str, ...] = ()
    candidate: str | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The board has made two candidates one; their applications keep their ids. Ids here."""

    gone: str
    survivor: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adapter makes of one delivery."""

    event: str
    """The board's name of the event, safe for logs; `?` where there is none."""
    key: str
    """Names the delivery, so that the same one again is known: its own signed id, or a digest of what it says."""
    said: tuple[Said, ...] = ()
    erased: Erased | None = None
    merged: Merged | None = None
    needs: tuple[str, ...] = ()
    """Paths at the board's API that have to be fetched before anything can be said."""
    unsettled: bool = False
    """Whether the board does not say yet what it has to be asked for: it is asked anew, later."""
    unsaid: int = 0
    """Facts that a field was missing for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a board wants to hear in return for a handshake."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _no_handshake(_: Delivery) -> Answer | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board: how it signs, how it is read, and what it wants to hear."""

    name: str
    scheme: Scheme
    read: Callable[[Delivery, Terms], Reading]
    """Total: any JSON at all gives a reading, and the same delivery always the same one."""
    acknowledge: int = 200
    """The status that the board takes for success."""
    patience: float = 8.0
    """Seconds within which the board wants its answer."""
    handshake: Callable[[Delivery], Answer | None] = _no_handshake
    """Asked before the signature is verified, so it may give away and change nothing."""
    api_url: str | None = None
    """Where its API is, for boards that must be asked."""
    key_header: str | None = None
    """The header in which its API wants the connection's key. None: basic authentication, with the key as user and no password."""
    token_url: str | None = None
    """Where the connection's key, `<client id>:<client secret>`, gets the short-lived token that its API wants instead. None: it wants the
    key."""
    pace: float = 5.0
    """Calls of its API a second that a connection may make."""


def event_name(value: Any) -> str:
    return value if isinstance(value, str) and _EVENT.fullmatch(value) else "?"


def nothing(delivery: Delivery, event: str, key: str | None = None) -> Reading:
    """Authentic, and no word about an application."""
    return Reading(event=event, key=key or delivery.digest)


class Telling:
    """The facts about one application in the making; each is validated, and one that cannot be said is counted."""

    def __init__(self, terms: Terms, application: str) -> None:
        self._terms = terms
        self._application = application
        self._facts: dict[str, OutsideFact] = {}
        self._unsaid = 0
        self._taken_back: TakenBack | None = None

    def say(self, kind: str, thing: Any, /, *version: Any, at: datetime | None = None, **fields: Any) -> None:
        """Says a fact of a kind about a thing of the board's.

        Its id is made of connection, kind, the thing's own id and a digest of the version, so that a redelivery, a sibling event and a
        poll of the same change say one fact, and a later event can name it. Fields that are None were not said. `at` None: no own time
        is known, the moment of receipt will do.
        """
        said = {name: value for name, value in fields.items() if value is not None}
        named = ref(thing)
        if named is None:
            self._unsaid += 1
            return
        identity = self.id_of(kind, named, *version)
        stamp = {} if at is None else {"at": at}
        try:
            fact = OUTSIDE_FACT.validate_python({"type": kind, "id": identity, "by": f"board:{self._terms.connection}", **stamp, **said})
        except (ValidationError, ValueError):
            self._unsaid += 1
            return
        self._facts.setdefault(identity, fact)

    def id_of(self, kind: str, thing: str, *version: Any) -> str:
        parts = (self._terms.connection, kind, opaque(thing, longest=64), *((digest(*version),) if version else ()))
        return ":".join(parts)

    def say_stage(self, stage: Any, thing: str, *version: Any, at: datetime | None) -> None:
        """Says what the connection says that a stage means; nothing for a stage that it does not name."""
        named = ref(stage)
        meaning = self._terms.stages.get(named) if named is not None else None
        if meaning in _STEPS:
            self.say("hiring_step", thing, named, *version, at=at, step=meaning)
        elif meaning == "next_round":
            self.say("next_round_invited", thing, named, *version, at=at)
        elif meaning == "offer":
            self.say("offer_received", thing, named, *version, at=at, in_writing=False)
        elif meaning == "rejected":
            self.say("rejected", thing, named, *version, at=at)

    def say_ended(self, meaning: str | None, thing: str, *version: Any, at: datetime | None) -> None:
        """Says that the board has closed the application: the candidate withdrew, the employer rejected, or nobody says which."""
        if meaning == "withdrawn":
            self.say("withdrawn", thing, *version, at=at)
        elif meaning == "rejected":
            self.say("rejected", thing, *version, at=at)
        else:
            self.say("rejected", thing, *version, at=at, by_whom="unknown")

    def take_back(self, thing: Any, *kinds: str, until: datetime | None, certain: bool = True) -> None:
        """Takes back what was said of these kinds about a thing, up to a moment."""
        named = ref(thing)
        if named is None:
            self._unsaid += 1
        else:
            self._taken_back = TakenBack(tuple(self.id_of(kind, named) for kind in kinds), until, certain)

    @property
    def facts(self) -> tuple[OutsideFact, ...]:
        return tuple(self._facts.values())

    def reading(self, event: str, key: str, known: Known | None = None, refs: tuple[str, ...] = ()) -> Reading:
        """What was told. One without facts still counts where it knows the candidate, who may then be opened, or names the application."""
        said = Said(self._application, self.facts, known or Known(), refs, self._taken_back)
        worth = said.facts or refs or said.known.candidate or said.taken_back
        return Reading(event=event, key=key, said=(said,) if worth else (), unsaid=self._unsaid)


def retractions(connection: str, taken_back: TakenBack, facts: Iterable[Fact]) -> tuple[Retracted, ...]:
    """What takes back the facts that are named, among those of their application; said again, the same."""
    by = f"board:{connection}"
    named = (fact.id for fact in facts if fact.by == by and fact.id and taken_back.names(fact))
    return tuple(Retracted(id=f"{connection}:retracted:{digest(one)}", by=by, at=taken_back.until, fact=one) for one in named)
