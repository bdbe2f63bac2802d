"""Keeps what the hooks tell the applications, in place of the façade, and a connections file to tell it by."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from client.opening import Opening
from client.refusals import NoSuchApplication, Unavailable
from tests.boards.deliveries import NOW, examples
from workflows.application import Application
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery, Erased, Merged, Reading
from workflows.facts import Word


@dataclass
class Recording:
    """The façade as the hooks know it: remembers every word, or is out of reach."""

    heard_words: list[tuple[str, Word]] = field(default_factory=list[tuple[str, Word]])
    openings: list[tuple[Opening, Word]] = field(default_factory=list[tuple[Opening, Word]])
    erased: list[Erased] = field(default_factory=list[Erased])
    merged: list[Merged] = field(default_factory=list[Merged])
    taken: list[tuple[str, Reading]] = field(default_factory=list[tuple[str, Reading]])
    error: Exception | None = None
    hangs: bool = False

    async def heard(self, application: str, word: Word) -> None:
        await self._reached()
        self.heard_words.append((application, word))

    async def application(self, application: str) -> Application:
        await self._reached()
        told = [word for name, word in self.heard_words if name == application]
        if not told:
            raise NoSuchApplication(application)
        return Application(id=application).apply(*(f.model_copy(update={"at": f.own_time or NOW}) for word in told for f in word.facts))

    async def open_from_board(self, opening: Opening, word: Word) -> None:
        await self._reached()
        self.openings.append((opening, word))

    async def erase(self, erased: Erased) -> None:
        await self._reached()
        self.erased.append(erased)

    async def merge(self, merged: Merged) -> None:
        await self._reached()
        self.merged.append(merged)

    async def take(self, connection: str, delivery: Delivery, reading: Reading) -> None:
        await self._reached()
        self.taken.append((connection, reading))

    async def _reached(self) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error


def unreachable() -> Recording:
    return Recording(error=Unavailable())


def connections_file(folder: Path, extra: str = "") -> Path:
    """A file with one connection of every registered board, of the board's name, with the secret of its signed example."""
    secrets = {name: example.secret for name, example in examples().items()}
    tables = (f'[{name}]\nboard = "{name}"\nsecrets = ["{secrets[name]}"]\n' for name in BOARDS)
    path = folder / "connections.toml"
    path.write_text("\n".join(tables) + extra)
    return path
