"""A run that writes down when it heard what."""

from __future__ import annotations

from temporalio import workflow


@workflow.defn
class WritesDown:
    def __init__(self) -> None:
        self._heard: list[tuple[str, str]] = []
        self._ends = False

    @workflow.run
    async def run(self, seconds: float) -> list[tuple[str, str]]:
        await workflow.sleep(seconds)
        self._note("rang")
        await workflow.wait_condition(lambda: self._ends)
        return self._heard

    @workflow.signal
    def hear(self, what: str) -> None:
        self._note(what)

    @workflow.signal
    def end(self) -> None:
        self._ends = True

    @workflow.query
    def heard(self) -> list[tuple[str, str]]:
        return self._heard

    def _note(self, what: str) -> None:
        self._heard.append((what, workflow.now().isoformat()))
