"""What became of the boards' deliveries, per connection, since this process started: the numbers behind the list of connections.

Holds ids, names of events and counts; never what a delivery said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

MOST_EVENTS: Final = 100
"""Names of events that are counted one by one; further ones are counted together."""

Outcome = Literal["accepted", "no-effect", "handshake", "refused", "unavailable"]


@dataclass(slots=True)
class Tally:
    """One connection's deliveries."""

    last_delivery: datetime | None = None
    """When the latest authentic one came."""
    accepted: int = 0
    refused: int = 0
    without_effect: int = 0
    unavailable: int = 0
    """Authentic, and could not be kept: the board was asked to send it again."""
    events_without_effect: Counter[str] = field(default_factory=Counter[str])

    def count(self, outcome: Outcome, event: str, now: datetime) -> None:
        if outcome != "refused":
            self.last_delivery = now
        match outcome:
            case "accepted":
                self.accepted += 1
            case "refused":
                self.refused += 1
            case "unavailable":
                self.unavailable += 1
            case "no-effect":
                self.without_effect += 1
                room = len(self.events_without_effect) < MOST_EVENTS or event in self.events_without_effect
                self.events_without_effect[event if room else "other"] += 1
            case "handshake":
                pass
