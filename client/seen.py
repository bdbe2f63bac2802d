"""A file as it was when it was read: tells whether it has to be read again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Seen(NamedTuple):
    """A file as it was just before it was read."""

    file: Path
    state: tuple[int, int, int] = (0, 0, 0)
    """Nanoseconds of its last change, size, inode; zeros where it is not there."""

    @classmethod
    def now(cls, file: Path) -> Seen:
        try:
            seen = file.stat()
        except OSError:
            return cls(file)
        return cls(file, (seen.st_mtime_ns, seen.st_size, seen.st_ino))
