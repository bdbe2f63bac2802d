"""A ledger: what is known of one aggregate, as facts in order of arrival. An application has one, and a candidate.

State changes only in `apply`. How a fact gets its name and its own time is decided here, the same for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final, Generic, Self, TypeVar

from pydantic import AwareDatetime

from workflows.facts import Frozen, Id, Saying, Telling

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(minutes=5)
"""How far a fact's own time may lie ahead of the clock that hears it: clocks differ, the future is unknown."""
REPEAT: Final = timedelta(hours=24)
"""A fact without id, key and time that says the same within this time is a repetition; later it is said anew."""

F = TypeVar("F", bound=Saying)


class Ledger(Frozen, Generic[F]):
    id: Id
    facts: tuple[F, ...] = ()
    """In order of arrival; their number is the revision. Each has its id, its speaker and its own time."""
    clock: AwareDatetime | None = None
    """The clock when it was last carried on; it never runs backwards."""

    @property
    def revision(self) -> int:
        return len(self.facts)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Fact id -> its place in order of arrival, from 0."""
        return {fact.id or "": n for n, fact in enumerate(self.facts)}

    def apply(self, *facts: F) -> Self:
        """The ledger with these facts too. They have id, `by` and `at`; a known id changes nothing."""
        fresh = {f.id: f for f in facts if f.id not in self.ids}
        return self._with((*self.facts, *fresh.values())) if fresh else self

    def note(self, facts: Iterable[F], now: datetime) -> Self:
        """With the process's own facts, named and stamped."""
        named: list[F] = []
        number = self.revision
        for fact in facts:
            number += 1
            while (name := f"process:{number:06}") in self.ids:
                number += 1
            named.append(fact.model_copy(update={"id": name, "by": "process", "at": fact.at or now}))
        return self.apply(*named)

    def up_to(self, revision: int | None) -> Self:
        """As its first `revision` facts make it."""
        if revision is None or revision >= self.revision:
            return self
        return self._with(self.facts[: max(revision, 0)])

    def at(self, clock: datetime) -> Self:
        return self.model_construct(None, id=self.id, facts=self.facts, clock=clock)

    def _with(self, facts: tuple[F, ...]) -> Self:
        return self.model_construct(None, id=self.id, facts=facts, clock=self.clock)


def digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def fresh(ledger: Ledger[F], word: Telling[F], now: datetime) -> tuple[F, ...]:
    """The facts of a word as the ledger keeps them: named, with speaker and own time, without those known already."""
    kept: dict[str, F] = {}
    for fact in word.facts:
        by = fact.by or word.by
        name = fact.id or _name(ledger, fact, word.key, now)
        at = fact.own_time or now
        if at > now + AHEAD and by.startswith("board:"):
            at = now
        if name not in ledger.ids and name not in kept:
            kept[name] = fact.model_copy(update={"id": name, "by": by, "at": at})
    return tuple(kept.values())


def _name(ledger: Ledger[F], fact: F, key: str | None, now: datetime) -> str:
    content = digest(fact.model_dump_json(exclude_unset=True, by_alias=True))
    if key is not None:
        return f"{key}~{content}"
    n = 0
    while (name := f"c~{content}" + (f".{n:04}" if n else "")) in ledger.ids:
        earlier = ledger.facts[ledger.ids[name]]
        if fact.at is not None or now - (earlier.at or now) <= REPEAT:
            return name
        n += 1
    return name


def revision_of(ledger: Ledger[F], word: Telling[F], now: datetime) -> int:
    """How many facts were known once these were: the first answer, also for a repetition."""
    names = [f.id or _name(ledger, f, word.key, now) for f in word.facts]
    return max((ledger.ids[n] + 1 for n in names if n in ledger.ids), default=ledger.revision)


def reused(ledger: Ledger[F], word: Telling[F], now: datetime) -> str | None:
    """Why a word cannot be the repetition that its names make it, if they do."""
    names = {f.id or _name(ledger, f, word.key, now): f for f in word.facts}
    for name, fact in names.items():
        if name in ledger.ids and not _same(ledger.facts[ledger.ids[name]], fact):
            return f"The fact {name!r} was said before with other content."
    if word.key and (others := [i for i in ledger.ids if i.startswith(f"{word.key}~") and i not in names]):
        return f"The key was used before for other facts ({len(others)})."
    return None


_STAMPED: Final = {"policy", "rules", "announced", "at"}


def _same(known: Saying, again: Saying) -> bool:
    """Whether a repeated id says the same; what the ledger stamped is not compared."""
    said = again.model_copy(update={"id": known.id, "by": again.by or known.by, "at": again.at or known.at})
    return type(known) is type(again) and known.model_dump(exclude=_STAMPED) == said.model_dump(exclude=_STAMPED) and known.at == said.at
