"""JobApplication: the mailbox and the one timer around the pure core.

It hears facts, sleeps until the next step, performs it, and notes that as a fact. What is due, when and why is decided by `guide`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError, RetryState

with workflow.unsafe.imports_passed_through():
    from workflows.application import Application, fresh, objection, revision_of
    from workflows.application.story import NO_LONGER_NEEDED, TOO_LATE
    from workflows.facts import Calendar, Fact, Opened, Prompted, Receipt, Skipped, Undeliverable, Unread, Word
    from workflows.guide import every_step
    from workflows.guide.turn import Step, Turn, turn
    from workflows.names import (
        BAD_ADDRESS,
        BOOLS,
        DATETIMES,
        FORWARD_FACTS,
        HEARD,
        INTS,
        KEYWORDS,
        LOOK_UP_HOLIDAYS,
        NOTICES,
        RECORD,
        SEND_LETTER,
        SEND_NOTICE,
        UNCERTAIN,
        VIEW,
        WORKFLOW,
        ApprovedLetter,
        Delivery,
        ForwardRequest,
        HolidayRequest,
        LetterRequest,
        NoticeRequest,
    )
    from workflows.notice import Message, message, worded
    from workflows.view import details, index, view

LINGER = timedelta(days=1)
"""A run outlives its last word, so that nobody resumes from a result that is already old."""
FAILING = timedelta(minutes=10)
"""A message on its way for longer than this needs an operator's eye."""
FOREVER = timedelta(days=60)
"""How long a message without an end is tried; its chain's next step ends it long before."""
ROUNDS = 200
"""More notes in a row than any application needs: a rule that never settles must not spin a task."""
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(hours=1), non_retryable_error_types=[
    "TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat", UNCERTAIN, BAD_ADDRESS])  # fmt: skip
ATTEMPT, HEARTBEAT, LOCAL = timedelta(seconds=40), timedelta(seconds=30), timedelta(seconds=10)
INDEX: list[SearchAttributeKey[Any]] = [
    *(SearchAttributeKey.for_keyword(n) for n in KEYWORDS),
    *(SearchAttributeKey.for_datetime(n) for n in DATETIMES),
    *(SearchAttributeKey.for_int(n) for n in INTS),
    *(SearchAttributeKey.for_bool(n) for n in BOOLS),
]


UPCOMING = ("NextStep", "NextDueAt")
"""What a message on its way changes alone is written when it is noted, so that one message costs one upsert and not two."""


@dataclass
class Sending:
    """A message on its way."""

    step: Step
    message: Message
    since: datetime
    task: asyncio.Task[None] | None = None


