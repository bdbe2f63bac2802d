"""The sentence beside every date: rule, start, what did not count, both clocks where they differ, policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.application.story import Story

# Not by strftime: its words are the machine's, and in a run each call imports `time` anew through the sandbox, 30 times a message.
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def city(where: ZoneInfo) -> str:
    return (where.key or "UTC").rsplit("/", 1)[-1].replace("_", " ")


def day(d: date) -> str:
    return f"{WEEKDAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]}"


def hour(moment: datetime, where: ZoneInfo) -> str:
    local = moment.astimezone(where)
    return f"{day(local)} {local.hour:02}:{local.minute:02}"


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
    """Says that waking hours moved it, if they did."""
    clock = story.candidate_clock
    if clock.waking(asked) == asked:
        return ""
    return f"; your waking hours {'start' if due > asked else 'end'} {clock.start if due > asked else clock.end:%H:%M}"


def passed(story: Story, start: date, n: int, by: datetime, *, promised: bool = False, of: str = "") -> str:
    """So many business days after a date, until when that is, and what did not count."""
    where = story.employer_clock.where
    there = f" ({city(where)})" if _two_clocks(story) else ""
    begun = f"the promised {day(start)}" if promised else f"{of}{day(start)}"
    gone = uncounted(story, start, by.astimezone(where).date())
    on = hour(by, where) + (" there" if there else "")
    return f"{business_days(n)} after {begun}{there} {'has' if n == 1 else 'have'} passed on {on}{gone}"


def counted(story: Story, due: datetime, start: date, n: int, by: datetime, *, promised: bool = False, of: str = "") -> str:
    """The step is due once so many business days after a date have passed."""
    return f"{mine(story, due)}: {passed(story, start, n, by, promised=promised, of=of)}{_waking(story, by, due)}. {policy(story)}"


def hours_after(story: Story, due: datetime, rule: str, asked: datetime, tail: str = "") -> str:
    return f"{mine(story, due)}: {rule}{_waking(story, asked, due)}{tail}. {policy(story)}"


def plainly(story: Story, due: datetime, rule: str) -> str:
    return f"{mine(story, due)}: {rule}. {policy(story)}"


def late(story: Story, now: datetime, due: datetime, was: str) -> str:
    """It is performed well after its due: in waking hours, or because something was in the way."""
    clock = story.candidate_clock
    slept = clock.waking(due) != due and now - clock.waking(due) < timedelta(hours=1)
    return moved(story, now, was, f"your waking hours start {clock.start:%H:%M}" if slept else "it could not come earlier")


def moved(story: Story, due: datetime, was: str, reason: str) -> str:
    return f"{mine(story, due)}: {reason}. By the guide: {was}"


def employer_time(story: Story, moment: datetime) -> str:
    where = story.employer_clock.where
    return hour(moment, where) + (f" {city(where)}" if _two_clocks(story) else "")
