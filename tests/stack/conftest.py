"""The stack's tests share one server, but for those that are about starting and stopping it."""

from tests.server import server

__all__ = ["server"]
