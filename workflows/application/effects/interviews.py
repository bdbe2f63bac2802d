"""What is said about interviews, and thanks for them."""

from __future__ import annotations

from datetime import datetime

from workflows import facts as said
from workflows.application.approvals import THANKS, overtake
from workflows.application.effects.employer import speak
from workflows.application.interviews import Interview
from workflows.application.story import Story
from workflows.facts import Fact


def known_interview(story: Story, fact: Fact, name: str) -> Interview | None:
    found = story.interview(name)
    if found is None:
        story.object_to(fact, "no-such-interview", f"No interview {name!r} was known then.")
    return found


def create(story: Story, name: str, first_said: datetime) -> Interview:
    canonical = story.names.get(name, name)
    found = story.interviews.get(canonical)
    if found is None:
        found = story.interviews[canonical] = Interview(canonical, first_said)
    return found


def scheduled(story: Story, fact: said.InterviewScheduled, at: datetime, place: int) -> None:
    interview = create(story, fact.interview, min(at, fact.ends_at))
    interview.schedule(fact)
    interview.assumed |= story.assumed_early.get(interview.id, set())


def held(story: Story, fact: said.InterviewHeld, at: datetime, place: int) -> None:
    if fact.assumed and fact.by == "process":
        if found := story.interview(fact.interview):
            found.assumed.add(fact.ended_at)
        else:
            story.assumed_early.setdefault(story.names.get(fact.interview, fact.interview), set()).add(fact.ended_at)
        return
    create(story, fact.interview, min(at, fact.ended_at)).hold(fact)


def cancelled(story: Story, fact: said.InterviewCancelled, at: datetime, place: int) -> None:
    if found := known_interview(story, fact, fact.interview):
        found.standing = "cancelled"
        if fact.by_whom == "employer" and not story.outcome:
            speak(story, fact, at, place)


def reflected(story: Story, fact: said.ReflectionNoted, at: datetime, place: int) -> None:
    if found := known_interview(story, fact, fact.interview):
        known = {i.id for i in found.interviewers}
        if strangers := sorted(set(fact.points or {}) - known):
            story.object_to(fact, "no-such-interviewer", f"Interview {fact.interview!r} has no interviewer {strangers[0]!r}.")
        found.reflect(fact)


def thanked(story: Story, fact: said.ThankYouSent | said.ThankYouWaived, at: datetime, place: int) -> None:
    thank(story, fact, fact.interview, fact.interviewer, at)


def thank(story: Story, fact: Fact, interview: str, interviewer: str | None, at: datetime) -> None:
    if found := known_interview(story, fact, interview):
        if interviewer is not None and interviewer not in {i.id for i in found.interviewers}:
            story.object_to(fact, "no-such-interviewer", f"Interview {interview!r} has no interviewer {interviewer!r}.")
        overtake(story, *THANKS, interview=interview, interviewer=interviewer)
        found.thank(interviewer, at, waived=isinstance(fact, said.ThankYouWaived))


def thanks_lapsed(story: Story, fact: said.ThankYouLapsed, at: datetime, place: int) -> None:
    if found := story.interview(fact.interview):
        found.lapses.append(at)
