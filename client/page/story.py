"""An application's story: each fact as one plain sentence, latest last. Private notes are only said to exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from client.page.forms import Form, undone
from client.page.talk import Line, Talk
from workflows import facts as said
from workflows.application import Application
from workflows.application.approvals import Approval
from workflows.application.story import NO_LONGER_NEEDED, SUPERSEDED, TOO_LATE, UNSUBSCRIBED, Story
from workflows.facts import Fact
from workflows.guide.steps import ACTIONS


@dataclass(frozen=True)
class Told:
    """One sentence of the story."""

    at: datetime
    when: str
    line: Line
    by: str
    """Who said it, in the candidate's language; empty where it is the sentence's own subject."""
    uncertain: bool = False
    """A message or a letter that may or may not have left."""
    undo: Form | None = None
    """Only of what the candidate said."""


def story(app: Application, talk: Talk) -> tuple[Told, ...]:
    """What counts, in the order in which it happened."""
    found: list[Told] = []
    for fact in app.story.told:
        line = _line(fact, app.story, talk)
        if line is None or fact.at is None:
            continue
        uncertain = bool(getattr(fact, "uncertain", False))
        found.append(Told(fact.at, talk.moment(fact.at), line, _speaker(fact, talk), uncertain, _undo(fact, app, talk)))
    return tuple(sorted(found, key=lambda told: told.at))


def _undo(fact: Fact, app: Application, talk: Talk) -> Form | None:
    if fact.by != "candidate" or fact.id is None:
        return None
    approval = next((a for a in app.story.approvals if a.fact.id == fact.id), None)
    if isinstance(fact, said.LetterApproved) and (approval is None or approval.fate != "pending"):
        return None  # what has left has left
    return undone(talk, fact.id).of(app.id)


def _speaker(fact: Fact, talk: Talk) -> str:
    _ = talk.words.gettext
    by = fact.by or ""
    if by == "process":
        return ""
    if by == "candidate":
        return _("you said so")
    return _("the job board said so") if by.startswith("board:") else _("the platform said so")


def _line(fact: Fact, story: Story, talk: Talk) -> Line | None:
    """None: nothing that a person would want to read."""
    say = _SENTENCES.get(type(fact))
    return say(fact, story, talk) if say else None


def _interview(fact: Any, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    match fact:
        case said.InterviewHeld():
            return _with(fact, story, Line(_("You had an interview.")), _("You had an interview with {people}."), talk)
        case said.InterviewCancelled(by_whom="candidate"):
            return Line(_("You called an interview off."))
        case said.InterviewCancelled():
            return Line(_("They called an interview off."))
        case said.InterviewRescheduled():
            return Line(_("An interview was moved to {when}."), {"when": talk.moment(fact.starts_at)})
        case _:
            return Line(_("An interview was set for {when}."), {"when": talk.moment(fact.starts_at)})


def _with(fact: Any, story: Story, alone: Line, text: str, talk: Talk) -> Line:
    interview = story.interview(fact.interview)
    names = [person.name for person in interview.interviewers] if interview else []
    return Line(text, {"people": talk.words.listed(names)}) if names else alone


def _thanked(fact: Any, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    interview = story.interview(fact.interview)
    person = next((one for one in (interview.interviewers if interview else ()) if one.id == fact.interviewer), None)
    if isinstance(fact, said.ThankYouWaived):
        return Line(_("You send no thank-you to {person}."), {"person": person.name}) if person else Line(_("You send no thank-you."))
    return Line(_("You thanked {person}."), {"person": person.name}) if person else Line(_("You thanked your interviewers."))


def _reflected(fact: said.ReflectionNoted, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("You kept private notes about an interview."))


def _timeline(fact: said.TimelineStated, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("They mean to answer by {day}."), {"day": talk.day(fact.respond_by)})


def _followed_up(fact: said.FollowUpSent, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("You asked them for news."))


def _replied(fact: said.EmployerReplied, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    if fact.respond_by:
        return Line(_("They answered, and mean to decide by {day}."), {"day": talk.day(fact.respond_by)})
    return Line(_("They answered."))


def _away(fact: said.EmployerAway, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("They are out of the office until {day}."), {"day": talk.day(fact.until)})


def _hiring(fact: said.HiringStep, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    steps = {
        "debrief": _("The hiring team talks about the interviews."),
        "shortlist": _("They are making a shortlist."),
        "reference_check": _("They are checking references."),
        "approval": _("They are waiting for an approval."),
    }
    return Line(steps[fact.step])


def _invited(fact: said.NextRoundInvited, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("They invited you to the next round."))


def _offered(fact: said.OfferReceived, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    if fact.decide_by is None:
        return Line(_("You have a written offer.") if fact.in_writing else _("You have an offer, not yet in writing."))
    day = {"day": talk.day(fact.decide_by)}
    return Line(
        _("You have a written offer, to be answered by {day}.")
        if fact.in_writing
        else _("You have an offer, not yet in writing, to be answered by {day}."),
        day,
    )


def _offer_ended(fact: Any, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    ends = {
        "offer_accepted": _("You accepted the offer."),
        "offer_declined": _("You declined the offer."),
        "offer_withdrawn": _("They withdrew the offer."),
        "offer_lapsed": _("The offer lapsed: its deadline has passed."),
    }
    return Line(ends[fact.type])


def _rejected(fact: said.Rejected, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    if fact.by_whom == "employer":
        return Line(_("They decided for somebody else."))
    return Line(_("The application came to an end."))


def _withdrawn(fact: said.Withdrawn, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("You withdrew your application."))


def _changed(fact: said.DetailsChanged, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("Details of the application were changed."))


def _profile(fact: said.CandidateChanged, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("Your profile or preferences were changed."))


def _paused(fact: said.Paused, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    return Line(_("Messages rest until {day}."), {"day": talk.day(fact.until)}) if fact.until else Line(_("Messages rest."))


def _resumed(fact: said.Resumed, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("Messages go on."))


def _action(intent: str, talk: Talk) -> str:
    kind = intent.partition("/")[0]
    return talk.words.gettext(ACTIONS.get(kind, kind))


def _snoozed(fact: said.Snoozed, story: Story, talk: Talk) -> Line:
    text = talk.words.gettext("You put off until {day}: {action}.")
    return Line(text, {"day": talk.day(fact.until), "action": _action(fact.intent, talk)})


def _bounced(fact: said.Bounced, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("A message to you came back: {action}."), {"action": _action(fact.intent, talk)})


def _taken_back(fact: said.Retracted, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("Something that was said was taken back."))


def _letter(fact: said.LetterSent, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("You sent a letter: {action}."), {"action": _action(fact.letter, talk)})


def _approved(fact: said.LetterApproved, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("You had a letter sent for you: “{subject}”."), {"subject": fact.subject})


def _opened(fact: said.Opened, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("The application was registered here."))


def _prompted(fact: said.Prompted, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    action = {"action": _action(fact.intent, talk)}
    if fact.uncertain:
        return Line(_("We may have written to you: {action}. Whether it arrived is not known, and it is not sent again."), action)
    return Line(_("We wrote to you: {action}."), action)


def _skipped(fact: said.Skipped, story: Story, talk: Talk) -> Line | None:
    _ = talk.words.gettext
    reasons = {TOO_LATE: _("it was too late"), UNSUBSCRIBED: _("you want no messages of this kind")}
    if fact.reason in (SUPERSEDED, NO_LONGER_NEEDED) or fact.reason not in reasons:
        return None
    return Line(_("We did not write to you: {action}; {reason}."), {"action": _action(fact.intent, talk), "reason": reasons[fact.reason]})


def _undeliverable(fact: said.Undeliverable, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("We could not reach you: {action}."), {"action": _action(fact.intent, talk)})


def _delivered(fact: said.LetterDelivered, story: Story, talk: Talk) -> Line:
    _ = talk.words.gettext
    subject = {"subject": _subject(fact, story)}
    if fact.uncertain:
        return Line(_("Your letter “{subject}” may have been sent. Whether it was is not known, and it is not sent again."), subject)
    return Line(_("Your letter “{subject}” was sent."), subject)


def _returned(fact: said.LetterUndeliverable, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("Your letter “{subject}” was not sent."), {"subject": _subject(fact, story)})


def _subject(fact: said.LetterDelivered | said.LetterUndeliverable, story: Story) -> str:
    approval: Approval | None = next((a for a in story.approvals if a.fact.id == fact.approval), None)
    return approval.fact.subject if approval else ""


def _lapsed(fact: said.ThankYouLapsed, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("The time for thank-yous passed."))


def _ghosted(fact: said.Ghosted, story: Story, talk: Talk) -> Line:
    return Line(talk.words.gettext("No answer came: it counts as ended, until they write after all."))


_SENTENCES: Final[dict[type[Any], Callable[[Any, Story, Talk], Line | None]]] = {
    said.Opened: _opened,
    said.InterviewScheduled: _interview,
    said.InterviewRescheduled: _interview,
    said.InterviewCancelled: _interview,
    said.InterviewHeld: _interview,
    said.ReflectionNoted: _reflected,
    said.ThankYouSent: _thanked,
    said.ThankYouWaived: _thanked,
    said.TimelineStated: _timeline,
    said.FollowUpSent: _followed_up,
    said.EmployerReplied: _replied,
    said.EmployerAway: _away,
    said.HiringStep: _hiring,
    said.NextRoundInvited: _invited,
    said.OfferReceived: _offered,
    said.OfferAccepted: _offer_ended,
    said.OfferDeclined: _offer_ended,
    said.OfferWithdrawn: _offer_ended,
    said.OfferLapsed: _offer_ended,
    said.Rejected: _rejected,
    said.Withdrawn: _withdrawn,
    said.DetailsChanged: _changed,
    said.CandidateChanged: _profile,
    said.Paused: _paused,
    said.Resumed: _resumed,
    said.Snoozed: _snoozed,
    said.Bounced: _bounced,
    said.Retracted: _taken_back,
    said.LetterSent: _letter,
    said.LetterApproved: _approved,
    said.Prompted: _prompted,
    said.Skipped: _skipped,
    said.Undeliverable: _undeliverable,
    said.LetterDelivered: _delivered,
    said.LetterUndeliverable: _returned,
    said.ThankYouLapsed: _lapsed,
    said.Ghosted: _ghosted,
}
"""Facts that are of no interest to a person (the pinned calendar, links between ids, what could not be read) have no sentence."""
