"""The walk: every fact is told to the story, in the order of own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from workflows import facts as said
from workflows.application.effects import arrangements, employer, endings, interviews, letters, notes, offers
from workflows.application.outcome import ALWAYS_TAKEN, KEPT_FOR_LATER, Outcome, reopens, taken
from workflows.application.story import Story
from workflows.facts import Fact


def tell(story: Story, fact: Fact, place: int) -> None:
    """One more fact, none of which has an earlier own time than those told before."""
    at, kind = fact.at or datetime.min.replace(tzinfo=UTC), type(fact)
    if fact.by != "process":
        if kind is not said.Opened:
            story.heard_at = max(at, story.heard_at) if story.heard_at else at
        if story.outcome and not _taken_while_closed(story, story.outcome, fact):
            return
    if rule := _RULES.get(kind):
        rule(story, fact, at, place)
    if fact.by != "process" or kind is said.InterviewHeld:
        _count_silences(story)


def _taken_while_closed(story: Story, outcome: Outcome, fact: Fact) -> bool:
    """Whether a closed application lets the fact count: because it reopens it, or for the time when it is open again."""
    if reopens(outcome, fact) and not _vain(story, fact):
        story.outcome = None
        return True
    if not taken(outcome, fact):
        story.object_to(fact, "application-closed", f"The application is closed: {outcome.name}.")
        return False
    if isinstance(fact, ALWAYS_TAKEN):
        return True
    story.object_to(fact, "no-effect", f"Kept; it changes nothing while the application is closed: {outcome.name}.", mild=True)
    return isinstance(fact, KEPT_FOR_LATER)


def _vain(story: Story, fact: Fact) -> bool:
    """Word about an offer or an interview that there never was reopens nothing."""
    match fact:
        case said.OfferWithdrawn():
            return offers.offer_to_withdraw(story, fact) is None
        case said.OfferDeclined():
            return offers.offer_to_decline(story, fact) is None
        case said.InterviewCancelled():
            return story.interview(fact.interview) is None
        case _:
            return False


def _count_silences(story: Story) -> None:
    if story.outcome or story.ahead or any(o.written_at for o in story.open_offers):
        return
    found = story.silence_start()
    if found is None or (story.counted_from is not None and found[0] <= story.counted_from):
        return
    same_day = (
        found[1] is None
        and story.counted_from is not None
        and story.counted_words == len(story.words)
        and story.candidate_clock.date_of(found[0]) == story.candidate_clock.date_of(story.counted_from)
    )
    story.counted += not same_day  # several interviews of one day are one visit, and one silence to a person
    story.counted_from, story.counted_words = found[0], len(story.words)


_RULES: Final[dict[type, Callable[[Story, Any, datetime, int], None]]] = {
    said.InterviewScheduled: interviews.scheduled,
    said.InterviewRescheduled: interviews.scheduled,
    said.InterviewCancelled: interviews.cancelled,
    said.InterviewHeld: interviews.held,
    said.ReflectionNoted: interviews.reflected,
    said.ThankYouSent: interviews.thanked,
    said.ThankYouWaived: interviews.thanked,
    said.TimelineStated: employer.timeline,
    said.FollowUpSent: employer.followed_up,
    said.EmployerReplied: employer.replied,
    said.EmployerAway: employer.away,
    said.HiringStep: employer.hiring_step,
    said.NextRoundInvited: employer.invited,
    said.OfferReceived: offers.offered,
    said.OfferAccepted: offers.accepted,
    said.OfferDeclined: offers.declined,
    said.OfferWithdrawn: offers.offer_withdrawn,
    said.Rejected: endings.rejected,
    said.Withdrawn: endings.withdrew,
    said.DetailsChanged: arrangements.details,
    said.Paused: arrangements.paused,
    said.Resumed: arrangements.resumed,
    said.Snoozed: arrangements.snoozed,
    said.Bounced: notes.bounced,
    said.LetterSent: letters.sent,
    said.LetterApproved: letters.approved,
    said.Opened: arrangements.opened,
    said.Calendar: arrangements.calendar,
    said.CandidateChanged: arrangements.candidate_changed,
    said.Prompted: notes.noted,
    said.Skipped: notes.noted,
    said.Undeliverable: notes.noted,
    said.ThankYouLapsed: interviews.thanks_lapsed,
    said.Ghosted: endings.ghosted,
    said.OfferLapsed: offers.offer_lapsed,
    said.Linked: notes.linked,
    said.Expired: notes.expired,
    said.Closed: notes.stopped_listening,
    said.Unread: notes.unread,
}
