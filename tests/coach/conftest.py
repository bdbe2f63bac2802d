"""The tests of advisers share the stack of the other folders."""

from tests.coach.advising import case
from tests.page.visitor import visitor
from tests.running import api, application, applications, stack

__all__ = ["api", "application", "applications", "case", "stack", "visitor"]
