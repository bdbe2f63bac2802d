"""The worker of the chaos suite: `python -m tests.chaos.worker` is `python -m worker` on a host whose clock jumps.

By how much the clock is off stands in `clock` in the stack's home, in seconds, and is read at every look at the clock. A dead worker is
noticed after seconds and not after half a minute, so that many can die in an hour; nothing else differs.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from worker import __main__ as program
from workflows import outbox

CLOCK: Final = "clock"
"""File in the stack's home."""
NOTICED: Final = timedelta(seconds=6)


class _Kind(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Jumping(datetime, metaclass=_Kind):
    """A clock that is off."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + _off()


def _off() -> timedelta:
    try:
        return timedelta(seconds=float((Path(os.environ["AFTERWORD_HOME"]) / CLOCK).read_text()))
    except (OSError, ValueError):
        return timedelta(0)


def jump() -> int:
    """Every module of ours looks at the jumping clock; how many do."""
    looking = [m for name, m in list(sys.modules.items()) if name.split(".")[0] in ("worker", "activities", "client")]
    looking = [module for module in looking if getattr(module, "datetime", None) is datetime]
    for module in looking:
        module.datetime = Jumping
    return len(looking)


if __name__ == "__main__":
    assert datetime.now(UTC)
    jump()
    outbox.HEARTBEAT = NOTICED
    status = program.main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
