"""The tests of imports share the stack of the other folders, but for those that kill a part of their own."""

from tests.client.test_command_line import shell, shells
from tests.running import api, application, applications, stack
from tests.server import server

__all__ = ["api", "application", "applications", "server", "shell", "shells", "stack"]
