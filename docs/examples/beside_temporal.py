"""The same façade for a Python program that reaches Temporal itself: no API in between, and the very same words.

TEMPORAL_ADDRESS=127.0.0.1:7233 python -m docs.examples.beside_temporal
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.client import Client

from client.applications import Applications
from client.connection import connect
from client.index import Filter
from client.opening import Opening
from client.refusals import NoSuchApplication, Refused
from workflows.facts import Candidate, Employer, FollowUpSent, InterviewHeld, ThankYouSent, Word


async def main(client: Client, say: Callable[[str], object] = print) -> None:
    """`say`: takes each line of what is told."""
    applications, name = Applications(client), f"example-{uuid4().hex[:8]}"
    opening = Opening(
        id=name,
        candidate=Candidate(id=f"candidate-of-{name}", email="ada@example.org", timezone="Europe/London"),
        employer=Employer(name="Analytical Engines", timezone="America/New_York"),
        position="Staff Engineer",
        facts=(InterviewHeld(interview="i1", ended_at=datetime.now(UTC) - timedelta(hours=1)),),
    )
    answer = await applications.open(opening)
    say(f"{name} is {answer.view['stage']}, new: {answer.fresh}; opened again, new: {(await applications.open(opening)).fresh}")

    thanked = await applications.record(name, Word(facts=(ThankYouSent(interview="i1", by="candidate"),)))
    say(f"thanked, so it is {thanked.view['stage']}; ahead: {', '.join(step['intent'] for step in thanked.view['agenda'])}")
    await applications.record(name, Word(facts=(FollowUpSent(id="once"),)))
    try:
        await applications.record(name, Word(facts=(FollowUpSent(id="twice"),)))
    except Refused as refusal:
        say(f"a second follow-up is refused ({refusal.slug})")
    try:
        await applications.view("nobody-spoke-of-it")
    except NoSuchApplication as missing:
        say(missing.detail)
    page = await applications.list(Filter(candidate=f"candidate-of-{name}"))
    say(f"{len(page.applications)} of theirs in the index, which is a second or so behind")


async def _connected() -> None:
    await main(await connect(), lambda line: sys.stdout.write(f"{line}\n"))


if __name__ == "__main__":
    asyncio.run(_connected())
