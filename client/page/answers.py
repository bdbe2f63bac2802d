"""What the page answers: that something was recorded, that a link does nothing, and why. Pure words."""

from __future__ import annotations

from collections.abc import Mapping

from client.page.talk import Line, Talk


def confirmed(what: str, talk: Talk) -> Line | None:
    """What was recorded by a form of the page; None for what is no form."""
    _ = talk.words.gettext
    known: Mapping[str, str] = {
        "sent": _("Recorded: you have sent it."),
        "edit": _("Your letter is on its way: it leaves once, in the employer's office hours."),
        "answered": _("Recorded: they answered."),
        "date": _("Recorded: the date that they named."),
        "offer": _("Recorded: you have an offer."),
        "rejected": _("Recorded: they decided for somebody else."),
        "next-round": _("Recorded: they invited you again."),
        "snooze": _("You will be reminded then."),
        "stop": _("Recorded. There will be no more messages about it."),
        "pause": _("Messages about it rest now."),
        "resume": _("Messages about it go on."),
        "withdraw": _("Recorded: you withdrew."),
        "accept": _("Recorded: you accepted the offer."),
        "decline": _("Recorded: you declined the offer."),
        "waive": _("Recorded: no thank-you for this one."),
        "reflect": _("Your notes are kept."),
        "undo": _("It counts as never said."),
        "preferences": _("Kept: that is how we write to you from now on."),
        "unsubscribe": _("You will get no more messages of this kind."),
    }
    return Line(known[what]) if what in known else None


def forged(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return (
        _("This link does not work"),
        Line(_("It is not one of ours, or a part of it is missing.")),
        Line(_("Open it from the message once more, or copy all of it.")),
    )


def expired(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return _("This link has ended"), Line(_("Links work for some weeks.")), Line(_("The latest message has new ones."))


def erased(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return _("Nothing is kept here any more"), Line(_("What this link was about has been erased.")), Line(_("There is nothing left to do."))


def unavailable(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return (
        _("Not just now"),
        Line(_("The service did not answer in time.")),
        Line(_("Please try again in a moment; repeating does no harm.")),
    )


def unreadable(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return _("This could not be read"), Line(_("Nothing was recorded.")), Line(_("Open the link once more, and use its form."))


def done(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return (
        _("This was recorded already"),
        Line(_("This link works once, and it was used.")),
        Line(_("To undo it, or to say something else, open the page of all your applications from the message.")),
    )


def recorded(talk: Talk) -> str:
    return talk.words.gettext("Recorded")


def recorded_next(talk: Talk) -> Line:
    return Line(
        talk.words.gettext(
            "You can undo it on the page of all your applications, which is linked in every message. You may close this page now."
        )
    )


def subscribed_again(talk: Talk) -> Line:
    return Line(talk.words.gettext("On the page of all your applications you can change that at any time."))


def pointless(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return (
        _("Nothing to do here any more"),
        Line(_("Something has happened since this message was sent, and this no longer fits.")),
        Line(_("The page of all your applications, linked in every message, shows how things stand.")),
    )


def coach_agreed(name: str, talk: Talk) -> tuple[Line, Line]:
    _ = talk.words.gettext
    return (
        Line(_("{name} now sees where your applications stand, and nothing else."), {"name": name}),
        Line(_("You can end it whenever you like: by the same link, or on the page of all your applications.")),
    )


def coach_ended(name: str, talk: Talk) -> tuple[Line]:
    return (Line(talk.words.gettext("{name} sees nothing of your applications any more."), {"name": name}),)


def consent_over(talk: Talk) -> tuple[str, Line]:
    _ = talk.words.gettext
    return _("Nothing to do here any more"), Line(_("Nobody sees your applications by this link, and nobody asks to."))


def not_recorded(talk: Talk) -> str:
    return talk.words.gettext("Nothing was recorded")


def unknown(talk: Talk) -> tuple[str, Line, Line]:
    _ = talk.words.gettext
    return (
        _("Nothing was found here"),
        Line(_("What this link was about is not known here any more.")),
        Line(_("The latest message has links that work.")),
    )


def too_alike(talk: Talk) -> str:
    return talk.words.gettext(
        "This says nearly the same as your letter to somebody else there, and people compare. Change a sentence, or send it all the same."
    )


def all_the_same(talk: Talk) -> str:
    return talk.words.gettext("Send it all the same")
