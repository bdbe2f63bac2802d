"""Lines for an import, and its report when it is finished."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.running import body
from tests.server import eventually

LONG = timedelta(seconds=50)


def said(application: str, **other: Any) -> dict[str, Any]:
    """An opening whose candidate is awake at any hour."""
    made = body(application, **other)
    made["candidate"]["waking_hours"] = ["00:00", "23:59"]
    return made


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def lines(rows: Iterable[Any]) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


async def finished(api: httpx.AsyncClient, begun: httpx.Response) -> dict[str, Any]:
    assert begun.status_code == 202, begun.text
    assert begun.headers["location"] == f"/v1/imports/{begun.json()['import']}"

    async def done() -> dict[str, Any] | None:
        report = (await api.get(begun.headers["location"])).json()
        return report if report["status"] == "finished" else None

    return await eventually(done, LONG)


async def imported(api: httpx.AsyncClient, rows: Iterable[Any], **headers: str) -> dict[str, Any]:
    """Its report at the end."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await finished(api, await api.post("/v1/imports", content=lines(rows), headers=sent))


def refusals(report: dict[str, Any]) -> list[tuple[int, str]]:
    """Line and slug of each."""
    return [(one["line"], one["problem"]["type"].removeprefix("/problems/")) for one in report["refused"]]
