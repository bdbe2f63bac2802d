"""From a template to paragraphs: the one place where words meet what is known.

A template is a page: `Subject:` first, paragraphs parted by empty lines, lists of lines that begin with `- `, headings with `# `. Its
structure is read from the template alone: whatever a person or a board wrote is put in as one line of plain text and can neither become
a template, nor a list, nor a second line of a subject.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, Self

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from activities.letters.languages import ENGLISH, language_of

LONGEST_SUBJECT: Final = 180
_TEMPLATES: Final = files("activities.letters") / "templates"
_ITEM: Final = "\x01"
_HEADING: Final = "\x02"
_INSERT: Final = "\x03"
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Invisible marks that would turn round the text after a name. Right-to-left letters need none of them."""

_BLANKS: Final = re.compile(r"[^\S\u00a0\u202f]+")
"""All but those that keep a line together, as French has them before its colon."""


def plain(text: str) -> str:
    """Text of a person or a board as one line: no control characters, no line breaks, no marks that reorder what follows."""
    if text.isprintable():  # then it has none of these
        return " ".join(text.split())
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or _is_none(c) else c for c in text if c not in _REORDERING)
    return _BLANKS.sub(" ", "".join(kept)).strip()


def _is_none(c: str) -> bool:
    """What Unicode promises never to be a character, and HTML therefore does not allow."""
    return ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF


def plain_lines(text: str) -> str:
    """The same, keeping its line breaks."""
    return "\n".join(plain(line) for line in text.splitlines()).strip()


class Insert(str):
    """Stands alone in its paragraph: what it names is put in whole, after the page has been read."""

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        return super().__new__(cls, f"{_INSERT}{name}{_INSERT}")


@dataclass(frozen=True)
class Block:
    """One piece of a page."""

    kind: Literal["paragraph", "heading", "list", "insert"]
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    subject: str
    blocks: tuple[Block, ...]


class _Folder(BaseLoader):
    """Reads `<language>/<name>`, or the English one if there is none, and marks the structure that the template's own lines have."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        language, *name = template.split("/")
        if ".." in name:
            raise TemplateNotFound(template)
        file = next((file for folder in (language, ENGLISH) if (file := _TEMPLATES.joinpath(folder, *name)).is_file()), None)
        if file is None:
            raise TemplateNotFound(template)
        source = re.sub(r"(?m)^- ", _ITEM, file.read_text(encoding="utf-8"))
        return re.sub(r"(?m)^# ", _HEADING, source), None, None


def _shown(value: object) -> object:
    if value is None:
        raise ValueError("a template shows something that is not known here")
    return value if isinstance(value, Insert) or not isinstance(value, str) else plain(value)


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """What templates are read in, by names such as `de/parts/regards.txt`."""
    return ImmutableSandboxedEnvironment(
        loader=_Folder(),
        autoescape=False,  # a page is plain text; its HTML form is made by the layout, which escapes
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(language: str, name: str, known: Mapping[str, Any]) -> Page:
    """The page of that name with what is known filled in. Using something unknown is an error, not an empty place."""
    text = environment().get_template(f"{language_of(language)}/{name}.txt").render(known)
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("Subject:"):
        raise ValueError(f"the template {name} must begin with Subject:")
    subject = plain(first.removeprefix("Subject:"))
    return Page(subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…", tuple(_blocks(rest)))


def _blocks(text: str) -> list[Block]:
    found: list[Block] = []
    for lines in (piece.strip().split("\n") for piece in re.split(r"\n[ \t]*\n", text) if piece.strip()):
        paragraph: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.startswith(_ITEM):
                items.append(plain(line[1:]))
            elif items:
                items[-1] = f"{items[-1]} {plain(line)}".strip()
            else:
                paragraph.append(line)
        joined = " ".join(paragraph).strip()
        if joined.startswith(_INSERT):
            found.append(Block("insert", joined.strip(_INSERT)))
        elif joined:
            found.append(Block("heading" if joined.startswith(_HEADING) else "paragraph", plain(joined)))
        if items:
            found.append(Block("list", items=tuple(items)))
    return found
