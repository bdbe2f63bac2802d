"""Your Immediate Next Steps: "within 24 hours of your interview … a personalized thank-you email to each person who interviewed you"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from workflows.application.interviews import Interview
from workflows.application.story import Story
from workflows.facts import Fact, ThankYouLapsed
from workflows.guide import why
from workflows.guide.steps import Placing, Step

SOON: timedelta = timedelta(hours=1)
"""A nudge this soon after the prompt would only repeat it."""


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
    return max((i.done_with(p) or lapse for i in visit for p in i.people), default=lapse)


def steps(story: Story, placing: Placing) -> Iterator[Step]:
    for visit in visits(story):
        yield from _visit(story, visit, placing)


def _visit(story: Story, visit: tuple[Interview, ...], placing: Placing) -> Iterator[Step]:
    p, clock, t, first = story.policy, story.candidate_clock, ended(visit), visit[0]
    until = t + timedelta(hours=p.thank_you_until)
    said = f"your interview ended ({why.hour(t, clock.where)})"
    by = f"; a thank-you is due within {p.thank_you_due} hours, by {why.hour(t + timedelta(hours=p.thank_you_due), clock.where)}"

    def step(kind: str, due: datetime, until: datetime | None, reason: str, *facts: Fact, of: Sequence[Interview] = visit) -> Step:
        return Step(kind, first.id, t, due, due, until, reason, f"thank-you/{first.id}", tuple(f"{kind}/{i.id}" for i in of), facts)

    asked = t + timedelta(hours=p.thank_you)
    due = clock.waking(asked)
    prompt = step("thank-you", due, until, why.hours_after(story, due, f"{p.thank_you} hours after {said}", asked, by))
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
    told = all(story.noted("thank-you-nudge", i.id, t) for i in visit)
    if not told and not (given and due - given < SOON):
        reason = why.hours_after(story, due, f"{p.nudge} hours after {said}, while somebody is still unthanked", asked, by)
        yield placing.placed(step("thank-you-nudge", due, until, reason))

    if late := [i for i in visit if i.unthanked and not i.lapsed]:
        reason = why.plainly(story, until, f"{p.thank_you_until} hours after {said} a thank-you is no longer worth sending")
        facts = tuple(ThankYouLapsed(interview=i.id, interviewers=tuple(x.id for x in i.unthanked if x)) for i in late)
        yield step("thank-you-lapsed", until, None, reason, *facts, of=late)
