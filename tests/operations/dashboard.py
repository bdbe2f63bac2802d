"""The dashboard as Grafana reads it, and what it shows that the demonstration has no need of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from tests.operations.trouble import ANY_HOUR
from tests.parts import ROOT
from tests.running import DEV, body

FOLDER: Final = ROOT / "deploy" / "grafana"
DASHBOARD: Final[dict[str, Any]] = json.loads((FOLDER / "dashboards" / "afterword.json").read_text())
PANELS: Final[list[dict[str, Any]]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


async def imported(platform: str) -> None:
    """Something of yesterday, of which one prompt is left out."""
    said = body("imported")
    said["candidate"]["waking_hours"] = ANY_HOUR
    said["facts"][0]["ended_at"] = (datetime.now(UTC) - timedelta(hours=20)).isoformat()
    async with httpx.AsyncClient(base_url=platform, headers=DEV, timeout=30, trust_env=False) as api:
        answer = await api.post("/v1/applications", json=said)
        assert answer.is_success, answer.text
