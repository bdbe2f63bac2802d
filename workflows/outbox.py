"""The outbox of a run: messages on their way, each a task beside the mailbox, so that an outage of mail delays nothing else.

Performing is: look again, send, note. Every message ends in facts, whatever became of it; one that became moot is recalled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, RetryState, TimeoutError  # noqa: A004 -- an attempt's, not asyncio's

from workflows.application.story import NO_LONGER_NEEDED, TOO_LATE
from workflows.guide.turn import Sends, Step, Turn
from workflows.ledger import Ledger, digest
from workflows.mailbox import Mailbox
from workflows.names import (
    BAD_ADDRESS,
    DEFER_NOTICE,
    ENDPOINT_REFUSES,
    NO_ENDPOINT,
    NOTICES,
    SEND_CANDIDATE_NOTICE,
    SEND_LETTER,
    SEND_NOTICE,
    UNCERTAIN,
    UNSENDABLE,
    ApprovedLetter,
    CandidateNotice,
    CandidateNoticeRequest,
    Delivery,
    LetterRequest,
    Message,
    Notice,
    NoticeRequest,
)
from workflows.names.metrics import LATENESS

FAILING: Final = timedelta(minutes=10)
"""A message on its way for longer than this needs an operator's eye."""
FOREVER: Final = timedelta(days=60)
"""How long a message without an end is tried; its chain's next step ends it long before."""
ROUNDS: Final = 200
"""More notes in a row than anybody needs: a rule that never settles must not spin a task."""
REFUSED_FOR_GOOD: Final = (BAD_ADDRESS, UNSENDABLE, NO_ENDPOINT, ENDPOINT_REFUSES)
PATIENT: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(hours=1), non_retryable_error_types=[
    "TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat", UNCERTAIN, *REFUSED_FOR_GOOD])  # fmt: skip
HANDED_OVER: Final = RetryPolicy(maximum_interval=timedelta(minutes=5))
"""What the candidate's run is to send may be handed over as often as needed: it knows what it has."""
ATTEMPT, HEARTBEAT = timedelta(seconds=40), timedelta(seconds=30)

L = TypeVar("L", bound=Ledger[Any])


@dataclass
class Sending:
    """A message on its way."""

    step: Step
    message: Message
    since: datetime
    expected: datetime
    """When it was to be performed: earlier than `since` where nobody was there to do it."""
    attempts: workflow.ActivityHandle[Delivery] | None = None
    recalled: bool = False
    task: asyncio.Task[None] | None = None


