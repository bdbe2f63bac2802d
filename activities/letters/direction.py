"""Names from right to left amid words from left to right, in HTML: each keeps its own direction and turns round nothing beside it.

Plain text is left as people wrote it; a mail program does there what it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

_LETTERS: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""The blocks of Unicode that are kept for what is written from right to left."""
_OTHER_WAY: Final = re.compile(f"[{_LETTERS}]")
_WORDS: Final = rf"[{_LETTERS}]+(?:[^\w{_LETTERS}]+[{_LETTERS}]+)*"


def html_text(text: str, names: Iterable[str] = (), marked: Iterable[str] = ()) -> Markup:
    """The text as HTML: nothing in it is markup, each of `marked` is a `<mark>`, and what runs from right to left is a `<bdi>`.

    One of `names` is one piece, with its digits and signs, as in the name of a company; else the words that run that way are.
    """
    if marks := sorted(marked, key=len, reverse=True):
        parts = re.split(f"({'|'.join(map(re.escape, marks))})", text)
        shown = (
            Markup("<mark>{}</mark>").format(html_text(part, names)) if n % 2 else html_text(part, names) for n, part in enumerate(parts)
        )
        return Markup().join(shown)
    if text.isascii() or not _OTHER_WAY.search(text):
        return escape(text)
    whole = sorted({name for name in names if _OTHER_WAY.search(name)}, key=len, reverse=True)
    parts = re.split(f"({'|'.join((*map(re.escape, whole), _WORDS))})", text)
    return Markup().join(Markup("<bdi>{}</bdi>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts))
