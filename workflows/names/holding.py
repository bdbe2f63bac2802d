"""What `Hold` keeps and is asked, and how a send learns that it is held."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from workflows.facts import Frozen, Time

HOLD: Final = "Hold"
HOLD_ID: Final = "hold"
"""Of its only run: it is there while sending is held, and ends with the last hold."""
CHANGE_HOLD: Final = "hold"
"""Update of that run."""
HOLDS: Final = "holds"
"""The memo that holds what is held, so that it can be read while no worker works."""
HELD: Final = "SendHeld"
"""Error type: sending is held, and nothing was sent. Tried again until the hold is over."""
HELD_WORD: Final = "hold"
"""What `Attention` says of the run."""

Scope = Annotated[str, Field(pattern=r"\A(?:all|connection/[A-Za-z0-9._~-]{1,128}|step/[a-z-]{1,40})\z")]
"""`all`, `connection/<its id>` or `step/<kind of step>`."""


class Holding(Frozen):
    """One hold: what it stops, and until when at the latest, on the server's clock."""

    scope: Scope
    until: Time


class HoldChange(Frozen):
    """What the update `hold` is asked."""

    scope: Scope
    until: Time | None = None
    """None lifts the hold of that scope."""


class Holds(Frozen):
    """Everything that is held; what the run begins with, and answers."""

    holds: tuple[Holding, ...] = ()
    """By scope, each once."""

    def changed(self, change: HoldChange) -> Holds:
        """Saying the same again changes nothing."""
        kept = {one.scope: one for one in self.holds if one.scope != change.scope}
        if change.until:
            kept[change.scope] = Holding(scope=change.scope, until=change.until)
        return Holds(holds=tuple(kept[scope] for scope in sorted(kept)))

    def at(self, now: datetime) -> Holds:
        """Without those whose time is over."""
        return Holds(holds=tuple(one for one in self.holds if one.until > now))
