"""The message to the candidate about one step: the same words as plain text and as HTML, ending with the plain reason for its date."""

from __future__ import annotations

from typing import Any

from activities.letters.attached import dates_to_keep
from activities.letters.dates import Dates
from activities.letters.drafts import Draft, drafts, facts_of, kind_of, named
from activities.letters.forms import Form, Part, html_of, text_of
from activities.letters.languages import words
from activities.letters.links import NoticeLinks
from activities.letters.pages import Insert, page, plain
from activities.letters.reasons import reason_of
from workflows.facts import Frozen
from workflows.names import Notice


class Message(Frozen):
    subject: str
    """One line."""
    text: str
    html: str
    """A whole document, its styles inlined."""
    calendar: str | None = None
    """Dates to keep, as iCalendar text, to be attached."""


def render(notice: Notice, links: NoticeLinks | None = None) -> Message:
    """What the candidate is told about this step. Pure: the same notice and links, the same message.

    ValueError or a template's error if a template uses what this notice does not know; the tests write every kind of step.
    """
    subject, part = written(notice, links)
    form = Form(subject, words(notice.language), (part,), links)
    return Message(
        subject=subject,
        text=text_of(form),
        html=html_of(form),
        calendar=dates_to_keep(notice) if kind_of(notice) == "waiting" else None,
    )


def written(notice: Notice, links: NoticeLinks | None) -> tuple[str, Part]:
    """Its subject, and what it says."""
    letters = drafts(notice)
    said = page(notice.language, f"messages/{kind_of(notice)}", _known(notice, letters))
    return said.subject, Part(said.blocks, reason_of(notice), letters, notice.feedback or "", links, names=_names(notice))


def _names(notice: Notice) -> tuple[str, ...]:
    said = [notice.employer, notice.position, *notice.skills, notice.to.name, notice.contact and notice.contact.name]
    said += [notice.round_kind, notice.round_with, *(person.name for person in notice.people)]
    for other in notice.others:
        said += [other.employer, other.position, other.contact and other.contact.name]
    return tuple(filter(None, said))


def _known(notice: Notice, letters: tuple[Draft, ...]) -> dict[str, Any]:
    dates = Dates.of(notice)
    names = tuple(dict.fromkeys(name for person in notice.people if (name := named(person))))
    return {
        **facts_of(notice),
        "me": plain(notice.to.name) if notice.to.name else "",
        "people": words(notice.language).listed(names),
        "people_count": len(names),
        "letters": Insert("letters"),
        "letters_count": len(letters),
        "others_count": len(notice.others),
        "feedback": Insert("feedback"),
        "reflect": bool(notice.reflect),
        "with_review": any(intent.startswith("offer-review/") for intent in notice.intents),
        "follow_up_due": notice.follow_up_due,
        "last_call_due": notice.last_call_due,
        "until": notice.until,
        "best_now": notice.best_sent_at is not None and notice.best_sent_at <= notice.due,
        "best_later": notice.best_sent_at if notice.best_sent_at and notice.best_sent_at > notice.due else None,
        "when": dates.when,
        "day": dates.day,
        "own_day": dates.own_day,
    }
