"""The sentence beside every date: rule, start, what did not count, both clocks where they differ, policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.application.story import Story
from workflows.sentences import Clock, Day, Listed, Moment, Place, Sentence, say, say_number


def hour(moment: datetime, where: ZoneInfo) -> Moment:
    return Moment(moment, where.key)


def mine(story: Story, moment: datetime) -> Moment:
    return Moment(moment, story.candidate_clock.where.key, named=True)


def employer_time(story: Story, moment: datetime) -> Moment:
    return Moment(moment, story.employer_clock.where.key, named=_two_clocks(story))


def _two_clocks(story: Story) -> bool:
    return story.candidate_clock.where.key != story.employer_clock.where.key


def _and(first: Sentence, *others: Sentence | None) -> Sentence:
    for other in others:
        if other:
            first = say("{first}; {then}", first=first, then=other)
    return first


def uncounted(story: Story, start: date, end: date) -> tuple[Sentence, ...]:
    """The holidays and absences from the day after `start` to `end`; several days in a row of one reason are one span."""
    spans: list[tuple[date, date, str]] = []
    for when, reason in story.employer_clock.uncounted(start, end):
        if (
            spans
            and spans[-1][2] == reason
            and story.employer_clock.business_day(spans[-1][1], 1) > when
            and (when - spans[-1][1]).days <= 4
        ):
            spans[-1] = (spans[-1][0], when, reason)
        else:
            spans.append((when, when, reason))
    return tuple(_span(a, b, reason) for a, b, reason in spans)


def _span(first: date, last: date, reason: str) -> Sentence:
    named = say("away") if reason == "away" else reason
    if first == last:
        return say("{day} ({reason})", day=Day(first), reason=named)
    return say("{first} to {last} ({reason})", first=Day(first), last=Day(last), reason=named)


def _waking(story: Story, asked: datetime, due: datetime) -> Sentence | None:
    """Says that waking hours moved it, if they did."""
    clock = story.candidate_clock
    if clock.waking(asked) == asked:
        return None
    return waking_starts(story) if due > asked else say("your waking hours end {time}", time=Clock(clock.end))


def waking_starts(story: Story) -> Sentence:
    return say("your waking hours start {time}", time=Clock(story.candidate_clock.start))


def from_day(day: date) -> Sentence:
    """A date from which days are counted."""
    return say("{day}", day=Day(day))


def promised(day: date) -> Sentence:
    return say("the promised {day}", day=Day(day))


def passed(story: Story, start: Sentence, n: int, by: datetime) -> Sentence:
    """So many business days after a date, until when that is."""
    start, end = _there(story, start, by)
    return say_number(
        "{n} business day after {start} has passed on {end}",
        "{n} business days after {start} have passed on {end}",
        n,
        start=start,
        end=end,
    )


def _there(story: Story, start: Sentence, by: datetime) -> tuple[Sentence, Moment | Sentence]:
    """Start and end of days that are counted on the employer's calendar, which is named where it is not the candidate's."""
    where = story.employer_clock.where
    end = hour(by, where)
    if not _two_clocks(story):
        return start, end
    return say("{start} ({city})", start=start, city=Place(where.key)), say("{moment} there", moment=end)


def _but(story: Story, rule: Sentence, start: date, by: datetime) -> Sentence:
    """The rule, with what did not count."""
    if days := uncounted(story, start, by.astimezone(story.employer_clock.where).date()):
        rule = say("{rule}, not counting {days}", rule=rule, days=Listed(days))
    if (calendar := story.calendar) and calendar.country and not calendar.subdivision:
        rule = _and(rule, say("nation-wide holidays only, since the region is not known"))
    return rule


def usual(story: Story, written: date, n: int, by: datetime) -> Sentence:
    """The rule of an offer that came in writing without a deadline."""
    start, end = _there(story, say("the written offer of {day}", day=Day(written)), by)
    rule = say_number(
        "they named no deadline, and an answer is usual before {n} business day after {start} has passed on {end}",
        "they named no deadline, and an answer is usual before {n} business days after {start} have passed on {end}",
        n,
        start=start,
        end=end,
    )
    return _but(story, rule, written, by)


def counted(story: Story, due: datetime, start: date, n: int, by: datetime, *, after: Sentence | None = None) -> Sentence:
    """The step is due once so many business days after a date have passed; `after` says what date it is."""
    rule = _but(story, passed(story, after or from_day(start), n, by), start, by)
    return plainly(story, due, _and(rule, _waking(story, by, due)))


def hours_after(story: Story, due: datetime, rule: Sentence, asked: datetime, tail: Sentence | None = None) -> Sentence:
    return plainly(story, due, _and(rule, _waking(story, asked, due), tail))


def plainly(story: Story, due: datetime, rule: Sentence) -> Sentence:
    """When, by which rule, of which policy."""
    policy = f"{story.policy.name} {story.policy.version}"
    return say("{due}: {rule}. Policy {policy}.", due=mine(story, due), rule=rule, policy=policy)


def late(story: Story, now: datetime, due: datetime, was: Sentence) -> Sentence:
    """It is performed well after its due: in waking hours, or because something was in the way."""
    clock = story.candidate_clock
    slept = clock.waking(due) != due and now - clock.waking(due) < timedelta(hours=1)
    return moved(story, now, was, waking_starts(story) if slept else say("it could not come earlier"))


def moved(story: Story, due: datetime, was: Sentence, reason: Sentence) -> Sentence:
    return say("{due}: {reason}. By the guide: {was}", due=mine(story, due), reason=reason, was=was)
