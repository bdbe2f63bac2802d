"""The codec server as a process of its own, as it is in production."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from client.embedded import Ports
from tests.server import eventually

TOKEN: Final = "a-token-of-these-tests-that-is-long-enough"
ANOTHER: Final = "another-token-of-these-tests-that-is-long-enough"


@dataclass(frozen=True)
class CodecServer:
    url: str
    origin: str
    """The UI's."""
    log: Path


@asynccontextmanager
async def codec_server(folder: Path, keys: str, origin: str = "http://127.0.0.1:8233", **settings: str) -> AsyncGenerator[CodecServer]:
    """For who has one of the two tokens, of `ops` and `audit`."""
    port = Ports.free().api
    url, log = f"http://127.0.0.1:{port}", folder / "codec.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_"))} | {
        "AFTERWORD_ENCRYPTION_KEYS": keys,
        "AFTERWORD_CODEC_TOKENS": f"ops:{TOKEN},audit:{ANOTHER}",
        "AFTERWORD_CODEC_ORIGIN": origin,
        "AFTERWORD_CODEC_URL": url,
        "AFTERWORD_CODEC_PORT": str(port),
        **settings,
    }
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "client.codec_server", env=environment, stdout=output, stderr=output
        )
    try:
        async with httpx.AsyncClient(trust_env=False) as http:

            async def answers() -> bool:
                assert process.returncode is None, log.read_text()
                try:
                    return (await http.get(f"{url}/healthz")).is_success
                except httpx.HTTPError:
                    return False

            await eventually(answers)
        yield CodecServer(url, origin, log)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
