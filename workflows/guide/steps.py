"""A step of the guide: what is due, when, why, and on what it hangs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from workflows.application.story import SILENCE_KINDS, Story
from workflows.facts import KINDS, Category, Fact, Prompted, Skipped, Undeliverable
from workflows.guide import why
from workflows.sentences import Sentence, say

ACTIONS: Final = {
    "thank-you": "Thank each of your interviewers",
    "thank-you-nudge": "Thank those you have not thanked yet",
    "thank-you-lapsed": "Let go of the thank-yous that were not sent",
    "waiting": "Wait with patience, and keep applying elsewhere",
    "follow-up": "Send your one follow-up",
    "follow-up-last-call": "Send your follow-up now, if you still want to",
    "ghosted": "Move on: put your energy where it is answered",
    "references": "Brief your references",
    "offer-thanks": "Thank them for the offer",
    "offer-review": "Review the written offer",
    "offer-decide": "Decide on the offer",
    "offer-overdue": "Answer, or ask for an extension, now",
    "offer-lapsed": "The offer has lapsed",
    "rejection-reply": "Reply with grace",
    "next-round": "Say yes to the next round, and prepare",
    "close-others": "Withdraw your other open applications",
    "farewell": "Say goodbye courteously",
}
CATEGORY: Final[dict[str, Category]] = {
    "thank-you": "thanks",
    "thank-you-nudge": "thanks",
    "waiting": "waiting",
    "references": "waiting",
    "follow-up": "follow-up",
    "follow-up-last-call": "follow-up",
    "ghosted": "outcomes",
    "rejection-reply": "outcomes",
    "close-others": "outcomes",
    "farewell": "outcomes",
    "offer-thanks": "offers",
    "offer-review": "offers",
    "offer-decide": "offers",
    "offer-overdue": "offers",
    "offer-lapsed": "offers",
    "next-round": "next-round",
}
"""Kind of step -> what its messages are unsubscribed from as."""
CAN_WAIT: Final = frozenset({"waiting", "follow-up", "follow-up-last-call", "ghosted", "rejection-reply"})
"""Kinds whose messages may wait for the digest, for Monday or for tomorrow; all others come alone and at once."""
ORDER: Final = {kind: n for n, kind in enumerate(KINDS)}
OWN_DEADLINE: Final = ("offer-decide", "offer-overdue")
"""Not silenced by a pause when the employer named the deadline."""


@dataclass(frozen=True)
class Step:
    """One step. Moments are UTC; a step is identified by intent and `since`."""

    kind: str
    thing: str
    since: datetime
    """When what it hangs on took its present shape."""
    natural: datetime
    """When the guide wants it, before any pause or snooze."""
    due: datetime
    """When it should happen."""
    until: datetime | None
    """After that it helps nobody. None: until what it hangs on ends."""
    reason: Sentence
    """Why then."""
    chain: str
    """Steps on the same thing: of several overdue at once only the latest is performed."""
    intents: tuple[str, ...]
    """Everything that performing it notes; the first is its own."""
    facts: tuple[Fact, ...] = ()
    """What the process notes instead of sending a message."""
    ready: bool = True
    """Whether it may be performed yet, whatever the time."""
    held: bool = False
    """Paused without an end: it keeps its due and is never next."""

    @cached_property
    def why(self) -> str:
        """The reason in English."""
        return str(self.reason)

    @property
    def intent(self) -> str:
        return self.intents[0]

    @property
    def action(self) -> str:
        return ACTIONS.get(self.kind, self.kind)

    @property
    def key(self) -> tuple[str, datetime]:
        return self.intent, self.since

    @property
    def listed(self) -> bool:
        """Silent moments have a timer and are not shown."""
        return self.kind in ORDER

    @property
    def message(self) -> bool:
        return not self.facts

    def sent(self, *, uncertain: bool = False) -> tuple[Any, ...]:
        """What is noted when its message is with the mail server, certainly or perhaps."""
        return tuple(Prompted(intent=i, uncertain=True) if uncertain else Prompted(intent=i) for i in self.intents)

    def skipped(self, reason: str) -> tuple[Any, ...]:
        return tuple(Skipped(intent=i, reason=reason) for i in self.intents)

    def undeliverable(self, reason: str) -> tuple[Any, ...]:
        return tuple(Undeliverable(intent=i, reason=reason) for i in self.intents)

    def moment(self, story: Story, now: datetime) -> datetime:
        """When it is performed: at its due if that is ahead, else at the next waking moment. The only place where `now` meets a step."""
        if self.due > now:
            return self.due
        return story.candidate_clock.waking(now) if self.message else now


class Placing:
    """Where snoozes and a pause put the steps of a story; without `then`, where the guide alone wants them."""

    def __init__(self, story: Story, then: Callable[[int], tuple[Step, ...]] | None = None) -> None:
        self.story, self._then = story, then

    def placed(self, step: Step, *, stated: bool = False) -> Step:
        """The step after snooze and pause. `stated`: it warns of an employer's own deadline, which no pause moves."""
        return self.snoozed(step) if stated else self._convenient(self._paused(self.snoozed(step)))

    def snoozed(self, step: Step) -> Step:
        """Later only, and never beyond the last waking moment before `until`; only if the step stood as it is when the snooze was said."""
        if self._then is None:
            return step
        clock, due = self.story.candidate_clock, step.due
        for snooze in self.story.snoozes:
            if not concerns(step, snooze.kind, snooze.thing) or self._since_at(snooze.place, step) != step.since:
                continue
            wanted = clock.waking(snooze.until)
            due = max(due, min(wanted, clock.last_waking_before(step.until)) if step.until else wanted)
        return step if due == step.due else replace(step, due=due, reason=why.moved(self.story, due, step.reason, say("you snoozed it")))

    def _paused(self, step: Step) -> Step:
        pause = self.story.pause
        if pause is None or self._then is None:
            return step
        if pause.until is None:
            return replace(step, held=True)
        due = self.story.candidate_clock.waking(pause.until)
        return (
            replace(step, due=due, reason=why.moved(self.story, due, step.reason, say("you paused until then"))) if due > step.due else step
        )

    def _convenient(self, step: Step) -> Step:
        """What can wait comes when the candidate likes to be written to: with the morning's digest, on a weekday."""
        who = self.story.candidate
        if who is None or self._then is None or step.kind not in CAN_WAIT or not step.message or step.held:
            return step
        clock, wishes, due = self.story.candidate_clock, who.preferences, step.due
        if wishes.digest:
            due = clock.next_start(due - timedelta(microseconds=1))
        if not wishes.weekends:
            due = clock.weekday(due)
        if due > step.due and step.until:
            due = max(step.due, min(due, clock.last_waking_before(step.until)))
        reason = say("you chose a digest in the morning") if wishes.digest else say("you chose no messages at weekends")
        return replace(step, due=due, reason=why.moved(self.story, due, step.reason, reason)) if due > step.due else step

    def _since_at(self, place: int, step: Step) -> datetime | None:
        steps = self._then(place) if self._then else ()
        return next((s.since for s in steps if s.kind == step.kind and any(concerns(s, *i.split("/", 1)) for i in step.intents)), None)


def concerns(step: Step, kind: str, thing: str) -> bool:
    """Whether an intent of that kind and thing means this step; the number of a silence is ignored."""
    return step.kind == kind and (kind in SILENCE_KINDS or f"{kind}/{thing}" in step.intents)
