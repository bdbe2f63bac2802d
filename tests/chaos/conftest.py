"""Too much is sent to one real server, through the façade; the suite itself has stacks of its own."""

from tests.server import server
from tests.shell.world import world

__all__ = ["server", "world"]
