"""Plays one story against a running stack, as a platform and its boards do: the HTTP API and the boards' hooks, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from client.api.answers import Shape
from client.demonstration.board import Event, SimulatedBoard
from client.demonstration.comparison import Played, Row, shown, uncounted
from client.demonstration.stories import Said, Story
from client.http.applications import Applications
from client.refusals import NotDone

KEY: Final = "dev-key"
"""The embedded stack's."""
PATIENCE: Final = timedelta(seconds=120)
"""How long a call is repeated."""
_WHY: Final = "Why now: "
_NOT_NOTES: Final = frozenset({"opened", "calendar", "prompted"})


class PlayFailed(Exception):  # noqa: N818 -- what happened, for a person
    """A call was not answered as it should be; in one sentence."""


@dataclass(frozen=True)
class Line:
    """One line of what is printed."""

    at: datetime | None
    """In the candidate's zone; None: before the clock was moved."""
    kind: str
    """`in`, `sent`, `noted`; or `ahead`: what the agenda is by then."""
    what: str
    """A fact's type, an intent, or an agenda."""
    detail: str
    """Who said it; the message's subject; when the agenda was looked at."""
    why: str = ""


@dataclass(frozen=True)
class Performance:
    """What became of a story."""

    story: Story
    played: Played
    lines: tuple[Line, ...]
    """In the order in which they happened."""


class Player:
    """Tells stories to one stack; several at a time, if wanted."""

    def __init__(self, applications: Applications, boards: Mapping[str, SimulatedBoard]) -> None:
        """The boards are those of the connections."""
        self._applications = applications
        self._boards = boards

    async def play(self, story: Story, reached: Callable[[datetime | None], None] = lambda _: None) -> Performance:
        """Says everything at its moment, and looks what came of it. `reached` hears of each moment. PlayFailed."""
        try:
            return await self._played(story, reached)
        except NotDone as e:
            raise PlayFailed(f"{story.title}: {e.detail}") from e

    async def _played(self, story: Story, reached: Callable[[datetime | None], None]) -> Performance:
        looks: dict[str, list[dict[str, Any]]] = {}
        for said in story.said:
            if said.at:
                await self._applications.advance(story.application, said.at)
            await self._say(story, said)
            if said.look:
                looks[said.look] = _plain(await self._applications.view(story.application))["agenda"]
            reached(said.at)
        view = await self._applications.advance(story.application, story.until)
        sent = [_plain(message) for message in await self._applications.messages(story.application)]
        reached(story.until)
        return performance(story, _plain(view), sent, looks)

    async def _say(self, story: Story, said: Said) -> None:
        if said.opening:
            await self._applications.open(said.opening)
        if said.facts:
            await self._applications.record(story.application, *said.facts)
        if said.connection:
            # A board may come again with what has arrived; here each one does, at once, and nothing may come of it.
            board, event = self._boards[said.connection], Event.of(datetime.now(UTC), said.delivery)
            if not all(await asyncio.gather(board.delivers(event), board.delivers(event))):
                raise PlayFailed(f"{story.title}: the hook of {said.connection} answered {board.answers[-1]} to the last attempt.")


def _plain(shape: Shape) -> dict[str, Any]:
    return shape.model_dump(mode="json")


def performance(
    story: Story, view: Mapping[str, Any], sent: list[dict[str, Any]], looks: Mapping[str, list[dict[str, Any]]]
) -> Performance:
    """What the last view, the messages, and the looks on the way amount to."""

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(story.where)

    def intent(text: str) -> str:
        kind, _, thing = text.partition("/")
        return f"{kind}/{story.names.get(thing, thing)}"

    moved = min(said.at for said in story.said if said.at)
    facts: list[dict[str, Any]] = sorted(view["facts"], key=lambda fact: at(fact["at"]))
    heard = [fact for fact in facts if fact["by"] != "process"]
    notes = [fact for fact in facts if fact["by"] == "process" and fact["type"] not in _NOT_NOTES]
    prompted = [fact for fact in facts if fact["type"] == "prompted"]

    def came(fact: dict[str, Any]) -> datetime | None:
        return when if (when := at(fact["at"])) > moved - timedelta(days=1) else None

    def named(fact: dict[str, Any]) -> str:
        return f"{fact['type']} {intent(fact['intent'])}" if "intent" in fact else fact["type"]

    def together(first: str) -> str:
        """Every intent that the message of this one was noted for."""
        noted = [(fact["at"], intent(fact["intent"])) for fact in prompted]
        when = next((at for at, name in noted if name == first), None)
        return " + ".join([first, *(name for at, name in noted if at == when and name != first)])

    lines = (
        *(Line(came(fact), "in", fact["type"], _said_by(fact)) for fact in heard),
        *(Line(at(fact["at"]), "noted", named(fact), "") for fact in notes),
        *(Line(_sent_at(mail, story.where), "sent", together(intent(mail["intent"])), mail["subject"], _why(mail)) for mail in sent),
        *(Line(said.at, "ahead", _agenda(looks[said.look], at, intent), said.look) for said in story.said if said.look),
    )
    return Performance(
        story,
        Played(
            came_in=tuple(Row(came(fact), (fact["type"],)) for fact in heard),
            noted=tuple(Row(at(fact["at"]), (named(fact),)) for fact in notes),
            prompted=tuple(Row(at(fact["at"]), (intent(fact["intent"]),)) for fact in prompted),
            sent=tuple(Row(_sent_at(mail, story.where), (intent(mail["intent"]),), uncounted(_why(mail))) for mail in sent),
            ahead={
                label: tuple(Row(at(step["due"]), (intent(step["intent"]),), uncounted(step["why"])) for step in agenda)
                for label, agenda in looks.items()
            },
            stage=view["stage"],
            outcome=view["outcome"],
            round=view["round"],
        ),
        tuple(sorted(lines, key=lambda line: (line.at is not None, line.at and line.at.replace(second=0, microsecond=0)))),
    )


def _agenda(steps: list[dict[str, Any]], at: Callable[[str], datetime], intent: Callable[[str], str]) -> str:
    return ", ".join(f"{shown(at(step['due']))} {intent(step['intent'])}" for step in steps) or "nothing"


def _sent_at(mail: Mapping[str, Any], where: ZoneInfo) -> datetime:
    return datetime.fromisoformat(mail["application_time"]).astimezone(where)


def _why(mail: Mapping[str, Any]) -> str:
    """The plain reason for the date: one paragraph, before the links."""
    _, found, why = str(mail["text"]).rpartition(_WHY)
    return " ".join("\n".join(why.splitlines()).partition("\n\n")[0].split()) if found else ""


def _said_by(fact: Mapping[str, Any]) -> str:
    speaker = str(fact["by"])
    words = ("the board's webhook, " + speaker.removeprefix("board:")) if speaker.startswith("board:") else f"the {speaker}"
    about = next((f"{name} {fact[name]}" for name in ("respond_by", "until", "decide_by", "ended_at", "ends_at") if fact.get(name)), "")
    effect = "changes nothing" if fact.get("no_effect") else ""
    return "; ".join(part for part in (words, about, effect) if part)
