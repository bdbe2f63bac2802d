"""The tests of prompts to the platform share one real server; each has a worker and an endpoint of its own."""

from tests.server import server

__all__ = ["server"]
