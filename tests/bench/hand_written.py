"""The measure: the shortest workflow by hand that shows the same on the standard lifecycle. It knows this one path and nothing else.

Same sends with the same words, same facts by update, same search attributes at the same moments, same timers. As cheap as it goes: messages
and sends hold what this path needs and no more; no state is folded, nothing is re-checked, repeated, paused, resumed or answered late.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from workflows import names
    from workflows.calendar import CandidateClock, EmployerClock, zone
    from workflows.facts import Candidate, Contact, Employer, Frozen, Interviewer
    from workflows.sentences import city, day, hour

WORKFLOW: Final = "HandWritten"
TASK_QUEUE: Final = "hand-written"
NOTICES: Final = "hand-written-notices"
OPEN: Final = "open"
THANKED: Final = "thank_you_sent"
FOLLOWED_UP: Final = "follow_up_sent"

_AT_MOST_ONCE: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    maximum_interval=timedelta(hours=1),
    non_retryable_error_types=["TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat", names.UNCERTAIN, names.BAD_ADDRESS],
)
_INDEX: Final[dict[str, SearchAttributeKey[Any]]] = {
    **{n: SearchAttributeKey.for_keyword(n) for n in names.KEYWORDS},
    **{n: SearchAttributeKey.for_datetime(n) for n in names.DATETIMES},
    **{n: SearchAttributeKey.for_int(n) for n in names.INTS},
    **{n: SearchAttributeKey.for_bool(n) for n in names.BOOLS},
}


class Opening(Frozen):
    application: str
    candidate: Candidate
    employer: Employer
    contact: Contact
    zone: str
    """Of both, on this path."""
    position: str
    interview: str
    ended_at: datetime
    interviewers: tuple[Interviewer, ...]
    holidays: dict[date, str]
    """Of the weeks ahead."""


@workflow.defn(name=WORKFLOW)
class HandWritten:
    @workflow.init
    def __init__(self) -> None:
        self.opening: Opening | None = None
        self.thanked: datetime | None = None
        self.followed_up: datetime | None = None
        self.said: list[tuple[str, datetime]] = []
        self.shown: dict[str, Any] = {}

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.opening is not None)
        if (o := self.opening) is None:
            return
        mine, theirs = CandidateClock(zone(o.zone)), EmployerClock(zone(o.zone), holidays=o.holidays)
        t, start = o.ended_at, theirs.date_of(o.ended_at)

        due = mine.waking(t + timedelta(hours=2))
        fixed = {"CandidateId": o.candidate.id, "Policy": "industry 1", "Round": 1, "Paused": False}
        self._show(Stage="thanking", NextStep="thank-you", NextDueAt=due, **fixed)
        await self._until(due)
        people = tuple(
            names.Addressee(interview=o.interview, interviewer=i.id, name=i.name, email=i.email, role=i.role, ended_at=t)
            for i in o.interviewers
        )
        over, by = hour(t, mine.where), hour(t + _DAY, mine.where)
        why = f"2 hours after your interview ended ({over}); a thank-you is due within 24 hours, by {by}"
        until, about = t + 2 * _DAY, {"contact": o.contact, "skills": o.candidate.skills, "reflect": (o.interview,)}
        await self._send(o, f"thank-you/{o.interview}", t, due, f"{_at(mine, due)}: {why}", until=until, people=people, **about)

        due = mine.waking(t + timedelta(hours=18))
        self._show(NextStep="thank-you-nudge", NextDueAt=due)
        await workflow.wait_condition(lambda: self.thanked is not None, timeout=due - workflow.now())
        thanked = self.thanked or due
        due, asked = mine.next_start(thanked), theirs.passed(start, 7)
        ask = mine.waking(asked)
        self._show(Stage="waiting", NextStep="waiting", NextDueAt=due, ThankedInTime=thanked <= t + _DAY)
        await self._until(due)
        why = f"the thank-yous of your interview are done with since {hour(thanked, mine.where)}; you would follow up on {_at(mine, ask)}"
        await self._send(o, "waiting/1", t, due, f"{_at(mine, due)}: {why}", until=ask, follow_up_due=ask)

        self._show(NextStep="follow-up", NextDueAt=ask)
        await self._until(ask)
        why = _counted(mine, theirs, ask, start, 7)
        held = {"interviewed_at": t, "quiet_since": t, "best_sent_at": theirs.office(ask)}
        await self._send(o, "follow-up/1", t, ask, why, contact=o.contact, **held)

        due = mine.waking(theirs.passed(start, 10))
        self._show(Stage="following_up", NextStep="follow-up-last-call", NextDueAt=due)
        await workflow.wait_condition(lambda: self.followed_up is not None, timeout=due - workflow.now())
        start = max(theirs.date_of(self.followed_up or due), theirs.business_day(start, 7))
        due = mine.waking(theirs.passed(start, 5))
        asked = {"FollowUps": 1} if self.followed_up else {}
        self._show(Stage="awaiting_reply", NextStep="ghosted", NextDueAt=due, **asked)
        await self._until(due)
        given_up = self._say("ghosted")
        await self._tell(o, names.Meaning(outcome="ghosted"), given_up)
        self._show(Stage="closed", Outcome="ghosted", NextStep=None, NextDueAt=None, SilenceDays=(given_up - t).days)
        await self._send(o, "ghosted/1", given_up, given_up, _counted(mine, theirs, due, start, 5), follow_up_sent=True)
        await workflow.sleep(timedelta(days=90), summary="next step")
        self._say("closed")

    @workflow.update(name=OPEN)
    def open(self, opening: Opening) -> int:
        self.opening = opening
        self._say("opened")
        return len(self.said)

    @workflow.update(name=THANKED)
    def thank_you_sent(self) -> int:
        self.thanked = self._say("thank_you_sent")
        return len(self.said)

    @workflow.update(name=FOLLOWED_UP)
    def follow_up_sent(self) -> int:
        self.followed_up = self._say("follow_up_sent")
        return len(self.said)

    @follow_up_sent.validator
    def _one_is_enough(self) -> None:
        if self.followed_up:
            raise ApplicationError("one follow-up was sent", type="follow-up-already-sent", non_retryable=True)

    @workflow.query(name=names.VIEW)
    def view(self) -> dict[str, Any]:
        return {"opening": self.opening, "facts": self.said, "index": self.shown}

    def _say(self, what: str, at: datetime | None = None) -> datetime:
        self.said.append((what, at or workflow.now()))
        return self.said[-1][1]

    def _show(self, **changed: Any) -> None:
        changed["ChangedAt"] = self.said[-1][1]
        self.shown |= changed
        workflow.upsert_search_attributes([_INDEX[n].value_unset() if v is None else _INDEX[n].value_set(v) for n, v in changed.items()])  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open

    async def _until(self, due: datetime) -> None:
        await workflow.sleep(max(due - workflow.now(), timedelta(0)), summary="next step")

    async def _tell(self, o: Opening, meaning: names.Meaning, at: datetime) -> None:
        request = names.TellRequest(candidate=o.candidate.id, application=o.application, meaning=meaning, at=at)
        await workflow.execute_local_activity(
            names.TELL_CANDIDATE, request, schedule_to_close_timeout=timedelta(seconds=10), summary="what it means for the others"
        )

    async def _send(self, o: Opening, intent: str, since: datetime, due: datetime, why: str, **known: Any) -> None:
        notice = names.Notice(
            application=o.application, intent=intent, intents=(intent,), key=f"{o.application} {intent} {since.isoformat()}", due=due,
            why=f"{why}. Policy industry 1.", to=Contact(name=o.candidate.name, email=o.candidate.email), timezone=o.zone,
            employer_timezone=o.zone, employer=o.employer.name, position=o.position, **known)  # fmt: skip
        chosen = workflow.now()
        await workflow.execute_activity(
            names.SEND_NOTICE, names.NoticeRequest(notice=notice), result_type=names.Delivery, task_queue=NOTICES, summary=intent,
            retry_policy=_AT_MOST_ONCE, start_to_close_timeout=timedelta(seconds=40), heartbeat_timeout=timedelta(seconds=30))  # fmt: skip
        self._say("prompted", chosen)


_DAY: Final = timedelta(hours=24)


def _at(clock: CandidateClock, moment: datetime) -> str:
    return f"{hour(moment, clock.where)} {city(clock.where)}"


def _counted(mine: CandidateClock, theirs: EmployerClock, due: datetime, start: date, n: int) -> str:
    passed = theirs.passed(start, n)
    off = ", ".join(f"{day(when)} ({name})" for when, name in theirs.uncounted(start, theirs.date_of(passed)))
    text = f"{_at(mine, due)}: {n} business days after {day(start)} have passed on {hour(passed, mine.where)}"
    return f"{text}, not counting {off}" if off else text
