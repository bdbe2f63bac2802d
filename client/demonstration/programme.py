"""The demonstration as a whole: starts the embedded stack, plays the eight stories at once, compares, prints, stops everything."""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from client.connections import Connection, read
from client.demonstration import printing
from client.demonstration.board import SimulatedBoard, simulated
from client.demonstration.comparison import Expected, differences
from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.player import KEY, PATIENCE, Performance, Player, PlayFailed
from client.demonstration.stories import STORIES, Story
from client.demonstration.table import TABLE
from client.embedded import Stack
from client.http.applications import Applications
from client.settings import variable

Reached = Callable[[datetime | None], None]
"""Hears of each moment of a story; None: before its clock is moved."""


async def play(
    console: Console,
    *,
    as_json: bool = False,
    stories: Sequence[Story] = STORIES,
    table: Mapping[str, Expected] = TABLE,
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """0 if everything is as the table has it, else 1. CannotStart says what is in the way of the stack.

    `console` gets the result; progress goes to standard error. `home`: where the stack keeps everything; None: nowhere for long.
    `environment`: settings of the stack.
    """
    begun, telling = time.monotonic(), Console(stderr=True, highlight=False)
    performing, loop = asyncio.ensure_future(_performed(stories, telling, home, environment or {})), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, performing.cancel)  # Ctrl-C is asyncio's own
    try:
        performances = await performing
    except asyncio.CancelledError:
        if (ours := asyncio.current_task()) and ours.cancelling():
            raise
        return 128 + signal.SIGTERM
    except ExceptionGroup as group:
        failed, rest = group.split(PlayFailed)
        if rest or failed is None:
            raise
        for failure in failed.exceptions:
            telling.print(str(failure), style="red", markup=False, soft_wrap=True)
        return 1
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
    results = [(p, table[p.story.name], differences(table[p.story.name], p.played)) for p in performances]
    seconds = time.monotonic() - begun
    if as_json:
        console.file.write(json.dumps(printing.as_json(results, seconds), indent=2, ensure_ascii=False) + "\n")
        return _exit_code(results)
    printing.show_legend(console)
    for number, result in enumerate(results, 1):
        printing.show_result(console, number, result)
    printing.show_end(console, results, seconds)
    return _exit_code(results)


def _exit_code(results: Sequence[printing.Result]) -> int:
    return 1 if any(found for _, _, found in results) else 0


async def _performed(stories: Sequence[Story], telling: Console, home: Path | None, environment: Mapping[str, str]) -> list[Performance]:
    async with AsyncExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="afterword-demo-", ignore_cleanup_errors=True)))
        file = folder / "connections.toml"
        file.write_text(CONNECTIONS, encoding="utf-8")
        connections, _ = read(file)
        with telling.status("Starting …") as status:
            starting = Stack.start(
                home=home or folder / "home",
                environment={**environment, variable("connections"): str(file)},
                say=lambda what: status.update(f"Starting … {what}"),
            )
            stack = await after.enter_async_context(starting)
        return await _played(stack, connections, stories, telling)


async def _played(stack: Stack, connections: Mapping[str, Connection], stories: Sequence[Story], telling: Console) -> list[Performance]:
    """Every story at once, each on its own clock; the boards are switched on first."""
    async with AsyncExitStack() as after:
        applications = await after.enter_async_context(Applications(stack.api, KEY, patience=PATIENCE))
        boards = {one.id: await after.enter_async_context(_board(one, stack)) for one in connections.values()}
        player = Player(applications, boards)
        with _progress(stories, telling) as reached:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(_watch(stack))
                await asyncio.gather(*map(_activated, boards.values()))
                playing = [group.create_task(player.play(story, hears)) for story, hears in zip(stories, reached, strict=True)]
                await asyncio.wait(playing)
                watching.cancel()
        return [task.result() for task in playing]


def _board(connection: Connection, stack: Stack) -> AbstractAsyncContextManager[SimulatedBoard]:
    return simulated(connection.board.name, connection.id, connection.secrets[0].get_secret_value(), stack.api)


async def _activated(board: SimulatedBoard) -> None:
    if not await board.activates():
        raise PlayFailed(f"The hook of {board.connection} did not answer as {board.name} wants it, which keeps it switched off.")


async def _watch(stack: Stack) -> NoReturn:
    """PlayFailed as soon as a part of the stack ends by itself."""
    child, exit_code = await stack.first_ended()
    raise PlayFailed(f"The {child.name} stopped by itself (exit code {exit_code}): {child.last_words()}")


@contextmanager
def _progress(stories: Sequence[Story], telling: Console) -> Generator[list[Reached]]:
    """Where each story is; where nobody watches, one line."""
    if not telling.is_terminal:
        telling.print(f"Playing {len(stories)} applications …")
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[today]}"))
    with Progress(*columns, console=telling, transient=True, disable=not telling.is_terminal) as bars:

        def hears(story: Story) -> Reached:
            bar = bars.add_task(story.title, total=len(story.said) + 1, today="")

            def reached(at: datetime | None) -> None:
                bars.update(bar, advance=1, today=f"{at:%a} {at.day} {at:%b %Y}" if at else "today")

            return reached

        yield [hears(story) for story in stories]