class Outbox(Generic[L]):
    """`turn` says what is to be done at a moment, given what is on its way; `message` words a step."""

    def __init__(self, mailbox: Mailbox[L], turn: Callable[[L, datetime, Sends], Turn], message: Callable[[L, Step], Message]) -> None:
        self._mailbox, self._turn, self._message = mailbox, turn, message
        self.sending: dict[tuple[str, datetime], Sending] = {}
        self._looks_at: datetime | None = None
        """When it was to look again, as it last said."""

    def failing(self, now: datetime) -> bool:
        return any(now - sent.since > FAILING for sent in self.sending.values())

    def settle(self, now: datetime) -> Turn:
        """Notes what is to be noted, and looks again, until something may leave or nothing is left."""
        box = self._mailbox
        for _ in range(ROUNDS):
            box.news = False
            plan = self._turn(box.ledger, now, self.sending)
            self._recall(plan)
            if not plan.notes:
                return plan
            box.note(*(fact for _, fact in plan.notes), at=now)
        workflow.logger.error("the guide does not settle")
        box.news, box.bug = False, True
        return Turn((), (), None, None)

    def send(self, plan: Turn, now: datetime) -> None:
        busy = {sent.step.chain for sent in self.sending.values()}
        expected, self._looks_at = min(self._looks_at or now, now), plan.next
        for step in plan.sends:
            if step.chain not in busy:
                sent = self.sending[step.key] = Sending(step, self._message(self._mailbox.ledger, step), now, expected)
                sent.task = asyncio.create_task(self._deliver(sent))

    async def recall(self) -> None:
        """Cancels everything that is on its way, and waits for its true end, which is noted."""
        under_way = list(self.sending.values())
        for sent in under_way:
            sent.recalled = True
            if sent.attempts:
                sent.attempts.cancel()
            elif sent.task:
                sent.task.cancel()
        await asyncio.gather(*(sent.task for sent in under_way if sent.task), return_exceptions=True)

    def _recall(self, plan: Turn) -> None:
        """Cancels what is on its way and became moot, moved, or is to be worded anew."""
        wanted = {step.key: step for step in plan.sends}
        for key, sent in self.sending.items():
            if sent.attempts and (key not in wanted or worded(self._message(self._mailbox.ledger, wanted[key])) != worded(sent.message)):
                sent.recalled = True
                sent.attempts.cancel()  # not our own task: what became of the message may be known already, and must be heard

    async def _deliver(self, sent: Sending) -> None:
        """However it ends, it ends in a fact or in a changed step: else the loop would spin. Noted at the moment when it was chosen."""
        step, box = sent.step, self._mailbox
        activity, request = asked(sent.message, box.ahead)
        try:
            sent.attempts = workflow.start_activity(
                activity,
                request,
                result_type=Delivery,
                task_queue=NOTICES,
                summary=step.intent,
                retry_policy=HANDED_OVER if activity == DEFER_NOTICE else PATIENT,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=HEARTBEAT,
                schedule_to_close_timeout=max(step.until - box.now(), HEARTBEAT) if step.until else FOREVER,
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
                priority=Priority(fairness_key=digest(whose(sent.message))),
            )
            delivery = await sent.attempts
            box.note(*(step.skipped(NO_LONGER_NEEDED) if delivery.nothing else step.sent()), at=sent.since)
            late(step.kind, box.now() - sent.expected)
        except ActivityError as error:
            self._failed(sent, error)
        except asyncio.CancelledError:  # cancelled before it was handed to anybody
            self._recalled(sent)
        except Exception:  # noqa: BLE001 -- a bug of ours: shown, and the next step of the chain covers it
            workflow.logger.exception("a delivery failed where it must not")
            box.bug = True
            box.note(*(step.sent(uncertain=True) if sent.attempts else step.undeliverable("bug")), at=sent.since)
        finally:
            del self.sending[step.key]
            box.news = True

    def _failed(self, sent: Sending, error: ActivityError) -> None:
        """Judged first by how the last attempt ended: why the server makes no more of them hides that once a message was recalled."""
        kind = getattr(error.cause, "type", type(error.cause).__name__)
        refused = kind in REFUSED_FOR_GOOD
        cut_off = isinstance(error.cause, TimeoutError) and error.started_event_id  # 0: no worker ever had it
        if kind == UNCERTAIN or cut_off or (error.retry_state is RetryState.NON_RETRYABLE_FAILURE and not refused):
            self._mailbox.note(*sent.step.sent(uncertain=True), at=sent.since)
        elif sent.recalled:
            self._recalled(sent)
        elif refused:
            self._mailbox.note(*sent.step.undeliverable(kind), at=sent.since)
        else:
            self._mailbox.note(*sent.step.skipped(TOO_LATE), at=sent.since)

    def _recalled(self, sent: Sending) -> None:
        """Nothing left: what is gone is noted, what moved or is worded anew stands in the agenda and will be performed from there."""
        box = self._mailbox
        if sent.step.key not in {step.key for step in box.rules.read(box.ledger)}:
            box.note(*sent.step.skipped(NO_LONGER_NEEDED), at=sent.since)


def late(step: str, by: timedelta) -> None:
    """Measures, once: a replay measures nothing."""
    meter = workflow.metric_meter().create_histogram_float(LATENESS, unit="s")
    meter.record(max(by, timedelta(0)).total_seconds(), {"step": step})


def asked(said: Message, ahead: timedelta) -> tuple[str, NoticeRequest | LetterRequest | CandidateNoticeRequest]:
    """The activity that a message is given to, and its request."""
    match said:
        case Notice(together=True):
            return DEFER_NOTICE, NoticeRequest(notice=said, ahead=ahead)
        case ApprovedLetter():
            return SEND_LETTER, LetterRequest(letter=said, ahead=ahead)
        case CandidateNotice():
            return SEND_CANDIDATE_NOTICE, CandidateNoticeRequest(notice=said, ahead=ahead)
        case _:
            return SEND_NOTICE, NoticeRequest(notice=said, ahead=ahead)


def whose(said: Message) -> str:
    """Among whom sends take turns: one with many messages waiting delays nobody else's."""
    match said:
        case ApprovedLetter():
            return said.whose or said.application
        case Notice():
            return said.candidate or said.application
        case CandidateNotice():
            return said.candidate


def worded(said: Message) -> str:
    """The message itself, without when and why it leaves: two that are worded alike are one."""
    return said.model_dump_json(exclude={"due", "why", "reason", "best_sent_at", "connection", "whose"})
