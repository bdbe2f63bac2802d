"""The tests of erasures share the stack of the other folders, but for the scan, which stops its own."""

from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "stack"]
