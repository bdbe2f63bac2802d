"""The tests of what operators see share the stack of the other folders where they do not harm it."""

from tests.page.browser import browser
from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "browser", "stack"]
