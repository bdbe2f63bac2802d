"""A workflow whose handlers fail where they must not, as one with a bug does."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError


@workflow.defn
class Buggy:
    """Hears the word `good`; every other one but `refused` and `invalid` is a bug."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.bugs = 0
        self.over = False

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: self.over)
        return [*self.heard, f"{self.bugs} bugs"]

    @workflow.update
    def say(self, word: str) -> int:
        return self._hear(word)

    @say.validator
    def _may_say(self, word: str) -> None:
        if word == "Ada":
            raise KeyError(word)
        if word == "invalid":
            raise ApplicationError("the guide says no", type="invalid")

    @workflow.update
    async def say_slowly(self, word: str) -> int:
        await asyncio.sleep(0.01)
        return self._hear(word)

    @workflow.signal
    def whisper(self, word: str) -> None:
        self._hear(word)

    @workflow.signal
    def end(self) -> None:
        self.over = True

    def note_bug(self) -> None:
        self.bugs += 1

    def _hear(self, word: str) -> int:
        if word == "refused":
            raise ApplicationError("the guide says no", type="no-offer")
        self.heard.append({"good": word}[word])
        return len(self.heard)
