"""How much two letters say the same: interviewers compare notes, and nobody should get the letter that a colleague got."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz.distance import Indel

MOST_ALIKE: Final = 0.65
"""Two letters of one notice are at most as alike as this, or the later one says so. The same words make 1; two letters of ours without
a sentence in common, about 0.3."""
_HEAD: Final = 3
"""A greeting is among so many paragraphs; a note to whoever passes the letter on stands before it."""
_SIGNATURE: Final = 3
"""A last paragraph of so few words is a name, even where it ends like a sentence."""
_SENTENCE: Final = (".", "!", "?", "…", "。", "]")


def alike(body: str, others: Iterable[str], *, but: Sequence[str] = ()) -> float:
    """How much the body says the same as the most similar of the others: 0, nothing, to 1, the same words in the same order.

    Greeting, closing and blanks do not count, nor do the words in `but`: names that every letter has to name.
    """
    said = _words(body, but)
    return max((Indel.normalized_similarity(said, _words(other, but)) for other in others), default=0.0)


def _words(body: str, but: Sequence[str]) -> list[str]:
    text = " ".join(_middle(body.split("\n\n")))
    for name in sorted((name for name in but if name), key=len, reverse=True):
        text = text.replace(name, " ")
    return re.findall(r"\w+", re.sub(r"\[[^\]]*\]", " ", text).casefold())


def _middle(paragraphs: list[str]) -> list[str]:
    """The paragraphs between greeting and closing: those around them are no sentences."""
    sentences = [paragraph.rstrip().endswith(_SENTENCE) for paragraph in paragraphs]
    first = max((n + 1 for n, sentence in enumerate(sentences[:_HEAD]) if not sentence), default=0)
    closing = next((n for n in range(len(paragraphs), first, -1) if sentences[n - 1] and len(paragraphs[n - 1].split()) > _SIGNATURE), None)
    return paragraphs[first:closing]
