"""What the API shows of a view: everything but the private text of reflections and letters, and what could not be read and may be some."""

from __future__ import annotations

from typing import Any, Final

PRIVATE: Final[dict[str, tuple[str, ...]]] = {
    "reflection_noted": ("questions", "answers", "takeaways", "points"),
    "letter_approved": ("body",),
    "unread": ("raw",),
}
"""Type of fact -> its fields that are in letters and the candidate's export only."""


def shown(view: dict[str, Any]) -> dict[str, Any]:
    """The view as it leaves."""
    return {**view, "facts": [shown_fact(fact) for fact in view["facts"]]}


def shown_fact(fact: dict[str, Any]) -> dict[str, Any]:
    """The fact; `private` says that there is text that is not shown."""
    hidden = PRIVATE.get(fact["type"], ())
    if not any(fact.get(name) is not None for name in hidden):
        return fact
    return {name: value for name, value in fact.items() if name not in hidden} | {"private": True}
