"""Understanding the Possible Outcomes: the offer, the rejection, the request for a second interview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflows.application.offers import Offer
from workflows.application.outcome import Outcome
from workflows.application.story import Story
from workflows.facts import OfferLapsed
from workflows.guide import why
from workflows.guide.steps import Placing, Step
from workflows.sentences import NOTHING, Day, Sentence, say


def while_open(story: Story, placing: Placing) -> Iterator[Step]:
    for offer in story.offers:
        if offer.open:
            yield from _offer(story, offer, placing)
        elif offer.fate == "lapsed" and offer.ended_at:
            yield from _lapse(story, placing, offer, offer.ended_at)
    yield from _next_round(story, placing)


def once_closed(story: Story, outcome: Outcome, placing: Placing) -> Iterator[Step]:
    at, n = outcome.at, str(outcome.number)
    match outcome.name:
        case "rejected":
            if any(note.kind == "farewell" and note.result == "prompted" for note in story.notes):
                return
            asked = at + timedelta(hours=story.policy.rejection_reply)
            due = story.candidate_clock.waking(asked)
            came = why.hour(at, story.candidate_clock.where)
            hours = story.policy.rejection_reply
            if outcome.rejected_by == "offer-withdrawn":
                rule = say("{n} hours after the offer was withdrawn ({at})", n=hours, at=came)
            else:
                rule = say("{n} hours after the news ({at})", n=hours, at=came)
            reason = why.hours_after(story, due, rule, asked)
            yield from _told(story, placing, f"rejection-reply/{n}", at, due=due, reason=reason)
        case "ghosted":
            day, count, passed = outcome.counted or (story.employer_clock.date_of(at), story.policy.ghost, at)
            reason = why.counted(story, at, day, count, passed)
            yield from _told(story, placing, f"ghosted/{story.silences or 1}", at, reason=reason)
        case "lapsed":
            yield from _lapse(story, placing, next(o for o in story.offers if o.number == outcome.offer), at)
        case "accepted":
            yield from _told(story, placing, f"close-others/{n}", at, say("you accepted an offer; others are waiting for you in vain"))
        case "withdrawn" | "declined":
            yield from _told(story, placing, f"farewell/{n}", at, say("you said no; a courteous note keeps the door open"))


def _lapse(story: Story, placing: Placing, offer: Offer, at: datetime) -> Iterator[Step]:
    yield from _told(story, placing, f"offer-lapsed/{offer.number}", at, reason=_lapsed(story, offer, at))


def _lapsed(story: Story, offer: Offer, due: datetime) -> Sentence:
    """The employer's own deadline, and how long it has passed."""
    clock = story.employer_clock
    decide_by, lapses = offer.decide_by(clock, story.policy), offer.lapses_at(clock, story.policy)
    if decide_by is None or lapses is None:
        return why.plainly(story, due, say("the offer was not answered in time"))
    day = clock.date_of(decide_by)
    return why.counted(story, due, day, story.policy.outcome_until, lapses, after=say("their deadline of {day}", day=Day(day)))


def _told(
    story: Story,
    placing: Placing,
    intent: str,
    at: datetime,
    rule: Sentence = NOTHING,
    *,
    due: datetime | None = None,
    reason: Sentence | None = None,
) -> Iterator[Step]:
    """A message about an outcome: worth sending until 17:00 employer time on the fifth business day after the outcome's date."""
    kind, thing = intent.split("/")
    if story.noted(kind, thing, at):
        return
    clock = story.employer_clock
    until = clock.passed(clock.date_of(at), story.policy.outcome_until)
    when = due or at
    step = Step(kind, thing, at, when, when, until, reason or why.plainly(story, when, rule), f"outcome/{kind}", (intent,))
    yield placing.placed(step)


def _offer(story: Story, offer: Offer, placing: Placing) -> Iterator[Step]:
    n, clock, mine = str(offer.number), story.employer_clock, story.candidate_clock

    def step(kind: str, since: datetime, due: datetime, until: datetime | None, reason: Sentence) -> Step:
        return Step(kind, n, since, due, due, until, reason, f"offer/{n}", (f"{kind}/{n}",))

    if not story.noted("offer-thanks", n, offer.first_at):
        yield placing.placed(
            step("offer-thanks", offer.first_at, offer.first_at, None, why.plainly(story, offer.first_at, say("the offer came")))
        )
    if offer.written_at and not story.noted("offer-review", n, offer.written_at):
        reason = why.plainly(story, offer.written_at, say("the offer came in writing"))
        yield placing.placed(step("offer-review", offer.written_at, offer.written_at, None, reason))

    decide_by, since = offer.decide_by(clock, story.policy), offer.deadline_since()
    if decide_by is None or since is None:
        return
    stated = offer.stated is not None
    said = why.employer_time(story, decide_by)
    if stated or offer.written_at is None:
        rule = say("the last full day before their deadline ({at})", at=said)
    else:
        rule = why.usual(story, clock.date_of(offer.written_at), story.policy.answer, decide_by)
    asked = decide_by - timedelta(hours=24)
    due = mine.waking_before(asked)
    if due >= since and not story.noted("offer-decide", n, since):
        yield placing.placed(step("offer-decide", since, due, decide_by, why.hours_after(story, due, rule, asked)), stated=stated)
    lapses = offer.lapses_at(clock, story.policy)
    if lapses is None:
        return
    due = mine.waking(decide_by)
    if not story.noted("offer-overdue", n, since):
        reason = why.hours_after(story, due, say("their deadline has passed ({at})", at=said), decide_by)
        yield placing.placed(step("offer-overdue", since, due, lapses, reason), stated=True)
    due = mine.waking(lapses)
    reason = _lapsed(story, offer, due)
    fact = OfferLapsed(number=offer.number)
    yield placing.placed(Step("offer-lapsed", n, since, due, due, None, reason, f"offer/{n}", (f"offer-lapsed/{n}",), (fact,)))


def _next_round(story: Story, placing: Placing) -> Iterator[Step]:
    current = story.rounds[-1]
    at = current.invited_at
    if at is None or any(o.first_at >= at for o in story.offers) or story.noted("next-round", str(current.number), at):
        return
    n = str(current.number)
    yield placing.placed(
        Step(
            "next-round",
            n,
            at,
            at,
            at,
            current.starts_at,
            why.plainly(story, at, say("they invited you again")),
            "next-round",
            (f"next-round/{n}",),
        )
    )
