"""The tests of holds share the running stack."""

from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "stack"]
