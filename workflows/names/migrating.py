"""What `Migration` begins with, what its activity is asked and answers, and how far it is. Ids and numbers only: nobody's name."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from workflows.facts import Frozen, Id, Time
from workflows.policy import Policy

MIGRATION: Final = "Migration"
MIGRATE_PAGE: Final = "migrate_page"
PAGE: Final = 50
"""Applications of one activity."""
MANY: Final = 1_000
"""Applications that may be named one by one."""
TOLD: Final = 200
"""Refusals that are listed; the others are counted."""
AGAIN: Final = timedelta(seconds=2)
"""Between two looks: Temporal's index is a second or so behind."""


OpenStage = Literal["interviewing", "thanking", "waiting", "following_up", "awaiting_reply", "deciding"]
PolicyWanted = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~-]{1,64}( [0-9]{1,3})?\z")]
"""By its name, or by name and version: `industry`, `industry 1`."""


def migration_id(migration: str) -> str:
    return f"migration/{migration}"


class Chosen(Frozen):
    """Which open applications; None: any."""

    candidate: Id | None = None
    stage: OpenStage | None = None
    connection: Id | None = None
    policy: PolicyWanted | None = None
    """The one that they go by: its name, or its name and version as in `industry 1`."""
    due_before: Time | None = None
    changed_since: Time | None = None


def migration_of(policy: Policy, where: Chosen | None, applications: tuple[str, ...]) -> str:
    """Of the same policy and the same set it is always the same, so that asking twice is asking once."""
    said = (MIGRATION, policy.model_dump_json(), where.model_dump_json() if where else "", *sorted(set(applications)))
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


class NotMoved(Frozen):
    """An application that stays with its policy."""

    application: Id
    reason: str
    """The slug of the refusal."""


class MigratePage(Frozen):
    """What `migrate_page` is asked."""

    policy: Policy
    fact: str
    """What the ids of this migration's facts begin with."""
    look: int
    """Which one, from 1: an application that an earlier look moved is not counted again."""
    where: Chosen | None = None
    cursor: str | None = None
    applications: tuple[Id, ...] = ()
    """Those, where there is no `where`."""


class PageMigrated(Frozen):
    """What `migrate_page` answers, of the applications that this look is the first to find."""

    cursor: str | None = None
    """Of the next page; None: this was the last."""
    moved: int = 0
    same: int = 0
    refused: tuple[NotMoved, ...] = ()


class MigrationOrder(Frozen):
    """What `Migration` begins with, and carries when it goes on as new; by hand a policy with its name and numbers, and `where`."""

    policy: Policy
    where: Chosen | None = None
    applications: Annotated[tuple[Id, ...], Field(max_length=MANY)] = ()
    """Those, where there is no `where`."""
    of: int | None = None
    """How many there were by Temporal's index when it began."""
    again: timedelta = AGAIN
    fact: str | None = None
    """None: it begins."""
    look: int = 1
    done: int = 0
    """How many of `applications`."""
    cursor: str | None = None
    found: int = 0
    """What this look moved so far."""
    moved: int = 0
    same: int = 0
    refused: tuple[NotMoved, ...] = ()
    refusals: int = 0


class MigrationProgress(Frozen):
    """What the query `view` answers, and in the end the result."""

    status: Literal["running", "finished", "stopped"]
    policy: str
    """Name and version."""
    of: int | None
    moved: int
    same: int
    """Of those that the first look found: they had these numbers."""
    refused: tuple[NotMoved, ...]
    """The first ones."""
    refusals: int
    """All of them."""
