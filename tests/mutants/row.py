"""A rule broken on purpose: one row of the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    file: str
    """Relative to the root."""
    text: str
    instead: str


@dataclass(frozen=True)
class Break:
    name: str
    """The rule that no longer holds, as it then reads."""
    edits: tuple[Edit, ...]
    found_by: tuple[str, ...]
    """Node ids of pytest; of each at least one case fails."""


def broken(name: str, file: str, text: str, instead: str, *found_by: str) -> Break:
    return Break(name, (Edit(file, text, instead),), found_by)
