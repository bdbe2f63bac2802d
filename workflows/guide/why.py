"""The sentence beside every date: rule, start, what did not count, both clocks where they differ, policy."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflows.application.story import Story


def city(where: ZoneInfo) -> str:
    return (where.key or "UTC").rsplit("/", 1)[-1].replace("_", " ")


def day(d: date) -> str:
    return f"{d:%a} {d.day} {d:%b}"


def hour(moment: datetime, where: ZoneInfo) -> str:
    local = moment.astimezone(where)
    return f"{day(local.date())} {local:%H:%M}"


def mine(story: Story, moment: datetime) -> str:
    where = story.candidate_clock.where
    return f"{hour(moment, where)} {city(where)}"


def _two_clocks(story: Story) -> bool:
    return story.candidate_clock.where.key != story.employer_clock.where.key


def policy(story: Story) -> str:
    return f"Policy {story.policy.name} {story.policy.version}."


def business_days(n: int) -> str:
    return f"{n} business day{'s' if n != 1 else ''}"


def uncounted(story: Story, start: date, end: date) -> str:
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
    said = [f"{day(a)} ({reason})" if a == b else f"{day(a)} to {day(b)} ({reason})" for a, b, reason in spans]
    text = f", not counting {', '.join(said)}" if said else ""
    calendar = story.calendar
    if calendar and calendar.country and not calendar.subdivision:
        text += "; nation-wide holidays only, since the region is not known"
    return text


def _waking(story: Story, asked: datetime, due: datetime) -> str:
    if asked == due:
        return ""
    clock = story.candidate_clock
    return f"; your waking hours {'start' if due > asked else 'end'} {clock.start if due > asked else clock.end:%H:%M}"


def counted(story: Story, due: datetime, start: date, n: int, passed: datetime, *, promised: bool = False, of: str = "") -> str:
    """N business days after a date have passed."""
    where = story.employer_clock.where
    there = f" ({city(where)})" if _two_clocks(story) else ""
    begun = f"the promised {day(start)}" if promised else f"{of}{day(start)}"
    gone = uncounted(story, start, passed.astimezone(where).date())
    on = hour(passed, where) + (" there" if there else "")
    verb = "has" if n == 1 else "have"
    rule = f"{business_days(n)} after {begun}{there} {verb} passed on {on}{gone}"
    return f"{mine(story, due)}: {rule}{_waking(story, passed, due)}. {policy(story)}"


def hours_after(story: Story, due: datetime, rule: str, asked: datetime, tail: str = "") -> str:
    return f"{mine(story, due)}: {rule}{_waking(story, asked, due)}{tail}. {policy(story)}"


def plainly(story: Story, due: datetime, rule: str) -> str:
    return f"{mine(story, due)}: {rule}. {policy(story)}"


def moved(story: Story, due: datetime, was: str, reason: str) -> str:
    return f"{mine(story, due)}: {reason}. By the guide: {was}"


def employer_time(story: Story, moment: datetime) -> str:
    where = story.employer_clock.where
    return hour(moment, where) + (f" {city(where)}" if _two_clocks(story) else "")
