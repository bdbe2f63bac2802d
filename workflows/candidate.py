"""Candidate: the mailbox and the one timer around a person, across applications.

It keeps profile and preferences and lets the open applications know, gathers what can wait into the morning digest, and says what one
application means for the others. It does nothing, and has no timer, while there is nothing to say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.facts import Prompted, Receipt, Undeliverable
    from workflows.ledger import digest
    from workflows.mailbox import Alarm, Mailbox, Rules
    from workflows.names import (
        CANDIDATE,
        FACTS,
        FORWARD_FACTS,
        HEARD,
        PUSH_PROFILE,
        RECORD,
        VIEW,
        ForwardRequest,
        PushRequest,
    )
    from workflows.outbox import Outbox
    from workflows.person import Person, objection
    from workflows.person import facts as said
    from workflows.person.agenda import every_step, message, turn
    from workflows.person.view import details, index, view
    from workflows.shown import Shown

INDEX = ("CandidateId", "NextStep", "Attention", "Coaches", "NextDueAt")
RULES = Rules(word=said.PersonWord, objection=objection, read=every_step, unread=lambda raw, why: said.Unread(raw=raw, reason=why))
ATTEMPT = timedelta(seconds=60)
PATIENT = RetryPolicy(maximum_interval=timedelta(minutes=5))


@workflow.defn(name=CANDIDATE)
class Candidate:
    """One candidate across applications. It does not end by itself; its history is bounded by going on as new."""

    @workflow.init
    def __init__(self, carried: Person | None = None) -> None:
        self.box = Mailbox(RULES, carried or Person(id=workflow.info().workflow_id.removeprefix("candidate/")))
        self.out = Outbox(self.box, turn, message)
        self.alarm = Alarm(self.box)
        self.told_back = 0
        self.shown = Shown(INDEX)

    @workflow.run
    async def run(self, carried: Person | None = None) -> None:
        box = self.box
        while True:
            now = box.now()
            plan = self.out.settle(now)
            self.out.send(plan, now)
            await self._push()
            await self._tell_back()
            self._publish()
            if not self.out.sending and not box.news and workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(box.ledger.kept().at(now))
            self.alarm.set(plan.next)
            await self.alarm.rings()

    @workflow.update(
        name=RECORD,
        description='Facts, kept all or none. {"facts": [{"type": "profile_changed", "change": {"language": "de"}}], "by": "platform"}',
    )
    def record(self, word: said.PersonWord) -> Receipt:
        return self.box.hear(word)

    @record.validator
    def _refuse(self, word: said.PersonWord) -> None:
        self.box.refuse(word)

    @workflow.signal(
        name=HEARD,
        description='Facts from those who need no answer. {"facts": [{"type": "application_begun", "application": "app-1"}]}',
    )
    def heard(self, *words: Any) -> None:  # untyped: neither a wrong shape nor a wrong count may poison the run
        for one in words:
            self.box.take(one)

    @workflow.query(name=VIEW, description="Profile, preferences, applications, what waits and what is ahead.")
    def view(self) -> dict[str, Any]:
        return view(self.box.ledger)

    @workflow.query(name=FACTS, description="Everything that was said across applications, private text included.")
    def facts(self) -> list[dict[str, Any]]:
        return [fact.model_dump(mode="json", by_alias=True, exclude_unset=True) for fact in self.box.ledger.facts]

    def note_bug(self) -> None:
        """A handler failed where it must not: shown to the operator, and nothing else changes."""
        self.box.note_bug()

    async def _push(self) -> None:
        """Every open application knows the profile as it is. Repeating is harmless there."""
        life = self.box.ledger.life
        if life.profile and (behind := life.behind(self.box.now())):
            request = PushRequest(candidate=life.profile, digest=life.profile_digest, applications=behind)
            await workflow.execute_activity(
                PUSH_PROFILE, request, start_to_close_timeout=ATTEMPT, retry_policy=PATIENT, summary=f"to {len(behind)} applications"
            )
            self.box.note(said.Pushed(digest=request.digest, applications=behind), at=self.box.now())

    async def _tell_back(self) -> None:
        """What was handed over by an application and did not certainly arrive, the application learns."""
        person = self.box.ledger
        facts, self.told_back = person.facts[self.told_back :], person.revision
        notices = {d.notice.key: d.notice for d in person.life.deferred}
        for fact in facts:
            lost = isinstance(fact, said.Undeliverable)
            if not (lost or (isinstance(fact, said.Prompted) and fact.uncertain)):
                continue
            for notice in (notices[key] for key in fact.keys if key in notices):
                name = f"{person.id}:{digest(f'{fact.id} {notice.key}')}"
                told = tuple(
                    Undeliverable(id=f"{name}.{n}", by="process", at=fact.at, intent=intent, reason=fact.reason)
                    if isinstance(fact, said.Undeliverable)
                    else Prompted(id=f"{name}.{n}", by="process", at=fact.at, intent=intent, uncertain=True)
                    for n, intent in enumerate(notice.intents)
                )
                await workflow.execute_activity(
                    FORWARD_FACTS,
                    ForwardRequest(to=notice.application, facts=told),
                    start_to_close_timeout=ATTEMPT,
                    retry_policy=PATIENT,
                    summary=f"to {notice.application}",
                )

    def _publish(self) -> None:
        person = self.box.ledger
        attention = "bug" if self.box.bug else "send-failing" if self.out.failing(self.box.now()) else None
        self.shown.show(index(person, attention))
        workflow.set_current_details(details(person))
