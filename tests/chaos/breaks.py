"""Five deliberate bugs that only a fault or a late word shows, and a copy of the project that has one of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.mutants.row import Edit
from tests.parts import ROOT

COPIED: Final = ("workflows", "activities", "worker", "client", "tests")

BREAKS: Final[dict[str, tuple[Edit, ...]]] = {
    "dedupe": (
        Edit("workflows/ledger.py", "for f in facts if f.id not in self.ids}", "for f in facts}"),
        Edit("workflows/ledger.py", "        if name not in ledger.ids and name not in kept:\n", "        if name not in kept:\n"),
    ),
    "re-check": (
        Edit(
            "workflows/outbox.py",
            "                sent.attempts.cancel()  # not our own task",
            "                continue  # not our own task",
        ),
    ),
    "record": (
        Edit("workflows/outbox.py", '    "TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat", UNCERTAIN, *REFUSED', "    *REFUSED"),
        Edit(
            "activities/handover.py",
            "        raise UnknownOutcomeError from None\n    if 400",
            '        raise RefusedError("the connection was lost") from None\n    if 400',
        ),
    ),
    "timer": (
        Edit(
            "workflows/mailbox.py",
            "if self._set and (self._set[0] != due or self._set[1].done()):",
            "if self._set and self._set[1].done():",
        ),
    ),
    "revival": (
        Edit(
            "client/runs.py",
            "            return await handle.result(follow_runs=False, rpc_timeout=left)",
            "            return Application(id=application)",
        ),
    ),
}
"""dedupe: a known word is a new one. re-check: nothing is recalled before it leaves. record: an attempt of unknown fate is tried again.
timer: the timer that is set stays, though the next step came nearer. revival: late word begins an application anew."""


def broken(name: str, arguments: list[str]) -> int:
    """Runs the suite in a copy with that bug. 0: it was found; 1: it was not, and then the suite is not good enough."""
    with tempfile.TemporaryDirectory(prefix="broken-") as folder:
        for room in COPIED:
            shutil.copytree(ROOT / room, Path(folder) / room, ignore=shutil.ignore_patterns("__pycache__"))
        for edit in BREAKS[name]:
            path = Path(folder) / edit.file
            text = path.read_text()
            if text.count(edit.text) != 1:
                raise SystemExit(f"{edit.file} has changed: the bug {name} is to be written anew")
            path.write_text(text.replace(edit.text, edit.instead))
        found = subprocess.run([sys.executable, "-m", "tests.chaos", *arguments], cwd=folder, check=False).returncode
    sys.stdout.write(f"{name}: {'found' if found == 1 else 'NOT FOUND'}\n")
    return 0 if found == 1 else 1
