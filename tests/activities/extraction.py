"""The short texts that code and templates say: what each catalogue has to have, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract

from workflows.guide.steps import ACTIONS

ROOT: Final = Path(__file__).parents[2]
_CODE: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "say_number": (1, 2)}
_PLACES: Final = ("activities/letters", "client/page", "client/feed", "workflows/guide", "workflows/person")
_METHODS: Final = {".py": "python", ".html": "jinja2.ext:babel_extract"}

Text = tuple[str, str | None]
"""A text, and what it is for several where it counts something."""


def texts() -> dict[Text, str]:
    """Each with a place where it is said."""
    found: dict[Text, str] = {(action, None): "workflows/guide/steps.py" for action in ACTIONS.values()}
    for place in _PLACES:
        for file in sorted((ROOT / place).rglob("*")):
            if method := _METHODS.get(file.suffix):
                found |= dict.fromkeys(_in_file(file, method), str(file.relative_to(ROOT)))
    return found


def _in_file(file: Path, method: str) -> Iterator[Text]:
    with file.open("rb") as source:
        for _, said, _, _ in extract(method, source, keywords=_CODE, options={"trimmed": "true"}):
            yield (said, None) if isinstance(said, str) else (said[0], said[1])
