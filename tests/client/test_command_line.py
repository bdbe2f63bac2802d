"""`afterword …`, as a person and as a script use it: against the running stack, and where none runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from client.command_line import run
from client.embedded import Stack
from client.reach import Reach
from client.settings import PREFIX
from tests.running import body


@dataclass
class Told:
    returncode: int
    stdout: str
    stderr: str


class Shell:
    """Runs the console script in this process, with these settings and nobody else's."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, **settings: str) -> None:
        self._patch, self._capsys, self.folder = patch, capsys, folder
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(PREFIX + name.upper(), value)
        patch.chdir(folder)

    def __call__(self, *words: str, said: str = "") -> Told:
        self._patch.setattr(sys, "argv", ["afterword", *words])
        self._patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(said.encode())))
        with pytest.raises(SystemExit) as ended:
            run()
        told = self._capsys.readouterr()
        return Told(int(ended.value.code or 0), told.out, told.err)

    def json(self, *words: str, said: str = "") -> Any:
        return json.loads(self(*words, "--json", said=said).stdout)


Shells = Callable[..., Shell]


@pytest.fixture
def shells(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shells:
    """Makes a shell with settings."""
    return partial(Shell, monkeypatch, capsys, tmp_path)


@pytest.fixture
def shell(stack: Stack, shells: Shells) -> Shell:
    return shells(api_url=stack.api)


def test_the_example_can_be_previewed_and_opened(shell: Shell, application: str) -> None:
    """Its dates lie just before now."""
    example = shell("example", "open", "--id", application).stdout.replace("cand-7", f"cand-{application}")  # others may erase theirs
    (shell.folder / "opening.json").write_text(example)
    assert shell.json("preview", "opening.json")["steps"][0]["intent"] == "thank-you/i1"
    opened = shell("open", "opening.json")
    assert (opened.returncode, opened.stdout.split()[:2]) == (0, [application, "thanking"])
    assert shell.json("show", application)["facts"][2]["interviewers"][0]["name"] == "Grace Hopper"


def test_a_day_with_an_application(shell: Shell, application: str) -> None:
    """Open, advance, read the mail and the letters, record, list."""
    assert shell.json("open", "-", said=json.dumps(body(application)))["id"] == application
    assert shell.json("advance", application)["facts"][-1]["intent"] == "thank-you/i1"
    assert [m["intent"] for m in shell.json("mail", application)["messages"]] == ["thank-you/i1"]
    assert "Hello Ada Byron" in shell("mail", application, "--whole").stdout
    assert "Dear Grace Hopper" in shell("letters", application).stdout
    fact = ("record", application, "thank_you_sent", "interview=i1", "interviewer=g", "by=candidate", "id=t1")
    assert shell.json(*fact)["facts"][-1] | {"at": None} == {
        "type": "thank_you_sent", "id": "t1", "by": "candidate", "at": None, "interview": "i1", "interviewer": "g",
    }  # fmt: skip
    assert shell.json("record", application, "-", said='{"facts": [{"type": "paused", "id": "p"}]}')["paused"]
    assert shell("list", "--stage", "thanking").returncode == 0


def test_fields_are_json_or_text(shell: Shell, application: str) -> None:
    """A contact is an object; digits are text, since no fact has a number."""
    shell("open", "-", said=json.dumps(body(application)))
    said = shell.json("record", application, "offer_received", "in_writing=true", "offer=7", 'from={"name": "Grace"}')["facts"][-1]
    assert (said["in_writing"], said["offer"], said["from"]) == (True, "7", {"name": "Grace"})


def test_a_refusal_says_why_and_what_to_do(shell: Shell, application: str) -> None:
    """Exit code 1; as JSON it is the problem document."""
    shell("open", "-", said=json.dumps(body(application)))
    refused = shell("record", application, "thank_you_sent", "interview=other")
    assert refused.returncode == 1
    assert "No such interview" in refused.stderr
    assert "--anyway" in refused.stderr
    assert shell.json("record", application, "thank_you_sent", "interview=other")["type"] == "/problems/no-such-interview"
    assert shell("record", application, "thank_you_sent", "interview=other", "--anyway").returncode == 0
    invalid = shell("open", "-", said="{}")
    assert (invalid.returncode, "candidate: this field is required" in invalid.stderr) == (1, True)


def test_wrong_usage_is_exit_code_two(shell: Shell) -> None:
    """And a sentence."""
    for words in (("open", "none.json"), ("record", "a", "paused", "until"), ("hook", "ashby", "acme", "x"), ("no-such-command",)):
        wrong = shell(*words)
        assert wrong.returncode == 2
        assert wrong.stderr


def test_where_nobody_answers_it_says_how_to_start(shells: Shells, unused_tcp_port: int) -> None:
    """Exit code 3: trying again may help."""
    shell = shells(api_port=str(unused_tcp_port))
    nobody = shell("show", "app-1")
    assert (nobody.returncode, "make serve" in nobody.stderr) == (3, True)
    assert shell.json("show", "app-1")["type"] == "/problems/unreached"
    assert shells(api_url="not an address")("list").returncode == 3
    assert shells(api_port="many")("list").returncode == 1


def test_a_wrong_key_is_told_which_setting_holds_it(stack: Stack, shells: Shells) -> None:
    """And is never printed."""
    told = shells(api_url=stack.api, api_key="a-wrong-key-9")("list")
    assert (told.returncode, "AFTERWORD_API_KEY" in told.stderr, "a-wrong-key-9" in told.stderr) == (1, True, False)
    assert "a-wrong-key-9" not in repr(Reach())


@pytest.mark.timeout(220)
def test_the_api_alone_needs_keys_and_a_server(tmp_path: Path, unused_tcp_port: int) -> None:
    """One sentence for whoever starts it, and no traceback."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    lonely = ours | {"TEMPORAL_ADDRESS": f"127.0.0.1:{unused_tcp_port}"}
    afterword = Path(sysconfig.get_path("scripts")) / "afterword"
    keys = {"AFTERWORD_API_KEYS": "p:read:0123456789abcdef"}
    links = {"AFTERWORD_LINK_KEYS": "0123456789abcdef" * 2, "AFTERWORD_PUBLIC_URL": "https://afterword.example.com"}
    encryption = {"AFTERWORD_ENCRYPTION_KEYS": "k1:" + "A" * 43 + "="}
    for settings, missing in (
        (links, "AFTERWORD_API_KEYS"),
        (keys, "AFTERWORD_LINK_KEYS"),
        (keys | links, "AFTERWORD_ENCRYPTION_KEYS"),
        (keys | links | encryption, "TEMPORAL_ADDRESS"),
    ):
        env = lonely | settings
        told = subprocess.run([afterword, "api"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=50, check=False)
        assert (told.returncode, told.stderr.count("\n")) == (1, 1)
        assert missing in told.stderr


def test_a_sample_is_signed_and_posted_as_the_board_would(stack: Stack, shells: Shells) -> None:
    """The running API does not know this connection, so it asks to come again: exit code 3."""
    shell = shells(api_url=stack.api, connections="connections.toml")
    (shell.folder / "connections.toml").write_text('[acme]\nboard = "standard"\nsecrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]\n')
    said = {"type": "employer_replied", "timestamp": "2026-03-02T15:00:00Z", "data": {"application": "1"}}
    posted = shell("hook", "standard", "acme", "-", said=json.dumps(said))
    assert (posted.returncode, posted.stdout.split()[0]) == (3, "503")
    assert shell("hook", "ashby", "acme", "-", said="{}").returncode == 2
