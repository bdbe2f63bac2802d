"""What cannot be read for want of a key."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 64


class KeyMissing(RuntimeError):  # noqa: N818 -- what happened, in the words of whoever operates it
    """A payload was encrypted with a key that is not here. Nothing is lost: with the key back it is read."""

    def __init__(self, key: str, *, another: bool = False) -> None:
        """`another`: there is a key of that id, and it is not the one."""
        self.key: Final = "".join(c if c.isprintable() else "?" for c in key[:_SHOWN])
        super().__init__(
            f"This was encrypted with another key than the {self.key} of AFTERWORD_ENCRYPTION_KEYS: give the right one back."
            if another
            else f"This was encrypted with the key {self.key}, which is not among AFTERWORD_ENCRYPTION_KEYS: give it back."
        )
