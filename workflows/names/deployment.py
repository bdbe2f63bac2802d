"""What Temporal knows all workers of all builds as, when it is told their builds."""

from __future__ import annotations

from typing import Final

DEPLOYMENT: Final = "afterword"
