"""`afterword export`, `erase` and `erasure`, as a person uses them against the running stack."""

from __future__ import annotations

import json

from tests.client.test_command_line import Shell, shell, shells
from tests.running import body

__all__ = ["shell", "shells"]


def test_a_candidate_is_exported_and_erased_by_command(shell: Shell, application: str) -> None:
    """Erased only by who says so; afterwards the receipt can be asked for, and nothing is there to export."""
    candidate = f"cand-{application}"
    assert shell("open", "-", said=json.dumps(body(application))).returncode == 0
    whole = json.loads(shell("export", candidate).stdout)
    assert (whole["candidate"]["profile"]["name"], [one["id"] for one in whole["applications"]]) == ("Ada Byron", [application])
    assert shell("erase", candidate, said="n\n").returncode == 1
    assert shell("export", candidate).returncode == 0
    begun = shell("erase", candidate, "--yes")
    assert begun.returncode == 0, begun.stderr
    told = shell("erasure", begun.stdout.split()[1])
    assert told.returncode == 0
    assert told.stdout.startswith(("running: ", "finished: "))
    assert "no-such-candidate" in shell("export", "nobody-of-that-id", "--json").stdout
