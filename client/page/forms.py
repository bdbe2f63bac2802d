"""What a candidate can say by a form: its fields, and the sentence about exactly what will be recorded. Pure; says nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from activities.letters.languages import Words
from client.page.talk import Line, Talk
from workflows.application.interviews import Interview
from workflows.facts import CATEGORIES, Preferences
from workflows.guide import Step

Kind = Literal["date", "time", "line", "text", "letter", "number", "choice", "select", "check", "checks"]
LONGEST_LINE: Final = 400
LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    kind: Kind = "line"
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """Values and labels."""
    value: str = ""
    """Of `checks`: those that are on, joined by blanks; of a `check`, `on` or nothing."""
    first: str = ""
    """The earliest date, the smallest number."""
    error: str = ""

    @property
    def longest(self) -> int:
        return LONGEST_TEXT if self.kind in ("text", "letter") else LONGEST_LINE


@dataclass(frozen=True)
class Form:
    """`what` it says, of which application, `about` which letter, interview, step or fact."""

    what: str
    title: str
    says: Line
    button: str
    fields: tuple[Field, ...] = ()
    about: str = ""
    application: str = ""
    error: str = ""
    """Why it was not done, as a whole."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.what, self.application, self.about

    @property
    def wrong(self) -> bool:
        return bool(self.error or any(field.error for field in self.fields))

    def of(self, application: str) -> Form:
        return replace(self, application=application)

    def again(self, said: Mapping[str, str], errors: Mapping[str, str], error: str = "") -> Form:
        """The form as it was sent, with what is wrong beside each field: nothing that was typed is lost."""
        return replace(self, error=error, fields=tuple(_again(field, said, errors.get(field.name, "")) for field in self.fields))


def _again(field: Field, said: Mapping[str, str], error: str) -> Field:
    return replace(field, value=said.get(field.name, ""), error=error)


def sent(talk: Talk, letter: str, subject: str = "", person: str = "") -> Form:
    _ = talk.words.gettext
    if not subject:
        says = Line(_("It will be recorded that you have sent this letter."))
    elif person:
        says = Line(_("It will be recorded that you have sent “{subject}” to {person}."), {"subject": subject, "person": person})
    else:
        says = Line(_("It will be recorded that you have sent “{subject}”."), {"subject": subject})
    return Form("sent", _("I have sent it"), says, _("Yes, I have sent it"), about=letter)


def edited(talk: Talk, letter: str, subject: str, body: str, person: str = "") -> Form:
    _ = talk.words.gettext
    says = Line(_("It leaves once, under your name, in the employer's office hours; the answer comes to you."))
    if person:
        text = _("It leaves once, under your name, to {person}, in the employer's office hours; the answer comes to you.")
        says = Line(text, {"person": person})
    fields = (
        Field("subject", _("Subject"), required=True, value=subject),
        Field("body", _("Letter"), "letter", required=True, value=body, hint=_("Fill in or remove everything in [brackets].")),
    )
    return Form("edit", _("Edit it, and have it sent for me"), says, _("Send it for me"), fields, letter)


def answered(talk: Talk) -> Form:
    _ = talk.words.gettext
    return Form(
        "answered",
        _("They answered"),
        Line(_("It will be recorded that the employer answered today. The waiting begins anew.")),
        _("Record the answer"),
        (_day(talk, "respond_by", _("By when will they decide? (if they said so)")),),
    )


def date_named(talk: Talk) -> Form:
    _ = talk.words.gettext
    return Form(
        "date",
        _("They named a date"),
        Line(_("It will be recorded by when they mean to answer. Nobody asks before that date has passed.")),
        _("Record the date"),
        (_day(talk, "respond_by", _("They will answer by"), required=True),),
    )


def offered(talk: Talk) -> Form:
    _ = talk.words.gettext
    written = (("yes", _("Yes, in writing")), ("no", _("No, spoken so far")))
    return Form(
        "offer",
        _("An offer"),
        Line(_("It will be recorded that you have an offer.")),
        _("Record the offer"),
        (
            Field("in_writing", _("Is it in writing?"), "choice", required=True, choices=written),
            _day(talk, "decide_by", _("They want an answer by (if they said so)")),
            _day(talk, "starts_on", _("The work would start on (if they said so)")),
        ),
    )


def rejected(talk: Talk) -> Form:
    _ = talk.words.gettext
    says = Line(_("It will be recorded that they decided for somebody else. It is all right to be disappointed."))
    return Form(
        "rejected", _("A rejection"), says, _("Record the rejection"), (Field("feedback", _("What they wrote (if you like)"), "text"),)
    )


def invited(talk: Talk) -> Form:
    _ = talk.words.gettext
    fields = (Field("kind", _("What will it be? (if they said so)")), Field("with", _("With whom? (if they said so)")))
    return Form("next-round", _("The next round"), Line(_("It will be recorded that they invited you again.")), _("Record it"), fields)


def put_off(talk: Talk, step: Step) -> Form:
    _ = talk.words.gettext
    says = Line(_("Next comes: {action}, {when}."), {"action": _(step.action), "when": talk.moment(step.due)})
    hint = _("It comes that day in the morning, but never when it would be too late to help you.")
    day = replace(_day(talk, "until", _("Remind me on"), required=True), hint=hint)
    return Form("snooze", _("Remind me later"), says, _("Remind me then"), (day,), step.intent)


