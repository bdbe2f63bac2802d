"""The tests of the page share the stack of the other folders."""

from tests.client.test_unavailable import idle
from tests.page.browser import browser
from tests.page.visitor import visitor
from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "browser", "idle", "stack", "visitor"]
