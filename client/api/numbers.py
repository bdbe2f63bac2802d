"""The shapes of what is answered about policies: their numbers, what would move under another one, and how far a migration is."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from client.api.answers import PolicyName, Shape


class Number(Shape):
    """One number of a policy."""

    value: int
    unit: Literal["hours", "business days", "days"]
    meaning: str
    source: str | None
    """Where it comes from. Null: nobody says so any more."""


class WholePolicy(Shape):
    """A policy with its numbers."""

    name: str
    version: int
    extends: str | None
    """Whose numbers it has where it names none of its own. Null: all are its own, or it is not in force."""
    in_force: bool
    """Whether new applications that name it get these numbers."""
    numbers: dict[str, Number]


class PolicyList(Shape):
    policies: list[WholePolicy]
    """By name."""
    mistakes: list[str]
    """Why the file as it is now is not used and the last good one is. Empty: it is used."""


class Moved(Shape):
    """A step whose moment would change, in the candidate's zone."""

    intent: str
    before: AwareDatetime | None = Field(alias="from")
    """Null: it would be a new one."""
    after: AwareDatetime | None = Field(alias="to")
    """Null: it would be left out."""


class Moving(Shape):
    id: str
    policy: PolicyName
    """The one that it goes by."""
    moves: list[Moved]
    """Soonest first. Empty: nothing would change."""


class Previewed(Shape):
    policy: PolicyName
    of: int
    """How many open applications the filters choose, by Temporal's index."""
    applications: list[Moving]
    """Those of this page."""
    next: str | None
    """The cursor of the next page; null: this was the last."""


class Stays(Shape):
    application: str
    reason: str
    """The slug of the problem."""


class Migration(Shape):
    status: Literal["running", "finished", "stopped"]
    """`stopped`: an operator ended it; said again it begins anew."""
    policy: str
    """Name and version."""
    of: int | None
    """How many Temporal's index had when it began."""
    moved: int
    same: int
    """Had these numbers when they were first looked at."""
    refused: list[Stays]
    """The first 200."""
    refusals: int
    """All of them."""
