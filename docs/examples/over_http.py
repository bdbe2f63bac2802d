"""A platform's day with one application, over HTTP: opened, prompted, thanked, followed up, answered. It needs `make serve`, or any API.

    python -m docs.examples.over_http

On a server with a real clock it stops where the clock would have to be moved.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from client.http.applications import Applications
from client.refusals import NoTestClock, Refused


async def main(url: str, key: str, say: Callable[[str], object] = print) -> None:
    """`say`: takes each line of what is told."""
    name = f"example-{uuid4().hex[:8]}"
    ended = datetime.now(UTC) - timedelta(hours=1)
    opening = {
        "id": name,
        "candidate": {"id": f"candidate-of-{name}", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"},
        "employer": {"name": "Analytical Engines", "timezone": "America/New_York", "contact": {"email": "jobs@example.com"}},
        "position": "Staff Engineer",
        "facts": [
            {
                "type": "interview_held",
                "interview": "i1",
                "ended_at": ended,
                "interviewers": [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}],
            }
        ],
    }
    async with Applications(url, key) as applications:
        answer = await applications.open(opening)
        say(f"{name} is {answer.view.stage}; ahead: {', '.join(step.intent for step in answer.view.agenda)}")
        assert not (await applications.open(opening)).fresh  # noqa: S101 -- what the example shows: repeating changes nothing

        view = await applications.record(name, {"type": "thank_you_sent", "interview": "i1", "by": "candidate"})
        step = next(step for step in view.agenda if step.intent.startswith("follow-up/"))
        say(f"thanked, so it is {view.stage}; {step.intent} is due {step.due:%a %d %b}, since {step.why}")
        try:
            while view.stage != "following_up":
                view = await applications.advance(name, view.agenda[0].due)
        except NoTestClock:
            say("the rest takes days here")
            return
        (letter,) = await applications.letters(name)
        say(f"{letter.intent} was prompted; its draft to {letter.to.email} begins: {letter.body.splitlines()[0]}")

        await applications.record(name, {"type": "follow_up_sent", "by": "candidate"})
        try:
            await applications.record(name, {"type": "follow_up_sent", "id": "a-second-one", "by": "candidate"})
        except Refused as refusal:
            say(f"a second one is refused ({refusal.slug}): {refusal.detail}")
        view = await applications.record(name, {"type": "employer_replied"})
        say(f"they answered, so it is {view.stage} again")
        said = [fact.type for fact in (await applications.facts(name, after=2)).facts]
        say(f"what was said since it was opened: {', '.join(said)}")


if __name__ == "__main__":
    address = os.environ.get("AFTERWORD_API_URL", "http://127.0.0.1:8080")
    asyncio.run(main(address, os.environ.get("AFTERWORD_API_KEY", "dev-key"), lambda line: sys.stdout.write(f"{line}\n")))
