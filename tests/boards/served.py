"""The boards' entrance on a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from client.hooks import Hooks


@asynccontextmanager
async def served(what: Hooks | FastAPI) -> AsyncGenerator[str]:
    """The hooks alone, or the whole API, on a real port of this machine."""
    app = what if isinstance(what, FastAPI) else FastAPI()
    if isinstance(what, Hooks):
        app.include_router(what.router())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 -- it tells in no other way
            await asyncio.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        await running
