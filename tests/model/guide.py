"""Section 3 of the process, read slowly: every step still ahead if nobody says another word, one function per paragraph.

Left out: sentences, preferences, bounces, and the moments to which a snooze is cut (`cut` says that the date is not to be compared).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.model.hearing import known
from tests.model.told import HOUR, Known, Meeting, counting
from workflows.facts import Fact

NOT_NEEDED = "no longer needed"
BEYOND_PAUSE = ("thank-you-lapsed",)


@dataclass(frozen=True)
class Due:
    """One step. Moments are UTC."""

    kind: str
    things: tuple[str, ...]
    due: datetime
    since: datetime
    until: datetime | None = None
    own_deadline: bool = False
    cut: bool = False


@dataclass
class Guide:
    """The steps of one state."""

    k: Known
    steps: list[Due] = field(default_factory=list[Due])

    def add(
        self, kind: str, things: Sequence[str], due: datetime, since: datetime, until: datetime | None = None, *, own: bool = False
    ) -> None:
        self.steps.append(self.placed(Due(kind, tuple(things), due, since, until, own)))

    def done(self, kind: str, since: datetime, thing: str | None = None) -> bool:
        """A step is done when the process noted its kind for that interview, round or offer, or any silence, at or after `since`."""
        return self.noted(kind, since, thing) is not None

    def noted(self, kind: str, since: datetime, thing: str | None = None) -> tuple[datetime, str] | None:
        found = [
            (at, how)
            for at, of, what, how in self.k.notes
            if of == kind and at >= since and (thing is None or what == thing) and how != NOT_NEEDED
        ]
        return max(found, default=None)

    # -- section 5.3 --

    def placed(self, step: Due) -> Due:
        return self.after_pause(self.after_snooze(step))

    def after_snooze(self, step: Due) -> Due:
        for place, fact in self.k.snoozes:
            kind, thing = fact.intent.split("/", 1)
            if kind != step.kind or (thing not in step.things and step.things != ("",)):
                continue
            then = known(self.k.facts[: place - 1])
            stood = [s for s in guide(then).steps if s.kind == kind and s.since == step.since and (thing in s.things or s.things == ("",))]
            wanted = self.k.clocks.moment(fact.until)
            if stood and wanted > step.due:
                cut = step.until is not None and wanted >= step.until - 24 * HOUR
                step = replace(step, due=wanted, cut=cut)
        return step

    def after_pause(self, step: Due) -> Due:
        pause = self.k.paused
        if pause is None or pause.until is None or step.own_deadline or step.kind in BEYOND_PAUSE:
            return step
        return replace(step, due=max(step.due, self.k.clocks.moment(pause.until)))


def guide(k: Known) -> Guide:
    g = Guide(k)
    if k.outcome:
        after_outcome(g)
    else:
        immediate(g)
        waiting_period(g)
        references(g)
        offers(g)
        next_round(g)
    lapses(g)
    return g


def agenda(facts: Sequence[Fact]) -> list[Due]:
    return guide(known(counting(facts))).steps


# -- Immediate next steps ----------------------------------------------------------------------------------------------------------------


def groups(g: Guide) -> list[list[Meeting]]:
    """Several interviews of a round on one candidate's day are one; what was added or moved after the prompt forms its own group."""
    rounds = g.k.rounds()
    found: dict[tuple[object, ...], list[Meeting]] = {}
    for m in g.k.standing():
        prompt = g.noted("thank-you", m.end, m.name)
        found.setdefault((rounds[m.name], g.k.clocks.here(m.end), prompt and prompt[0]), []).append(m)
    return list(found.values())