def stopped(talk: Talk) -> Form:
    _ = talk.words.gettext
    choices = (("pause", _("Only stop the messages about it; I go on by myself")), ("withdrawn", _("I have withdrawn my application")))
    return Form(
        "stop",
        _("Stop this"),
        Line(_("There will be no more messages about this application.")),
        _("Stop"),
        (Field("how", _("What has happened?"), "choice", required=True, choices=choices),),
    )


def withdrew(talk: Talk) -> Form:
    _ = talk.words.gettext
    says = Line(_("It will be recorded that you withdrew. A courteous note to them will be drafted."))
    return Form("withdraw", _("I have withdrawn"), says, _("Record that I withdrew"))


def paused(talk: Talk) -> Form:
    _ = talk.words.gettext
    until = replace(_day(talk, "until", _("Until (if you know)")), hint=_("Without a date it rests until you go on."))
    return Form("pause", _("Pause"), Line(_("Messages about it rest; an employer's own deadline is still told.")), _("Pause"), (until,))


def resumed(talk: Talk) -> Form:
    _ = talk.words.gettext
    return Form("resume", _("Go on"), Line(_("Messages about it rest now.")), _("Go on"))


def accepted(talk: Talk, offer: str) -> Form:
    _ = talk.words.gettext
    return Form("accept", _("I accepted the offer"), Line(_("It will be recorded that you accepted.")), _("I accepted it"), about=offer)


def declined(talk: Talk, offer: str) -> Form:
    _ = talk.words.gettext
    return Form("decline", _("I declined the offer"), Line(_("It will be recorded that you declined.")), _("I declined it"), about=offer)


def waived(talk: Talk, interview: Interview) -> Form:
    _ = talk.words.gettext
    says = Line(_("It will be recorded that you send no further thank-you for this interview."))
    return Form("waive", _("No thank-you"), says, _("No thank-you for this one"), about=interview.id)


def reflected(talk: Talk, interview: Interview) -> Form:
    _ = talk.words.gettext
    points = tuple(
        Field(
            f"point.{person.id}",
            _("One specific point of your talk with {name}", name=person.name),
            value=interview.points.get(person.id, ""),
        )
        for person in interview.interviewers
    )
    return Form(
        "reflect",
        _("Notes for yourself"),
        Line(_("Only you read them; a specific point stands in your thank-you letter. What you write is added to what you wrote before.")),
        _("Keep my notes"),
        (
            *(replace(point, kind="text") for point in points),
            Field("questions", _("What did they ask?"), "text"),
            Field("answers", _("What did you answer?"), "text"),
            Field("takeaways", _("What did you learn about the work and the people?"), "text"),
        ),
        interview.id,
    )


def undone(talk: Talk, fact: str) -> Form:
    _ = talk.words.gettext
    return Form("undo", _("Undo"), Line(_("It counts as never said.")), _("Undo"), about=fact)


def categories(words: Words) -> dict[str, str]:
    """What a candidate can be unsubscribed from, in their words."""
    _ = words.gettext
    named = {
        "thanks": _("Thank-you letters after an interview"),
        "waiting": _("What to expect while you wait"),
        "follow-up": _("When to ask for news"),
        "offers": _("Offers and their deadlines"),
        "next-round": _("Invitations to a next round"),
        "outcomes": _("How to go on after the end"),
        "keep-going": _("The weekly note"),
    }
    return {category: named[category] for category in CATEGORIES}


def unsubscribed(talk: Talk, left: str) -> Form:
    _ = talk.words.gettext
    known = categories(talk.words)
    names = talk.words.listed(f"“{known[one]}”" for one in left.split() if one in known)
    says = Line(_("You will get no more messages of this kind: {kinds}. Everything else goes on."), {"kinds": names})
    return Form("unsubscribe", _("No more messages of this kind"), says, _("Stop these messages"), about=left)


def preferred(talk: Talk, now: Preferences, language: str, waking: tuple[str, str], languages: tuple[tuple[str, str], ...]) -> Form:
    _ = talk.words.gettext
    return Form(
        "preferences",
        _("How you want to be written to"),
        Line(_("It counts for all your applications.")),
        _("Keep this"),
        (
            Field("language", _("Language"), "select", required=True, choices=languages, value=language),
            Field("waking_start", _("Messages may come from"), "time", required=True, value=waking[0]),
            Field("waking_end", _("until"), "time", required=True, value=waking[1]),
            _check("digest", _("What can wait comes together, once in the morning"), on=now.digest),
            _check("weekends", _("What can wait may come at weekends"), on=now.weekends),
            Field(
                "daily_limit",
                _("At most so many messages a day that can wait (empty: no limit)"),
                "number",
                value=str(now.daily_limit or ""),
                first="1",
            ),
            Field(
                "unsubscribed",
                _("No messages about"),
                "checks",
                choices=tuple(categories(talk.words).items()),
                value=" ".join(now.unsubscribed),
            ),
        ),
    )


def _check(name: str, label: str, *, on: bool) -> Field:
    return Field(name, label, "check", value="on" if on else "")


def _day(talk: Talk, name: str, label: str, *, required: bool = False) -> Field:
    return Field(name, label, "date", required=required, first=talk.today.isoformat())
