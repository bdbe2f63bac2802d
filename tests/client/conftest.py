"""The client's tests share one running stack, where they need one."""

from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "stack"]
