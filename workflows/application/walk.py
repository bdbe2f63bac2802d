"""The walk: what each fact does to the story, told in the order of own time.

Nothing here raises: what contradicts the state is kept, changes nothing, and its objection is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from workflows import facts as said
from workflows.application.interviews import Interview
from workflows.application.offers import Offer
from workflows.application.outcome import ALWAYS_TAKEN, KEPT_FOR_LATER, Outcome, is_word, reopens, taken
from workflows.application.story import SILENCE_KINDS, Note, Pause, Snooze, Story
from workflows.calendar import LONGEST_ABSENCE
from workflows.facts import Fact
from workflows.policy import POLICIES


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
    _count_silences(story, fact)


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
            return _offer_to_withdraw(story, fact) is None
        case said.OfferDeclined():
            return _offer_to_decline(story, fact) is None
        case said.InterviewCancelled():
            return story.interview(fact.interview) is None
        case _:
            return False


def _close(story: Story, outcome: Outcome) -> None:
    group = "farewell" if outcome.name in ("withdrawn", "declined") else outcome.name
    story.outcomes[group] = story.outcomes.get(group, 0) + 1
    story.outcome = replace(outcome, number=story.outcomes[group])


def _speak(story: Story, fact: Fact, at: datetime, place: int) -> None:
    """The employer's word: whatever was being waited for, they were heard."""
    if (running := story.silence_start()) and any(f >= running[0] and p > running[2] for f, p in story.follow_ups):
        story.replied_after_follow_up = True
    story.words.append((at, place, fact))


def _count_silences(story: Story, fact: Fact) -> None:
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


def _known(story: Story, fact: Fact, name: str) -> Interview | None:
    found = story.interview(name)
    if found is None:
        story.object_to(fact, "no-such-interview", f"No interview {name!r} was known then.")
    return found


def _create(story: Story, name: str, first_said: datetime) -> Interview:
    canonical = story.names.get(name, name)
    found = story.interviews.get(canonical)
    if found is None:
        found = story.interviews[canonical] = Interview(canonical, first_said)
    return found


def _scheduled(story: Story, fact: said.InterviewScheduled, at: datetime, place: int) -> None:
    interview = _create(story, fact.interview, min(at, fact.ends_at))
    interview.schedule(fact)
    interview.assumed |= story.assumed_early.get(interview.id, set())


def _held(story: Story, fact: said.InterviewHeld, at: datetime, place: int) -> None:
    if fact.assumed and fact.by == "process":
        if found := story.interview(fact.interview):
            found.assumed.add(fact.ended_at)
        else:
            story.assumed_early.setdefault(story.names.get(fact.interview, fact.interview), set()).add(fact.ended_at)
        return
    _create(story, fact.interview, min(at, fact.ended_at)).hold(fact)


def _cancelled(story: Story, fact: said.InterviewCancelled, at: datetime, place: int) -> None:
    if found := _known(story, fact, fact.interview):
        found.standing = "cancelled"
        if fact.by_whom == "employer" and not story.outcome:
            _speak(story, fact, at, place)


def _reflected(story: Story, fact: said.ReflectionNoted, at: datetime, place: int) -> None:
    if found := _known(story, fact, fact.interview):
        known = {i.id for i in found.interviewers}
        if strangers := sorted(set(fact.points or {}) - known):
            story.object_to(fact, "no-such-interviewer", f"Interview {fact.interview!r} has no interviewer {strangers[0]!r}.")
        found.reflect(fact)


def _thanked(story: Story, fact: said.ThankYouSent | said.ThankYouWaived, at: datetime, place: int) -> None:
    _thank(story, fact, fact.interview, fact.interviewer, at)


def _thank(story: Story, fact: Fact, interview: str, interviewer: str | None, at: datetime) -> None:
    if found := _known(story, fact, interview):
        if interviewer is not None and interviewer not in {i.id for i in found.interviewers}:
            story.object_to(fact, "no-such-interviewer", f"Interview {interview!r} has no interviewer {interviewer!r}.")
        found.thank(interviewer, at, waived=isinstance(fact, said.ThankYouWaived))


def _promise(story: Story, fact: Fact, day: date, at: datetime) -> None:
    if day < story.employer_clock.date_of(at):
        story.object_to(fact, "invalid", "respond_by lies before the day on which it was said.")
    story.promise = day, at, story.round


def _timeline(story: Story, fact: said.TimelineStated, at: datetime, place: int) -> None:
    silence = story.silence()
    if silence and silence.followed_up:
        _speak(story, fact, at, place)
    _promise(story, fact, fact.respond_by, at)


def _replied(story: Story, fact: said.EmployerReplied, at: datetime, place: int) -> None:
    _speak(story, fact, at, place)
    if fact.respond_by:
        _promise(story, fact, fact.respond_by, at)


