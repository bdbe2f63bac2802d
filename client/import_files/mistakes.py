"""What is wrong with a file, and with one of its rows, as sentences for whoever made it."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):  # noqa: N818 -- what happened, in the words of the caller
    """Why nothing of a file can be read, in one sentence."""


@dataclass(frozen=True)
class Mistake:
    """A row that cannot be opened."""

    line: int
    """Where it begins in the file, from 1."""
    detail: str
