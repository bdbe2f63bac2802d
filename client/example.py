"""An opening to begin with: an interview that was held an hour or two ago, so that everything is still ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def opening(now: datetime, application: str = "app-1001") -> dict[str, Any]:
    """The body of `POST /v1/applications`, its dates relative to now."""
    ended = (now - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return {
        "id": application,
        "metadata": {"row": "81723"},
        "candidate": {
            "id": "cand-7",
            "name": "Ada Byron",
            "email": "ada@example.org",
            "timezone": "Europe/London",
            "country": "GB",
            "waking_hours": ["08:00", "21:00"],
            "skills": ["numerical tables"],
        },
        "employer": {
            "name": "Analytical Engines",
            "timezone": "America/New_York",
            "country": "US",
            "subdivision": "NY",
            "contact": {"name": "Recruiting", "email": "jobs@example.com"},
        },
        "position": "Staff Engineer",
        "policy": "industry",
        "facts": [
            {
                "type": "interview_held",
                "interview": "i1",
                "ended_at": ended.isoformat(),
                "interviewers": [
                    {"id": "g", "name": "Grace Hopper", "email": "grace@example.com", "role": "hiring manager"},
                    {"id": "k", "name": "Katherine Johnson", "role": "principal engineer"},
                ],
            }
        ],
    }
