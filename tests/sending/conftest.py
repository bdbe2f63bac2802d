"""One real server for these tests, as for the shell's."""

from tests.server import server
from tests.shell.world import world

__all__ = ["server", "world"]
