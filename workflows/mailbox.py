"""The mailbox, the clock and the one timer of a run: how facts come in, the same for an application and for a candidate.

Nothing here knows what facts amount to: the aggregate's `Rules` do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.facts import Receipt, Saying, Telling
from workflows.guide.steps import Step
from workflows.ledger import Ledger, fresh, revision_of
from workflows.names import metrics

LINGER: Final = timedelta(days=1)
"""A run outlives its last word, so that nobody resumes from a result that is already old."""

L = TypeVar("L", bound=Ledger[Any])


class Refusal(Protocol):
    @property
    def slug(self) -> str: ...
    @property
    def detail(self) -> str: ...


@dataclass(frozen=True)
class Rules(Generic[L]):
    """What a mailbox must know of its aggregate."""

    word: type[Telling[Any]]
    """How a message of facts is read."""
    objection: Callable[[L, Any, datetime, L], Refusal | None]
    """Why a word is refused, if it is; the last argument is the ledger with it."""
    read: Callable[[L], tuple[Step, ...]]
    """Every step still ahead. What this cannot read is refused at the door, not found out later."""
    unread: Callable[[Any, str], Saying]
    """The fact that keeps what could not be read."""


class Mailbox(Generic[L]):
    """What is known, and what comes in."""

    def __init__(self, rules: Rules[L], ledger: L) -> None:
        now = workflow.now()
        self.rules, self.ledger = rules, ledger
        self.ahead = max((ledger.clock or now) - now, timedelta(0))  # the aggregate's clock never runs backwards
        self.news, self.bug, self.stay = False, False, self.now() + LINGER
        self._judged: tuple[Telling[Any], L, L] | None = None
        """The word that was accepted last, and the ledger before and after: folded once for validator and handler."""

    def now(self) -> datetime:
        return workflow.now() + self.ahead

    def refuse(self, word: Telling[Any]) -> None:
        """Raises, with the guide's reason, if the word contradicts it. Changes nothing."""
        now = self.now()
        later = self.ledger.apply(*fresh(self.ledger, word, now))
        if why := self.rules.objection(self.ledger, word, now, later):
            raise ApplicationError(why.detail, type=why.slug, non_retryable=True)
        self.rules.read(later)
        self._judged = word, self.ledger, later

    def hear(self, word: Telling[Any]) -> Receipt:
        now, before = self.now(), self.ledger
        (known, was, later), self._judged = self._judged or (None, None, before), None
        if was is not before or known != word:  # equal, not the same: Temporal reads what is said once for each of the two
            later = before.apply(*fresh(before, word, now))
        if later is not before:
            self.stay, self.news, self.ledger = now + LINGER, True, later
        return Receipt(revision=revision_of(later, word, now), fresh=later is not before)

    def take(self, said: Any) -> None:
        """Hears what may be of any shape: what cannot be read is kept whole, for a later version to read. Never raises."""
        try:
            word = self.rules.word.model_validate(said)
            later = self.ledger.apply(*fresh(self.ledger, word, self.now()))
            self.rules.read(later)
            self._judged = word, self.ledger, later
        except Exception as error:  # noqa: BLE001 -- whatever it is, it must not poison the run
            workflow.logger.warning("unread word", extra={"error": type(error).__name__})
            word = self.rules.word(facts=(self.rules.unread(said, type(error).__name__),), by="process")
        self.hear(word)

    def note(self, *facts: Saying, at: datetime) -> None:
        """The process's own facts."""
        counted(facts)
        self.ledger, self.news = self.ledger.note(facts, at), self.news or bool(facts)

    def note_bug(self) -> None:
        """Something failed where it must not: shown to the operator, and nothing else changes."""
        self.bug = self.news = True


def counted(facts: Iterable[Saying]) -> None:
    """Counts what became of messages, once: a replay counts nothing."""
    meter = workflow.metric_meter()
    for fact in facts:
        said: Any = fact
        ended = "uncertain" if getattr(fact, "uncertain", False) else "sent"
        match str(said.type):
            case "prompted":
                meter.create_counter(metrics.PROMPTS).add(1, {"step": _kind(said.intent), "outcome": ended})
            case "undeliverable":
                meter.create_counter(metrics.PROMPTS).add(1, {"step": _kind(said.intent), "outcome": "undeliverable"})
            case "skipped":
                meter.create_counter(metrics.SKIPPED).add(1, {"step": _kind(said.intent), "reason": said.reason})
            case "letter_delivered":
                meter.create_counter(metrics.LETTERS).add(1, {"outcome": ended})
            case "letter_undeliverable":
                meter.create_counter(metrics.LETTERS).add(1, {"outcome": "undeliverable"})
            case _:
                pass


def _kind(intent: str) -> str:
    return intent.partition("/")[0]


class Alarm:
    """The one timer of a run. It is replaced only when the next moment changed."""

    def __init__(self, mailbox: Mailbox[Any]) -> None:
        self._mailbox = mailbox
        self._set: tuple[datetime, asyncio.Task[None]] | None = None

    def set(self, due: datetime | None) -> None:
        if self._set and (self._set[0] != due or self._set[1].done()):
            self._set[1].cancel()
            self._set = None
        if due and not self._set:
            wait = max(due - self._mailbox.now(), timedelta(milliseconds=1))  # a timer of nothing would let a skip leap over it
            self._set = due, asyncio.create_task(workflow.sleep(wait, summary="next step"))

    async def rings(self) -> None:
        """Returns when the moment has come, or something was heard or noted."""
        await workflow.wait_condition(lambda: self._mailbox.news or (self._set is not None and self._set[1].done()))
