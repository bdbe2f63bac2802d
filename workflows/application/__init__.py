"""An application: its facts in order of arrival, and what they amount to.

State changes only in `Application.apply`. `story` folds the facts in the order of own time: the order of arrival never matters to it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from workflows.application import interviews
from workflows.application.story import Objection, Story
from workflows.application.walk import tell
from workflows.facts import Confirmed, Fact, LetterDelivered, LetterUndeliverable, Opened, Retracted, Word
from workflows.ledger import AHEAD, EARLIEST, Ledger, fresh, reused


class Application(Ledger[Fact]):
    """The facts of one application."""

    @cached_property
    def story(self) -> Story:
        return fold(_counting(self.facts))


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
    left = _left(facts)
    known: dict[str, bool] = {}

    def counts(fact: Fact) -> bool:
        name = fact.id or ""
        if fact.by == "process" or isinstance(fact, Opened) or name in left:
            return True
        if name not in known:
            known[name] = True  # where facts name each other in a circle, the one asked first counts
            retracted = any(counts(r) for r in retractions.get(name, ()))
            known[name] = not retracted and (not fact.tentative or any(counts(c) for c in confirmations.get(name, ())))
        return known[name]

    for fact in reversed(told):
        counts(fact)
    return [f for f in told if counts(f)]


def _left(facts: tuple[Fact, ...]) -> dict[str, LetterDelivered]:
    """Approvals whose letter left, certainly or perhaps: they can no longer be taken back."""
    return {f.approval: f for f in facts if isinstance(f, LetterDelivered)}


def fold(told: list[Fact]) -> Story:
    """What these facts amount to; they count and stand in the order of own time."""
    fates = {f.approval: f for kind in (LetterUndeliverable, LetterDelivered) for f in told if isinstance(f, kind)}
    story = Story(told=tuple(told), names=interviews.names(told), fates=fates)
    for place, fact in enumerate(told):
        tell(story, fact, place)
    return story


def objection(app: Application, word: Word, now: datetime, later: Application | None = None) -> Objection | None:
    """Why a word from the platform or the candidate is refused, if it is: all of it or none. A board is never refused.

    `later`: the application with the word's fresh facts, where the caller has made it already.
    """
    if why := reused(app, word, now):
        return Objection("key-reused", why)
    later = later or app.apply(*fresh(app, word, now))
    new = later.facts[app.revision :]
    if not new:
        return None
    story = later.story
    for fact in new:
        if fact.by != "process" and not isinstance(fact, Opened) and (fact.at or now) > now + AHEAD:
            return Objection("invalid", f"at: {fact.type} lies in the future of the application's clock ({now:%Y-%m-%d %H:%M} UTC).")
        found = story.objections.get(fact.id or "")
        hopeless = found is not None and found.slug == "letter-has-blanks"  # to insist fills in no blank
        if (fact.anyway and not hopeless) or fact.by == "process" or (fact.by or "").startswith("board:"):
            continue
        if isinstance(fact, Retracted | Confirmed) and not _names_a_fact(later, fact):
            return Objection("no-such-fact", f"No fact {fact.fact!r} was said that could be {fact.type}.")
        if isinstance(fact, Retracted) and (gone := _left(later.facts).get(fact.fact)):
            maybe = "may have been sent" if gone.uncertain else "was sent"
            return Objection("letter-already-sent", f"This letter {maybe} for you already: it cannot be taken back.")
        if found and found.slug != "no-effect":
            return found
    return None


def _names_a_fact(app: Application, fact: Retracted | Confirmed) -> bool:
    place = app.ids.get(fact.fact)
    if place is None or fact.fact == fact.id:
        return False
    named = app.facts[place]
    return named.by != "process" and not isinstance(named, Opened) and (named.tentative or isinstance(fact, Retracted))


__all__ = ["Application", "Objection", "Story", "fold", "objection", "own_order"]
