"""What was agreed with the candidate: who they are, which policy counts, when to be quiet."""

from __future__ import annotations

from datetime import datetime

from workflows import facts as said
from workflows.application.story import Pause, Snooze, Story
from workflows.policy import POLICIES


def opened(story: Story, fact: said.Opened, at: datetime, place: int) -> None:
    if story.opened is None:
        story.opened = fact
        story.candidate, story.employer, story.position, story.policy = fact.candidate, fact.employer, fact.position, fact.policy
        story.clocks_changed()


def calendar(story: Story, fact: said.Calendar, at: datetime, place: int) -> None:
    story.calendar = fact
    story.clocks_changed()


def candidate_changed(story: Story, fact: said.CandidateChanged, at: datetime, place: int) -> None:
    if story.candidate and fact.of not in (None, story.candidate.id):
        story.object_to(fact, "no-effect", "The application is another candidate's.", mild=True)
        return
    if story.candidate and fact.candidate.is_elsewhere(story.candidate):
        story.moved_at = at
        story.mail_moved_at = at if fact.candidate.email != story.candidate.email else story.mail_moved_at
    story.candidate = fact.candidate
    story.clocks_changed()


def details(story: Story, fact: said.DetailsChanged, at: datetime, place: int) -> None:
    story.employer = fact.employer or story.employer
    story.position = fact.position or story.position
    policy = POLICIES.get(fact.policy) if isinstance(fact.policy, str) else fact.policy
    if fact.policy and policy is None:
        story.object_to(fact, "invalid", f"No policy is named {fact.policy!r}.")
    story.policy = policy or story.policy
    story.clocks_changed()


def paused(story: Story, fact: said.Paused, at: datetime, place: int) -> None:
    story.pause = Pause(at, None if fact.until is None else story.moment(fact.until))


def resumed(story: Story, fact: said.Resumed, at: datetime, place: int) -> None:
    if story.pause and fact.by == "process" and (story.pause.until is None or at < story.pause.until):
        return
    story.pause = None


def snoozed(story: Story, fact: said.Snoozed, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    story.snoozes.append(Snooze(kind, story.names.get(thing, thing), story.moment(fact.until), place))
