"""The boards' last tests go through to the real applications, on the stack that other folders use too."""

from tests.running import applications, stack

__all__ = ["applications", "stack"]
