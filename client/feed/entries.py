"""What of an application belongs in a calendar. It reads what the facts amount to, has no rule of its own, and holds no names.

Nothing is entered that hangs on an interview still ahead, but the interview itself and the date that was promised before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from workflows.application.story import Story
from workflows.calendar import ONE_DAY
from workflows.guide.immediate import ended, visits
from workflows.guide.waiting import dates

Kind = Literal["interview", "thank-you", "answer", "news", "offer", "usual-answer"]
_LENGTH: Final = timedelta(minutes=30)
"""A deadline is the end of an entry of this length: calendars hide what has none."""


@dataclass(frozen=True)
class Entry:
    """A date as the facts have it now."""

    kind: Kind
    names: tuple[str, ...]
    """What it hangs on; it is the same entry as one that was known under any of them before."""
    starts: datetime | date | None
    """A date: all day. None: it took place, and when it began is not known any more."""
    ends: datetime | date | None
    """Excluded."""
    round: int = 1
    void: bool = False
    """It will not take place."""


def entries(story: Story) -> Iterator[Entry]:
    """Everything that has a date now. Void are only interviews; what else became void is not here any more."""
    if story.opened is None or story.linked:
        return
    yield from _interviews(story)
    if story.outcome:
        return
    yield from _thank_yous(story)
    yield from _silence(story)
    for offer in story.open_offers:
        if decide_by := offer.decide_by(story.employer_clock, story.policy):
            kind: Kind = "offer" if offer.stated or not offer.written_at else "usual-answer"
            yield Entry(kind, (f"offer/{offer.number}",), decide_by - _LENGTH, decide_by)


def _interviews(story: Story) -> Iterator[Entry]:
    rounds = {interview.id: r.number for r in story.rounds for interview in r.interviews}
    for interview in story.interviews.values():
        names = _names(story, "interview", interview.id)
        closed = story.outcome is not None and interview.ahead and interview.ended_at > story.outcome.at
        void = closed or not interview.live
        if interview.starts_at is None and not void:
            yield Entry("interview", names, None, None, rounds[interview.id])
        else:
            yield Entry("interview", names, interview.starts_at, interview.ended_at, rounds.get(interview.id, 1), void)


def _thank_yous(story: Story) -> Iterator[Entry]:
    for visit in visits(story):
        if all(i.held for i in visit) and any(i.unthanked for i in visit):
            due = ended(visit) + timedelta(hours=story.policy.thank_you_due)
            names = tuple(name for i in visit for name in _names(story, "thank-you", i.id))
            yield Entry("thank-you", names, due - _LENGTH, due)


def _silence(story: Story) -> Iterator[Entry]:
    """The promised date, and the candidate's dates from the day to ask for news to that of the last call."""
    waited = story.silence(projected=True)
    if waited and waited.promised and story.promise:
        yield Entry("answer", (f"answer/{story.promise[2]}",), waited.promised, waited.promised + ONE_DAY)
    silence = story.silence()
    if silence and not silence.followed_up:
        first, last = (story.candidate_clock.date_of(moment) for moment in dates(story, silence))
        yield Entry("news", (f"news/{silence.number}",), first, last + ONE_DAY)


def _names(story: Story, kind: str, interview: str) -> tuple[str, ...]:
    """By the id that an interview has now, then by those that it had."""
    earlier = sorted(old for old, new in story.names.items() if new == interview)
    return tuple(f"{kind}/{name}" for name in (interview, *earlier))
