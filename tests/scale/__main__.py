"""`python -m tests.scale --applications N`: what N open applications cost, how late prompts are, and what becomes of a wave of them.

Temporal is a cluster on PostgreSQL, as processes of this machine. Every figure is written to a file as soon as it is known. With `--home`
the cluster stays there: the same command goes on where it was ended, with more applications if more are asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from client.settings import CannotStart
from tests.scale.cluster import can_stand
from tests.scale.measure import MARKS, Stream, Told, opening, punctual
from tests.scale.processes import can_tell
from tests.scale.stand import Stand, on_cluster
from tests.scale.waves import wave

RESULT: Final = Path(".afterword/scale.json")


class Kept:
    """What was measured so far, in the folder of the cluster that it was measured on, and where it shall be read."""

    def __init__(self, home: Path, result: Path, command: str = "") -> None:
        self._files = (home / "scale.json", result)
        self._command = command
        self.found: dict[str, Any] = {"opening": []}
        if self._files[0].exists():
            self.found = json.loads(self._files[0].read_text())

    @property
    def open(self) -> int:
        return max((one["open"] for one in self.found["opening"]), default=0)

    @property
    def pace(self) -> float:
        """How fast openings went lately."""
        return float(self.found["opening"][-1]["per_second"])

    def keep(self, part: str, figures: dict[str, Any], console: Console) -> None:
        if part == "opening":
            self.found[part].append(figures)
        else:
            self.found[part] = figures | {"command": self._command}
        self.found["measured"] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cores": os.cpu_count(),
            "command": self._command,
        }
        for file in self._files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(self.found, indent=2) + "\n")
        console.print(f"{part}: {json.dumps(figures)}", markup=False, highlight=False, soft_wrap=True)


def remade(asked: argparse.Namespace) -> str:
    """The command that measures the same again, wherever it is kept."""
    said = [f"--{name} {getattr(asked, name)}" for name in ("applications", "minutes", "facts", "due", "wave")]
    return f"python -m tests.scale {' '.join(said)}"


def marks(already: int, up_to: int) -> Iterator[tuple[int, int]]:
    """From where to where is opened before it is looked what that cost."""
    for mark in (*(mark for mark in MARKS if already < mark < up_to), up_to):
        if mark > already:
            yield already, mark
            already = mark


async def measure(stand: Stand, asked: argparse.Namespace, kept: Kept, console: Console, told: Told) -> None:
    for begin, end in marks(kept.open, asked.applications):
        kept.keep("opening", await opening(stand, begin, end, told), console)
    if asked.minutes:
        stream = Stream(int(asked.minutes * 60), asked.facts, asked.due)
        kept.keep("punctual", await punctual(stand, kept.open, stream, kept.pace, told), console)
    if asked.wave:
        pace = 0.7 * kept.pace  # an import shares the worker with what it opens
        kept.keep("wave", await wave(stand, asked.wave, pace, told), console)


async def run(asked: argparse.Namespace, home: Path, console: Console) -> None:
    if (
        ours := asyncio.current_task()
    ):  # asked to end, it ends what it started in order, so that it can go on there; Ctrl-C is asyncio's own
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ours.cancel)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        known: dict[str, Any] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in known:
                known[what] = bars.add_task(what, total=of)
            bars.update(known[what], completed=done, total=of)

        async with on_cluster(home, {"AFTERWORD_CACHED_RUNS": str(asked.cached)}) as stand:
            await measure(stand, asked, Kept(home, asked.to, remade(asked)), console, told)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    asking.add_argument("--applications", type=int, default=1_000, help="so many are open in the end")
    asking.add_argument("--minutes", type=float, default=3, help="for so long facts come while prompts fall due; 0: not at all")
    asking.add_argument("--facts", type=float, default=20, help="a second")
    asking.add_argument("--due", type=float, default=3, help="prompts a second that fall due meanwhile")
    asking.add_argument("--wave", type=int, default=0, help="so many prompts are due in one minute; 0: none")
    asking.add_argument("--cached", type=int, default=2_000, help="runs that the worker keeps in memory, as AFTERWORD_CACHED_RUNS")
    asking.add_argument("--home", type=Path, help="where the cluster stays; without it nothing stays")
    asking.add_argument("--to", type=Path, default=RESULT, help="the file of figures")
    if not can_tell():
        asking.error("what processes use is read from /proc, which this system does not have: run it on Linux")
    if missing := can_stand():
        asking.error(missing)
    return asking.parse_args(given)


def main() -> int:
    asked, console = arguments(sys.argv[1:]), Console()
    with ExitStack() as after:
        home: Path | None = asked.home
        if home is None:
            home = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="afterword-scale-", ignore_cleanup_errors=True)))
        home = home.resolve()
        home.mkdir(parents=True, exist_ok=True)
        try:
            asyncio.run(run(asked, home, console))
        except CannotStart as e:
            print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
            return 1
        except (KeyboardInterrupt, asyncio.CancelledError):
            return 128 + signal.SIGTERM
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
