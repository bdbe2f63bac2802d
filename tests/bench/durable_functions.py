"""The same behaviour as the workflow by hand, on DBOS: durable functions whose steps are rows in PostgreSQL, without a server between.

Same messages with the same words, same attributes at the same moments, same waits, and whoever says something is answered. Where the two
differ, this one has it cheaper: a second follow-up is not refused, and a send whose process is killed is repeated, not reported.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from dbos import DBOS

from tests.bench.marks import mark
from tests.bench.standard import DAY, LISTENS, Opening, Path
from workflows import names

THANKED: Final = "thank_you_sent"
FOLLOWED_UP: Final = "follow_up_sent"
_AT_ONCE: Final = 0.001
_PATIENCE: Final = 120.0
"""Seconds for a word that is known to come, where time is skipped."""

traced: list[dict[str, Any]] | None = None
"""Where it is a list: what was sent and shown, for whoever compares."""


@DBOS.step()
async def send_notice(notice: names.Notice) -> names.Delivery:
    """Takes the message and writes to nobody."""
    if traced is not None:
        traced.append({"sent": notice.model_dump(mode="json")})
    mark(notice.application)
    return names.Delivery(message_id=f"<{len(notice.key)}@example.com>")


@DBOS.step()
async def tell_candidate(request: names.TellRequest) -> None:
    """Hears what an application means for the candidate's others, and tells nobody."""


@DBOS.workflow()
async def application(opening: Opening, *, skips: bool) -> list[tuple[str, datetime]]:
    """From the opening to the end of listening. `skips`: every wait is over at once, and the clock says what it waited for."""
    return await _Application(opening, skips=skips).live()


class _Application:
    def __init__(self, opening: Opening, *, skips: bool) -> None:
        self._opening, self._skips = opening, skips
        self._path, self._now = Path(opening), opening.ended_at
        self._said: list[tuple[str, datetime]] = [("opened", opening.ended_at)]

    async def live(self) -> list[tuple[str, datetime]]:
        path, t = self._path, self._opening.ended_at
        await self._show(Stage="thanking", NextStep="thank-you", NextDueAt=path.thank_by, **path.indexed)
        await self._until(path.thank_by)
        await self._send(path.thank_you())

        await self._show(NextStep="thank-you-nudge", NextDueAt=path.nudge)
        thanked = await self._hears(THANKED, path.nudge) or path.nudge
        due = path.wait(thanked)
        await self._show(Stage="waiting", NextStep="waiting", NextDueAt=due, ThankedInTime=thanked <= t + DAY)
        await self._until(due)
        await self._send(path.waiting(thanked, due))

        await self._show(NextStep="follow-up", NextDueAt=path.ask)
        await self._until(path.ask)
        await self._send(path.follow_up())

        await self._show(Stage="following_up", NextStep="follow-up-last-call", NextDueAt=path.last_call)
        heard = await self._hears(FOLLOWED_UP, path.last_call)
        followed_up = heard or path.last_call
        due = path.give_up(followed_up)
        asked = {"FollowUps": 1} if heard else {}
        await self._show(Stage="awaiting_reply", NextStep="ghosted", NextDueAt=due, **asked)
        await self._until(due)
        given_up = self._say("ghosted", self._now)
        meaning = names.Meaning(outcome="ghosted")
        o = self._opening
        await tell_candidate(names.TellRequest(candidate=o.candidate.id, application=o.application, meaning=meaning, at=given_up))
        await self._show(Stage="closed", Outcome="ghosted", NextStep=None, NextDueAt=None, SilenceDays=(given_up - t).days)
        await self._send(path.ghosted(given_up, due, followed_up))
        await self._until(self._now + LISTENS)
        self._say("closed", self._now)
        return self._said

    def _say(self, what: str, at: datetime) -> datetime:
        self._said.append((what, at))
        return at

    async def _show(self, **changed: Any) -> None:
        changed["ChangedAt"] = self._said[-1][1]
        plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changed.items()}
        if traced is not None:
            traced.append({"shown": plain, "at": self._now.isoformat()})
        await DBOS.update_workflow_attributes_async(self._opening.application, plain, merge=True)

    async def _until(self, due: datetime) -> None:
        await DBOS.sleep_async(_AT_ONCE if self._skips else max((due - datetime.now(UTC)).total_seconds(), _AT_ONCE))
        self._now = max(due, self._now)

    async def _hears(self, what: str, until: datetime) -> datetime | None:
        """When it was said, and its sayer is answered; None if nobody said it until then."""
        patience = _PATIENCE if self._skips else max((until - datetime.now(UTC)).total_seconds(), _AT_ONCE)
        at: datetime | None = await DBOS.recv_async(what, timeout_seconds=patience)
        self._now = max(at or until, self._now)
        if at:
            self._say(what, at)
            await DBOS.set_event_async(what, len(self._said))
        return at

    async def _send(self, notice: names.Notice) -> None:
        await send_notice(notice)
        self._say("prompted", self._now)


async def say(whose: str, what: str, at: datetime) -> int:
    """Durable, and answered: how much was said then."""
    await DBOS.send_async(whose, at, topic=what, idempotency_key=f"{whose} {what}")
    return int(await DBOS.get_event_async(whose, what, timeout_seconds=_PATIENCE))
