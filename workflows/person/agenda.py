"""What is due to a candidate across applications: the morning digest, the weekly note, two offers, and who asks to follow them.

Like the guide it is total and pure: same facts, same agenda, and no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from workflows.application.story import TOO_LATE, UNSUBSCRIBED
from workflows.facts import Candidate, Contact, Saying
from workflows.guide.steps import CATEGORY, Step
from workflows.guide.turn import Sends, Turn
from workflows.ledger import EARLIEST
from workflows.names import Adviser, CandidateNotice, Notice
from workflows.person import Life, Note, Person
from workflows.person.facts import Deferred, Prompted, Skipped, Undeliverable
from workflows.sentences import Moment, Sentence, english, say

GATHER: Final = timedelta(minutes=2)
"""How long the digest waits for the messages of one morning: applications that are due at the same minute do not speak at once."""
MORNING: Final = timedelta(minutes=30)
"""What comes so soon after the start of the day is the morning's; what comes later is the next morning's."""
FIRST_NOTE: Final = timedelta(days=7)
"""So long an application is open before the first weekly note."""
MONDAY: Final = 0


@dataclass(frozen=True)
class PersonStep(Step):
    """A step across applications."""

    keys: tuple[str, ...] = ()
    """Names what it is about: the deferred messages in it, or the question that it asks."""
    notices: tuple[Notice, ...] = ()
    applications: tuple[str, ...] = ()
    coach: Adviser | None = None

    def sent(self, *, uncertain: bool = False) -> tuple[Prompted, ...]:
        return tuple(Prompted(intent=i, keys=self.keys, uncertain=uncertain) for i in self.intents)

    def skipped(self, reason: str) -> tuple[Skipped, ...]:
        return tuple(Skipped(intent=i, keys=self.keys, reason=reason) for i in self.intents)

    def undeliverable(self, reason: str) -> tuple[Undeliverable, ...]:
        return tuple(Undeliverable(intent=i, keys=self.keys, reason=reason) for i in self.intents)


def every_step(person: Person) -> tuple[PersonStep, ...]:
    """Everything still ahead if nobody says another word, soonest first."""
    life = person.life
    if life.profile is None:
        return ()
    who = life.profile
    found = [*_deferred(life, who), *_keep_going(life, who), *_ask_for_time(life, who), *_coaches_ask(life, who)]
    return tuple(sorted(found, key=lambda step: (step.due, step.intent)))


def turn(person: Person, now: datetime, sending: Sends = ()) -> Turn:
    """What to do at a moment. `sending`: keys of the steps on their way. A candidate's run never ends by itself."""
    notes: list[tuple[Step, Saying]] = []
    sends: list[PersonStep] = []
    times: list[datetime] = []
    for step in every_step(person):
        at = max(step.due, person.life.clock.waking(now)) if step.due <= now else step.due
        if at > now:
            times.append(at)
        elif step.key in sending:
            sends.append(step)
        elif step.facts or (step.until and now >= step.until):
            notes += ((step, fact) for fact in step.facts or step.skipped(TOO_LATE))
        else:
            sends.append(step)
    return Turn(tuple(notes), tuple(_together(person.life, sends)), min(times, default=None), None)


def _together(life: Life, sends: list[PersonStep]) -> list[PersonStep]:
    """For those who chose the digest, the weekly note is a part of Monday's."""
    digest = next((s for s in sends if s.kind == "digest"), None)
    note = next((s for s in sends if s.kind == "keep-going"), None)
    if not (digest and note and life.profile and life.profile.preferences.digest):
        return sends
    both = replace(digest, intents=(*digest.intents, *note.intents), keys=(*digest.keys, *note.keys), applications=note.applications)
    return [both, *(s for s in sends if s not in (digest, note))]


def message(person: Person, step: Step) -> CandidateNotice:
    """What the message about a step may say, but for what is read when it is sent."""
    who = person.life.profile
    if who is None or not isinstance(step, PersonStep):
        raise ValueError("nobody to write to")
    return CandidateNotice(
        candidate=person.id,
        intent=step.intent,
        key=f"{person.id} {step.intent} {step.since.isoformat()}",
        due=step.due,
        why=step.why,
        reason=None if english(who.language) else step.reason,
        to=Contact(name=who.name, email=who.email),
        channels=who.channels,
        language=who.language,
        timezone=who.timezone,
        notices=step.notices,
        applications=step.applications,
        coach=step.coach,
    )


def _step(intent: str, since: datetime, due: datetime, rule: Sentence, who: Candidate) -> PersonStep:
    kind, thing = intent.split("/")
    reason = say("{due}: {rule}.", due=Moment(due, who.timezone, named=True), rule=rule)
    return PersonStep(kind, thing, since, due, due, None, reason, kind, (intent,))


# -- messages that can wait --


