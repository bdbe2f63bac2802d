"""A notice: all that the message about a step may say. It is read from the facts, and says nothing that they do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, takewhile

from workflows.application import Application
from workflows.application.approvals import THANKS, Approval, recipient
from workflows.application.interviews import Interview
from workflows.application.offers import Offer
from workflows.application.story import Story
from workflows.facts import Contact
from workflows.guide import Step, agenda, stage
from workflows.guide.letters import Leaving
from workflows.guide.outstanding import outstanding
from workflows.guide.steps import CAN_WAIT
from workflows.guide.waiting import dates
from workflows.names import Addressee, ApprovedLetter, Message, Notice, OfferTerms, Other, Standing
from workflows.sentences import english
from workflows.view import connection


def message(app: Application, step: Step) -> Message:
    """What leaves when the step is performed: a message to the candidate, or a letter of theirs."""
    return _letter(app, step.approval) if isinstance(step, Leaving) and step.approval else notice(app, step)


def _letter(app: Application, approval: Approval) -> ApprovedLetter:
    story = app.story
    who = story.candidate
    return ApprovedLetter(
        application=app.id,
        letter=approval.letter,
        key=f"{app.id} {approval.letter} {approval.fact.id}",
        whose=who.id if who else None,
        connection=connection(app),
        to=recipient(story, approval) or Contact(),
        candidate=Contact(name=who.name, email=who.email) if who else Contact(),
        subject=approval.fact.subject,
        body=approval.fact.body,
    )


def notice(app: Application, step: Step) -> Notice:
    """What the message about this step of an opened application may say."""
    story = app.story
    who, employer = story.candidate, story.employer
    if who is None or employer is None:
        raise ValueError("an application that nobody has opened has nobody to write to")
    visit = [i for kind, thing in (intent.split("/", 1) for intent in step.intents) if kind in THANKS and (i := story.interview(thing))]
    held = [i.ended_at for i in story.interviews.values() if i.held]
    silence = story.silence(projected=True)
    asked, last = dates(story, silence) if silence else (None, None)
    current = story.rounds[-1]
    outcome = story.outcome
    number = step.thing if step.kind.startswith("offer-") else str(outcome.offer) if outcome and outcome.offer else ""
    offer = next((o for o in story.offers if str(o.number) == number), None)
    return Notice(
        application=app.id,
        intent=step.intent,
        intents=step.intents,
        key=key(app, step),
        candidate=who.id,
        due=step.due,
        why=step.why,
        reason=None if english(who.language) else step.reason,
        connection=connection(app),
        to=Contact(name=who.name, email=who.email),
        channels=who.channels,
        language=who.language,
        timezone=who.timezone,
        employer_timezone=employer.timezone or who.timezone,
        employer=employer.name,
        contact=employer.contact if step.kind in THANKS else story.correspondent,
        position=story.position or "",
        skills=who.skills,
        people=tuple(chain.from_iterable(_people(story, i) for i in visit)),
        reflect=tuple(i.id for i in visit if not i.reflected),
        interviewed_at=max(held, default=None),
        quiet_since=silence.start if silence else None,
        promised=silence.promised if silence else None,
        follow_up_due=asked,
        last_call_due=last,
        follow_up_sent=bool(silence and silence.followed_up) or bool(outcome and outcome.name == "ghosted" and story.follow_ups),
        best_sent_at=_best(story, step),
        until=step.until,
        offer=_terms(story, offer) if offer else None,
        round=current.number,
        interview_starts_at=current.starts_at,
        round_kind=current.invitation.kind if current.invitation else None,
        round_with=current.invitation.with_whom if current.invitation else None,
        feedback=outcome.feedback if outcome else None,
        rejected_by=outcome.rejected_by if outcome else None,
        unaddressed=who.email is None or story.came_back,
        together=step.kind in CAN_WAIT and (who.preferences.digest or who.preferences.daily_limit is not None),
    )


def _people(story: Story, interview: Interview) -> list[Addressee]:
    contact = story.employer.contact if story.employer else None
    fallback = contact.email if contact else None
    before = sum(len(i.people) for i in takewhile(lambda i: i.id != interview.id, story.interviews.values()))
    return [
        Addressee(
            interview=interview.id,
            interviewer=person.id if person else None,
            name=person.name if person else contact.name if contact else None,
            email=(person.email if person else None) or fallback,
            role=person.role if person else None,
            point=interview.points.get(person.id) if person else None,
            ended_at=interview.ended_at,
            place=before + interview.people.index(person),
        )
        for person in interview.unthanked
    ]


def _best(story: Story, step: Step) -> datetime:
    """The employer's office hours; a thank-you rather within its hours than in theirs."""
    best = story.employer_clock.office(step.due)
    if step.kind in THANKS and best > step.since + timedelta(hours=story.policy.thank_you_due):
        return step.due
    return best


def _terms(story: Story, offer: Offer) -> OfferTerms:
    return OfferTerms(
        number=offer.number,
        in_writing=offer.written_at is not None,
        decide_by=offer.decide_by(story.employer_clock, story.policy),
        stated=offer.stated is not None,
        allows=story.policy.answer,
        asks_for_time=offer.stated is None and story.policy.answer <= 2,
        starts_on=offer.starts_on,
    )


def renewed(app: Application, said: Notice, now: datetime) -> Notice | None:
    """A message that waited, in today's words; None if it helps nobody any more. Its date and the reason for it are those that it had."""
    if said.until and now >= said.until:
        return None
    step = next((step for step, _ in outstanding(app) if key(app, step) == said.key), None)
    if step is None:
        return None
    return notice(app, step).model_copy(update={"due": said.due, "why": said.why, "reason": said.reason, "intents": said.intents})


def standing(app: Application) -> Standing | None:
    """Where an open application stands, for a message about several; None: it is not open, or stands for another."""
    story = app.story
    if story.opened is None or story.outcome or story.linked or story.employer is None:
        return None
    ahead = next((s for s in agenda(app) if not s.held), None)
    silence = story.silence(projected=True)
    deadlines = [(at, o) for o in story.open_offers if (at := o.decide_by(story.employer_clock, story.policy))]
    first = min(deadlines, key=lambda one: one[0], default=None)
    return Standing(
        application=app.id,
        employer=story.employer.name,
        position=story.position or "",
        stage=stage(app),
        next_action=ahead.action if ahead else None,
        next_due=ahead.due if ahead else None,
        quiet_since=silence.start if silence else None,
        decide_by=first[0] if first else None,
        offer=_terms(story, first[1]) if first else None,
        contact=story.correspondent,
        employer_timezone=story.employer.timezone,
    )


def other(app: Application) -> Other | None:
    """An open application as another one's acceptance sees it."""
    story = app.story
    if story.opened is None or story.outcome or story.linked or story.employer is None:
        return None
    return Other(
        application=app.id, employer=story.employer.name, position=story.position or "", contact=story.correspondent, round=story.round
    )


def key(app: Application, step: Step) -> str:
    """Identifies the message about a step for ever: application, intent and what it hangs on."""
    return f"{app.id} {step.intent} {step.since.isoformat()}"
