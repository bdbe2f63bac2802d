"""What the page shows of advisers: who asks, who was agreed to, what exactly they see, and the forms that say yes, no or no more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from activities.letters.links import Link, Links, step_of
from client.page.forms import Form
from client.page.talk import Line, Talk

AGREE: Final = "coach"
END: Final = "coach-end"


@dataclass(frozen=True)
class Asking:
    """The page about one adviser."""

    title: str
    who: Line
    sees: tuple[str, ...]
    never: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Entry:
    """One adviser on the page of all applications."""

    line: Line
    label: str
    """Of the link."""
    url: str


def entries(links: Links, candidate: str, coaches: Iterable[Mapping[str, Any]], talk: Talk, now: datetime) -> tuple[Entry, ...]:
    """Those who ask and those who were agreed to, each with the link to its page. `now`: real time."""
    _ = talk.words.gettext
    found: list[Entry] = []
    for one in coaches:
        ways, name = links.of_consent(candidate, one["id"], one["ask"], now), {"name": str(one["name"])}
        if one["since"]:
            line = Line(_("{name} sees where your applications stand, because you agreed."), name)
            found.append(Entry(line, _("What they see, and how to end it"), ways.end))
        elif _waits(one, now):
            line = Line(_("{name} asks to see where your applications stand."), name)
            found.append(Entry(line, _("See what they would see, and decide"), ways.decide))
    return tuple(found)


def asking(link: Link, known: Mapping[str, Any], talk: Talk) -> Asking:
    """`known`: one of a candidate's `coaches`. Without a form there is nothing that this link could do now."""
    _, name = talk.words.gettext, {"name": str(known["name"])}
    end = Form(END, _("End it"), Line(_("{name} sees nothing any more, from that moment on."), name), _("End it now"))
    no = Form(END, _("Decline"), Line(_("{name} sees nothing, and the request is over."), name), _("No, decline"))
    yes = Form(AGREE, _("Agree"), Line(_("{name} will see what is listed above, until you end it."), name), _("Yes, I agree"))
    if known["since"]:
        who, forms = Line(_("{name} sees where your applications stand, because you agreed."), name), (end,)
    else:
        who = Line(_("{name} asks to see where your applications stand."), name)
        current = link.purpose == AGREE and link.step == step_of(known["ask"]) and _waits(known, talk.now)
        forms = (yes, no) if current else (no,) if link.purpose == END else ()
    return Asking(
        title=_("Who follows your applications"),
        who=who,
        sees=(
            _("your name, and for each application the employer and the position"),
            _("the stage and the round it is in, and how it ended"),
            _("what comes next, and when"),
        ),
        never=(
            _("your letters and drafts, your notes, and the messages that you get"),
            _("who interviews you, anybody's address, and the terms of an offer"),
        ),
        forms=forms,
    )


def _waits(known: Mapping[str, Any], now: datetime) -> bool:
    return known["since"] is None and now < datetime.fromisoformat(known["until"])
