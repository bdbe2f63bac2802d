"""The measure: the shortest workflow by hand that shows the same on the standard lifecycle. It knows this one path and nothing else.

Same sends with the same words, same facts by update, same search attributes at the same moments, same timers. As cheap as it goes: messages
and sends hold what this path needs and no more; no state is folded, nothing is re-checked, repeated, paused, resumed or answered late.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from tests.bench.standard import DAY, LISTENS, Opening, Path
    from workflows import names

WORKFLOW: Final = "HandWritten"
TASK_QUEUE: Final = "hand-written"
NOTICES: Final = "hand-written-notices"
OPEN: Final = "open"
THANKED: Final = "thank_you_sent"
FOLLOWED_UP: Final = "follow_up_sent"

AT_MOST_ONCE: Final = RetryPolicy(
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
        path, t = Path(o), o.ended_at
        self._show(Stage="thanking", NextStep="thank-you", NextDueAt=path.thank_by, **path.indexed)
        await self._until(path.thank_by)
        await self._send(path.thank_you())

        self._show(NextStep="thank-you-nudge", NextDueAt=path.nudge)
        await workflow.wait_condition(lambda: self.thanked is not None, timeout=path.nudge - workflow.now())
        thanked = self.thanked or path.nudge
        due = path.wait(thanked)
        self._show(Stage="waiting", NextStep="waiting", NextDueAt=due, ThankedInTime=thanked <= t + DAY)
        await self._until(due)
        await self._send(path.waiting(thanked, due))

        self._show(NextStep="follow-up", NextDueAt=path.ask)
        await self._until(path.ask)
        await self._send(path.follow_up())

        self._show(Stage="following_up", NextStep="follow-up-last-call", NextDueAt=path.last_call)
        await workflow.wait_condition(lambda: self.followed_up is not None, timeout=path.last_call - workflow.now())
        followed_up = self.followed_up or path.last_call
        due = path.give_up(followed_up)
        asked = {"FollowUps": 1} if self.followed_up else {}
        self._show(Stage="awaiting_reply", NextStep="ghosted", NextDueAt=due, **asked)
        await self._until(due)
        given_up = self._say("ghosted")
        await self._tell(o, names.Meaning(outcome="ghosted"), given_up)
        self._show(Stage="closed", Outcome="ghosted", NextStep=None, NextDueAt=None, SilenceDays=(given_up - t).days)
        await self._send(path.ghosted(given_up, due, followed_up))
        await workflow.sleep(LISTENS, summary="next step")
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

    async def _send(self, notice: names.Notice) -> None:
        chosen = workflow.now()
        await workflow.execute_activity(
            names.SEND_NOTICE, names.NoticeRequest(notice=notice), result_type=names.Delivery, task_queue=NOTICES, summary=notice.intent,
            retry_policy=AT_MOST_ONCE, start_to_close_timeout=timedelta(seconds=40), heartbeat_timeout=timedelta(seconds=30))  # fmt: skip
        self._say("prompted", chosen)
