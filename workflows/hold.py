"""Hold: what sending waits for. One run for the whole deployment, there only while something is held.

It performs nothing: whoever sends reads its memo. So an operator sees at once that sending is held, and terminating it lifts everything.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from workflows.holding import known
    from workflows.names import VIEW
    from workflows.names.holding import CHANGE_HOLD, HELD_WORD, HOLD, HOLDS, HoldChange, Holds

UNHEARD = timedelta(minutes=1)
"""A run that is asked nothing ends after that time."""
ATTENTION = SearchAttributeKey.for_keyword("Attention")


@workflow.defn(name=HOLD)
class Hold:
    @workflow.init
    def __init__(self, carried: Holds | None = None) -> None:
        self.holds = carried or Holds()
        self.shown: Holds | None = None
        self.changes = 0

    @workflow.run
    async def run(self, carried: Holds | None = None) -> None:
        if carried is None and not self.changes:  # begun while no worker worked: what was to be held may never be heard
            await self._news(0, UNHEARD, "nobody holds anything")
            if not self.changes:
                return
        workflow.upsert_search_attributes([ATTENTION.value_set(HELD_WORD)])  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
        while True:
            now, seen = workflow.now(), self.changes
            self.holds = self.holds.at(now)
            self._show()
            if not self.holds.holds:
                break
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self.holds, memo={HOLDS: self.holds})  # what a run writes there is not carried over
            first = min(one.until for one in self.holds.holds)
            await self._news(seen, first - now, "the first hold is over")
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update(
        name=CHANGE_HOLD,
        description='Holds sending, or with "until": null lets it go. {"scope": "all", "until": "2030-03-04T16:00:00Z"}; '
        "scope: all, connection/<id> or step/<kind>",
    )
    def change(self, change: HoldChange) -> Holds:
        self.holds = self.holds.at(workflow.now()).changed(change)
        self.changes += 1
        return self.holds

    @change.validator
    def _refuse(self, change: HoldChange) -> None:
        """Said by hand too: who holds what there is not would believe it held."""
        if not known(change.scope):
            raise ApplicationError("There is no such kind of step.", type="no-such-step", non_retryable=True)

    @workflow.query(name=VIEW, description="What is held, and until when.")
    def view(self) -> Holds:
        return self.holds

    async def _news(self, seen: int, longest: timedelta, summary: str) -> None:
        """Returns after a change, or after that time."""
        try:
            await workflow.wait_condition(lambda: self.changes > seen, timeout=longest, timeout_summary=summary)
        except TimeoutError:
            return

    def _show(self) -> None:
        if self.holds != self.shown:
            self.shown = self.holds
            workflow.upsert_memo({HOLDS: self.holds})
            lines = "".join(f"- `{one.scope}` until {one.until.isoformat()}\n" for one in self.holds.holds)
            workflow.set_current_details(f"Sending is held:\n\n{lines}" if lines else "Nothing is held.")