def _deferred(life: Life, who: Candidate) -> Iterator[PersonStep]:
    wanted: list[Deferred] = []
    for one in life.pending:
        if CATEGORY.get(one.notice.intent.partition("/")[0]) in who.preferences.unsubscribed:
            yield _left_out(life, who, one)
        else:
            wanted.append(one)
    if not wanted:
        return
    first = wanted[0].at or EARLIEST
    if who.preferences.digest:
        due, rule = _morning(life, who, first), say("you chose a digest in the morning")
    elif who.preferences.daily_limit is None or len(_given(life, first)) < who.preferences.daily_limit:
        due, rule, wanted = first, say("it is one of the messages that you want in a day"), wanted[:1]
    else:
        due, rule = _next_morning(life, who, first), say("you had as many messages that day as you want")
    if any(one.notice.until and one.notice.until <= due for one in wanted):
        due, rule = first + GATHER, say("tomorrow would be too late")
    step = _step(f"digest/{_name(life, due)}", first, due, rule, who)
    yield replace(step, keys=tuple(one.notice.key for one in wanted), notices=tuple(one.notice for one in wanted))


def _left_out(life: Life, who: Candidate, one: Deferred) -> PersonStep:
    """It was unsubscribed from while it waited."""
    at = one.at or EARLIEST
    step = replace(_step(f"digest/{_name(life, at)}", at, at, say("unsubscribed"), who), keys=(one.notice.key,), chain=one.notice.key)
    return replace(step, facts=step.skipped(UNSUBSCRIBED))


def _given(life: Life, moment: datetime) -> list[Note]:
    """The messages of that day of the candidate that could have waited."""
    day = life.clock.date_of(moment)
    return [n for n in life.notes if n.kind == "digest" and isinstance(n.fact, Prompted) and life.clock.date_of(n.at) == day]


def _morning(life: Life, who: Candidate, moment: datetime) -> datetime:
    start = life.clock.start_on(life.clock.date_of(moment))
    if start <= moment < start + MORNING and not _given(life, moment):
        return moment + GATHER
    return _next_morning(life, who, moment)


def _next_morning(life: Life, who: Candidate, moment: datetime) -> datetime:
    start = life.clock.next_start(moment)
    return (start if who.preferences.weekends else life.clock.weekday(start)) + GATHER


def _name(life: Life, moment: datetime) -> str:
    """The day, and which one of that day it is."""
    day, earlier = life.clock.date_of(moment), len(_given(life, moment))
    return f"{day}.{earlier + 1}" if earlier else f"{day}"


# -- the weekly note --


def _keep_going(life: Life, who: Candidate) -> Iterator[PersonStep]:
    """On Mondays, while something is open and nothing is accepted."""
    going = life.open
    if (
        not going
        or "keep-going" in who.preferences.unsubscribed
        or any(k.meaning.outcome == "accepted" for k in life.applications.values())
    ):
        return
    last = max((note.at for note in life.done if note.kind == "keep-going"), default=None)
    since = last or min(known.begun for known in going) + FIRST_NOTE
    monday = life.clock.date_of(since)
    if last or since > life.clock.start_on(monday):
        monday += timedelta(days=1)
    monday += timedelta(days=(MONDAY - monday.weekday()) % 7)
    due = life.clock.start_on(monday) + (GATHER if who.preferences.digest else timedelta(0))
    step = _step(f"keep-going/{monday}", since, due, say("once a week, while you are waiting for answers"), who)
    yield replace(step, until=life.clock.start_on(monday + timedelta(days=1)), applications=tuple(known.id for known in going))


# -- two offers --


def _ask_for_time(life: Life, who: Candidate) -> Iterator[PersonStep]:
    """Two open offers with different deadlines: whoever must be answered first can be asked for time, if they named the deadline."""
    if "offers" in who.preferences.unsubscribed:
        return
    offers = sorted(
        (o.decide_by, known.id, o.number, o.stated, known.told) for known in life.open for o in known.meaning.offers if o.decide_by
    )
    others = [offer for offer in offers if offer[1] != offers[0][1]]
    if not others or others[-1][0] == offers[0][0] or not offers[0][3]:
        return
    (first, asked, number, _, told), (last, other, its, _, heard) = offers[0], others[-1]
    key = f"{asked}#{number} {first.isoformat()} {other}#{its} {last.isoformat()}"
    asked_before = [note for note in life.notes if note.kind == "ask-for-time"]
    if any(note in life.done and key in note.fact.keys for note in asked_before):
        return
    since = max(told, heard)
    rule = say("two offers want an answer by different days, the first by {day}", day=Moment(first, who.timezone))
    step = _step(f"ask-for-time/{len(asked_before) + 1}", since, since, rule, who)
    yield replace(step, until=first, keys=(key,), applications=(asked, other))


# -- advisers --


def _coaches_ask(life: Life, who: Candidate) -> Iterator[PersonStep]:
    """Each ask is one message of its own: no digest holds it up, and no preference ends it."""
    told = {key for note in life.done if note.kind == "coach" for key in note.fact.keys}
    for consent in life.coaches.values():
        if consent.until is None or consent.ask in told:
            continue
        intent = f"coach/{consent.coach}"
        step = _step(intent, consent.asked, consent.asked, say("an adviser asks to follow your applications"), who)
        asks = Adviser(id=consent.coach, name=consent.name, ask=consent.ask, until=consent.until)
        yield replace(step, until=consent.until, chain=intent, keys=(consent.ask,), coach=asks)