def immediate(g: Guide) -> None:
    for group in groups(g):
        last = max(m.end for m in group)
        clocks, policy = g.k.clocks, g.k.policy
        until = last + policy.thank_you_until * HOUR
        prompt = g.noted("thank-you", last, group[0].name)
        prompted = prompt[0] if prompt and prompt[1] == "prompted" else None
        first = clocks.waking(last + policy.thank_you * HOUR)
        if prompt is None:
            prompted = g.after_snooze(Due("thank-you", tuple(m.name for m in group), first, last, until)).due
            g.add("thank-you", [m.name for m in group], first, last, until)
        rest = [m for m in group if m.unthanked]
        if not rest:
            continue
        nudge = clocks.waking(last + policy.nudge * HOUR)
        if nudge > last + (policy.thank_you_due - 1) * HOUR:
            nudge = clocks.waking_before(last + policy.nudge * HOUR)
        left = [m.name for m in group if not g.done("thank-you-nudge", last, m.name)]
        if left and not (prompted and nudge - prompted < HOUR):
            g.add("thank-you-nudge", left, nudge, last, until)
        g.add("thank-you-lapsed", [m.name for m in rest], until, last)


# -- The waiting period ------------------------------------------------------------------------------------------------------------------


@dataclass
class Count:
    """The base that is counted from, and the three numbers."""

    base: datetime
    first: datetime
    last: datetime
    end: datetime
    since: datetime


def count(k: Known, start: datetime) -> Count:
    policy, clocks = k.policy, k.clocks
    day = k.promised(start)
    if day:
        numbers = policy.grace, policy.grace + policy.grace_last, policy.grace + policy.grace_last + policy.ghost
        since = max(start, clocks.close(day))
    else:
        day, numbers, since = clocks.there(start), (policy.first, policy.last, policy.last + policy.ghost), start
    first, last, end = (clocks.passed(day, n) for n in numbers)
    return Count(start, first, last, end, since)


def ghosting_passed(k: Known, start: datetime, *, projected: bool = False) -> datetime:
    """When the silence counts as ghosting, before the candidate's waking hours."""
    c, g, clocks = count(k, start), Guide(k), k.clocks
    sent = k.sent(start)
    if sent:
        return clocks.passed(max(clocks.there(sent), clocks.there(c.first)), k.policy.ghost)
    ordinary = clocks.waking(c.last)
    given = last_call_given(g, c)
    if given is None and projected:
        given = g.placed(last_call(g, c)).due
    if given and given > ordinary + 24 * HOUR:
        return clocks.passed(clocks.there(given), k.policy.ghost)
    return c.end


def last_call_given(g: Guide, c: Count) -> datetime | None:
    note = g.noted("follow-up-last-call", c.since)
    return note[0] if note and note[1] != "superseded" else None


def last_call(g: Guide, c: Count) -> Due:
    due, clocks = g.k.clocks.waking(c.last), g.k.clocks
    return Due("follow-up-last-call", ("",), due, c.since, clocks.passed(clocks.there(due), 2 * g.k.policy.ghost))


def waiting_period(g: Guide) -> None:
    k, clocks = g.k, g.k.clocks
    start = k.silence(projected=True)
    if start is None:
        return
    c = count(k, start)
    due = clocks.waking(c.first)
    sent = k.sent(start)
    if not sent:
        waiting(g, start, due)
        if not g.done("follow-up", c.since):
            g.add("follow-up", [""], due, c.since)
        if not g.done("follow-up-last-call", c.since):
            g.steps.append(g.placed(last_call(g, c)))
    g.add("ghosted", [""], clocks.waking(ghosting_passed(k, start, projected=True)), c.since)


def waiting(g: Guide, start: datetime, follow_up: datetime) -> None:
    k, clocks = g.k, g.k.clocks
    by_word = k.word is not None and k.word == start and all(m.end != start for m in k.standing())  # of one moment: the talk
    if (by_word and not k.word_promises) or g.done("waiting", start):
        return
    rounds = k.rounds()
    moments = [start]
    for group in groups(g):
        lapse = max(m.end for m in group) + k.policy.thank_you_until * HOUR
        for m in group:
            if rounds[m.name] == k.round:
                finished = m.finished()
                moments += [finished.get(person, lapse) for person in m.people or (None,)]
    due = clocks.next_start(max(moments))
    local = due.astimezone(clocks.candidate)
    two_later = datetime.combine(local.date() + timedelta(days=2), local.time(), clocks.candidate).astimezone(UTC)
    if follow_up > two_later:
        g.add("waiting", [""], due, start, follow_up)


