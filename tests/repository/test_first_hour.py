"""The README's first hour works by copy and paste."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from client.embedded import Ports
from tests.parts import ROOT, needs
from tests.repository.transcripts import Typed, missing, typed

HOUR = tuple(typed((ROOT / "README.md").read_text(encoding="utf-8")))
SERVE = "make serve"
DONE = "== exit "

pytestmark = [needs("make"), pytest.mark.timeout(180)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Somebody's, whose ports and storage are their own."""
    ports = Ports.free()
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_", "MAKE", "MFLAGS"))}
    return theirs | {
        "AFTERWORD_HOME": str(tmp_path / "home"),
        "AFTERWORD_API_PORT": str(ports.api),
        "AFTERWORD_SMTP_PORT": str(ports.smtp),
        "AFTERWORD_METRICS_PORT": str(ports.metrics),
        "AFTERWORD_API_METRICS_PORT": str(ports.api_metrics),
        "AFTERWORD_TEMPORAL_PORT": str(ports.temporal),
        "AFTERWORD_TEMPORAL_UI_PORT": str(ports.temporal_ui),
        "COLUMNS": "200",
    }


@pytest.fixture
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """What `make serve` prints until it is there; stopped with Ctrl-C afterwards."""
    command = SERVE.split()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True) as serving:
        assert serving.stdout is not None
        printed = ""
        try:
            for line in serving.stdout:
                printed += line
                if line.startswith("Ctrl-C"):
                    break
            yield printed
        finally:
            os.killpg(serving.pid, signal.SIGINT)
            serving.wait(30)


def outputs(commands: list[str], where: Path, environment: Mapping[str, str]) -> list[tuple[str, int]]:
    """Types the commands into one shell; what each printed, and its exit code."""
    script = "\n".join(f"{{ {command}\n}} 2>&1; echo; echo '{DONE}'$?" for command in commands)
    told = subprocess.run(["bash", "-c", script], cwd=where, env=environment, capture_output=True, text=True, timeout=150, check=True)
    return [(output, int(status)) for output, status in re.findall(rf"(.*?)^{DONE}(\d+)\n", told.stdout, re.DOTALL | re.MULTILINE)]


def test_the_first_hour_shows_what_the_readme_shows(served: str, environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    serve, *later = HOUR
    assert serve.command == SERVE
    assert missing(serve.shown, served) is None
    told = outputs([t.command for t in later], tmp_path, environment)
    failed = [f"{t.command}: exit code {status}\n{output}" for t, (output, status) in zip(later, told, strict=True) if status]
    wrong = [
        f"{t.command}: no {line!r} in\n{output}" for t, (output, _) in zip(later, told, strict=True) if (line := missing(t.shown, output))
    ]
    assert failed + wrong == []


def test_a_line_that_is_not_there_is_found_out() -> None:
    output = "app-1  waiting · revision 3\n\nMon 2026-11-23 17:00  thank-you/i1  Thank\nThu 2026-11-26 08:00  waiting/1  Wait\n"
    assert missing(["app-1  waiting · revision 3", "…"], output) is None
    assert missing(["…", "Thu 2026-03-05 08:00  waiting/1  Wait"], output) is None
    assert missing(["…", "Mon 2026-03-02 17:00  thank-you/i1  Thank"], output) == "nothing, instead of '<moment> waiting/1 Wait'"
    assert missing(["app-1  waiting · revision 4", "…"], output) == "app-1  waiting · revision 4"
    assert missing(["Thu 2026-03-05 08:00  waiting/1  Wait"], output) == "Thu 2026-03-05 08:00  waiting/1  Wait"


def test_commands_are_read_with_what_they_show() -> None:
    document = "a\n```console\n$ one --x\nshown\n…\n$ two\n```\n```sh\n$ three\n```\n"
    assert list(typed(document)) == [Typed("one --x", ("shown", "…")), Typed("two", ())]
