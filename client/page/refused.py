"""Why something was not done, in plain words of the candidate's language, and what to do next."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from client.page.talk import Line, Talk
from client.refusals import NotDone

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d\d:\d\d", re.ASCII)


def refused(error: NotDone, talk: Talk) -> tuple[Line, Line]:
    """The reason, and the advice."""
    _ = talk.words.gettext
    again = Line(_("Nothing was recorded. If something else has happened, say that instead, on your page."))
    match error.slug:
        case "application-closed":
            return Line(_("This application has come to its end, and this no longer changes anything.")), again
        case "follow-up-already-sent":
            return Line(_("You have asked once in this silence already. A second time rarely helps.")), Line(
                _("Nothing was recorded. The best you can do now is to put your energy where it is answered.")
            )
        case "no-such-interview" | "no-such-interviewer":
            return Line(_("This interview, or this interviewer, is not known here any more.")), again
        case "no-offer":
            return Line(_("No offer is open now.")), again
        case "no-such-fact":
            return Line(_("There is nothing here that could be taken back.")), again
        case "letter-already-approved":
            return Line(_("This letter is on its way already.")), Line(_("Take it back on your page first if you want to change it."))
        case "letter-already-sent":
            return Line(_("This letter was sent already, or may have been. It is never sent twice.")), again
        case "letter-has-blanks":
            return Line(_("The letter still has a blank to fill in.")), Line(_("Fill it in, and send it then."))
        case "no-address":
            return Line(_("Whoever should get this letter has no address that is known here.")), Line(
                _("Send it yourself, and say then that you have sent it.")
            )
        case "no-such-letter":
            return Line(_("There is no such letter to be sent now: something has happened since.")), again
        case "too-early":
            return _too_early(error.detail, talk)
        case _:
            return Line(_("This cannot be recorded now.")), again


def _too_early(detail: str, talk: Talk) -> tuple[Line, Line]:
    _ = talk.words.gettext
    later = Line(_("Come back then: the letter will be here."))
    if found := _MOMENT.search(detail):
        return Line(
            _("It is too early for this letter. It can be sent from {when} on."), {"when": talk.moment(datetime.fromisoformat(found[0]))}
        ), later
    return Line(_("It is too early for this letter.")), later
