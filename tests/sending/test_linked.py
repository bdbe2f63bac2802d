"""A run that stands for a board's id, and the application that the platform opens: a letter that left for one is not sent by the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sending.approvals import approval
from tests.server import eventually
from tests.shell.world import World, new_id
from workflows.facts import Linked, Word

DONE = ("letter_delivered", "letter_undeliverable")
ADA = {
    "id": "cand-7",
    "name": "Ada Byron",
    "email": "ada@example.org",
    "timezone": "Europe/London",
    "preferences": {"unsubscribed": ["thanks"]},
}
"""She wants no prompts to thank, so that the letter is all that leaves."""


def talk() -> dict[str, Any]:
    ended = datetime.now(UTC) - timedelta(hours=30)
    people = [{"id": "g", "name": "Grace Hopper", "email": "grace@example.com"}]
    return {"type": "interview_held", "interview": "i1", "ended_at": ended.isoformat(), "interviewers": people}


def letters(world: World) -> list[str]:
    """The applications that a letter to the interviewer came from."""
    return [str(mail["X-Afterword-Application"]) for mail in world.post.taken if "grace@example.com" in mail["To"]]


@pytest.mark.parametrize("amid", [False, True], ids=["when-it-has-left", "while-it-is-with-the-mail-server"])
async def test_what_one_run_sent_the_other_knows_of(world: World, amid: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """The approval is handed over with its end, not before."""
    board, own = new_id(), new_id()
    await world.opened(talk(), name=board, candidate=ADA)
    world.post.silent = "message" if amid else ""
    await world.say(board, approval(), by="candidate")
    if amid:

        async def reached() -> bool:
            return world.post.reached.is_set()

        await eventually(reached)
    else:
        await world.until(board, lambda view: any(fact["type"] in DONE for fact in view["facts"]))
    await world.opened(talk(), name=own, candidate=ADA)
    link = Linked(id=f"linked:{own}", by="process", to=own)
    await world.applications.heard(board, Word(facts=(link,), by="process"))
    await world.until(board, lambda view: any(fact["type"] == "linked" for fact in view["facts"]))
    world.post.silent = ""
    world.post.go_on.set()
    view = await world.until(own, lambda view: any(fact["type"] in DONE for fact in view["facts"]))
    assert [fact["type"] for fact in view["facts"] if fact["type"] in DONE] == ["letter_delivered"]
    await world.advance(own, timedelta(hours=1))
    assert letters(world) == [board]
