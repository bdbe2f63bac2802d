"""How the command line reaches the API: where it is, with which key, and what to say when nobody answers."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from client.http.applications import Applications
from client.http.calls import JSON, Calls
from client.http.refused import Problem
from client.refusals import NotDone
from client.settings import PREFIX, Settings, read

PATIENCE: Final = timedelta(seconds=20)
"""The API itself gives up after eight."""


class Reach(BaseSettings):
    """Where the API is: `AFTERWORD_API_URL`, by default the embedded one, and `AFTERWORD_API_KEY`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    api_url: str | None = None
    api_key: SecretStr = SecretStr("dev-key")


class Refusal(Exception):  # noqa: N818 -- nothing is wrong with the command line
    """The API answered with a problem document, or nobody answered (status 0)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("title"))
        self.status: Final = status
        self.problem: Final = problem

    @property
    def unanswered(self) -> bool:
        return self.status in (0, 503)


def url() -> str:
    """Where the API is; CannotStart for settings that make no sense."""
    return read(Reach).api_url or f"http://127.0.0.1:{read(Settings).api_port}"


def call(
    method: str, path: str, body: Any = None, *, key: str | None = None, lines: bool = False, **query: str | int | None
) -> dict[str, Any]:
    """What the API answers; Refusal with what it says otherwise.

    `body`: a value, or JSON as bytes; `lines`: one value per line. `key`: the Idempotency-Key.
    """
    where = url()
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    media = "application/x-ndjson" if lines else JSON
    try:
        return asyncio.run(_asked(where, method, path, content, key=key, media=media, **query))
    except ValueError:
        raise Refusal(0, _unreached(where, "this is not an address")) from None
    except NotDone as e:
        raise refusal(e, where) from None


def applications() -> Applications:
    """The façade at the API; a call is tried once. CannotStart for settings that make no sense."""
    try:
        return Applications(url(), read(Reach).api_key.get_secret_value(), patience=timedelta(0), timeout=PATIENCE)
    except ValueError:
        raise Refusal(0, _unreached(url(), "this is not an address")) from None


def refusal(error: NotDone, where: str) -> Refusal:
    """For the console: what was answered, or that nobody answers there."""
    problem = error.__cause__
    if isinstance(problem, Problem):
        return Refusal(problem.status, problem.document)
    return Refusal(0, _unreached(where, error.detail.rstrip(".")))


async def _asked(where: str, method: str, path: str, content: bytes | None, **more: Any) -> dict[str, Any]:
    """Once: whoever types a command would rather be told at once that nobody answers."""
    calls = Calls(where, read(Reach).api_key.get_secret_value(), patience=timedelta(0), timeout=PATIENCE)
    try:
        return (await calls.ask(method, path, content, **more)).json()
    finally:
        await calls.aclose()


def _unreached(where: str, why: str) -> dict[str, Any]:
    return {"type": "/problems/unreached", "title": f"No Afterword answers at {where}", "status": 0, "detail": f"{why}."}
