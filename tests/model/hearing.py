"""Section 2 of the process, read slowly: what each fact changes, and the outcomes with what reopens them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.model.clocks import DAY, Clocks
from tests.model.told import Known, Meeting, Promise, Proposal
from workflows.facts import Fact

BOARD = "board:"


def known(facts: Sequence[Fact]) -> Known:
    """The fold of facts that are in order."""
    opening = next(f for f in facts if f.type == "opened")
    calendar = next((f for f in facts if f.type == "calendar"), None)
    who, where = opening.candidate, opening.employer
    wakes, sleeps = (time.fromisoformat(t) for t in who.waking_hours)
    k = Known(
        Clocks(
            ZoneInfo(where.timezone or who.timezone),
            ZoneInfo(who.timezone),
            wakes,
            sleeps,
            calendar.weekend if calendar else (5, 6),
            frozenset(calendar.holidays if calendar else ()),
        ),
        opening.policy,
    )
    for fact in facts:
        k.facts.append(fact)
        hear(k, fact)
    return k


def hear(k: Known, fact: Any) -> None:
    """One more fact."""
    at = fact.at.astimezone(UTC)
    telling = TELLING.get(fact.type)
    if telling:
        telling(k, fact, at)
    if k.outcome and fact.type in WORDS and not reopens(k, fact):
        return
    if fact.type in WORDS and k.outcome and fact.type not in ("offer_accepted", "offer_declined", "withdrawn", "rejected"):
        k.outcome = k.outcome_at = None
    deciding = WORDS.get(fact.type)
    if deciding:
        deciding(k, fact, at)


# -- statements that are kept whether the application is open or not ---------------------------------------------------------------------


def scheduled(k: Known, fact: Any, at: datetime) -> None:
    replaced = getattr(fact, "replaces", None)
    if replaced in k.meetings and fact.interview not in k.meetings:
        k.meetings[fact.interview] = k.meetings.pop(replaced)
    m = k.meetings.setdefault(fact.interview, Meeting(fact.interview, at))
    m.state, m.starts, m.ends = "ahead", fact.starts_at.astimezone(UTC), fact.ends_at.astimezone(UTC)
    if fact.interviewers is not None:
        m.people = tuple(p.id for p in fact.interviewers)


def held(k: Known, fact: Any, at: datetime) -> None:
    end = fact.ended_at.astimezone(UTC)
    if fact.assumed:
        if fact.interview in k.meetings:
            k.meetings[fact.interview].assumed.add(end)
        return
    m = k.meetings.setdefault(fact.interview, Meeting(fact.interview, at))
    m.state, m.starts, m.ends = "held", None, end
    if fact.interviewers is not None:
        m.people = tuple(p.id for p in fact.interviewers)


def cancelled(k: Known, fact: Any, at: datetime) -> None:
    if fact.interview in k.meetings:
        k.meetings[fact.interview].state = "cancelled"


def thanked(k: Known, fact: Any, at: datetime) -> None:
    if fact.interview in k.meetings:
        k.meetings[fact.interview].done_with.setdefault(fact.interviewer, at)


def thanks_lapsed(k: Known, fact: Any, at: datetime) -> None:
    if fact.interview in k.meetings:
        k.meetings[fact.interview].lapsed.append(at)
        k.notes.append((at, "thank-you-lapsed", fact.interview, "prompted"))


def away(k: Known, fact: Any, at: datetime) -> None:
    day = fact.since or k.clocks.there(at)
    while day <= fact.until:
        k.clocks.absent.add(day)
        day += DAY


def noted(k: Known, fact: Any, at: datetime) -> None:
    kind, thing = fact.intent.split("/", 1)
    k.notes.append((at, kind, thing, getattr(fact, "reason", "prompted")))
    k.farewell = k.farewell or (kind == "farewell" and fact.type == "prompted")


def pausing(k: Known, fact: Any, at: datetime) -> None:
    if not k.outcome:
        k.paused = fact if fact.type == "paused" else None


def snoozed(k: Known, fact: Any, at: datetime) -> None:
    if not k.outcome:
        k.snoozes.append((len(k.facts), fact))


TELLING: dict[str, Any] = {
    "interview_scheduled": scheduled, "interview_rescheduled": scheduled, "interview_held": held, "interview_cancelled": cancelled,
    "thank_you_sent": thanked, "thank_you_waived": thanked, "thank_you_lapsed": thanks_lapsed, "employer_away": away,
    "prompted": noted, "skipped": noted, "paused": pausing, "resumed": pausing, "snoozed": snoozed,
}  # fmt: skip


# -- what the employer and the candidate say, and the outcomes ---------------------------------------------------------------------------


def reopens(k: Known, fact: Any) -> bool:
    """The table of outcomes."""
    mine = not (fact.by or "").startswith(BOARD)
    if fact.type.startswith("interview_") and fact.interview not in k.meetings:
        return False
    if k.outcome in ("ghosted", "lapsed"):
        if fact.type == "offer_lapsed":  # of one moment: the deadline that passed is the truer word
            return k.outcome == "ghosted" and fact.at == k.outcome_at
        if fact.type == "offer_accepted":
            return k.outcome == "lapsed"
        if fact.type == "offer_withdrawn":
            return bool(which(k, fact) or lapsed_one(k, fact))
        if fact.type == "interview_cancelled":
            return fact.by_whom == "employer"
        if fact.type == "hiring_step":
            return fact.step in ("reference_check", "approval")
        silent = ("follow_up_sent", "offer_declined", "withdrawn", "ghosted")
        return fact.type not in silent and not getattr(fact, "assumed", False)
    if k.outcome == "accepted":
        return fact.type == "offer_withdrawn" or (mine and fact.type in ("offer_declined", "withdrawn"))
    going_on = ("next_round_invited", "interview_scheduled", "interview_rescheduled", "offer_received")
    return fact.type in going_on and (mine or k.outcome == "rejected")


def speak(k: Known, fact: Any, at: datetime, *, promises: bool = False) -> None:
    k.word, k.word_type, k.word_promises = at, getattr(fact, "step", fact.type), promises


def promise(k: Known, fact: Any, at: datetime) -> None:
    k.promise = Promise(fact.respond_by, at, k.round)


def timeline(k: Known, fact: Any, at: datetime) -> None:
    start = k.silence(projected=False)
    if start and k.sent(start):
        speak(k, fact, at, promises=True)
    promise(k, fact, at)


def replied(k: Known, fact: Any, at: datetime) -> None:
    speak(k, fact, at, promises=fact.respond_by is not None)
    if fact.respond_by:
        promise(k, fact, at)


def cancelling(k: Known, fact: Any, at: datetime) -> None:
    if fact.by_whom == "employer" and fact.interview in k.meetings:
        speak(k, fact, at)


def stepping(k: Known, fact: Any, at: datetime) -> None:
    if fact.step in ("reference_check", "approval"):
        speak(k, fact, at)


def invited(k: Known, fact: Any, at: datetime) -> None:
    speak(k, fact, at)
    k.invitations.append(at)
    k.promise = None


def offered(k: Known, fact: Any, at: datetime) -> None:
    speak(k, fact, at)
    k.promise = None
    p = next((p for p in k.open_offers() if fact.offer is None or p.name == fact.offer), None)
    if p is None:
        p = Proposal(len(k.proposals) + 1, fact.offer, at)
        k.proposals.append(p)
        k.last_offer = at
    if fact.in_writing and p.written is None:
        p.written = at
    if fact.decide_by is not None:
        stated = fact.decide_by.astimezone(UTC) if isinstance(fact.decide_by, datetime) else k.clocks.close(fact.decide_by)
        if stated != p.deadline:
            p.deadline, p.deadline_said = stated, at


def finish(k: Known, outcome: str, at: datetime) -> None:
    k.outcome, k.outcome_at = outcome, at


def which(k: Known, fact: Any) -> Proposal | None:
    return next((p for p in reversed(k.proposals) if p.state in ("open", "accepted") and fact.offer in (None, p.name)), None)


def lapsed_one(k: Known, fact: Any) -> Proposal | None:
    """An offer that we thought lapsed can still be taken back by the employer."""
    return next((p for p in reversed(k.proposals) if p.state == "lapsed" and fact.offer in (None, p.name)), None)


def accepted(k: Known, fact: Any, at: datetime) -> None:
    """With none before it implies one; one that we thought lapsed is meant, one that ended otherwise is not."""
    late = lapsed_one(k, fact)
    if late and not k.open_offers():
        late.state = "open"
    if not k.open_offers():
        k.proposals.append(Proposal(len(k.proposals) + 1, fact.offer, at))
        k.last_offer, k.promise = at, None
        speak(k, fact, at)
    for p in k.proposals:
        if p.state == "open" and fact.offer in (None, p.name):
            p.state = "accepted"
    finish(k, "accepted", at)


def declined(k: Known, fact: Any, at: datetime) -> None:
    p = which(k, fact)
    if p:
        p.state = "declined"
        if not k.open_offers():
            finish(k, "declined", at)


def taken_back(k: Known, fact: Any, at: datetime) -> None:
    p = which(k, fact) or lapsed_one(k, fact)
    if p:
        p.state = "withdrawn"
        k.outcome = None
        speak(k, fact, at)
        if not k.open_offers():
            finish(k, "rejected", at)


def refused(k: Known, fact: Any, at: datetime) -> None:
    for p in k.open_offers():
        p.state = "ended"
    finish(k, fact.type, at)


def followed_up(k: Known, fact: Any, at: datetime) -> None:
    k.follow_ups.append(at)


def ghosting(k: Known, fact: Any, at: datetime) -> None:
    """Counts only at or after its own `passed` moment."""
    from tests.model.guide import ghosting_passed  # noqa: PLC0415 -- the two sections of the text refer to each other

    start = k.silence(projected=False)
    if start and at >= ghosting_passed(k, start):
        finish(k, "ghosted", at)


def lapsing(k: Known, fact: Any, at: datetime) -> None:
    p = next((p for p in k.open_offers() if p.number == fact.number and p.deadline), None)
    if p and p.deadline and at >= k.clocks.passed(k.clocks.there(p.deadline), 5):
        p.state = "lapsed"
        k.lapses.append((at, p.number))
        if not k.open_offers():
            finish(k, "lapsed", at)


def nothing(k: Known, fact: Any, at: datetime) -> None:
    """An interview is no word, but it reopens."""


WORDS: dict[str, Any] = {
    "timeline_stated": timeline, "employer_replied": replied, "interview_cancelled": cancelling, "hiring_step": stepping,
    "next_round_invited": invited, "offer_received": offered, "offer_accepted": accepted, "offer_declined": declined,
    "offer_withdrawn": taken_back, "rejected": refused, "withdrawn": refused, "follow_up_sent": followed_up, "ghosted": ghosting,
    "offer_lapsed": lapsing, "interview_scheduled": nothing, "interview_rescheduled": nothing, "interview_held": nothing,
}  # fmt: skip
