"""The measure of the boards' entrance: a handler that verifies nothing, believes everything, and only signals-with-start.

`python -m tests.bench.raw_handler PORT` serves it as the API is served. It takes the same deliveries and says the same fact to the same
workflow; it checks, translates, logs and counts nothing, and forgets what ended runs knew.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, Final

import uvicorn
from fastapi import FastAPI, Request, Response
from temporalio.client import Client

from client.connection import connect
from workflows import names

HOST: Final = "127.0.0.1"


def handler(client: Client) -> FastAPI:
    app = FastAPI()

    @app.post("/hooks/standard/{connection}")
    async def receive(connection: str, request: Request) -> Response:
        said: dict[str, Any] = json.loads(await request.body())
        content = said["data"]
        application = f"{connection}.{content.pop('application')}"
        fact = {**content, "type": said["type"], "id": request.headers["webhook-id"]}
        await client.start_workflow(
            names.WORKFLOW,
            id=names.workflow_id(application),
            task_queue=names.TASK_QUEUE,
            start_signal=names.HEARD,
            start_signal_args=[{"facts": [fact], "by": f"board:{connection}"}],
            task_timeout=names.TASK_TIMEOUT,
        )
        return Response()

    return app


async def serve(port: int) -> None:
    config = uvicorn.Config(handler(await connect()), host=HOST, port=port, log_config=None, access_log=False, server_header=False)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
    sys.stderr.flush()
    os._exit(0)  # the SDK's threads may abort an interpreter that is taken down around them
