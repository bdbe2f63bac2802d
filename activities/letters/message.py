"""The message to the candidate about one step: the same words as plain text and as HTML, ending with the plain reason for its date."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

import css_inline
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from activities.letters.attached import dates_to_keep
from activities.letters.dates import Dates
from activities.letters.drafts import Draft, drafts, facts_of, kind_of, listed, named
from activities.letters.pages import Block, Insert, language_of, page, plain, plain_lines
from workflows.facts import Frozen
from workflows.names import Notice

_RULE: Final = "-" * 60
_LONGEST_LINK: Final = 1800
"""Characters of a mailto: link; longer ones are cut off by some mail programs, so there is none then."""


class Message(Frozen):
    subject: str
    """One line."""
    text: str
    html: str
    """A whole document, its styles inlined."""
    calendar: str | None = None
    """Dates to keep, as iCalendar text, to be attached."""


def render(notice: Notice) -> Message:
    """What the candidate is told about this step. Pure: the same notice, the same message.

    ValueError or a template's error if a template uses what this notice does not know; the tests write every kind of step.
    """
    letters = drafts(notice)
    kind = kind_of(notice)
    written = page(notice.language, f"messages/{kind}", _known(notice, letters))
    why = plain(notice.why)
    return Message(
        subject=written.subject,
        text=_text(written.blocks, letters, notice, why),
        html=_html(notice, written.subject, written.blocks, letters, why),
        calendar=dates_to_keep(notice) if kind == "waiting" else None,
    )


def _known(notice: Notice, letters: tuple[Draft, ...]) -> dict[str, Any]:
    dates = Dates.of(notice)
    names = tuple(dict.fromkeys(name for person in notice.people if (name := named(person))))
    return {
        **facts_of(notice),
        "me": plain(notice.to.name) if notice.to.name else "",
        "people": listed(names),
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


def _addressed(draft: Draft) -> str:
    if draft.to.name and draft.to.email:
        return f"{draft.to.name} <{draft.to.email}>"
    return draft.to.email or (f"{draft.to.name} (no address known)" if draft.to.name else "")


def _text(blocks: tuple[Block, ...], letters: tuple[Draft, ...], notice: Notice, why: str) -> str:
    parts: list[str] = []
    for block in blocks:
        match block.kind:
            case "list":
                parts.append("\n".join(f"- {item}" for item in block.items))
            case "insert" if block.text == "letters":
                parts.extend(_letter_text(letter) for letter in letters)
            case "insert":
                parts.append("\n".join(f"> {line}".rstrip() for line in plain_lines(notice.feedback or "").splitlines()))
            case _:
                parts.append(block.text)
    return "\n\n".join((*parts, f"Why now: {why}")) + "\n"


def _letter_text(draft: Draft) -> str:
    head = [f"To: {to}"] if (to := _addressed(draft)) else []
    blanks = [f"Still to fill in: {', '.join(draft.blanks)}"] if draft.blanks else []
    return "\n".join((_RULE, *head, f"Subject: {draft.subject}", "", draft.body, _RULE, *blanks))


def _html(notice: Notice, subject: str, blocks: tuple[Block, ...], letters: tuple[Draft, ...], why: str) -> str:
    document = _layout().render(
        language=language_of(notice.language),
        subject=subject,
        blocks=blocks,
        letters=[
            {
                "to": _addressed(letter),
                "subject": _marked(letter.subject, letter.blanks),
                "paragraphs": [_marked(paragraph, letter.blanks) for paragraph in letter.body.split("\n\n")],
                "link": _link(letter),
            }
            for letter in letters
        ],
        feedback=plain_lines(notice.feedback or "").splitlines(),
        why=why,
    )
    return _inliner().inline(document)


def _marked(text: str, blanks: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a blank."""
    if not blanks:
        return [(text, False)]
    pieces = re.split(f"({'|'.join(re.escape(blank) for blank in blanks)})", text)
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece]


def _link(draft: Draft) -> str | None:
    """Opens the letter in the candidate's own mail program."""
    body = quote(draft.body.replace("\n", "\r\n"), safe="")
    link = f"mailto:{quote(draft.to.email or '', safe='@')}?subject={quote(draft.subject, safe='')}&body={body}"
    return link if len(link) <= _LONGEST_LINK else None


@cache
def _layout() -> Any:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files("activities.letters") / "templates" / "layout.html").read_text(encoding="utf-8"))


@cache
def _inliner() -> css_inline.CSSInliner:
    # nothing is fetched, and the rules for dark mode stay in the head, since they cannot be inlined
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, keep_style_tags=False)
