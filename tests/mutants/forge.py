"""A process in the copy that runs tests again and again, each time as if for the first time: `python -m tests.mutants.forge`.

It imports what is not ours once and forks for every line that it is told: a JSON array of what pytest is asked. It answers with a line:
the exit code and what was printed. Nothing of ours is imported before a fork, so that a broken file is read as it stands then.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import Final

THEIRS: Final = ("pytest", "hypothesis", "hypothesis.strategies", "pydantic", "pydantic_settings", "email.policy", "httpx", "zoneinfo")


def answer(asked: list[str]) -> tuple[int, str]:
    """Exit code and output of pytest in a process of its own."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            silence = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((silence, 0), (output.fileno(), 1), (output.fileno(), 2)):
                os.dup2(source, target)
            status = 3  # what pytest itself ends with after an internal error
            try:
                status = int(import_module("pytest").main(asked))
            except BaseException:  # noqa: BLE001 -- told to whoever asked; the loop below is the parent's
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        _, ended = os.waitpid(child, 0)
        output.seek(0)
        return os.waitstatus_to_exitcode(ended), output.read().decode(errors="replace")


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    for name in THEIRS:
        import_module(name)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201 -- the answer to whoever asked


if __name__ == "__main__":
    main()
