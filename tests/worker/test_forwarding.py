"""Facts said under a board's id reach the application as they were said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from temporalio.testing import ActivityEnvironment

from activities.forwarding import Forwarding
from workflows.facts import FollowUpSent, Rejected, Word
from workflows.names import ForwardRequest

FACTS = (
    Rejected(id="r", by="board:acme", at=datetime(2026, 3, 2, tzinfo=UTC)),
    FollowUpSent(id="f", by="candidate", at=datetime(2026, 3, 1, tzinfo=UTC)),
)


async def test_they_keep_who_said_them_and_when() -> None:
    heard: list[tuple[str, Word]] = []

    async def hear(application: str, word: Word) -> None:
        heard.append((application, word))

    await ActivityEnvironment().run(Forwarding(hear).forward_facts, ForwardRequest(to="app-1", facts=FACTS))
    assert [(application, word.facts) for application, word in heard] == [("app-1", FACTS)]


async def test_what_could_not_be_said_is_tried_again() -> None:
    async def hear(application: str, word: Word) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await ActivityEnvironment().run(Forwarding(hear).forward_facts, ForwardRequest(to="app-1", facts=FACTS))
