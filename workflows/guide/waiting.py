"""Navigating the Waiting Period, and What to Do If You Don't Hear Back.

"Wait until at least a business day has passed" after a stated timeline, else "about 7 to 10 business days"; then one polite follow-up;
then "the most productive action is to mentally move on".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from workflows.application.story import Silence, Story
from workflows.calendar import ONE_DAY, at
from workflows.facts import EmployerReplied, Ghosted, HiringStep, TimelineStated
from workflows.guide import why
from workflows.guide.immediate import thanks_done, visits
from workflows.guide.steps import Placing, Step
from workflows.sentences import Day, Sentence, say


def steps(story: Story, placing: Placing) -> Iterator[Step]:
    yield from _references(story, placing)
    if silence := story.silence(projected=True):
        yield from _silence(story, silence, placing)


def dates(story: Story, silence: Silence) -> tuple[datetime, datetime]:
    """When the guide wants the follow-up and its last call in this silence, before any pause or snooze."""
    base, a, b, _ = story.base(silence)
    clock, mine = story.employer_clock, story.candidate_clock
    return mine.waking(clock.passed(base, a)), mine.waking(clock.passed(base, b))


def _silence(story: Story, silence: Silence, placing: Placing) -> Iterator[Step]:
    clock, mine = story.employer_clock, story.candidate_clock
    base, a, b, _ = story.base(silence)
    asked = story.asked_since(silence)
    n = str(silence.number)
    chain = "silence"
    follow_up, last_call = dates(story, silence)

    def counted(due: datetime, day: date, count: int, *, promised: bool = False) -> Sentence:
        return why.counted(story, due, day, count, clock.passed(day, count), after=why.promised(day) if promised else None)

    def step(kind: str, due: datetime, until: datetime | None, reason: Sentence, since: datetime = asked) -> Step:
        return Step(kind, n, since, due, due, until, reason, "waiting" if kind == "waiting" else chain, (f"{kind}/{n}",))

    begun = None if silence.followed_up or story.noted("waiting", n, silence.start) else _wait_begun(story, silence)
    if begun:
        waiting, local = mine.next_start(begun[0]), mine.next_start(begun[0]).astimezone(mine.where)
        if follow_up > at(local.date() + 2 * ONE_DAY, local.time(), mine.where):  # else it would come too late to help
            then = say("you would follow up on {at}", at=why.mine(story, follow_up))
            rule = say("{first}; {then}", first=begun[1], then=then)
            yield placing.placed(step("waiting", waiting, follow_up, why.plainly(story, waiting, rule), silence.start))

    given = story.last_call_given(silence)
    if not silence.followed_up:
        if not story.noted("follow-up", n, asked):
            reason = counted(follow_up, base, a, promised=bool(silence.promised))
            yield placing.placed(step("follow-up", follow_up, None, reason))
        until = clock.passed(clock.date_of(last_call), 2 * story.policy.ghost)
        last = step("follow-up-last-call", last_call, until, counted(last_call, base, b, promised=bool(silence.promised)))
        if not story.noted(last.kind, n, asked):
            last = placing.placed(last)
            yield last
        given = given or last.due

    passed, day, count = story.ghosted_from(silence, given)
    due = mine.waking(passed)
    if day == silence.promised:
        start = why.promised(day)
    elif silence.followed_up:
        asked_then = day == clock.date_of(silence.followed_up)
        start = say("your follow-up of {day}", day=Day(day)) if asked_then else say("the day when it was due, {day}", day=Day(day))
    else:
        start = say("your last call of {day}", day=Day(day)) if day != base else None
    reason = why.counted(story, due, day, count, passed, after=start)
    ready = silence.followed_up is not None or story.last_call_given(silence) is not None
    yield placing.placed(Step("ghosted", n, asked, due, due, None, reason, chain, (f"ghosted/{n}",), (Ghosted(),), ready))


def _wait_begun(story: Story, silence: Silence) -> tuple[datetime, Sentence] | None:
    """When the wait has begun, and by what: thank-yous done with, or a word with a date; None where a note would say nothing new."""
    word, where = silence.word, story.candidate_clock.where
    if word and not (isinstance(word, TimelineStated) or (isinstance(word, EmployerReplied) and word.respond_by)):
        return None
    current = {i.id for i in story.rounds[-1].interviews}
    done = max((thanks_done(story, visit) for visit in visits(story) if visit[0].id in current), default=silence.start)
    if word and silence.start >= done:
        return silence.start, say("they were heard on {at} and promised a new date", at=why.hour(silence.start, where))
    begun = max(done, silence.start)
    return begun, say("the thank-yous of your interview are done with since {at}", at=why.hour(begun, where))


def _references(story: Story, placing: Placing) -> Iterator[Step]:
    word = story.words[-1] if story.words else None
    if word is None or not (isinstance(word[2], HiringStep) and word[2].step == "reference_check"):
        return
    since, n = word[0], str(story.silences or 1)
    if not story.noted("references", n, since):
        reason = why.plainly(story, since, say("your references are being checked; they should hear from you first"))
        yield placing.placed(Step("references", n, since, since, since, None, reason, "references", (f"references/{n}",)))


ASSUMED_AFTER = timedelta(minutes=30)
"""An interview that was neither moved nor cancelled counts as held this long after its end."""
