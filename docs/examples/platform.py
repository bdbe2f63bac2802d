"""A small platform: it registers applications with Afterword, takes the event stream, and keeps its own copy of where each one stands.

    AFTERWORD_SECRET=whsec_… python -m uvicorn --factory docs.examples.platform:create_app --port 9000

and in the file that AFTERWORD_WEBHOOKS names:

    [example]
    url = "http://127.0.0.1:9000/events"
    secrets = ["whsec_…"]
    private = true

Events come at least once and in order for each application; what was replayed is known by its id and changes nothing.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import Body, FastAPI, Request
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.responses import JSONResponse, Response

TABLES = """
create table if not exists application (id text primary key, revision integer not null, stage text not null, outcome text);
create table if not exists event (id text primary key);
"""


class Copy:
    """What the platform itself knows, in one SQLite file."""

    def __init__(self, file: str) -> None:
        self._db = sqlite3.connect(file)
        self._db.executescript(TABLES)

    def take(self, identity: str, event: dict[str, Any]) -> bool:
        """Whether the event was new. It and what it changes are kept together or not at all."""
        data = event["data"]
        with self._db:
            if not self._db.execute("insert or ignore into event values (?)", (identity,)).rowcount:
                return False
            self._db.execute(
                "insert into application values (?, ?, ?, ?) on conflict (id) do update"
                " set revision = excluded.revision, stage = excluded.stage, outcome = excluded.outcome"
                " where excluded.revision > application.revision",
                (data["application"], data["revision"], data["stage"], data["outcome"]),
            )
        return True

    def rows(self) -> list[tuple[str, int, str, str | None]]:
        return self._db.execute("select id, revision, stage, outcome from application order by id").fetchall()


def create_app(secret: str | None = None, file: str | None = None, afterword: str | None = None, key: str | None = None) -> FastAPI:
    """`afterword`: the API's address; what is not given is read from the environment."""
    webhook = Webhook(secret or os.environ["AFTERWORD_SECRET"])
    copy = Copy(file or os.environ.get("PLATFORM_DB", "platform.db"))
    address = afterword or os.environ.get("AFTERWORD_API_URL", "http://127.0.0.1:8080")
    authorization = {"Authorization": f"Bearer {key or os.environ.get('AFTERWORD_API_KEY', 'dev-key')}"}
    api = httpx.AsyncClient(base_url=address, headers=authorization, timeout=30, trust_env=False)
    one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await api.aclose()

    app = FastAPI(title="A platform", lifespan=lifespan)

    async def register(opening: Annotated[dict[str, Any], Body()]) -> Response:
        """Opens the application with Afterword; said again it is the same one."""
        answer = await api.post("/v1/applications", json=opening)
        return JSONResponse(answer.json(), answer.status_code)

    async def take_event(request: Request) -> Response:
        """204 for what is known by now, 401 for what was not signed by Afterword."""
        try:
            event = webhook.verify(await request.body(), dict(request.headers))
        except WebhookVerificationError:
            return Response(status_code=401)
        async with one_at_a_time:
            copy.take(request.headers["webhook-id"], event)
        return Response(status_code=204)

    async def list_applications() -> list[dict[str, Any]]:
        """The platform's own copy."""
        return [dict(zip(("id", "revision", "stage", "outcome"), row, strict=True)) for row in copy.rows()]

    app.post("/applications")(register)
    app.post("/events")(take_event)
    app.get("/applications")(list_applications)
    return app
