"""What the employer says, when it was promised, and the follow-up that asks."""

from __future__ import annotations

from datetime import date, datetime

from workflows import facts as said
from workflows.application.approvals import ASKS, overtake
from workflows.application.outcome import is_word
from workflows.application.story import Story
from workflows.calendar import LONGEST_ABSENCE
from workflows.facts import Fact


def speak(story: Story, fact: Fact, at: datetime, place: int) -> None:
    """The employer's word: whatever was being waited for, they were heard, and a question that has not left is answered."""
    overtake(story, *ASKS)
    if (running := story.silence_start()) and any(f >= running[0] and p > running[2] for f, p in story.follow_ups):
        story.replied_after_follow_up = True
    story.words.append((at, place, fact))


def promise(story: Story, fact: Fact, day: date, at: datetime) -> None:
    if day < story.employer_clock.date_of(at):
        story.object_to(fact, "invalid", "respond_by lies before the day on which it was said.")
    story.promise = day, at, story.round


def timeline(story: Story, fact: said.TimelineStated, at: datetime, place: int) -> None:
    silence = story.silence()
    if silence and silence.followed_up:
        speak(story, fact, at, place)
    promise(story, fact, fact.respond_by, at)


def replied(story: Story, fact: said.EmployerReplied, at: datetime, place: int) -> None:
    speak(story, fact, at, place)
    if fact.respond_by:
        promise(story, fact, fact.respond_by, at)


def followed_up(story: Story, fact: Fact, at: datetime, place: int) -> None:
    overtake(story, *ASKS)
    silence = story.silence()
    if silence and silence.followed_up:
        day = silence.followed_up.astimezone(story.employer_clock.where).date()
        story.object_to(
            fact,
            "follow-up-already-sent",
            f"One follow-up was sent on {day:%a} {day.day} {day:%b %Y}. Sending more is unlikely to help and may look unprofessional.",
        )
    story.follow_ups.append((at, place))


def away(story: Story, fact: said.EmployerAway, at: datetime, place: int) -> None:
    first = fact.since or story.employer_clock.date_of(at)
    if fact.until < first:
        story.object_to(fact, "invalid", "until lies before the first day of the absence.")
        return
    story.absences.append((first, min(fact.until, first + LONGEST_ABSENCE)))
    story.clocks_changed()


def hiring_step(story: Story, fact: said.HiringStep, at: datetime, place: int) -> None:
    if is_word(fact):
        speak(story, fact, at, place)


def invited(story: Story, fact: said.NextRoundInvited, at: datetime, place: int) -> None:
    speak(story, fact, at, place)
    story.invitations.append(fact)
    story.promise = None
