"""One signed POST to an endpoint of the platform's, as Standard Webhooks has it: what events and prompts have in common.

It is signed anew for each attempt, under an id that stays the same. Redirects are not followed and answers are not read.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import httpx
from standardwebhooks import Webhook

from activities.calling import reached, retry_after

PATIENCE: Final = 15.0
"""Seconds for one message to be taken."""


class Endpoint(Protocol):
    """Where the platform takes what it is sent."""

    @property
    def id(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def private(self) -> bool: ...


def signed(identity: str, content: str, keys: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature for each key: any of them verifies."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Afterword",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(identity, now.replace(microsecond=0), content) for key in keys),
    }


def written(told: dict[str, Any]) -> str:
    """A message as it is signed and sent."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


async def post(endpoint: Endpoint, identity: str, content: str, patience: float = PATIENCE) -> tuple[int, timedelta | None]:
    """The status, and how long the endpoint wants to be left alone, where it says so.

    RefusedError and FailedError of `calling`, or what httpx and the network raise. `patience` in seconds.
    """
    headers = signed(identity, content, endpoint.keys, datetime.now(UTC))
    async with (
        asyncio.timeout(patience),
        reached(httpx.URL(endpoint.url), headers, "POST", content.encode(), private=endpoint.private) as answer,
    ):
        return answer.status_code, retry_after(answer.headers.get("retry-after"))
