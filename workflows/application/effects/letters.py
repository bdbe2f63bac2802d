"""Letters: sent by the candidate, or approved to be sent for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows import facts as said
from workflows.application.approvals import ASKS, BLANK, THANKS, TO_OTHERS, Approval, leaves, name_of, recipient
from workflows.application.effects.employer import followed_up
from workflows.application.effects.interviews import thank
from workflows.application.story import Objection, Story


def sent(story: Story, fact: said.LetterSent, at: datetime, place: int) -> None:
    kind, thing, *rest = fact.letter.split("/")
    if kind in THANKS:
        thank(story, fact, thing, rest[0] if rest else None, at)
    elif kind in ASKS and not story.outcome:
        followed_up(story, fact, at, place)
    for approval in story.approvals:  # what they sent themselves is not sent for them
        if approval.fate == "pending" and kind not in (*THANKS, *ASKS) and name_of(story, approval.letter) == name_of(story, fact.letter):
            approval.overtaken = True


def approved(story: Story, fact: said.LetterApproved, at: datetime, place: int) -> None:
    """What it amounts to counts at once, at the moment when the letter leaves: nobody is reminded of what is on its way.

    One that something speaks against does not leave, and that is noted: it may have been taken before that was known.
    """
    approval = Approval(fact, at, place)
    fate = story.fates.get(fact.id or "")
    if isinstance(fate, said.LetterUndeliverable):
        approval.fate, approval.reason = "undeliverable", fate.reason
    elif isinstance(fate, said.LetterDelivered):
        approval.fate, approval.left_at = "uncertain" if fate.uncertain else "delivered", fate.at
    against = None if approval.fate == "undeliverable" else _never(story, approval) or _not_now(story, approval)
    story.approvals.append(approval)
    if against:
        story.object_to(fact, against.slug, against.detail)
        if not (fact.anyway and against.slug == "too-early"):
            approval.overtaken = approval.fate == "pending"
            return
    if approval.fate == "undeliverable":
        return
    when = approval.left_at or leaves(story, approval)
    if approval.kind in THANKS and (interview := story.interview(approval.thing)):
        interview.thank(approval.rest, when, waived=False)
    elif approval.kind in ASKS:
        story.follow_ups.append((when, place))


def _never(story: Story, approval: Approval) -> Objection | None:
    """What speaks against the letter itself, whenever it were said."""
    if blank := BLANK.search(approval.fact.subject) or BLANK.search(approval.fact.body):
        return Objection("letter-has-blanks", f"The letter still has a blank to fill in: {blank[0][:80]}.")
    if not approval.fact.body.strip():
        return Objection("letter-has-blanks", "The letter says nothing yet.")
    if approval.kind in TO_OTHERS:
        return Objection("no-address", "This letter goes to somebody whose address is not known here: send it yourself.")
    name = name_of(story, approval.letter)
    if any(e.fate == "pending" and not e.overtaken and name_of(story, e.letter) == name for e in story.approvals):
        return Objection("letter-already-approved", "This letter is on its way already. Take that back first to change it.")
    if approval.fate == "pending" and (left := _left(story, approval)):
        maybe = "may have been sent" if left.uncertain else "was sent"
        return Objection("letter-already-sent", f"This letter {maybe} for you already. It is never sent twice.")
    return None


def _left(story: Story, approval: Approval) -> said.LetterDelivered | None:
    """That the same letter left, whatever own time its approval has. Of follow-ups: after this approval; else the silence decides."""
    name = name_of(story, approval.letter)
    for fact in story.told:
        fate = story.fates.get(fact.id or "")
        if not isinstance(fact, said.LetterApproved) or fact.id == approval.fact.id or not isinstance(fate, said.LetterDelivered):
            continue
        same = name_of(story, fact.letter) == name
        if same and (approval.kind not in ASKS or (fate.at or approval.at) >= approval.at):
            return fate
    return None


def _not_now(story: Story, approval: Approval) -> Objection | None:
    """What speaks against the letter as things stand; where it is too early, with the moment from which on it can be sent."""
    found: Objection | datetime | None
    if approval.kind in THANKS:
        found = _thanks(story, approval)
    elif approval.kind in ASKS:
        found = _question(story, approval)
    else:
        found = _answer(story, approval)
    if isinstance(found, Objection):
        return found
    if recipient(story, approval) is None:
        return Objection("no-address", "Nobody who could get this letter has a known address: send it yourself, or say who wrote to you.")
    if found and approval.at < found:
        local = found.astimezone(story.candidate_clock.where)
        return Objection("too-early", f"This letter can be sent from {local.isoformat(timespec='minutes')} ({local.tzinfo}) on.")
    return None


def _thanks(story: Story, approval: Approval) -> Objection | datetime:
    interview = story.interview(approval.thing)
    if interview is None or not interview.live:
        return Objection("no-such-interview", f"No interview {approval.thing!r} was known then.")
    if approval.rest is not None and approval.rest not in {i.id for i in interview.interviewers}:
        return Objection("no-such-interviewer", f"Interview {approval.thing!r} has no interviewer {approval.rest!r}.")
    if story.outcome and story.outcome.name not in ("ghosted", "lapsed"):
        return Objection("application-closed", f"The application is closed: {story.outcome.name}.")
    if approval.rest in interview.thanked or None in interview.thanked:
        return Objection("letter-already-sent", "They have been thanked already.")
    if approval.at >= interview.ended_at + timedelta(hours=story.policy.thank_you_until):
        return Objection("no-such-letter", "A thank-you is no longer worth sending.")
    return interview.ended_at


def _question(story: Story, approval: Approval) -> Objection | datetime:
    silence = story.silence()
    if silence is None:
        return Objection("no-such-letter", "Nothing is being waited for: there is nothing to ask.")
    if silence.followed_up:
        day = silence.followed_up.astimezone(story.employer_clock.where).date()
        return Objection("follow-up-already-sent", f"One follow-up was sent on {day:%a} {day.day} {day:%b %Y}. A second rarely helps.")
    base, first, _, _ = story.base(silence)
    return story.candidate_clock.waking(story.employer_clock.passed(base, first))


def _answer(story: Story, approval: Approval) -> Objection | datetime | None:
    outcome = story.outcome
    match approval.kind:
        case "rejection-reply" if outcome and outcome.name == "rejected" and approval.thing == str(outcome.number):
            return story.candidate_clock.waking(outcome.at + timedelta(hours=story.policy.rejection_reply))
        case "farewell" if outcome and outcome.name in ("withdrawn", "declined") and approval.thing == str(outcome.number):
            return None
        case "next-round" if not outcome and story.rounds[-1].invitation and str(story.rounds[-1].number) == approval.thing:
            return None
        case "offer-thanks" | "offer-decide" | "offer-overdue":
            if any(str(o.number) == approval.thing and (o.open or o.fate in ("accepted", "declined")) for o in story.offers):
                return None
            return Objection("no-offer", f"No offer {approval.thing} is open.")
        case _:
            return Objection("no-such-letter", "There is no such letter to be sent now.")
