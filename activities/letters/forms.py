"""The two forms of a message, plain text and HTML, which say the same: each is complete by itself. What it says is read elsewhere.

What is said about a step ends with the plain reason for its date. Whatever a person or a board wrote is shown as text and never as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

import css_inline
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from activities.letters.direction import html_text
from activities.letters.drafts import Draft
from activities.letters.languages import Words
from activities.letters.links import CandidateLinks, NoticeLinks, Purpose
from activities.letters.pages import Block, plain, plain_lines

_RULE: Final = "-" * 60
_LONGEST_LINK: Final = 1800
"""Characters of a mailto: link; longer ones are cut off by some mail programs, so there is none then."""


@dataclass(frozen=True)
class Part:
    """What a message says about one step, or before and after several."""

    blocks: tuple[Block, ...]
    why: str = ""
    """The plain reason for the date, one line; nothing where a part only leads to the next."""
    letters: tuple[Draft, ...] = ()
    feedback: str = ""
    """What they wrote, as they wrote it."""
    links: NoticeLinks | None = None
    title: str = ""
    """Parts it from the others, where a message is about several steps."""
    names: tuple[str, ...] = ()
    """What people and boards named, which may be written from right to left."""


@dataclass(frozen=True)
class Form:
    """A message before it is text or HTML."""

    subject: str
    words: Words
    parts: tuple[Part, ...]
    links: NoticeLinks | CandidateLinks | None = None
    """Those at the end: to the candidate's page, and out of these messages."""


def text_of(form: Form) -> str:
    """Plain text, paragraphs parted by empty lines, letters by rules."""
    pieces = [piece for part in form.parts for piece in _part_text(part, form.words)]
    if form.links:
        pieces += [f"{label}:\n{url}" for label, url in _ways(form.links, form.words)]
    return "\n\n".join(pieces) + "\n"


def _part_text(part: Part, words: Words) -> list[str]:
    pieces = [f"{part.title}\n{'=' * min(len(part.title), len(_RULE))}"] if part.title else []
    for block in part.blocks:
        match block.kind:
            case "list":
                pieces.append("\n".join(f"- {item}" for item in block.items))
            case "insert" if block.text == "letters":
                pieces.extend(_letter_text(letter, part.links, words) for letter in part.letters)
            case "insert":
                pieces.append("\n".join(f"> {line}".rstrip() for line in plain_lines(part.feedback).splitlines()))
            case _:
                pieces.append(block.text)
    _ = words.gettext
    if part.why:
        pieces.append(f"{_('Why now:')} {part.why}")
    if part.links and part.links.answers:
        pieces.append("\n".join((_("What has happened?"), *(f"- {label}: {url}" for label, url in _answers(part.links, words)))))
    return pieces


def _letter_text(draft: Draft, links: NoticeLinks | None, words: Words) -> str:
    _ = words.gettext
    head = [f"{_('To:')} {to}"] if (to := _addressed(draft, words)) else []
    blanks = [f"{_('Still to fill in:')} {', '.join(draft.blanks)}"] if draft.blanks else []
    ways = [f"{label}: {url}" for label, url in _letter_ways(draft, links, words)]
    return "\n".join((_RULE, *head, f"{_('Subject:')} {draft.subject}", "", draft.body, _RULE, *blanks, *_caution(draft, words), *ways))


def _addressed(draft: Draft, words: Words) -> str:
    if draft.to.name and draft.to.email:
        return f"{draft.to.name} <{draft.to.email}>"
    return draft.to.email or (words.gettext("{name} (no address known)", name=draft.to.name) if draft.to.name else "")


def _caution(draft: Draft, words: Words) -> list[str]:
    _ = words.gettext
    return [_("This says nearly the same as another letter above: change a sentence before you send both.")] if draft.resembles else []


def _letter_ways(draft: Draft, links: NoticeLinks | None, words: Words) -> list[tuple[str, str]]:
    _, ways = words.gettext, links.letters.get(draft.id) if links else None
    if ways is None:
        return []
    edit = [(_("Edit it, and have it sent for me"), ways.edit)] if draft.can_be_sent else []
    return [(_("I have sent it"), ways.sent), *edit]


def _answers(links: NoticeLinks, words: Words) -> list[tuple[str, str]]:
    _ = words.gettext
    labels: dict[Purpose, str] = {
        "answered": _("They answered"),
        "date": _("They named a date"),
        "offer": _("An offer"),
        "rejected": _("A rejection"),
        "next-round": _("The next round"),
        "snooze": _("Remind me later"),
        "stop": _("Stop this"),
    }
    return [(labels[purpose], url) for purpose, url in links.answers]


def _ways(links: NoticeLinks | CandidateLinks, words: Words) -> list[tuple[str, str]]:
    _ = words.gettext
    consent = links.consent if isinstance(links, CandidateLinks) else None
    ways = [(_("See what they would see, and decide"), consent.decide), (_("End it, now or later"), consent.end)] if consent else []
    ways.append((_("All your applications on one page"), links.page))
    return [*ways, (_("No more messages of this kind"), links.unsubscribe)] if links.unsubscribe else ways


def html_of(form: Form) -> str:
    """A whole document, its styles inlined."""
    words = form.words
    document = _layout().render(
        _=words.gettext,
        language=words.language,
        subject=form.subject,
        parts=[_part_html(part, words) for part in form.parts],
        ways=_ways(form.links, words) if form.links else [],
    )
    return _inliner().inline(document)


def _part_html(part: Part, words: Words) -> dict[str, Any]:
    names = tuple(map(plain, part.names))
    letters = [
        {
            "to": html_text(_addressed(letter, words), names),
            "subject": html_text(letter.subject, names, letter.blanks),
            "paragraphs": [html_text(paragraph, names, letter.blanks) for paragraph in letter.body.split("\n\n")],
            "caution": _caution(letter, words),
            "link": _link(letter),
            "ways": _letter_ways(letter, part.links, words),
        }
        for letter in part.letters
    ]
    return {
        "title": html_text(part.title, names),
        "blocks": [
            {"kind": block.kind, "text": html_text(block.text, names), "items": [html_text(item, names) for item in block.items]}
            for block in part.blocks
        ],
        "letters": letters,
        "feedback": plain_lines(part.feedback).splitlines(),
        "why": html_text(part.why, names),
        "answers": _answers(part.links, words) if part.links else [],
    }


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