def references(g: Guide) -> None:
    k = g.k
    if k.word and k.word_type == "reference_check" and not g.done("references", k.word):
        g.add("references", [""], k.word, k.word)


# -- Outcomes ----------------------------------------------------------------------------------------------------------------------------


def offers(g: Guide) -> None:
    k, clocks = g.k, g.k.clocks
    for p in k.open_offers():
        thing = str(p.number)
        if not g.done("offer-thanks", p.first, thing):
            g.add("offer-thanks", [thing], p.first, p.first)
        if p.written and not g.done("offer-review", p.written, thing):
            g.add("offer-review", [thing], p.written, p.written)
        deadline, since = p.deadline, p.deadline_said
        if deadline is None and p.written:
            deadline, since = clocks.passed(clocks.there(p.written), k.policy.answer), p.written
        if deadline is None or since is None:
            continue
        own = p.deadline is not None
        decide = clocks.waking_before(deadline - 24 * HOUR)
        if decide >= since and not g.done("offer-decide", since, thing):
            g.add("offer-decide", [thing], decide, since, deadline, own=own)
        if own:
            passed = clocks.passed(clocks.there(deadline), 5)
            if not g.done("offer-overdue", since, thing):
                g.add("offer-overdue", [thing], clocks.waking(deadline), since, passed, own=True)
            g.add("offer-lapsed", [thing], clocks.waking(passed), since)


def end_of_outcome(g: Guide, at: datetime) -> datetime:
    """17:00 employer time on the 5th business day after the outcome's date."""
    return g.k.clocks.passed(g.k.clocks.there(at), 5)


def after_outcome(g: Guide) -> None:
    k, at = g.k, g.k.outcome_at
    assert at
    kind, due = {
        "rejected": ("rejection-reply", k.clocks.waking(at + k.policy.rejection_reply * HOUR)),
        "withdrawn": ("farewell", at),
        "declined": ("farewell", at),
        "accepted": ("close-others", at),
        "ghosted": ("ghosted", at),
        "lapsed": ("", at),
    }[k.outcome or ""]
    if kind == "rejection-reply" and k.farewell:
        return
    if kind and not g.done(kind, at):
        g.add(kind, [""], due, at, end_of_outcome(g, at))


def lapses(g: Guide) -> None:
    for at, number in g.k.lapses:
        if (g.k.outcome in (None, "lapsed")) and not g.done("offer-lapsed", at, str(number)):
            g.add("offer-lapsed", [str(number)], at, at, end_of_outcome(g, at))


def next_round(g: Guide) -> None:
    """Repeated invitations before an interview of that round ends are one; another round is another matter."""
    k, rounds = g.k, g.k.rounds()
    asked: dict[int, datetime] = {}
    for at in k.invitations:
        before = [rounds[m.name] for m in k.standing() if m.end < at]
        asked.setdefault(max(before, default=1) + 1, at)
    first = asked.get(k.round)
    if first is None or (k.last_offer and k.last_offer >= first) or g.done("next-round", first, str(k.round)):
        return
    starts = [m.starts or m.end for m in k.standing() if rounds[m.name] == k.round]
    g.add("next-round", [str(k.round)], first, first, min(starts, default=None))


# -- Stage -------------------------------------------------------------------------------------------------------------------------------


def stage(facts: Sequence[Fact]) -> str:
    """The first that holds."""
    k = known(counting(facts))
    meetings = k.standing()
    start = k.silence(projected=False)
    if k.outcome:
        return "closed"
    if k.open_offers():
        return "deciding"
    if any(m.held and m.unthanked for m in meetings):
        return "thanking"
    if any(m.ahead for m in meetings) or (k.word is None and not any(m.held for m in meetings)):
        return "interviewing"
    if start is None:
        return "waiting"
    if k.sent(start):
        return "awaiting_reply"
    since = count(k, start).since
    notes = [n for n in k.notes if n[1] in ("follow-up", "follow-up-last-call") and n[0] >= since and n[3] == "prompted"]
    return "following_up" if notes else "waiting"
