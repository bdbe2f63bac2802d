"""The tests of this folder share one server."""

from tests.server import server

__all__ = ["server"]
