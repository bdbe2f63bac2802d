"""Your Immediate Next Steps: "within 24 hours of your interview … a personalized thank-you email to each person who interviewed you"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from workflows.application.interviews import Interview
from workflows.application.story import Story
from workflows.facts import Fact, ThankYouLapsed
from workflows.guide import why
from workflows.guide.steps import Placing, Step
from workflows.sentences import Sentence, say

SOON: Final = timedelta(hours=1)
"""A nudge this soon after the prompt would only repeat it."""
LAPSE_IS_FINAL: Final = 3
"""From this version of the rules on a thank-you that lapsed is done with: it neither moves the wait nor brings a nudge back."""


def visits(story: Story) -> Iterator[tuple[Interview, ...]]:
    """Interviews of a round on one candidate's day, which are thanked for together.

    Those prompted together stay together; one added or moved after the prompt forms its own group.
    """
    found: dict[tuple[int, object, datetime | None], list[Interview]] = {}
    for r in story.rounds:
        for interview in r.interviews:
            note = story.noted("thank-you", interview.id, interview.ended_at)
            found.setdefault((r.number, story.candidate_clock.date_of(interview.ended_at), note.at if note else None), []).append(interview)
    yield from (tuple(v) for v in found.values())


def ended(visit: tuple[Interview, ...]) -> datetime:
    """T: when the last interview of the visit ended, or will end."""
    return max(i.ended_at for i in visit)


def thanks_done(story: Story, visit: tuple[Interview, ...]) -> datetime:
    """When everybody of the visit is sent to, waived or lapsed."""
    lapse = ended(visit) + timedelta(hours=story.policy.thank_you_until)
    final = _lapse_is_final(story)
    return max(((i.finished_with(p) if final else i.done_with(p)) or lapse for i in visit for p in i.people), default=lapse)


def _lapse_is_final(story: Story) -> bool:
    """Applications of an older version count later thanks, and list the nudge until its own `until` was noted."""
    return story.opened is not None and story.opened.rules >= LAPSE_IS_FINAL


def steps(story: Story, placing: Placing) -> Iterator[Step]:
    for visit in visits(story):
        yield from _visit(story, visit, placing)


def _visit(story: Story, visit: tuple[Interview, ...], placing: Placing) -> Iterator[Step]:
    p, clock, t, first = story.policy, story.candidate_clock, ended(visit), visit[0]
    until = t + timedelta(hours=p.thank_you_until)
    at = why.hour(t, clock.where)
    latest = why.hour(t + timedelta(hours=p.thank_you_due), clock.where)
    by = say("a thank-you is due within {n} hours, by {at}", n=p.thank_you_due, at=latest)

    def step(kind: str, due: datetime, until: datetime | None, reason: Sentence, *facts: Fact, of: Sequence[Interview] = visit) -> Step:
        return Step(kind, first.id, t, due, due, until, reason, f"thank-you/{first.id}", tuple(f"{kind}/{i.id}" for i in of), facts)

    asked = t + timedelta(hours=p.thank_you)
    due = clock.waking(asked)
    rule = say("{n} hours after your interview ended ({at})", n=p.thank_you, at=at)
    prompt = step("thank-you", due, until, why.hours_after(story, due, rule, asked, by))
    note = story.noted("thank-you", first.id, first.ended_at)
    if note is None:
        yield placing.placed(prompt)
    if not any(i.unthanked for i in visit):
        return

    asked = t + timedelta(hours=p.nudge)
    due = clock.waking(asked)
    if due > t + timedelta(hours=p.thank_you_due - 1):
        due = clock.waking_before(asked)
    given = placing.snoozed(prompt).due if note is None else note.at if note.result == "prompted" else None
    told = all(story.noted("thank-you-nudge", i.id, t) or (i.lapsed and _lapse_is_final(story)) for i in visit)
    if not told and not (given and due - given < SOON):
        rule = say("{n} hours after your interview ended ({at}), while somebody is still unthanked", n=p.nudge, at=at)
        yield placing.placed(step("thank-you-nudge", due, until, why.hours_after(story, due, rule, asked, by)))

    if late := [i for i in visit if i.unthanked and not i.lapsed]:
        rule = say("{n} hours after your interview ended ({at}) a thank-you is no longer worth sending", n=p.thank_you_until, at=at)
        facts = tuple(ThankYouLapsed(interview=i.id, interviewers=tuple(x.id for x in i.unthanked if x)) for i in late)
        yield step("thank-you-lapsed", until, None, why.plainly(story, until, rule), *facts, of=late)
