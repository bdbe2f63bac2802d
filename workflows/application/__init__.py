"""An application: its facts in order of arrival, and what they amount to.

State changes only in `Application.apply`. `story` folds the facts in the order of own time: the order of arrival never matters to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final, Self

from pydantic import AwareDatetime

from workflows.application import interviews
from workflows.application.story import Objection, Story
from workflows.application.walk import tell
from workflows.facts import Confirmed, Fact, Frozen, Id, LetterDelivered, LetterUndeliverable, Opened, Retracted, Word

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(minutes=5)
"""How far a fact's own time may lie ahead of the application's clock: clocks differ, the future is unknown."""
REPEAT: Final = timedelta(hours=24)
"""A fact without id, key and time that says the same within this time is a repetition; later it is said anew."""


class Application(Frozen):
    id: Id
    facts: tuple[Fact, ...] = ()
    """In order of arrival; their number is the revision. Each has its id, its speaker and its own time."""
    clock: AwareDatetime | None = None
    """The application's clock when it was last carried on; it never runs backwards."""

    @property
    def revision(self) -> int:
        return len(self.facts)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Fact id -> its place in order of arrival, from 0."""
        return {fact.id or "": n for n, fact in enumerate(self.facts)}

    @cached_property
    def story(self) -> Story:
        return fold(_counting(self.facts))

    def apply(self, *facts: Fact) -> Self:
        """The application with these facts too. They have id, `by` and `at`; a known id changes nothing."""
        fresh = {f.id: f for f in facts if f.id not in self.ids}
        return self.model_construct(None, id=self.id, facts=(*self.facts, *fresh.values()), clock=self.clock) if fresh else self

    def note(self, facts: Iterable[Fact], now: datetime) -> Self:
        """With the process's own facts, named and stamped."""
        named: list[Fact] = []
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
        return self.model_construct(None, id=self.id, facts=self.facts[: max(revision, 0)], clock=self.clock)

    def at(self, clock: datetime) -> Self:
        return self.model_construct(None, id=self.id, facts=self.facts, clock=clock)


def own_order(fact: Fact) -> tuple[bool, datetime, bool, int, str]:
    """The opening first, for the whole life; then own time, outside facts before the process's own, the contract's table, id."""
    return not isinstance(fact, Opened), fact.at or EARLIEST, fact.by == "process", fact.order, fact.id or ""


def _counting(facts: tuple[Fact, ...]) -> list[Fact]:
    """The facts that count, in the order of own time: neither retracted nor still tentative."""
    told = sorted(facts, key=own_order)
    if not any(isinstance(f, Retracted) or f.tentative for f in told):
        return told
    retractions: dict[str, list[Fact]] = {}
    confirmations: dict[str, list[Fact]] = {}
    for fact in told:
        if isinstance(fact, Retracted | Confirmed):
            (retractions if isinstance(fact, Retracted) else confirmations).setdefault(fact.fact, []).append(fact)
    known: dict[str, bool] = {}

    def counts(fact: Fact) -> bool:
        name = fact.id or ""
        if fact.by == "process" or isinstance(fact, Opened):
            return True
        if name not in known:
            known[name] = True  # where facts name each other in a circle, the one asked first counts
            retracted = any(counts(r) for r in retractions.get(name, ()))
            known[name] = not retracted and (not fact.tentative or any(counts(c) for c in confirmations.get(name, ())))
        return known[name]

    for fact in reversed(told):
        counts(fact)
    return [f for f in told if counts(f)]


def fold(told: list[Fact]) -> Story:
    """What these facts amount to; they count and stand in the order of own time."""
    fates = {f.approval: f for kind in (LetterUndeliverable, LetterDelivered) for f in told if isinstance(f, kind)}
    story = Story(told=tuple(told), names=interviews.names(told), fates=fates)
    for place, fact in enumerate(told):
        tell(story, fact, place)
    return story


def digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def fresh(app: Application, word: Word, now: datetime) -> tuple[Fact, ...]:
    """The facts of a word as the application keeps them: named, with speaker and own time, without those known already."""
    kept: dict[str, Fact] = {}
    for fact in word.facts:
        by = fact.by or word.by
        name = fact.id or _name(app, fact, word.key, now)
        at = fact.own_time or now
        if at > now + AHEAD and by.startswith("board:"):
            at = now
        if name not in app.ids and name not in kept:
            kept[name] = fact.model_copy(update={"id": name, "by": by, "at": at})
    return tuple(kept.values())


def _name(app: Application, fact: Fact, key: str | None, now: datetime) -> str:
    content = digest(fact.model_dump_json(exclude_unset=True, by_alias=True))
    if key is not None:
        return f"{key}~{content}"
    n = 0
    while (name := f"c~{content}" + (f".{n:04}" if n else "")) in app.ids:
        earlier = app.facts[app.ids[name]]
        if fact.at is not None or now - (earlier.at or now) <= REPEAT:
            return name
        n += 1
    return name


def revision_of(app: Application, word: Word, now: datetime) -> int:
    """How many facts were known once these were: the first answer, also for a repetition."""
    names = [f.id or _name(app, f, word.key, now) for f in word.facts]
    return max((app.ids[n] + 1 for n in names if n in app.ids), default=app.revision)


def objection(app: Application, word: Word, now: datetime, later: Application | None = None) -> Objection | None:
    """Why a word from the platform or the candidate is refused, if it is: all of it or none. A board is never refused.

    `later`: the application with the word's fresh facts, where the caller has made it already.
    """
    names = {f.id or _name(app, f, word.key, now): f for f in word.facts}
    for name, fact in names.items():
        if name in app.ids and not _same(app.facts[app.ids[name]], fact):
            return Objection("key-reused", f"The fact {name!r} was said before with other content.")
    if word.key and (others := [i for i in app.ids if i.startswith(f"{word.key}~") and i not in names]):
        return Objection("key-reused", f"The key was used before for other facts ({len(others)}).")
    later = later or app.apply(*fresh(app, word, now))
    new = later.facts[app.revision :]
    if not new:
        return None
    story = later.story
    for fact in new:
        if fact.by != "process" and not isinstance(fact, Opened) and (fact.at or now) > now + AHEAD:
            return Objection("invalid", f"at: {fact.type} lies in the future of the application's clock ({now:%Y-%m-%d %H:%M} UTC).")
        if fact.anyway or fact.by == "process" or (fact.by or "").startswith("board:"):
            continue
        if isinstance(fact, Retracted | Confirmed) and not _names_a_fact(later, fact):
            return Objection("no-such-fact", f"No fact {fact.fact!r} was said that could be {fact.type}.")
        if (found := story.objections.get(fact.id or "")) and found.slug != "no-effect":
            return found
    return None


def _names_a_fact(app: Application, fact: Retracted | Confirmed) -> bool:
    place = app.ids.get(fact.fact)
    if place is None or fact.fact == fact.id:
        return False
    named = app.facts[place]
    return named.by != "process" and not isinstance(named, Opened) and (named.tentative or isinstance(fact, Retracted))


def _same(known: Fact, again: Fact) -> bool:
    """Whether a repeated id says the same; what the application stamped is not compared."""
    said = again.model_copy(update={"id": known.id, "by": again.by or known.by, "at": again.at or known.at})
    return (
        known.type == again.type
        and known.model_dump(exclude={"policy", "at"}) == said.model_dump(exclude={"policy", "at"})
        and known.at == said.at
    )


__all__ = ["EARLIEST", "Application", "Objection", "Story", "digest", "fold", "fresh", "objection", "own_order", "revision_of"]
