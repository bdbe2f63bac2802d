"""How the command line reaches the API: where it is, with which key, and what to say when nobody answers."""

from __future__ import annotations

import json
from typing import Any, Final, cast

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from client.settings import PREFIX, Settings, read

PATIENCE: Final = 20.0
"""Seconds; the API itself gives up after eight."""


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
    try:
        with httpx.Client(base_url=where, timeout=PATIENCE, trust_env=False) as http:
            answer = http.request(
                method,
                path,
                content=content,
                params={name: value for name, value in query.items() if value is not None},
                headers=_headers(key, "application/x-ndjson" if lines else "application/json"),
            )
    except httpx.InvalidURL:
        raise Refusal(0, _unreached(where, "this is not an address")) from None
    except httpx.HTTPError as e:
        raise Refusal(0, _unreached(where, str(e) or type(e).__name__)) from None
    try:
        said = cast("dict[str, Any]", answer.json())
    except ValueError:
        raise Refusal(0, _unreached(where, f"something else answers there, with status {answer.status_code}")) from None
    if not answer.is_success:
        raise Refusal(answer.status_code, said)
    return said


def _headers(key: str | None, kind: str) -> dict[str, str]:
    said = {"Authorization": f"Bearer {read(Reach).api_key.get_secret_value()}", "Content-Type": kind}
    return said | ({"Idempotency-Key": key} if key else {})


def _unreached(where: str, why: str) -> dict[str, Any]:
    return {"type": "/problems/unreached", "title": f"No Afterword answers at {where}", "status": 0, "detail": f"{why}."}
