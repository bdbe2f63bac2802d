"""Approving letters by the API, and what is said of them there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from tests.running import body
from tests.server import eventually

THANKS: Final = "thank-you/i1/g"
YESTERDAY: Final = timedelta(hours=30)
"""A thank-you for a talk that long ago leaves at once, at whatever hour: a day has gone by."""
ENDS: Final = ("letter_delivered", "letter_undeliverable")


def talked(application: str, ago: timedelta = YESTERDAY, **other: Any) -> dict[str, Any]:
    """An opening whose interview ended so long ago, of a candidate who wants no prompts to thank, so that letters are all that leaves."""
    who = {"id": f"cand-{application[-1]}", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
    held = {
        "type": "interview_held",
        "interview": "i1",
        "ended_at": (datetime.now(UTC) - ago).isoformat(),
        "interviewers": [{"id": "g", "name": "Grace Hopper", "email": f"{application}@example.com"}],
    }
    return body(application, candidate={**who, "preferences": {"unsubscribed": ["thanks"]}}, facts=[held], **other)


def approval(letter: str = THANKS, **other: Any) -> dict[str, Any]:
    said = {"subject": "Thank you", "body": "Dear Grace,\n\nthank you for the talk.\n\nAda Byron"}
    return {"type": "letter_approved", "id": "approval-1", "letter": letter, **said, **other}


async def letter_of(api: httpx.AsyncClient, application: str, letter: str = THANKS) -> dict[str, Any]:
    """As the API lists it."""
    listed = (await api.get(f"/v1/applications/{application}/letters")).json()["letters"]
    (found,) = [one for one in listed if one["id"] == letter]
    return found


async def ended(api: httpx.AsyncClient, application: str, patience: timedelta = timedelta(seconds=60)) -> list[dict[str, Any]]:
    """What the process noted of its letters, once it noted anything."""

    async def look() -> list[dict[str, Any]]:
        answer = await api.get(f"/v1/applications/{application}")
        facts: list[dict[str, Any]] = answer.json()["facts"] if answer.is_success else []
        return [fact for fact in facts if fact["type"] in ENDS]

    return await eventually(look, patience)
