"""Letters that the candidate approved, to be sent for them: which may be, to whom, when they leave, and when they become pointless.

A letter leaves at most once ever. What it amounts to, a thank-you or the follow-up, counts from its approval on, and no more if it did not
leave.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from workflows.facts import Contact, LetterApproved

if TYPE_CHECKING:
    from workflows.application.story import Story

THANKS: Final = ("thank-you", "thank-you-nudge")
ASKS: Final = ("follow-up", "follow-up-last-call")
TO_OTHERS: Final = ("references", "close-others")
"""Letters that do not go to this employer."""
BLANK: Final = re.compile(r"\[[^\[\]\n]*[^\[\]\s][^\[\]\n]*\]")
"""A blank of a draft. Whatever else stands in brackets is taken for one: a letter that is sent for somebody must not hold any."""
ANSWERS: Final = {"accept": "accepted", "decline": "declined"}
"""Letters that go on mattering once the offer has that fate."""

Fate = Literal["pending", "delivered", "uncertain", "undeliverable"]


@dataclass
class Approval:
    """One approved letter."""

    fact: LetterApproved
    at: datetime
    place: int
    fate: Fate = "pending"
    left_at: datetime | None = None
    """When it was handed over, certainly or perhaps."""
    reason: str = ""
    """Why it did not leave."""
    overtaken: bool = False
    """The candidate did it in another way before the letter left, or the employer spoke first."""

    @property
    def letter(self) -> str:
        return self.fact.letter

    @property
    def kind(self) -> str:
        return self.fact.letter.split("/")[0]

    @property
    def thing(self) -> str:
        return self.fact.letter.split("/")[1]

    @property
    def rest(self) -> str | None:
        """The interviewer of a thank-you, the choice of an answer to an offer."""
        return "".join(self.fact.letter.split("/", 2)[2:]) or None


def name_of(story: Story, letter: str) -> tuple[str, str, str]:
    """What the letter is, however it was called: two approvals of the same letter mean the same sheet of paper."""
    kind, thing, rest = (*letter.split("/", 2), "")[:3]
    match kind:
        case "thank-you" | "thank-you-nudge":
            return "thank-you", story.names.get(thing, thing), rest
        case "follow-up" | "follow-up-last-call":
            return "follow-up", "", ""
        case "offer-decide" | "offer-overdue":
            return "offer", thing, "answer" if rest in ANSWERS else rest
        case _:
            return kind, thing, ""


def recipient(story: Story, approval: Approval) -> Contact | None:
    """Whom the letter goes to; None: nobody who can be written to is known."""
    contact = story.employer.contact if story.employer else None
    if approval.kind not in THANKS:
        found = story.correspondent
    elif interview := story.interview(approval.thing):
        person = next((i for i in interview.interviewers if i.id == approval.rest), None)
        found = Contact(name=person.name, email=person.email) if person and person.email else contact
    else:
        found = None
    return found if found and found.email else None


def until(story: Story, approval: Approval) -> datetime | None:
    """After that the letter helps nobody. None: until what it is about ends."""
    clock, outcome = story.employer_clock, story.outcome
    if approval.kind in THANKS:
        interview = story.interview(approval.thing)
        return interview.ended_at + timedelta(hours=story.policy.thank_you_until) if interview else None
    if approval.kind in ("rejection-reply", "farewell"):
        return clock.passed(clock.date_of(outcome.at), story.policy.outcome_until) if outcome else None
    if approval.kind == "next-round":
        return story.rounds[-1].starts_at
    offer = next((o for o in story.offers if str(o.number) == approval.thing), None)
    return offer.decide_by(clock, story.policy) if offer and approval.kind in ("offer-decide", "offer-thanks") else None


def leaves(story: Story, approval: Approval, now: datetime | None = None) -> datetime:
    """In the employer's office hours; at once where they come too late: for a thank-you within the guide's hours, or for any use at all."""
    at = max(now, approval.at) if now else approval.at
    office, last = story.employer_clock.office(at), until(story, approval)
    if approval.kind in THANKS and (interview := story.interview(approval.thing)):
        last = interview.ended_at + timedelta(hours=story.policy.thank_you_due)
        if at >= last:
            return at
    return at if last and office >= last else office


def moot(story: Story, approval: Approval) -> bool:
    """Whether the letter has become pointless since it was approved."""
    outcome = story.outcome
    if approval.overtaken:
        return True
    match approval.kind:
        case "thank-you" | "thank-you-nudge":
            interview = story.interview(approval.thing)
            gone = interview is None or not interview.held or interview.ended_at > approval.at
            return gone or (outcome is not None and outcome.name not in ("ghosted", "lapsed"))
        case "follow-up" | "follow-up-last-call":
            silence = story.silence()
            return silence is None or silence.start > approval.at
        case "rejection-reply":
            return outcome is None or outcome.name != "rejected" or outcome.at > approval.at
        case "farewell":
            return outcome is None or outcome.name not in ("withdrawn", "declined") or outcome.at > approval.at
        case "next-round":
            return outcome is not None or str(story.rounds[-1].number) != approval.thing
        case _:
            offer = next((o for o in story.offers if str(o.number) == approval.thing), None)
            return offer is None or offer.fate not in (None, ANSWERS.get(approval.rest or ""))


def overtake(story: Story, *kinds: str, interview: str | None = None, interviewer: str | None = None) -> None:
    """Letters of these kinds that have not left will not: of one interview and one interviewer, where they are named.

    What they amounted to no longer counts.
    """
    for approval in story.approvals:
        named = interview is None or (
            story.names.get(approval.thing, approval.thing) == story.names.get(interview, interview)
            and (interviewer is None or approval.rest in (None, interviewer))
        )
        if approval.fate == "pending" and approval.kind in kinds and named:
            approval.overtaken = True
            if approval.kind in ASKS:
                story.follow_ups = [(at, place) for at, place in story.follow_ups if place != approval.place]
            elif found := story.interview(approval.thing):
                found.thanked.pop(approval.rest, None)
