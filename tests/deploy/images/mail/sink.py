"""The sink of the embedded stack, listening where other containers reach it and keeping mail where another one reads it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from client.sink import serve

if __name__ == "__main__":
    asyncio.run(serve(Path("/home/afterword"), 1025, "0.0.0.0"))  # noqa: S104 -- a container's own network
