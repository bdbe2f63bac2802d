"""The worker's tests share one server."""

from tests.server import server

__all__ = ["server"]
