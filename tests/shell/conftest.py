"""The shell's tests share one real server; each has a mail server and a worker of its own."""

from tests.server import server
from tests.shell.world import world

__all__ = ["server", "world"]