@workflow.defn(name=WORKFLOW)
class JobApplication:
    """One application of one candidate, from the first word to the end of listening. Returns its facts, for late word to resume from."""

    @workflow.init
    def __init__(self, carried: Application | None = None) -> None:
        now = workflow.now()
        self.app = carried or Application(id=workflow.info().workflow_id.removeprefix("application/"))
        self.ahead = max((self.app.clock or now) - now, timedelta(0))  # an application's clock never runs backwards
        self.news, self.bug, self.stay = False, False, self._now() + LINGER
        self.alarm: tuple[datetime, asyncio.Task[None]] | None = None
        self.sending: dict[tuple[str, datetime], Sending] = {}
        self.forwarded = 0
        have = workflow.info().typed_search_attributes
        self.shown: dict[str, Any] = {key.name: have.get(key) for key in INDEX}
        """The search attributes as they were last written."""
        self.judged: tuple[Word, Application, Application] | None = None
        """The word that was accepted last, and the application before and after: folded once for validator and handler."""
        self.asked: object = None
        """The days that were last looked up: what a library does not know it does not know a second time."""

    @workflow.run
    async def run(self, carried: Application | None = None) -> Application:
        while True:
            await self._look_up_days()
            now = self._now()
            plan = self._settle(now)
            self._send(plan, now)
            await self._forward()
            self._publish()
            ends = max(plan.ends, self.stay) if plan.ends else None
            if not self.sending and not self.news:  # nothing is in flight: the only moments at which a run may end
                if ends and ends <= now:
                    self._note(*plan.last, at=now)
                    return self.app.at(now)
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(self.app.at(now))
            self._wake_at(min((t for t in (plan.next, ends) if t and t > now), default=None))
            await workflow.wait_condition(lambda: self.news or (self.alarm is not None and self.alarm[1].done()))

    @workflow.update(
        name=RECORD,
        description='Facts, kept all or none; answers how many are known then. {"facts": [{"type": "employer_replied"}], "by": "platform"}',
    )
    def record(self, word: Word) -> Receipt:
        return self._hear(word)

    @record.validator
    def _refuse(self, word: Word) -> None:
        now = self._now()
        later = self.app.apply(*fresh(self.app, word, now))
        if why := objection(self.app, word, now, later):
            raise ApplicationError(why.detail, type=why.slug, non_retryable=True)
        every_step(later.story)  # what the guide cannot read is refused as well
        self.judged = word, self.app, later

    @workflow.signal(
        name=HEARD,
        description='Facts from those who need no answer; never refused. {"facts": [{"type": "paused"}], "by": "platform"}',
    )
    def heard(self, *words: Any) -> None:  # untyped: neither a wrong shape nor a wrong count may poison the run
        for said in words:
            try:
                word = Word.model_validate(said)
                later = self.app.apply(*fresh(self.app, word, self._now()))
                every_step(later.story)
                self.judged = word, self.app, later
            except Exception as error:  # noqa: BLE001 -- kept whole, for a later version to read
                workflow.logger.warning("unread word", extra={"error": type(error).__name__})
                word = Word(facts=(Unread(raw=said, reason=type(error).__name__),), by="process")
            self._hear(word)

    @workflow.query(name=VIEW, description="The application as its first `revision` facts make it; by default all. Example: 4")
    def view(self, revision: int | None = None) -> dict[str, Any]:
        return view(self.app, revision)

    def note_bug(self) -> None:
        """A handler failed where it must not: shown to the operator, and nothing else changes."""
        self.bug = self.news = True

    def _now(self) -> datetime:
        return workflow.now() + self.ahead

    def _hear(self, word: Word) -> Receipt:
        now, before = self._now(), self.app
        (known, was, later), self.judged = self.judged or (None, None, before), None
        if was is not before or known != word:  # equal, not the same: Temporal reads what is said once for each of the two
            later = before.apply(*fresh(before, word, now))
        if later is not before:
            self.stay, self.news, self.app = now + LINGER, True, later
        return Receipt(revision=revision_of(later, word, now), fresh=later is not before)

    def _note(self, *facts: Fact, at: datetime) -> None:
        self.app, self.news = self.app.note(facts, at), self.news or bool(facts)

    def _settle(self, now: datetime) -> Turn:
        """Notes what is to be noted, and looks again, until something may leave or nothing is left."""
        for _ in range(ROUNDS):
            self.news = False
            plan = turn(self.app, now, self.sending)
            self._recall(plan)
            if not plan.notes:
                return plan
            self._note(*(fact for _, fact in plan.notes), at=now)
        workflow.logger.error("the guide does not settle")
        self.news, self.bug = False, True
        return Turn((), (), None, None)

    def _recall(self, plan: Turn) -> None:
        """Cancels what is on its way and became moot, moved, or is to be worded anew."""
        wanted = {step.key: step for step in plan.sends}
        for key, sent in self.sending.items():
            if sent.task and (key not in wanted or worded(message(self.app, wanted[key])) != worded(sent.message)):
                sent.task.cancel()

    def _send(self, plan: Turn, now: datetime) -> None:
        busy = {sent.step.chain for sent in self.sending.values()}
        for step in plan.sends:
            if step.chain not in busy:
                sent = self.sending[step.key] = Sending(step, message(self.app, step), now)
                sent.task = asyncio.create_task(self._deliver(sent))

    async def _deliver(self, sent: Sending) -> None:
        """However it ends, it ends in a fact or in a changed step: else the loop would spin. Noted at the moment when it was chosen."""
        step = sent.step
        try:
            await workflow.execute_activity(
                *_asked(sent.message, self.ahead),
                result_type=Delivery,
                task_queue=NOTICES,
                summary=step.intent,
                retry_policy=PATIENT,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=HEARTBEAT,
                schedule_to_close_timeout=max(step.until - self._now(), HEARTBEAT) if step.until else FOREVER,
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            )
            self._note(*step.sent(), at=sent.since)
        except ActivityError as error:
            kind = getattr(error.cause, "type", type(error.cause).__name__)
            match error.retry_state:
                case RetryState.CANCEL_REQUESTED:
                    self._recalled(sent)
                case RetryState.NON_RETRYABLE_FAILURE if kind == BAD_ADDRESS:
                    self._note(*step.undeliverable(kind), at=sent.since)
                case RetryState.NON_RETRYABLE_FAILURE:
                    self._note(*step.sent(uncertain=True), at=sent.since)
                case _ if sent.task and sent.task.cancelling():
                    self._recalled(sent)
                case _:
                    self._note(*step.skipped(TOO_LATE), at=sent.since)
        except asyncio.CancelledError:  # cancelled before it was handed to anybody
            self._recalled(sent)
        except Exception:  # noqa: BLE001 -- a bug of ours: shown, and the next step of the chain covers it
            workflow.logger.exception("a delivery failed where it must not")
            self.bug = True
            self._note(*step.undeliverable("bug"), at=sent.since)
        finally:
            del self.sending[step.key]
            self.news = True

    def _recalled(self, sent: Sending) -> None:
        """Nothing left: what is gone is noted, what moved or is worded anew stands in the agenda and will be performed from there."""
        if sent.step.key not in {step.key for step in every_step(self.app.story)}:
            self._note(*sent.step.skipped(NO_LONGER_NEEDED), at=sent.since)

    async def _look_up_days(self) -> None:
        """The façade says the days that do not count with the opening; only a run without them asks."""
        wanted = self.app.story.calendar_wanted()
        if wanted and wanted != self.asked:
            self.asked = wanted
            country, subdivision, first, last = wanted
            request = HolidayRequest(country=country, subdivision=subdivision, first=first, last=last)
            try:
                days = await workflow.execute_local_activity(
                    LOOK_UP_HOLIDAYS, request, result_type=Calendar, schedule_to_close_timeout=LOCAL, summary="days that do not count"
                )
            except ActivityError:
                workflow.logger.exception("the days that do not count could not be looked up")
                self.bug = True  # weekends count out all the same, and an operator sees it
            else:
                self._note(days, at=self._now())

    async def _forward(self) -> None:
        """A run that stands for a board's id hands over what it knows, and passes on what it hears. Known ids change nothing there.

        What it prompted itself, where the board had opened it, is handed over too, so that it is not prompted again.
        """
        said = self.app.facts[self.forwarded :]
        if (to := self.app.story.linked) and said:
            self.forwarded = self.app.revision
            told = [f for f in said if f.by != "process" and not isinstance(f, Opened)]
            done = [f for f in said if isinstance(f, Prompted | Skipped | Undeliverable)]
            if facts := (*told, *(f.model_copy(update={"id": f"{self.app.id}:{f.id}"}) for f in done)):
                await workflow.execute_activity(
                    FORWARD_FACTS,
                    ForwardRequest(to=to, facts=facts),
                    start_to_close_timeout=timedelta(seconds=30),
                    retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
                    summary=f"to {to}",
                )

    def _wake_at(self, due: datetime | None) -> None:
        if self.alarm and (self.alarm[0] != due or self.alarm[1].done()):
            self.alarm[1].cancel()
            self.alarm = None
        if due and not self.alarm:
            wait = max(due - self._now(), timedelta(milliseconds=1))  # a timer of nothing would let a skip leap over it
            self.alarm = due, asyncio.create_task(workflow.sleep(wait, summary="next step"))

    def _publish(self) -> None:
        now = self._now()
        failing = any(now - sent.since > FAILING for sent in self.sending.values())
        wanted = index(self.app, "bug" if self.bug else "send-failing" if failing else None, self.sending)
        changed = [k for k in INDEX if self.shown[k.name] != wanted[k.name]]
        if changed and not (self.sending and all(k.name in UPCOMING for k in changed)):
            self.shown = wanted
            updates = [k.value_unset() if (v := wanted[k.name]) is None else k.value_set(v) for k in changed]
            workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
        workflow.set_current_details(details(self.app))


def _asked(said: Message, ahead: timedelta) -> tuple[str, NoticeRequest | LetterRequest]:
    """The activity that a message is given to, and its request."""
    if isinstance(said, ApprovedLetter):
        return SEND_LETTER, LetterRequest(letter=said, ahead=ahead)
    return SEND_NOTICE, NoticeRequest(notice=said, ahead=ahead)
