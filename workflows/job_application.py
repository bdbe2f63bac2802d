"""JobApplication: the mailbox and the one timer around the pure core.

It hears facts, sleeps until the next step, performs it, and notes that as a fact. What is due, when and why is decided by `guide`.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from workflows.application import Application, objection
    from workflows.facts import (
        Calendar,
        LetterDelivered,
        LetterUndeliverable,
        Opened,
        Prompted,
        Receipt,
        Skipped,
        Undeliverable,
        Unread,
        Word,
    )
    from workflows.guide import every_step
    from workflows.guide.turn import turn
    from workflows.mailbox import Alarm, Mailbox, Rules
    from workflows.names import (
        ANNOUNCE,
        BOOLS,
        DATETIMES,
        FORWARD_FACTS,
        HEARD,
        INTS,
        KEYWORDS,
        LOOK_UP_HOLIDAYS,
        RECORD,
        TELL_CANDIDATE,
        VIEW,
        WORKFLOW,
        AnnounceRequest,
        ApprovedLetter,
        ForwardRequest,
        HolidayRequest,
        Meaning,
        TellRequest,
    )
    from workflows.notice import message
    from workflows.outbox import Outbox
    from workflows.shown import Shown
    from workflows.view import counted, details, index, meaning, view

LOCAL = timedelta(seconds=10)
TELLS = 2
"""From this version of the rules on its candidate is told. Older runs are asked by a marker, which costs each of them two events."""
UPCOMING = ("NextStep", "NextDueAt")
"""What a message on its way changes alone is written when it is noted, so that one message costs one upsert and not two."""
RULES = Rules(
    word=Word,
    objection=objection,
    read=lambda app: every_step(app.story),
    unread=lambda raw, reason: Unread(raw=raw, reason=reason),
)


@workflow.defn(name=WORKFLOW)
class JobApplication:
    """One application of one candidate, from the first word to the end of listening. Returns its facts, for late word to resume from."""

    @workflow.init
    def __init__(self, carried: Application | None = None) -> None:
        self.box = Mailbox(RULES, carried or Application(id=workflow.info().workflow_id.removeprefix("application/")))
        self.out = Outbox(self.box, turn, message)
        self.alarm = Alarm(self.box)
        self.forwarded = 0
        self.told = Meaning()
        self.announced = self.box.ledger.revision
        self.shown = Shown((*KEYWORDS, *DATETIMES, *INTS, *BOOLS))
        self.asked: object = None
        """The days that were last looked up: what a library does not know it does not know a second time."""

    @workflow.run
    async def run(self, carried: Application | None = None) -> Application:
        try:
            return await self._until_it_ends()
        except asyncio.CancelledError:  # an operator closes it: silently, and nothing is left on its way that nobody would know of
            await self.out.recall()
            raise

    async def _until_it_ends(self) -> Application:
        box = self.box
        while True:
            await self._look_up_days()
            now = box.now()
            plan = self.out.settle(now)
            self.out.send(plan, now)
            await self._forward()
            await self._tell_candidate()
            await self._announce()
            self._publish()
            ends = max(plan.ends, box.stay) if plan.ends else None
            if not self.out.sending and not box.news:  # nothing is in flight: the only moments at which a run may end
                if ends and ends <= now:
                    box.note(*plan.last, at=now)
                    await self._announce()
                    return box.ledger.at(now)
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(box.ledger.at(now))
            self.alarm.set(min((t for t in (plan.next, ends) if t and t > now), default=None))
            await self.alarm.rings()

    @workflow.update(
        name=RECORD,
        description='Facts, kept all or none; answers how many are known then. {"facts": [{"type": "employer_replied"}], "by": "platform"}',
    )
    def record(self, word: Word) -> Receipt:
        return self.box.hear(word)

    @record.validator
    def _refuse(self, word: Word) -> None:
        self.box.refuse(word)

    @workflow.signal(
        name=HEARD,
        description='Facts from those who need no answer; never refused. {"facts": [{"type": "paused"}], "by": "platform"}',
    )
    def heard(self, *words: Any) -> None:  # untyped: neither a wrong shape nor a wrong count may poison the run
        for said in words:
            self.box.take(said)

    @workflow.query(name=VIEW, description="The application as its first `revision` facts make it; by default all. Example: 4")
    def view(self, revision: int | None = None) -> dict[str, Any]:
        return view(self.box.ledger, revision)

    def note_bug(self) -> None:
        """A handler failed where it must not: shown to the operator, and nothing else changes."""
        self.box.note_bug()

    async def _look_up_days(self) -> None:
        """The façade says the days that do not count with the opening; only a run without them asks."""
        box = self.box
        wanted = box.ledger.story.calendar_wanted()
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
                box.bug = True  # weekends count out all the same, and an operator sees it
            else:
                box.note(days, at=box.now())

    async def _forward(self) -> None:
        """A run that stands for a board's id hands over what it knows, and passes on what it hears. Known ids change nothing there.

        What it prompted itself, where the board had opened it, is handed over too, so that it is not prompted again.
        """
        app = self.box.ledger
        said = app.facts[self.forwarded :]
        leaving = any(isinstance(sent.message, ApprovedLetter) for sent in self.out.sending.values())  # its approval goes with its end
        if (to := app.story.linked) and said and not leaving:
            self.forwarded = app.revision
            told = [f for f in said if f.by != "process" and not isinstance(f, Opened)]
            done = [f for f in said if isinstance(f, Prompted | Skipped | Undeliverable | LetterDelivered | LetterUndeliverable)]
            if facts := (*told, *(f.model_copy(update={"id": f"{app.id}:{f.id}"}) for f in done)):
                await workflow.execute_activity(
                    FORWARD_FACTS,
                    ForwardRequest(to=to, facts=facts),
                    start_to_close_timeout=timedelta(seconds=30),
                    retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
                    summary=f"to {to}",
                )

    async def _tell_candidate(self) -> None:
        """What this application means for the candidate's others. One that nobody opened, or that stands for another, means nothing."""
        story, now = self.box.ledger.story, self.box.now()
        means = meaning(story)
        if means == self.told or not story.opened or not story.candidate or story.linked:
            return
        if story.opened.rules < TELLS and not workflow.patched("candidate-told"):
            return
        request = TellRequest(candidate=story.candidate.id, application=self.box.ledger.id, meaning=means, at=now)
        try:
            await workflow.execute_local_activity(
                TELL_CANDIDATE, request, schedule_to_close_timeout=LOCAL, summary="what it means for the others"
            )
        except ActivityError:
            workflow.logger.exception("the candidate's other applications could not be told")
            self.box.bug = True  # told with the next change, and an operator sees it
        else:
            self.told = means

    async def _announce(self) -> None:
        """The platform's endpoints are told that there are new facts: what is sent, and when, is not this run's affair."""
        box, opened = self.box, self.box.ledger.story.opened
        if opened is None or not opened.announced or self.announced >= (revision := box.ledger.revision):
            return
        request = AnnounceRequest(application=box.ledger.id, after=self.announced, revision=revision)
        try:
            await workflow.execute_local_activity(ANNOUNCE, request, schedule_to_close_timeout=LOCAL, summary="new facts")
        except ActivityError:
            workflow.logger.exception("new facts could not be announced")
            box.bug = True  # announced with the next ones, and an operator sees it
        else:
            self.announced = revision

    def _publish(self) -> None:
        app, sending = self.box.ledger, self.out.sending
        attention = "bug" if self.box.bug else "send-failing" if self.out.failing(self.box.now()) else None
        self.shown.show(index(app, attention, sending), later=UPCOMING if sending else (), aside=counted(app))
        workflow.set_current_details(details(app))
