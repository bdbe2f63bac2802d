"""What `Erasure` begins with, what its activities are asked and answer, and the receipt that stays. The receipt names nobody."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, Literal

from workflows.facts import Frozen, Id

ERASURE: Final = "Erasure"
SEEK_HELD: Final = "seek_held"
DELETE_HELD: Final = "delete_held"
FORGET_ERASED: Final = "forget_erased"
APART: Final = timedelta(minutes=1)
"""Between two looks at what is left. Whatever was begun before a tombstone stood is in Temporal's index by then."""


def erasure_id(erasure: str) -> str:
    return f"erasure/{erasure}"


def erasure_of(candidate: str | None, applications: tuple[str, ...] = ()) -> str:
    """The erasure of these, always the same, so that asking twice is asking once. It tells whoever knows their ids, and nobody else."""
    said = "\0".join((ERASURE, candidate or "", *sorted(set(applications))))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


class Held(Frozen):
    """What is held about somebody, by its ids."""

    candidates: tuple[Id, ...] = ()
    """Their own, and those that boards merged into it."""
    applications: tuple[Id, ...] = ()
    """Under every id that they stand under, the platform's and the boards'."""
    deliveries: tuple[str, ...] = ()
    """Workflow ids of the intakes that carried a board's word about them."""

    def and_(self, other: Held) -> Held:
        """Both, in the order in which they were found."""
        return Held(
            candidates=tuple(dict.fromkeys((*self.candidates, *other.candidates))),
            applications=tuple(dict.fromkeys((*self.applications, *other.applications))),
            deliveries=tuple(dict.fromkeys((*self.deliveries, *other.deliveries))),
        )

    def without(self, other: Held) -> Held:
        """What the other has not."""
        return Held(
            candidates=tuple(one for one in self.candidates if one not in other.candidates),
            applications=tuple(one for one in self.applications if one not in other.applications),
            deliveries=tuple(one for one in self.deliveries if one not in other.deliveries),
        )


class ErasureOrder(Frozen):
    """What `Erasure` begins with: whom or what to erase. Once it is done, what the receipt says, and nobody's id."""

    candidate: Id | None = None
    """With everything that is theirs."""
    applications: tuple[Id, ...] = ()
    apart: timedelta = APART
    held: Held = Held()
    """What was found so far."""
    runs: tuple[str, ...] = ()
    """Run ids of what was deleted so far."""
    runs_deleted: int = 0
    """How many, once it is done."""
    finished_at: datetime | None = None
    """None: it is not done."""


class SeekRequest(Frozen):
    """What `seek_held` is asked; answers Held. From then on nobody begins a run under the ids that it answers."""

    candidate: Id | None = None
    applications: tuple[Id, ...] = ()
    held: Held = Held()
    """What was found before: it is looked for again."""


class Deleted(Frozen):
    """What `delete_held` answers."""

    runs: tuple[str, ...] = ()
    """Ids of the runs that were there. One that ended just now may be there once more: the server takes its time."""
    messages: int = 0
    """Of the embedded stack's mail sink."""
    goes_on: bool = False
    """An import names them that is not at its end: it opens nothing for them, and has their rows until then."""


class ErasureReceipt(Frozen):
    """What stays of an erasure, as long as ended runs are kept."""

    status: Literal["running", "finished", "stopped"] = "finished"
    runs_deleted: int
    finished_at: datetime | None