def _followed_up(story: Story, fact: Fact, at: datetime, place: int) -> None:
    silence = story.silence()
    if silence and silence.followed_up:
        day = silence.followed_up.astimezone(story.employer_clock.where).date()
        story.object_to(
            fact,
            "follow-up-already-sent",
            f"One follow-up was sent on {day:%a} {day.day} {day:%b %Y}. Sending more is unlikely to help and may look unprofessional.",
        )
    story.follow_ups.append((at, place))


def _away(story: Story, fact: said.EmployerAway, at: datetime, place: int) -> None:
    first = fact.since or story.employer_clock.date_of(at)
    if fact.until < first:
        story.object_to(fact, "invalid", "until lies before the first day of the absence.")
        return
    story.absences.append((first, min(fact.until, first + LONGEST_ABSENCE)))
    story.clocks_changed()


def _hiring_step(story: Story, fact: said.HiringStep, at: datetime, place: int) -> None:
    if is_word(fact):
        _speak(story, fact, at, place)


def _invited(story: Story, fact: said.NextRoundInvited, at: datetime, place: int) -> None:
    _speak(story, fact, at, place)
    story.invitations.append(fact)
    story.promise = None


def _offer_named(story: Story, name: str | None) -> Offer | None:
    """The open offer of that id; without an id, or while only a nameless one is open, the latest open one."""
    ours = story.open_offers
    named = [o for o in ours if o.id == name]
    return named[-1] if named and name else next((o for o in reversed(ours) if name is None or o.id is None), None)


def _offered(story: Story, fact: said.OfferReceived, at: datetime, place: int) -> None:
    _speak(story, fact, at, place)
    story.promise = None
    offer = _offer_named(story, fact.offer)
    if offer is None:
        offer = Offer(len(story.offers) + 1, fact.offer, at)
        story.offers.append(offer)
    offer.update(fact, at)


def _accepted(story: Story, fact: said.OfferAccepted, at: datetime, place: int) -> None:
    offer = _offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate == "lapsed" and fact.offer in (None, o.id)), None
    )
    if offer is None and fact.offer and story.open_offers and not (fact.by or "").startswith("board:"):
        story.object_to(fact, "no-offer", f"No offer {fact.offer!r} is open.")
        return
    if offer is None:
        offer = Offer(len(story.offers) + 1, fact.offer, at)
        story.offers.append(offer)
    offer.end("accepted", at)
    _close(story, Outcome("accepted", at, 0, offer=offer.number))


def _offer_to_decline(story: Story, fact: said.OfferDeclined) -> Offer | None:
    return _offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate == "accepted" and (fact.offer is None or o.id in (fact.offer, None))), None
    )


def _declined(story: Story, fact: said.OfferDeclined, at: datetime, place: int) -> None:
    offer = _offer_to_decline(story, fact)
    if offer is None:
        story.object_to(fact, "no-offer", "No offer was open then.")
        return
    offer.end("declined", at)
    if not story.open_offers:
        _close(story, Outcome("declined", at, 0, offer=offer.number))


def _offer_to_withdraw(story: Story, fact: said.OfferWithdrawn) -> Offer | None:
    return _offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate in ("accepted", "lapsed") and (fact.offer is None or o.id in (fact.offer, None))), None
    )


def _offer_withdrawn(story: Story, fact: said.OfferWithdrawn, at: datetime, place: int) -> None:
    offer = _offer_to_withdraw(story, fact)
    if offer is None:
        story.object_to(fact, "no-offer", "No offer was open then.")
        return
    _speak(story, fact, at, place)
    offer.end("withdrawn", at)
    if not story.open_offers:
        _close(story, Outcome("rejected", at, 0, rejected_by="offer-withdrawn", offer=offer.number))


def _rejected(story: Story, fact: said.Rejected, at: datetime, place: int) -> None:
    for offer in story.open_offers:
        offer.end("ended", at)
    _close(story, Outcome("rejected", at, 0, rejected_by=fact.by_whom, feedback=fact.feedback))


def _withdrew(story: Story, fact: said.Withdrawn, at: datetime, place: int) -> None:
    for offer in story.open_offers:
        offer.end("ended", at)
    _close(story, Outcome("withdrawn", at, 0))


def _details(story: Story, fact: said.DetailsChanged, at: datetime, place: int) -> None:
    story.employer = fact.employer or story.employer
    story.position = fact.position or story.position
    policy = POLICIES.get(fact.policy) if isinstance(fact.policy, str) else fact.policy
    if fact.policy and policy is None:
        story.object_to(fact, "invalid", f"No policy is named {fact.policy!r}.")
    story.policy = policy or story.policy
    story.clocks_changed()


def _paused(story: Story, fact: said.Paused, at: datetime, place: int) -> None:
    story.pause = Pause(at, None if fact.until is None else story.moment(fact.until))


def _resumed(story: Story, fact: said.Resumed, at: datetime, place: int) -> None:
    if story.pause and fact.by == "process" and (story.pause.until is None or at < story.pause.until):
        return
    story.pause = None


