"""What the workflows of boards begin with, and what their activities are asked and answer."""

from __future__ import annotations

from datetime import datetime

from workflows.facts import Frozen


class IntakeRequest(Frozen):
    """What `Intake` begins with and `take_in` is asked: one delivery as it came. It holds no secret and, of thin boards, only ids."""

    connection: str
    board: str
    headers: dict[str, str]
    """Those that the signature covers; names in lower case."""
    body: str
    received: datetime


class Taken(Frozen):
    """What became of a delivery: what was fetched stays out of the history."""

    event: str
    applications: tuple[str, ...] = ()
    facts: int = 0
    erased: bool = False


class PollRequest(Frozen):
    """What `Poll` begins with."""

    connection: str
    board: str


class Cursor(Frozen):
    """How far a connection's changes were read; the result of a run of `Poll`, and where the next one begins."""

    since: datetime
    """The latest change that was read, by the board's clock."""
    seen: tuple[str, ...] = ()
    """Names of the changes shortly before it, which will be read once more: a change may be dated before one that was read already."""
    facts: int = 0
    """How many were heard in that run."""


class ChangesRequest(Frozen):
    """What `read_changes` is asked: one page."""

    connection: str
    board: str
    since: datetime
    until: datetime | None = None
    """What is changed later is the next look's."""
    page: int = 1
    further: str | None = None
    """What the board calls that page. None: it is the first."""
    seen: tuple[str, ...] = ()


class ChangesRead(Frozen):
    changes: tuple[tuple[datetime, str], ...] = ()
    """When each was made and what names it, also of those that were seen before."""
    facts: int = 0
    more: bool = False
    """Whether there is a further page."""
    further: str | None = None
    """What the board calls it."""
