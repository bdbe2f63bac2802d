"""A wave: an import of applications whose prompts are due in one minute, and what becomes of them and of everyone else meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.scale import people
from tests.scale.figures import busiest, by_minute, lateness, marginal, percentiles
from tests.scale.measure import LOOKS, Answers, Told, holds, say, settled
from tests.scale.stand import Stand

OTHERS_EVERY: Final = 20.0
"""Seconds between prompts of somebody who is not in the wave."""
LINES: Final = 500
"""Of one import."""
QUIET: Final = 180.0
"""Seconds without a message after which nothing more is waited for."""


async def wave(stand: Stand, count: int, per_second: float, told: Told) -> dict[str, Any]:
    """Imports so many that are due in one minute, and looks when their mail comes; somebody else's prompts come in between.

    `per_second`: how fast they are expected to be opened; the minute is so far ahead that all are open by then.
    """
    ahead = timedelta(seconds=30 + 1.4 * count / per_second)
    moment = (datetime.now(UTC) + ahead + timedelta(minutes=1)).replace(second=0, microsecond=0)
    began, cpu = time.monotonic(), stand.cpu()
    answers, finished = Answers(), asyncio.Event()
    asking = asyncio.create_task(_beside(stand, answers, finished))
    opened = await _imported(stand, [people.wave(n, moment) for n in range(count)], told)
    finished.set()
    await asking
    importing, spent = time.monotonic() - began, marginal(cpu, stand.cpu(), count)
    in_time = datetime.now(UTC) < moment
    await settled(stand)
    await asyncio.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0))
    cpu, since = stand.cpu(), moment.timestamp()
    others: dict[str, float] = {}
    ended = asyncio.Event()
    beside = asyncio.create_task(_others(stand, others, ended))
    due = {f"wave-{n}": since for n in range(count)}
    came = await _all(stand, due, told)
    ended.set()
    await beside
    took = marginal(cpu, stand.cpu(), count)
    theirs = {name: at for name, at in stand.post.first("thank-you").items() if name in others}
    thanks = [came[f"wave-{n}"] - since for n in range(count) if people.kind_of(n, moment) == "thank-you" and f"wave-{n}" in came]
    moments = list(came.values())
    return {
        "due": count,
        "import": {
            "opened": opened,
            "seconds": round(importing, 1),
            "per_second": round(count / importing, 1),
            "in_time": in_time,
            "facts_beside_ms": {name: round(1000 * value, 1) for name, value in percentiles(answers.seconds, 4).items()},
            "cpu_ms": {name: round(1000 * one, 2) for name, one in spent.items()},
        },
        "sent": len(came),
        "lateness_s": percentiles(lateness(due, came)),
        "thank_you_latest_s": round(max(thanks, default=0.0), 1),
        "sent_by_minute": by_minute(moments, since),
        "sends_per_second": {f"in {window} s": round(busiest(moments + list(theirs.values()), window), 2) for window in (1, 10, 60)},
        "others": {"prompts": len(others), "sent": len(theirs), "wait_s": percentiles([at - others[name] for name, at in theirs.items()])},
        "cpu_ms": {name: round(1000 * one, 2) for name, one in took.items()},
        **holds(stand),
    }


async def _imported(stand: Stand, rows: list[people.Body], told: Told) -> int:
    """Posts them in parts; how many were opened, once the last part is finished."""
    parts = [rows[begin : begin + LINES] for begin in range(0, len(rows), LINES)]
    waiting: dict[str, int] = {}
    for number, part in enumerate(parts):
        answer = await stand.api.post("/v1/imports", content="\n".join(map(json.dumps, part)).encode())
        answer.raise_for_status()
        waiting[answer.json()["import"]] = number
    opened, finished = dict.fromkeys(waiting, 0), set[str]()
    while len(finished) < len(waiting):
        for name in [name for name in waiting if name not in finished][:3]:
            answer = await stand.api.get(f"/v1/imports/{name}")
            if answer.is_success:
                report = answer.json()
                opened[name] = report["opened"] + report["same"]
                if report["status"] != "running":
                    finished.add(name)
        told("imported", sum(opened.values()), len(rows))
        await asyncio.sleep(LOOKS)
    return sum(opened.values())


async def _beside(stand: Stand, answers: Answers, ended: asyncio.Event) -> None:
    """A fact about somebody else every second or so: an import must not hold it up."""
    turn = int(time.time())
    while not ended.is_set():
        turn += 1
        about = turn % people.LEAST
        await say(stand, f"/v1/applications/stands-{about}/facts", {"facts": [people.news(about, turn, datetime.now(UTC))]}, answers)
        await _pause(ended, 1.0)


async def _pause(ended: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return


async def _others(stand: Stand, said: dict[str, float], ended: asyncio.Event) -> None:
    """Somebody else, again and again: a prompt that is due two seconds after it is known."""
    while not ended.is_set():
        now = datetime.now(UTC)
        moment = (now + timedelta(seconds=2)).replace(microsecond=0)
        name = f"other-{moment:%d%H%M%S}"
        await say(stand, "/v1/applications", people.due(name, moment, now), Answers())
        said[name] = moment.timestamp()
        await _pause(ended, OTHERS_EVERY)


async def _all(stand: Stand, due: dict[str, float], told: Told) -> dict[str, float]:
    """When the first message of each came, whatever it was about."""
    quiet_since, before = time.monotonic(), -1
    while True:
        came: dict[str, float] = {}
        for one in stand.post.arrivals:
            if one.application in due:
                came.setdefault(one.application, one.at)
        told("sent", len(came), len(due))
        if len(came) == len(due) or time.monotonic() - quiet_since > QUIET:
            return came
        if len(came) != before:
            before, quiet_since = len(came), time.monotonic()
        await asyncio.sleep(LOOKS)