def _snoozed(story: Story, fact: said.Snoozed, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    story.snoozes.append(Snooze(kind, story.names.get(thing, thing), story.moment(fact.until), place))


def _bounced(story: Story, fact: said.Bounced, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    thing = story.names.get(thing, thing)
    sent = [n for n in story.notes if n.kind == kind and n.result == "prompted" and (kind in SILENCE_KINDS or n.thing == thing)]
    if not sent:
        story.object_to(fact, "no-effect", f"Nothing was sent for {fact.intent}.", mild=True)
    elif fact.permanent:
        sent[-1].lost_at = at


def _letter_sent(story: Story, fact: said.LetterSent, at: datetime, place: int) -> None:
    kind, thing, *rest = fact.letter.split("/")
    if kind in ("thank-you", "thank-you-nudge"):
        _thank(story, fact, thing, rest[0] if rest else None, at)
    elif kind in ("follow-up", "follow-up-last-call") and not story.outcome:
        _followed_up(story, fact, at, place)


def _opened(story: Story, fact: said.Opened, at: datetime, place: int) -> None:
    if story.opened is None:
        story.opened = fact
        story.candidate, story.employer, story.position, story.policy = fact.candidate, fact.employer, fact.position, fact.policy
        story.clocks_changed()


def _calendar(story: Story, fact: said.Calendar, at: datetime, place: int) -> None:
    story.calendar = fact
    story.clocks_changed()


def _candidate_changed(story: Story, fact: said.CandidateChanged, at: datetime, place: int) -> None:
    if story.candidate and fact.candidate.email != story.candidate.email:
        story.moved_at = at
    story.candidate = fact.candidate
    story.clocks_changed()


def _note(story: Story, fact: Any, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    note = Note(kind, str(story.names.get(thing, thing)), at, fact.type, getattr(fact, "reason", ""), getattr(fact, "uncertain", False))
    if fact.type == "undeliverable":
        note.lost_at = at
    story.notes.append(note)


def _thanks_lapsed(story: Story, fact: said.ThankYouLapsed, at: datetime, place: int) -> None:
    if found := story.interview(fact.interview):
        found.lapses.append(at)


def _ghosted(story: Story, fact: said.Ghosted, at: datetime, place: int) -> None:
    silence = story.silence()
    if silence is None:
        return
    passed, day, n = story.ghosted_from(silence, story.last_call_given(silence))
    if at >= passed:
        _close(story, Outcome("ghosted", at, 0, counted=(day, n, passed)))


def _offer_lapsed(story: Story, fact: said.OfferLapsed, at: datetime, place: int) -> None:
    offer = next((o for o in story.open_offers if o.number == fact.number), None)
    lapses = offer and offer.lapses_at(story.employer_clock, story.policy)
    if offer and lapses and at >= lapses:
        offer.end("lapsed", at)
        if not story.open_offers:
            _close(story, Outcome("lapsed", at, 0, offer=offer.number))


def _linked(story: Story, fact: said.Linked, at: datetime, place: int) -> None:
    if story.opened is None:
        story.linked = fact.to


def _expired(story: Story, fact: said.Expired, at: datetime, place: int) -> None:
    story.expired_at = at


def _closed(story: Story, fact: said.Closed, at: datetime, place: int) -> None:
    story.closed_at = at


def _unread(story: Story, fact: said.Unread, at: datetime, place: int) -> None:
    story.unread += 1


_RULES: Final[dict[type, Callable[[Story, Any, datetime, int], None]]] = {
    said.InterviewScheduled: _scheduled,
    said.InterviewRescheduled: _scheduled,
    said.InterviewCancelled: _cancelled,
    said.InterviewHeld: _held,
    said.ReflectionNoted: _reflected,
    said.ThankYouSent: _thanked,
    said.ThankYouWaived: _thanked,
    said.TimelineStated: _timeline,
    said.FollowUpSent: _followed_up,
    said.EmployerReplied: _replied,
    said.EmployerAway: _away,
    said.HiringStep: _hiring_step,
    said.NextRoundInvited: _invited,
    said.OfferReceived: _offered,
    said.OfferAccepted: _accepted,
    said.OfferDeclined: _declined,
    said.OfferWithdrawn: _offer_withdrawn,
    said.Rejected: _rejected,
    said.Withdrawn: _withdrew,
    said.DetailsChanged: _details,
    said.Paused: _paused,
    said.Resumed: _resumed,
    said.Snoozed: _snoozed,
    said.Bounced: _bounced,
    said.LetterSent: _letter_sent,
    said.Opened: _opened,
    said.Calendar: _calendar,
    said.CandidateChanged: _candidate_changed,
    said.Prompted: _note,
    said.Skipped: _note,
    said.Undeliverable: _note,
    said.ThankYouLapsed: _thanks_lapsed,
    said.Ghosted: _ghosted,
    said.OfferLapsed: _offer_lapsed,
    said.Linked: _linked,
    said.Expired: _expired,
    said.Closed: _closed,
    said.Unread: _unread,
}
