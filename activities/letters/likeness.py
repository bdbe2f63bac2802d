"""How much two letters say the same: interviewers compare notes, and nobody should get the letter that a colleague got."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.distance import Indel

MOST_ALIKE: Final = 0.65
"""Two letters of one notice are at most as alike as this, or the later one says so. The same words make 1; two letters of ours without
a sentence in common, about 0.3."""
_PASSAGE: Final = 36
"""Words in a row that make two letters the same. A sentence of ours beside a short point, some twenty, is not yet too much."""
_HEAD: Final = 3
"""A greeting is among so many paragraphs; a note to whoever passes the letter on stands before it."""
_SIGNATURE: Final = 3
"""A paragraph of so few words is a name or a greeting, even where it ends like a sentence."""
_SENTENCE: Final = (".", "!", "?", "…", "。", "]")


def alike(body: str, others: Iterable[str], *, but: Sequence[str] = ()) -> float:
    """How much the body says the same as the most similar of the others: 0, nothing, to 1, the same words in the same order.

    A long passage that both have counts by its own length, whatever is around it. Greeting, closing and blanks do not count, nor do the
    words in `but`: names that every letter has to name.
    """
    said = _words(body, but)
    return max((_alike(said, _words(other, but)) for other in others), default=0.0)


def _alike(one: list[str], other: list[str]) -> float:
    passage = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return max(Indel.normalized_similarity(one, other), min(1.0, passage / _PASSAGE))


def _words(body: str, but: Sequence[str]) -> list[str]:
    text = " ".join(_middle(body.split("\n\n")))
    for name in sorted((name for name in but if name), key=len, reverse=True):
        text = text.replace(name, " ")
    return re.findall(r"\w+", re.sub(r"\[[^\]]*\]", " ", text).casefold())


def _middle(paragraphs: list[str]) -> list[str]:
    """The paragraphs between greeting and closing: those around them are no sentences. All of them where none is one."""
    said = [paragraph.rstrip().endswith(_SENTENCE) and len(paragraph.split()) > _SIGNATURE for paragraph in paragraphs]
    last = max((n + 1 for n, sentence in enumerate(said) if sentence), default=0)
    first = max((n + 1 for n, sentence in enumerate(said[: min(last, _HEAD)]) if not sentence), default=0)
    return paragraphs[first:last] or paragraphs
