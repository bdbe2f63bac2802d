"""Reads the README's `console` blocks: what is typed, and what it shows. Says whether a real output is what was shown.

`…` alone stands for any lines, also none. Moments, ports and what depends on the day are alike whatever they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANYTHING: Final = "…"

_DAY: Final = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
_ALIKE: Final = (
    (re.compile(_DAY + r"\d{4}-\d\d-\d\d \d\d:\d\d(?: [+-]\d\d:\d\d)?"), "<moment>"),
    (re.compile(_DAY + r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d\d:\d\d)?"), "<moment>"),
    (re.compile(r", not counting [^;.]*"), ""),
    (re.compile(r"; your waking hours (?:start|end) \d\d:\d\d"), ""),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:<port>"),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True)
class Typed:
    command: str
    shown: tuple[str, ...]


def typed(document: str) -> Iterator[Typed]:
    """Every command, in order, with the lines that it is said to show."""
    for block in BLOCK.findall(document):
        command, *others = re.split(r"^\$ ", block, flags=re.MULTILINE)
        if command.strip():
            raise ValueError(f"a console block begins with `$ `: {command!r}")
        for other in others:
            first, *shown = other.splitlines()
            yield Typed(first, tuple(shown))


def alike(line: str) -> str:
    for pattern, said in _ALIKE:
        line = pattern.sub(said, line)
    return line.strip()


def missing(shown: Sequence[str], output: str) -> str | None:
    """The first line that is shown and that the output does not have at its place; None if all is as shown."""
    real = [line for line in map(alike, output.splitlines()) if line]
    place, anywhere = 0, False
    for line in filter(None, shown):
        if line == ANYTHING:
            anywhere = True
            continue
        wanted = alike(line)
        last = len(real) if anywhere else place + 1
        found = next((n for n in range(place, min(last, len(real))) if real[n] == wanted), None)
        if found is None:
            return line
        place, anywhere = found + 1, False
    return None if anywhere or not shown or place == len(real) else f"nothing, instead of {real[place]!r}"
